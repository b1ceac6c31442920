"""OFD documents: words and tables from their XML."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits
from index.reading.sources import read_file
from tests.support.bad_files import archive

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
Text = tuple[float, float, float, str]  # millimetres from the left and from above, size, words


def text(x: float, y: float, size: float, words: str, steps: str = "") -> str:
    delta = steps or f"g {len(words) - 1} {size}"
    return (
        f'<ofd:TextObject Boundary="{x} {y} 150 {size + 1}" Font="1" Size="{size}"><ofd:TextCode X="0" Y="{size * 0.88}" DeltaX="{delta}">{words}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def line(x: float, y: float, across: float, down: float) -> str:
    return f'<ofd:PathObject Boundary="{x} {y} {across} {down}"><ofd:AbbreviatedData>M 0 0 L {across} {down}</ofd:AbbreviatedData></ofd:PathObject>'


def ofd(*pages: Sequence[str], title: str = "", template: str = "") -> bytes:
    parts = {
        "OFD.xml": f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NS}><ofd:DocBody><ofd:DocInfo><ofd:Title>{title}</ofd:Title></ofd:DocInfo>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        '<ofd:TemplatePage ID="9" BaseLoc="Tpls/T.xml"/></ofd:CommonData><ofd:Pages>'
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
        "Doc_0/Tpls/T.xml": f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{template}</ofd:Layer></ofd:Content></ofd:Page>",
    }
    for n, objects in enumerate(pages):
        used = '<ofd:Template TemplateID="9"/>' if template else ""
        parts[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<ofd:Page {NS}>{used}<ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return archive({name: content.encode() for name, content in parts.items()})


def read(folder: Path, data: bytes) -> list[str]:
    (folder / "a.ofd").write_bytes(data)
    return read_file(folder / "a.ofd").text.splitlines()


def test_words_are_read_in_their_order_with_headings(tmp_path: Path) -> None:
    page = [text(30, 60, 5, "企业可以向街道提出申请。"), text(60, 30, 9, "青山区补贴办法"), text(30, 70, 5, "街道在十日内答复。")]
    (tmp_path / "a.ofd").write_bytes(ofd(page, title="补贴办法"))
    source = read_file(tmp_path / "a.ofd")
    assert source.text.splitlines() == ["# 青山区补贴办法", "企业可以向街道提出申请。", "街道在十日内答复。"]
    assert source.meta.title == "补贴办法"


def test_table_is_told_by_its_lines(tmp_path: Path) -> None:
    lines = [line(30, y, 100, 0) for y in (50, 60, 70)] + [line(x, 50, 0, 20) for x in (30, 80, 130)]
    words = [text(32, 52, 4, "对象"), text(82, 52, 4, "补贴"), text(32, 62, 4, "企业3000元", "4 46 3 3 3 3")]
    assert read(tmp_path, ofd([*lines, *words])) == ["对象：企业；补贴：3000元。"]


def test_head_that_each_page_takes_from_a_template_is_left_out(tmp_path: Path) -> None:
    pages = [[text(30, 60, 5, f"正文{n}一句。")] for n in "甲乙丙"]
    assert read(tmp_path, ofd(*pages, template=text(80, 10, 4, "青山区公报"))) == ["正文甲一句。", "正文乙一句。", "正文丙一句。"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ofd([text(30, 60, 5, "字")])[:-40], "is a damaged or truncated .ofd"),
        (ofd([]), "holds no text, its pages are pictures perhaps"),
        (archive({"OFD.xml": b"<a/>"}), "is a damaged OFD"),
        (archive({"OFD.xml": b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;'}), "is a damaged OFD"),
        (archive({"x.xml": b""}), "is a zip archive and no .ofd"),
        (archive({"OFD.xml": b" " * 60_000_000}), "unpacks to 60,000,000 bytes"),
    ],
)
def test_bad_document_gets_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.ofd").write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_file(tmp_path / "a.ofd", limits=ParseLimits(unpacked_bytes=50_000_000))
