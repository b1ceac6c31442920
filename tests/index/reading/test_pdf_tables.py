"""Tables in PDFs: found by their lines, told row by row, whole over pages."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.reading.formats.pages.columns import Run, paragraphs
from index.reading.formats.pages.rulings import Rule, find_grids
from index.reading.formats.tables import Across, table_sentences
from index.reading.sources import read_file
from tests.support.documents import pdf

SIZE, HIGH = 10.0, 20.0  # of characters and of rows, in points
Text = tuple[float, float, float, str]


def table(top: float, xs: Sequence[float], rows: Sequence[Sequence[str]], merged: Sequence[tuple[int, int]] = ()) -> tuple[list[Text], str]:
    """Texts and lines of a table: `merged` are (row, column) of places that go on from the place above them."""
    texts, lines = list[Text](), []
    for y, row in enumerate(rows):
        texts += [(xs[x] + 2, top - HIGH * y - 14, SIZE, text) for x, text in enumerate(row) if text]
        for x in range(len(row)):
            if (y, x) not in merged:
                lines.append(f"{xs[x]} {top - HIGH * y} m {xs[x + 1]} {top - HIGH * y} l S")
    bottom = top - HIGH * len(rows)
    lines += [f"{x} {bottom} m {x} {top} l S" for x in xs] + [f"{xs[0]} {bottom} m {xs[-1]} {bottom} l S"]
    return texts, "\n".join(lines)


def lines_of(folder: Path, *pages: tuple[list[Text], str]) -> list[str]:
    (folder / "a.pdf").write_bytes(pdf(*(texts for texts, _ in pages), drawn=[lines for _, lines in pages]))
    return read_file(folder / "a.pdf").text.splitlines()


def test_each_row_is_a_sentence_between_the_paragraphs(tmp_path: Path) -> None:
    texts, lines = table(700, (50, 150, 250, 350), [["区域", "起步价", "续价"], ["一类区域", "10元", "5元"], ["二类区域", "2元", "15元"]])
    texts += [(50, 750, SIZE, "停车收费标准如下。"), (50, 600, SIZE, "本标准自印发之日起施行。")]
    assert lines_of(tmp_path, (texts, lines)) == [
        "停车收费标准如下。", "区域：一类区域；起步价：10元；续价：5元。", "区域：二类区域；起步价：2元；续价：15元。", "本标准自印发之日起施行。",
    ]  # fmt: skip


def test_cell_that_is_merged_over_rows_counts_for_each(tmp_path: Path) -> None:
    page = table(700, (50, 150, 250), [["区域", "价格"], ["一类区域", "10元"], ["", "5元"]], merged=[(2, 0)])
    assert lines_of(tmp_path, page) == ["区域：一类区域；价格：10元。", "区域：一类区域；价格：5元。"]


def test_table_that_goes_on_over_pages_is_one(tmp_path: Path) -> None:
    first = table(200, (50, 150, 250, 350), [["区域", "时段", "价格"], ["一类", "白天", "10元起"]])
    second = table(800, (50, 150, 250, 350), [["区域", "时段", "价格"], ["二类", "白天", "5元"]])
    third = table(800, (50, 150, 250, 350), [["", "", "封顶30元"], ["", "夜间", "2元"]])
    for n, (texts, _) in enumerate((first, second, third), 1):
        texts.append((290, 40, SIZE, str(n)))
    assert lines_of(tmp_path, first, second, third) == [
        "区域：一类；时段：白天；价格：10元起。", "区域：二类；时段：白天；价格：5元封顶30元。", "区域：二类；时段：夜间；价格：2元。",
    ]  # fmt: skip


def test_long_values_of_a_form_stand_under_their_names(tmp_path: Path) -> None:
    parts = [f"{n}、{'企业应当依法经营并按时缴税' * 3}。" for n in "一二三四"]
    texts, _ = table(700, (20, 120), [["发文机构"], ["申请条件"]])
    texts += [(122, 686, SIZE, "青山区政府"), *((122, 666 - 12 * n, SIZE, part) for n, part in enumerate(parts))]
    edges = [f"20 {y} m 570 {y} l S" for y in (700, 680, 600)] + [f"{x} 600 m {x} 700 l S" for x in (20, 120, 570)]
    assert lines_of(tmp_path, (texts, "\n".join(edges))) == ["发文机构：青山区政府", "申请条件：", *parts]


def test_frame_round_text_is_no_table(tmp_path: Path) -> None:
    texts = [(60.0, 680.0, SIZE, "一个框里的一段文字。")]
    assert lines_of(tmp_path, (texts, "50 650 200 60 re S")) == ["一个框里的一段文字。"]


@pytest.mark.parametrize("thin", [0.0, 0.5, 2.0])
def test_lines_may_be_thin_boxes_with_gaps_at_the_corners(thin: float) -> None:
    rules = [Rule(x, 0, x + thin, 40) for x in (0, 50, 100)] + [Rule(x + 1, y, x + 49, y + thin) for y in (0, 20, 40) for x in (0, 50)]
    (grid,) = find_grids(rules)
    assert len({cell for row in grid.cells for cell in row}) == 4
    assert grid.cell_at(75, 30) == grid.cells[0][1]
    assert grid.cell_at(120, 30) is None


def test_drawing_with_very_many_lines_is_no_table() -> None:
    rules = [Rule(0, 5 * n, 900, 5 * n) for n in range(500)] + [Rule(5 * n, 0, 5 * n, 900) for n in range(500)]
    assert find_grids(rules) == []


def test_caption_over_all_columns_stands_before_the_rows() -> None:
    rows = [["收费表", Across("收费表"), Across("收费表")], ["区域", "时段", "价格"], ["一类", "白天", "10元"]]
    assert table_sentences(rows) == ["收费表", "区域：一类；时段：白天；价格：10元。"]


def test_large_type_that_runs_on_has_no_gaps_where_lines_end() -> None:
    runs = [Run("为了充分发挥政策集成效应更好服务企业打通政策落", 0, 40, 240, 52, 12), Run("地最后一公里。", 0, 20, 80, 32, 12)]
    assert [part.text for part in paragraphs(runs, 10)] == ["为了充分发挥政策集成效应更好服务企业打通政策落地最后一公里。"]
