from datetime import date

import pytest

from bot.chinese.dates import addition, age, in_english, notes


@pytest.mark.parametrize(
    ("published", "quote", "expected"),
    [
        ("2023", "今年3月部署后", {"今年3月": "2023年3月"}),
        ("2023", "今年，全市开展行动", {"今年": "2023年"}),
        ("2023", "去年底完成", {"去年底": "2022年底"}),
        ("2023", "明年上半年开工", {"明年上半年": "2024年上半年"}),
        ("2023", "至一季度末，已发放", {"一季度末": "2023年3月底"}),
        ("2023", "第二季度新增", {"第二季度": "2023年4月至6月"}),
        ("2023", "截至目前，共举办37场", {"截至目前": "截至2023年本文发表时"}),
        ("2023-05-30", "目前共推出207项", {"目前": "2023年5月30日本文发表时"}),
        ("2023", "5月份以来，共发放", {"5月份": "2023年5月"}),
        ("2023-06", "5月30日发布的通知", {"5月30日": "2023年5月30日"}),
        ("2023-06", "本月起施行", {"本月": "2023年6月"}),
        ("2023-01", "上个月发布", {"上个月": "2022年12月"}),
        ("2023-05-01", "昨日发布", {"昨日": "2023年4月30日"}),
        ("2023-05-31", "本周开工", {"本周": "2023年5月29日至2023年6月4日"}),
        ("2023", "力争年底前建成", {"年底": "2023年底"}),
        ("2023", "近日，办法出台", {"近日": "2023年本文发表前不久"}),
        # What the article's date does not settle is left unsaid.
        ("", "今年3月", {}),
        ("2023", "本月起施行，昨日发布，上周开会", {}),
        ("2023-05", "12月开工，四季度完工，下半年见效", {}),
        ("2023", "2022年3月至5月，2021年一季度末", {}),
        ("2023", "去年3月至5月", {"去年3月": "2022年3月"}),
        # What only looks like a date is none.
        ("2023", "《今年工作要点》和3个月内、三年内、1.5月租金", {}),
        ("2023", "办理时限20个工作日，本年级学生", {}),
        ("2023", "达成初步就业意向，到底线为止，期末考试，初中", {}),
        ("2023", "今年初步建成，今年初开工", {"今年": "2023年", "今年初": "2023年初"}),
    ],
)
def test_relative_dates_are_resolved_against_the_article(published: str, quote: str, expected: dict[str, str]) -> None:
    assert {note.words: note.means for note in notes(quote, published)} == expected
    assert all(quote[note.start :].startswith(note.words) for note in notes(quote, published))


def test_addition_stands_in_brackets_and_says_whose_it_is() -> None:
    assert addition("今年以来，截至目前共办结130件。", "2023") == "（助手注：“今年”指2023年；“截至目前”指截至2023年本文发表时）"
    assert addition("共办结130件。", "2023") == ""


@pytest.mark.parametrize(
    ("quote", "published", "expected"),
    [
        ("今年", "2023", "2023"),
        ("去年3月", "2023", "2022-03"),
        ("第二季度", "2023", "2023-04 to 2023-06"),
        ("去年四季度末", "2023", "the end of 2022-12"),
        ("上半年", "2023-08", "the first half of 2023"),
        ("今年初", "2023", "the beginning of 2023"),
        ("截至目前", "2023-05", "up to when this was published (2023-05)"),
        ("目前", "2023", "when this was published (2023)"),
        ("近日", "2023-05-16", "shortly before this was published (2023-05-16)"),
        ("上周", "2023-05-16", "2023-05-08 to 2023-05-14"),
    ],
)
def test_notes_are_said_in_english_too(quote: str, published: str, expected: str) -> None:
    (note,) = notes(quote, published)
    assert in_english(note.means) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [("2023", "约3年前"), ("2023-12", "约2年前"), ("2025-11-23", "约1年前"), ("2025-11-24", ""), ("2026", ""), ("", "")],
)
def test_age_is_said_from_the_first_year_on(published: str, expected: str) -> None:
    assert age(published, date(2026, 11, 23)) == expected
