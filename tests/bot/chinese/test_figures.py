"""Figures, dates and organisations in a text, however they are written."""

import pytest

from bot.checking.claims import dates_and_figures, organisations
from bot.chinese.figures import Bound, figures, han_value
from index.text.terms import fold


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("１３０家", [("130", "家", Bound.EXACT)]),
        ("130余企业", [("130", "", Bound.MORE)]),
        ("一百三十件", [("130", "件", Bound.EXACT)]),
        ("57.70亿元", [("5770000000", "元", Bound.EXACT)]),
        ("3200余万元", [("32000000", "元", Bound.MORE)]),
        ("超3.3万", [("33000", "", Bound.MORE)]),
        ("3万2千户", [("32000", "家", Bound.EXACT)]),
        ("两千三百余人", [("2300", "人", Bound.MORE)]),
        ("百分之十点五", [("10.5", "%", Bound.EXACT)]),
        ("10.65%", [("10.65", "%", Bound.EXACT)]),
        ("三成", [("30", "%", Bound.EXACT)]),
        ("十个工作日内", [("10", "工作日", Bound.LESS)]),
        ("最高可补贴50万元", [("500000", "元", Bound.LESS)]),
        ("不少于3名", [("3", "人", Bound.MORE)]),
        ("约20个", [("20", "个", Bound.ABOUT)]),
        ("1,234笔", [("1234", "笔", Bound.EXACT)]),
        ("第十二条", [("12", "第条", Bound.EXACT)]),
        ("二〇二三年", [("2023", "年", Bound.EXACT)]),
        ("三个月以内", [("3", "月长", Bound.LESS)]),
        ("四分之一", [("0.25", "之一", Bound.EXACT)]),
        ("一业一证改革，统一办理，万一不行，十分方便，一件事一次办", []),
    ],
)
def test_figures_are_read_however_they_are_written(written: str, values: list[tuple[str, str, Bound]]) -> None:
    assert [(f"{one.value.normalize():f}", one.unit, one.bound) for one in figures(fold(written))] == values


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十", 10),
        ("二十三", 23),
        ("一百零三", 103),
        ("两千三", 2300),
        ("一万五", 15000),
        ("三千零五十万", 30_500_000),
        ("万", None),
        ("二〇二三", 2023),
    ],
)
def test_chinese_numerals_have_their_value(written: str, value: int | None) -> None:
    assert han_value(written) == value


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2023年5月30日", [(2023, 5, 30)]),
        ("五月三十日", [(0, 5, 30)]),
        ("2023-05-30", [(2023, 5, 30)]),
        ("2023.5", [(2023, 5, 0)]),
        ("今年3月", [(0, 3, 0)]),
        ("3个月内1.3亿元", []),
    ],
)
def test_dates_are_read_as_far_as_they_are_named(written: str, days: list[tuple[int, int, int]]) -> None:
    assert [(day.year, day.month, day.day) for day in dates_and_figures(fold(written))[0]] == days


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("由市财政局和港务局办理", ["市财政局", "港务局"]),
        ("青岛市人民政府", ["青岛市人民政府"]),
        ("首贷中心和青岛银行", ["首贷中心", "青岛银行"]),
        ("企业可以申请", []),
    ],
)
def test_organisations_are_named_with_what_says_which_one(written: str, named: list[str]) -> None:
    assert organisations(written) == named
