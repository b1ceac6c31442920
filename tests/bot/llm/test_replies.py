"""What a model writes, taken apart: sentences, citations, thoughts."""

import pytest

from bot.checking.evidence import NumberedPassage, ReplySentence
from bot.llm.replies import SentenceStream, parse_sentence
from index.documents import Passage
from index.text.split import sentences


def source(n: int, text: str, published: str = "2023", heading: str = "小节", title: str = "白河区营商环境") -> NumberedPassage:
    return NumberedPassage(n, Passage("a", n, (heading,), text, 0, len(text), tuple(sentences(text)), title=title), published)


@pytest.mark.parametrize(
    ("written", "text", "numbers"),
    [
        ("共50个[1]。", "共50个。", (1,)),
        ("共50个。[1][2]", "共50个。", (1, 2)),
        ("共50个【1】。", "共50个。", (1,)),
        ("共50个［１］。", "共50个。", (1,)),
        ("共50个〔3〕。", "共50个。", (3,)),
        ("共50个[1,2]。", "共50个。", (1, 2)),
        ("共50个[1、2和3]。", "共50个。", (1, 2, 3)),
        ("共50个[1-3]。", "共50个。", (1, 2, 3)),
        ("共50个（来源1）。", "共50个。", (1,)),
        ("共50个(来源：1、2)。", "共50个。", (1, 2)),
        ("共50个[来源1，来源2]。", "共50个。", (1, 2)),
        ("共50个（见第2段）。", "共50个。", (2,)),
        ("共50个（文献1，2）", "共50个", (1, 2)),
        ("共50个(1)。", "共50个。", (1,)),
        ("共50个[^1]。", "共50个。", (1,)),
        ("共50个[[1]]。", "共50个。", (1,)),
        ("共50个[1](#a)。", "共50个。", (1,)),
        ("共50个【1†source】。", "共50个。", (1,)),
        ("共50个[passage 2]。", "共50个。", (2,)),
        ("共50个[Source: 1; Source: 2]", "共50个", (1, 2)),
        ("共50个¹。", "共50个。", (1,)),
        ("共50个^2^。", "共50个。", (2,)),
        ("共50个<sup>1,2</sup>。", "共50个。", (1, 2)),
        ("共50个[]。", "共50个。", ()),
        ("- **一业一证**扩展至50个。[1] [2]", "一业一证扩展至50个。", (1, 2)),
        ("（1）登录平台。[2]", "（1）登录平台。", (2,)),
        ("青政办〔2023〕5号规定。[1]", "青政办〔2023〕5号规定。", (1,)),
        ("文件（2023年）规定。", "文件（2023年）规定。", ()),
    ],
)
def test_citations_are_read_in_every_form(written: str, text: str, numbers: tuple[int, ...]) -> None:
    assert parse_sentence(written) == ReplySentence(text, numbers)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_sentences_of_a_stream_end_behind_their_citations_wherever_it_is_cut(size: int) -> None:
    stream = "<think>先想一想。[1]</think>共办理130件。[1][2]另有50个（来源3）。“好。”[2]\n- 三是等待【1】。没有说完"
    taken, found = SentenceStream(), list[str]()
    for at in range(0, len(stream), size):
        found += taken.feed(stream[at : at + size])
    assert found == ["共办理130件。[1][2]", "另有50个（来源3）。", "“好。”[2]", "- 三是等待【1】。"]
    assert taken.rest() == "没有说完"


def test_thoughts_are_never_said() -> None:
    taken = SentenceStream()
    assert list(taken.feed("忘了开头的标签。还在想</think>共50个。[1]末")) == ["共50个。[1]"]
    unclosed = SentenceStream()
    assert list(unclosed.feed("<think>一直在想。没有想完。")) == []
    assert unclosed.rest() == ""
