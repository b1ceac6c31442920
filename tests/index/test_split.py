import random

import pytest

from index.documents import Article, BlockKind, Metadata
from index.errors import CallError
from index.text.clean import clean
from index.text.split import SplitSettings, sections, sentences, split


def article(text: str) -> Article:
    cleaned = clean(text)
    return Article(Metadata("a", "总题"), cleaned.text, cleaned.blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙！丙？！丁", ["甲。", "乙！", "丙？！", "丁"]),
        ("他说：“好。”走了。", ["他说：“好。”", "走了。"]),
        ("“甲乙”“丙丁”……在此之上，有话。", ["“甲乙”“丙丁”……在此之上，有话。"]),
        ("说到这里……", ["说到这里……"]),
        ("金额57.70亿元，增10.65%。", ["金额57.70亿元，增10.65%。"]),
        ("It is so. See below.", ["It is so.", "See below."]),
    ],
)
def test_sentences_end_where_they_should(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in sentences(text)] == expected


@pytest.mark.parametrize("seed", range(20))
def test_passages_keep_sentences_headings_and_offsets(seed: int) -> None:
    dice = random.Random(seed)
    parts = ["# 总题"]
    for n in range(dice.randint(1, 6)):
        parts.append(f"## 第{n}节的名称")
        for _ in range(dice.randint(1, 5)):
            parts.append("".join("政策" * dice.randint(2, 40) + "。" for _ in range(dice.randint(1, 6))))
    whole = article("\n\n".join(parts))
    passages = split(whole)
    ends = {span.end for span in sentences(whole.text)} | {block.end for block in whole.blocks}
    for passage in passages:
        assert whole.text[passage.start : passage.end] == passage.text
        assert passage.end in ends
        assert all(passage.quote(span).endswith("。") for span in passage.sentences)
        assert len(passage.text) <= 350 or len(passage.sentences) == 1
    assert sum(len(passage.sentences) for passage in passages) == whole.text.count("。")
    for block in whole.blocks:
        holders = [passage for passage in passages if passage.start <= block.start < passage.end]
        assert len(holders) == 1
        if block.kind is BlockKind.HEADING:
            assert holders[0].sentences


def test_consecutive_headings_and_captions_make_sections() -> None:
    whole = article("# 总题\n\n## 甲\n\n### 乙\n\n正文。\n\n■图。")
    assert [section.path for section in sections(whole)] == [("甲", "乙"), ("图片说明",)]


def test_wrong_sizes_are_refused() -> None:
    with pytest.raises(CallError, match="0 < least <= target <= most"):
        SplitSettings(target=100, least=150)
