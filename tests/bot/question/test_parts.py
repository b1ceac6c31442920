"""A question that asks for several things is taken apart: nothing vanishes, and nothing is glued to what it does not speak of."""

import pytest

from bot.question.parts import parts, topic_of
from bot.question.topics import is_name

SEVERAL = [
    ("招聘会办了几场，养老服务站建了几个，社保厅电话多少", ["招聘会办了几场", "养老服务站建了几个", "社保厅电话多少"]),
    ("首贷户有多少，放了多少钱", ["首贷户有多少", "首贷户放了多少钱"]),
    ("图书馆几点关门，停车场收费吗", ["图书馆几点关门", "停车场收费吗"]),
    ("健康证在哪办，多少钱，另外有效期几年", ["健康证在哪办", "健康证多少钱", "健康证有效期几年"]),
    ("公积金怎么提取？要几天到账？", ["公积金怎么提取", "公积金要几天到账"]),
    ("养犬登记去哪里 要带什么材料 多久能办好", ["养犬登记去哪里", "养犬登记要带什么材料", "养犬登记多久能办好"]),
    ("龙舟赛有几支队参加以及博物馆接待了多少人", ["龙舟赛有几支队参加", "博物馆接待了多少人"]),
    ("游泳馆门票多少钱，还有羽毛球馆怎么预约", ["游泳馆门票多少钱", "羽毛球馆怎么预约"]),
    ("敬老院有多少张床位，顺便问下护理费怎么收", ["敬老院有多少张床位", "护理费怎么收"]),
    ("新修了几条农村公路 改造了多少座危桥", ["新修了几条农村公路", "改造了多少座危桥"]),
    ("夜校开哪些课，学费多少，怎么报名", ["夜校开哪些课", "夜校学费多少", "夜校怎么报名"]),
    ("充电桩补贴能领吗，怎么领", ["充电桩补贴能领吗", "充电桩补贴怎么领"]),
    ("农机补贴比例多少，秸秆还田给多少钱一亩", ["农机补贴比例多少", "秸秆还田给多少钱一亩"]),
    ("居住证要不要交钱，几年换一次", ["居住证要不要交钱", "居住证几年换一次"]),
    ("口袋公园建了几个、老旧小区改造了多少户、加装电梯多少部", ["口袋公园建了几个", "老旧小区改造了多少户", "加装电梯多少部"]),
    ("请问一下，垃圾清运费谁来收，每户每月几块钱", ["请问一下，垃圾清运费谁来收", "垃圾清运费每户每月几块钱"]),
    ("你好，想问下婚假几天？产假几天？", ["你好，想问下婚假几天", "产假几天"]),
    ("失业金能领几个月吗？低保户用电有优惠没有？", ["失业金能领几个月吗", "低保户用电有优惠没有"]),
    ("船员证多久年审，丢了怎么补", ["船员证多久年审", "船员证丢了怎么补"]),
    ("渡轮末班几点，票价多少，学生有没有优惠", ["渡轮末班几点", "渡轮票价多少", "渡轮学生有没有优惠"]),
    ("什么是长护险，怎么申请", ["什么是长护险", "长护险怎么申请"]),
    ("驾校学费能退吗另外投诉电话是多少", ["驾校学费能退吗", "驾校学费投诉电话是多少"]),
    ("植物园和动物园分别几点开门", ["植物园几点开门", "动物园几点开门"]),
    ("How much is the grant and how do I apply?", ["How much is the grant", "how do I apply?"]),
    ("How many parks were built, how many libraries were opened?", ["How many parks were built", "how many libraries were opened?"]),
    ("人才公寓租金多少，能住几年，配偶可以一起住吗，要不要押金", ["人才公寓租金多少", "人才公寓能住几年", "人才公寓配偶可以一起住吗", "人才公寓要不要押金"]),
    ("盲道修了多少公里，其中学校周边多少", ["盲道修了多少公里", "盲道，其中学校周边多少"]),
    ("门诊能报多少，住院呢", ["门诊能报多少", "住院能报多少"]),
    ("第一批名单什么时候公布，第二批呢", ["第一批名单什么时候公布", "第二批什么时候公布"]),
    ("刚买了新车，去哪上牌，要几天", ["刚买了新车，去哪上牌", "新车要几天"]),
    ("渔港扩建花了多少钱，灯塔是哪年修的，多高", ["渔港扩建花了多少钱", "灯塔是哪年修的", "灯塔多高"]),
]  # fmt: skip
SINGLE = [
    "养老服务站建了几个",
    "老板拖欠工资，怎么办",
    "听说审批压到了10个工作日，是这样吗？",
    "听说养蜂有补贴，到底是不是真的",
    "我爸半失能，家里困难，床位改造能不能补",
    "不管在哪儿上班，都能交公积金吗",
    "什么人可以领高龄津贴",
    "社区食堂早餐、午餐各几点开始供应",
    "外地车牌进城要什么手续",
    "申请公租房的人均收入和住房面积有什么要求",
    "你好，请问公交卡在哪里退",
    "刚毕业，想开个书店，有什么扶持政策",
    "这个补贴是给企业还是给个人的",
    "谁在什么时候发布了这个通知",
    "啥都能办吗",
    "现在呢，要几天",
]


@pytest.mark.parametrize(("question", "expected"), SEVERAL)
def test_each_thing_is_asked_by_itself(question: str, expected: list[str]) -> None:
    assert [part.rstrip("？?。 ") for part in parts(question)] == [part.rstrip("？?。 ") for part in expected]


@pytest.mark.parametrize("question", SINGLE)
def test_question_for_one_thing_is_left_whole(question: str) -> None:
    assert parts(question) == [question]


@pytest.mark.parametrize("question", [question for question, _ in SEVERAL])
def test_no_word_of_a_question_vanishes_but_what_joins_its_parts(question: str) -> None:
    kept = "".join(parts(question))
    lost = {char for char in question if char.isalnum() and char not in kept}
    assert not lost - set("以及还有顺便问下另外和与分别呢and")


@pytest.mark.parametrize(
    ("question", "topic"),
    [("创业补贴怎么申请", "创业补贴"), ("什么是长护险", "长护险"), ("灯塔是哪年修的", "灯塔"), ("有多少", "")],
)
def test_topic_stands_before_what_asks(question: str, topic: str) -> None:
    assert topic_of(question) == topic


@pytest.mark.parametrize(("topic", "named"), [("首贷的利率", True), ("人才公寓", True), ("28个省份", True), ("“一业一证”目录", True), ("点小错", False), ("费用", False), ("加装电梯对电梯品牌", False), ("交上申请", False), ("首付能抵", False), ("的年利率", False)])  # fmt: skip
def test_only_what_stands_for_a_thing_by_itself_is_named(topic: str, named: bool) -> None:
    assert is_name(topic) is named
