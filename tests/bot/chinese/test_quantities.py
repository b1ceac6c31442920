"""Quantities of all kinds, and when two of them cannot both be so."""

import pytest

from bot.chinese.quantities import in_full, quantities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("补贴1.2万元", [("money", "1.2万元", 12000)]),
        ("一顿3块5", [("money", "3块5", 3.5)]),
        ("两千块", [("money", "两千块", 2000)]),
        ("免费开放", [("money", "免费", 0)]),
        ("当场办结", [("duration", "当场办结", 0)]),
        ("3个工作日", [("duration", "3个工作日", 72)]),
        ("百分之十", [("share", "百分之十", 10)]),
        ("5月20日截止", [("date", "5月20日", 520)]),
        ("下午5:30下班", [("clock", "5:30", 1050)]),
        ("九点半开门", [("clock", "九点半", 570)]),
        ("三楼12号窗口", [("floor", "三楼", 3), ("window", "12号窗口", 12)]),
        ("全省首家", [("ordinal", "首家", 1)]),
        ("2019年试点", [("year", "2019年", 2019)]),
        ("6号线", []),
        ("拨打0532-88886666", []),
    ],
)
def test_quantities_are_read_by_kind(text: str, found: list[tuple[str, str, float]]) -> None:
    assert [(each.kind, text[each.start : each.end], float(each.value)) for each in quantities(text)] == [
        (kind, words, pytest.approx(value)) for kind, words, value in found
    ]


@pytest.mark.parametrize(
    ("stated", "other", "ruled_out"),
    [
        ("5座", "8座", True),
        ("5座", "5座", False),
        ("最高30万元", "50万元", True),
        ("最高30万元", "20万元", False),
        ("最高30万元", "最高20万元", True),
        ("37场", "超过100场", True),
        ("120场", "超过100场", False),
        ("37场", "约40场", False),
        ("5天", "3个工作日", False),  # 工作日 and 天 are not the same days
        ("20天", "3个工作日", True),
    ],
)
def test_quantity_rules_another_out_only_where_both_cannot_be_so(stated: str, other: str, ruled_out: bool) -> None:
    [first], [second] = quantities(stated), quantities(other)
    assert first.comparable(second)
    assert first.rules_out(second) is ruled_out


def test_bounds_belong_to_a_quantity() -> None:
    text = "额度最高不超过30万元，每人1000元以内"
    assert [text[whole.start : whole.end] for each in quantities(text) if (whole := in_full(each, text))] == [
        "最高不超过30万元", "每人1000元以内",
    ]  # fmt: skip
