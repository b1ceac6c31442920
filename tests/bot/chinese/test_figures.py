"""Figures, dates and organisations in a text, however they are written."""

import pytest

from bot.checking.claims import dates_and_figures
from bot.checking.rules.names import organisations
from bot.chinese.figures import Exactness, figures, han_value
from index.text.terms import fold


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("１３０家", [("130", "家", Exactness.EXACT)]),
        ("130余企业", [("130", "", Exactness.MORE)]),
        ("一百三十件", [("130", "件", Exactness.EXACT)]),
        ("57.70亿元", [("5770000000", "元", Exactness.EXACT)]),
        ("3200余万元", [("32000000", "元", Exactness.MORE)]),
        ("超3.3万", [("33000", "", Exactness.MORE)]),
        ("3万2千户", [("32000", "家", Exactness.EXACT)]),
        ("两千三百余人", [("2300", "人", Exactness.MORE)]),
        ("百分之十点五", [("10.5", "%", Exactness.EXACT)]),
        ("10.65%", [("10.65", "%", Exactness.EXACT)]),
        ("三成", [("30", "%", Exactness.EXACT)]),
        ("十个工作日内", [("10", "工作日", Exactness.LESS)]),
        ("最高可补贴50万元", [("500000", "元", Exactness.LESS)]),
        ("不少于3名", [("3", "人", Exactness.MORE)]),
        ("约20个", [("20", "个", Exactness.ABOUT)]),
        ("1,234笔", [("1234", "笔", Exactness.EXACT)]),
        ("第十二条", [("12", "第条", Exactness.EXACT)]),
        ("二〇二三年", [("2023", "年", Exactness.EXACT)]),
        ("三个月以内", [("3", "月长", Exactness.LESS)]),
        ("四分之一", [("0.25", "之一", Exactness.EXACT)]),
        ("一业一证改革，统一办理，万一不行，十分方便，一件事一次办", []),
    ],
)
def test_figures_are_read_however_they_are_written(written: str, values: list[tuple[str, str, Exactness]]) -> None:
    assert [(f"{figure.value.normalize():f}", figure.unit, figure.exactness) for figure in figures(fold(written))] == values


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
