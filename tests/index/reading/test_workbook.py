"""Excel workbooks: sheets as tables, a sentence a row."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits
from index.reading.sources import ArticleSource, read_file
from tests.support.bad_files import OLE, archive
from tests.support.documents import word


def saved(book: openpyxl.Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def read(folder: Path, book: openpyxl.Workbook) -> ArticleSource:
    (folder / "a.xlsx").write_bytes(saved(book))
    return read_file(folder / "a.xlsx")


def test_rows_are_told_under_the_names_of_their_columns(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.merge_cells("A1:D1")
    sheet["A1"] = "2024年补贴标准"
    for row in (["对象", "补贴", "比例", "起始"], ["企业", 3000, 0.3, date(2024, 1, 5)], [None, 1500.5, 0.125, None]):
        sheet.append(row)
    for at in ("C3", "C4"):
        sheet[at].number_format = "0.0%"
    sheet.merge_cells("A3:A4")
    assert read(tmp_path, book).text.splitlines() == [
        "2024年补贴标准", "对象：企业；补贴：3000；比例：30%；起始：2024年1月5日。", "对象：企业；补贴：1500.5；比例：12.5%。",
    ]  # fmt: skip


def test_sheets_stand_under_their_names_and_hidden_ones_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, state in (("标准", "visible"), ("旧标准", "hidden"), ("电话", "visible")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        sheet.append(["名称", "内容"])
        sheet.append([name, "12345号"])
        sheet.append(["不显示", "备用"])
        sheet.row_dimensions[3].hidden = True
    del book["Sheet"]
    source = read(tmp_path, book)
    assert source.text.splitlines() == ["# 标准", "名称：标准；内容：12345号。", "# 电话", "名称：电话；内容：12345号。"]
    assert ("hidden text", "旧标准；12345号") in source.left_out
    assert ("hidden text", "不显示") in source.left_out


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
        (OLE, "is an older Office file"),
        (saved(openpyxl.Workbook())[:900], "is a damaged or truncated .xlsx"),
        (saved(openpyxl.Workbook()), "holds no text"),
        (word(["x"]), "is damaged or no Excel workbook"),
        (archive({"a.txt": b"x"}), "is a zip archive and no .xlsx"),
        (archive({"[Content_Types].xml": b" " * 60_000_000}), "unpacks to 60,000,000 bytes"),
    ],
)
def test_bad_workbook_gets_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_file(tmp_path / "a.xlsx", limits=ParseLimits(unpacked_bytes=50_000_000))


def test_sheet_that_says_it_reaches_to_the_last_row_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    book.active["CV5000"] = "乙"
    with pytest.raises(SourceError, match="has 500,000 cells"):
        read(tmp_path, book)
