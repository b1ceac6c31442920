"""Articles that are made to be read for ever: what they say of themselves, and their headings, are bounded."""

from pathlib import Path

import pytest

from index.documents import BlockKind
from index.errors import SourceError
from index.reading.sources import read_path
from index.text.clean import clean

BOMB = "---\na: &a 甲乙丙丁甲乙丙丁甲乙\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\ntitle: [*c, *c, *c, *c, *c]\n---\n\n正文。\n"


def test_front_matter_with_aliases_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.md").write_text(BOMB, "utf-8")
    with pytest.raises(SourceError, match="has front matter with an alias"):
        read_path(tmp_path / "bomb.md")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "题" * 301, "expected at most 300"),
        ("note", "注" * 5001, "expected at most 5,000"),
        ("reporters", "张三、" * 101, "at most 100 names"),
    ],
)
def test_what_is_said_of_an_article_is_bounded(tmp_path: Path, field: str, value: str, said: str) -> None:
    file = tmp_path / "long.md"
    file.write_text(f"---\n{field}: {value}\n---\n\n正文。\n", "utf-8")
    with pytest.raises(SourceError, match=said):
        read_path(file)
    file.write_text(f"---\n{field}: {value[: len(value) // 2]}\n---\n\n正文。\n", "utf-8")
    assert len(read_path(file)) == 1


@pytest.mark.parametrize("line", ["# " + "标题" * 44_000, "## " + "#" * 88_000, "# a" + " " * 88_000 + "b", "#" * 88_000])
def test_line_that_is_no_heading_for_its_length_is_a_paragraph(line: str) -> None:
    cleaned = clean(f"# 办法\n\n{line}\n\n正文在这里。\n")
    headings = [cleaned.text[block.start : block.end] for block in cleaned.blocks if block.kind is BlockKind.HEADING]
    assert headings == ["办法"]
