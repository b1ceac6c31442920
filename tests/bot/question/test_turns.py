"""Messages that ask on about what was shown, told from questions of their own."""

import pytest

from bot.question.turns import LAST, Ask, Turn, asks_on, turn_of

MORE, DETAIL = Ask.MORE, Ask.DETAIL


@pytest.mark.parametrize(
    ("message", "ask", "place"),
    [
        ("还有别的吗", MORE, 0),
        ("还有吗？", MORE, 0),
        ("還有其他的嗎", MORE, 0),
        ("就这些？还有吗", MORE, 0),
        ("就这些吗", MORE, 0),
        ("那还有没有别的政策呢", MORE, 0),
        ("还有什么", MORE, 0),
        ("其他的呢", MORE, 0),
        ("请继续", MORE, 0),
        ("Anything else?", MORE, 0),
        ("what else", MORE, 0),
        ("is that all?", MORE, 0),
        ("详细说说第一个", DETAIL, 1),
        ("第二个详细说说", DETAIL, 2),
        ("第三条呢？", DETAIL, 3),
        ("能不能再讲讲第2项", DETAIL, 2),
        ("最后一个是什么意思", DETAIL, LAST),
        ("再具体一点", DETAIL, 0),
        ("能详细说说吗", DETAIL, 0),
        ("展开讲讲", DETAIL, 0),
        ("Tell me more about the second one", DETAIL, 2),
        ("the last one?", DETAIL, LAST),
        ("more details please", DETAIL, 0),
    ],
)
def test_what_asks_on_is_told_with_what_it_is_about(message: str, ask: Ask, place: int) -> None:
    assert turn_of(message, ["养老有哪些补贴"]) == Turn(ask, 0, int(ask is MORE), place)
    assert turn_of(message, []) is None


@pytest.mark.parametrize(
    "message",
    [
        "还有育儿补贴怎么领",
        "还有加急的吗",
        "还有房租补贴吗",
        "第一批名单什么时候公布",
        "第三个平台叫什么",
        "说说养老政策",
        "具体多少钱",
        "继续教育补贴怎么申请",
        "那材料呢",
        "为什么",
        "What is the first step?",
        "more than 50 employees",
    ],
)
def test_question_that_names_what_it_asks_is_no_such_turn(message: str) -> None:
    assert not asks_on(message)


def test_turn_counts_how_often_more_was_asked_for_since_its_question() -> None:
    before = ["养老有哪些补贴", "托育呢", "还有别的吗", "第一个详细说说"]
    assert turn_of("还有吗", before) == Turn(MORE, 1, 2)
    assert turn_of("第二个呢", before) == Turn(DETAIL, 1, 1, 2)
    assert turn_of("还有吗", ["还有别的吗"]) is None
