"""Pages that are pictures: recognised, and marked as such from the file to the preview."""

import io
from pathlib import Path

import pytest

from index.build import to_article
from index.documents import Article, Block, BlockKind, Metadata
from index.errors import SourceError
from index.reading.formats.pages.recognition import pages_of_picture
from index.reading.formats.parsed import Note, ParseLimits
from index.reading.sources import read_file
from index.stored.articles import read_article, write_articles
from index.text.clean import clean
from index.text.split import SplitSettings
from index.upkeep.preview import described, preview_of
from tests.support.documents import pdf, picture_pdf

LINES = [
    (40.0, 760.0, 20.0, "青山区补贴办法"),
    (40.0, 700.0, 14.0, "第一条 企业可以向街道提出申请。"),
    (40.0, 660.0, 14.0, "第二条 首次补贴3000元。"),
]
TOLD = "1 pages are pictures whose text was recognised"


def drawn(scale: float = 2.0) -> "object":
    """A page as a picture; pdfium draws it, with whatever Chinese font the machine has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf(LINES))
    picture = document[0].render(scale=scale).to_pil()
    if len(picture.convert("L").getcolors(1 << 20) or []) < 3:
        pytest.skip("no Chinese font is installed: apt-get install fonts-noto-cjk")
    return picture


def saved(picture: "object", kind: str) -> bytes:
    held = io.BytesIO()
    picture.save(held, kind)  # type: ignore[attr-defined]
    return held.getvalue()


@pytest.mark.parametrize(("name", "kind"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.jpeg", "JPEG")])
def test_picture_is_read_and_marked(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / name).write_bytes(saved(drawn(), kind))
    source = read_file(tmp_path / name)
    assert "企业可以向街道提出申请" in source.text
    assert "首次补贴3000元" in source.text
    assert source.notes == (Note("scanned-pages", 1),)
    article = to_article(source)
    assert all(block.confidence is not None and block.confidence > 0.5 for block in article.blocks)
    assert any(TOLD in line for line in described(preview_of(source, SplitSettings())))


def test_only_the_pages_of_a_pdf_that_are_pictures_are_recognised(tmp_path: Path) -> None:
    text = [(40.0, 760.0, 12.0, "第三条 本办法自印发之日起施行，有效期五年，由青山区人民政府负责解释。" + "文字" * 20 + "。")]
    (tmp_path / "a.pdf").write_bytes(picture_pdf(saved(drawn(), "JPEG"), text))
    article = to_article(read_file(tmp_path / "a.pdf"))
    inside = article.text.index("企业可以")
    behind = article.text.index("本办法自印发")
    assert article.confidence_within(inside, inside + 4) is not None
    assert article.confidence_within(behind, behind + 4) is None


def test_confidence_stays_with_its_words_through_cleaning_and_storing(tmp_path: Path) -> None:
    cleaned = clean("# 办法\n企业可以申请补\n贴。\n街道答复。", closed=frozenset({4}), recognised={1: 0.99, 2: 0.97, 3: 0.6})
    assert [(block.kind, block.confidence) for block in cleaned.blocks] == [
        (BlockKind.HEADING, 0.99), (BlockKind.PARAGRAPH, 0.6), (BlockKind.PARAGRAPH, None),
    ]  # fmt: skip
    write_articles(tmp_path, [Article(Metadata("a"), cleaned.text, cleaned.blocks)])
    kept = read_article(tmp_path, "a")
    assert kept.blocks == cleaned.blocks
    assert kept.confidence_within(0, len(kept.text)) == 0.6
    assert kept.confidence_within(kept.text.index("街道"), len(kept.text)) is None


def test_doubtful_words_are_shown_before_they_are_published(tmp_path: Path) -> None:
    from dataclasses import replace

    (tmp_path / "a.txt").write_text("企业可以申请。\n街道答复。", "utf-8")
    source = replace(read_file(tmp_path / "a.txt"), recognised={1: 0.55, 2: 0.99}, closed=frozenset({1, 2}))
    preview = preview_of(source, SplitSettings())
    assert preview.doubtful == (Block(BlockKind.PARAGRAPH, 0, 7, 0, 0.55),)
    assert "  doubtful 0.55 [0, 7): 企业可以申请。" in described(preview)


def test_long_picture_is_cut_where_nothing_stands() -> None:
    import numpy as np
    from PIL import Image

    image = np.full((1000, 100, 3), 255, "uint8")
    image[::10] = 0  # a line of ink in each tenth row
    image[::10, :, :] = np.where(np.arange(100)[None, :, None] % 2, 0, 255)
    parts = list(pages_of_picture(saved(Image.fromarray(image), "PNG")))
    assert sum(part.shape[0] for part, _, _ in parts) == 1000
    assert all(part.shape[0] <= 200 for part, _, _ in parts)
    assert all(part[0].std() == 0 for part, _, _ in parts[1:])


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "is a damaged or truncated picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + bytes(99), "is a damaged or truncated picture"),
        ("a.png", b"GIF89a" + bytes(99), "is a picture: expected a .png; save it as .png"),
    ],
)
def test_bad_picture_gets_one_line(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_file(tmp_path / name)


def test_picture_without_text_and_one_that_is_too_large(tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "a.png").write_bytes(saved(Image.new("RGB", (300, 300), "white"), "PNG"))
    with pytest.raises(SourceError, match="shows no text that could be recognised"):
        read_file(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes(saved(Image.new("1", (20_000, 7_000)), "PNG"))
    with pytest.raises(SourceError, match="has 20,000 by 7,000 pixels"):
        read_file(tmp_path / "a.png")


def test_more_scanned_pages_than_may_be_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(picture_pdf(saved(drawn(0.3), "JPEG")))
    with pytest.raises(SourceError, match="has more than 0 pages that are pictures"):
        read_file(tmp_path / "a.pdf", limits=ParseLimits(scanned_pages=0))
