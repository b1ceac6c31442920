"""Follow-ups are understood from the questions before them, by rule."""

import pytest

from bot.question.follow_up import leans, standalone


@pytest.mark.parametrize(
    ("before", "question", "understood"),
    [
        ([], "那需要多久？", "那需要多久？"),
        (["创业补贴怎么申请？"], "那需要多久？", "创业补贴，需要多久？"),
        (["创业补贴怎么申请？", "那需要多久？"], "材料呢？", "创业补贴，材料呢？"),
        (["创业補貼怎麼申請？"], "那需要多久？", "创业补贴，需要多久？"),
        (["什么是一码通办？"], "它管几个部门？", "一码通办，它管几个部门？"),
        (["社区食堂的开放时间是几点？", "去了几次？"], "最后一共花了多少？", "社区食堂的开放时间，一共花了多少？"),
        (["“一码通办”有多少个事项？"], "那“一窗通办”呢？", "“一窗通办”有多少个事项？"),
        (["养老有哪些补贴", "还有别的吗"], "怎么办理", "养老补贴，怎么办理"),
        (["养老有哪些补贴", "还有别的吗"], "那托育呢", "托育有哪些补贴"),
        (["渡轮发了多少笔补贴款"], "那渔船呢", "渔船发了多少笔补贴款"),
        (["路灯改造了多少条街"], "那公厕呢", "公厕改造了多少条街"),
        (["危房改造做了多少户"], "那路灯呢", "路灯做了多少"),  # counted in another unit
        (["人才公寓租金多少"], "需要准备哪些材料", "人才公寓，需要准备哪些材料"),
        (["区里有养老服务站吗"], "那电话多少", "养老服务站，电话多少"),
        (["渡轮补贴一共发了多少"], "发给谁", "渡轮补贴，发给谁"),
        (["图书馆几点开门"], "那周末呢", "图书馆周末几点开门"),
        (["养蜂补贴多少钱"], "融资难怎么办", "融资难怎么办"),  # a trouble of another kind
        (["创业补贴怎么申请？"], "人才公寓的租金是多少？", "人才公寓的租金是多少？"),  # another topic
        (["创业补贴怎么申请？"], "创业补贴发给谁？其中小微企业多少？", "创业补贴发给谁？其中小微企业多少？"),
        (["How do I apply for the startup subsidy?"], "How long does it take?", "apply for the startup subsidy，How long does it take?"),
        (["你好"], "那需要多久？", "那需要多久？"),  # nothing that could be spoken of
    ],
)
def test_follow_up_takes_the_topic_along(before: list[str], question: str, understood: str) -> None:
    assert standalone(question, before) == understood


@pytest.mark.parametrize("question", ["窗口设在哪个地方？", "“那么近”是什么活动？", "What do I need to register a company?"])
def test_question_that_names_its_own_topic_does_not_lean(question: str) -> None:
    assert not leans(question)
