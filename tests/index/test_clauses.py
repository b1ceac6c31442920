"""What belongs together in an article, and texts that lost their line breaks."""

import pytest

from index.build import to_article
from index.documents import Article, ClauseKind
from index.text.clauses import clauses_of
from index.text.clean import clean
from tests.support.fakes import source

RULES = """# 白河区停车办法

第一条 为方便停车，制定本办法。

第二条 下列车辆免费：

（一）执行任务的救护车；

（二）首次停放2小时以内的车辆。

第三条 本办法自2024年起施行。
"""
NOTICE = """# 白河区通知

## 申请材料

申请人应当提交下列材料：

1. 身份证；

2. 申请表。

材料不齐的，一次告知。

## 常见问题

问：多久办好？

答：5个工作日。

问：收费吗？

答：不收费。
"""


def article(text: str) -> Article:
    return to_article(source("a", text))


def kinds(text: str) -> list[tuple[str, str]]:
    made = article(text)
    return [(clause.kind.value, made.text[clause.start : clause.end].replace("\n\n", "/")) for clause in clauses_of(made).clauses]


def test_provision_is_whole_with_its_items() -> None:
    assert kinds(RULES) == [
        ("provision", "第一条 为方便停车，制定本办法。"),
        ("provision", "第二条 下列车辆免费：/（一）执行任务的救护车；/（二）首次停放2小时以内的车辆。"),
        ("provision", "第三条 本办法自2024年起施行。"),
    ]


def test_list_stands_with_what_leads_in_and_a_question_with_its_answer() -> None:
    assert kinds(NOTICE) == [
        ("list", "申请人应当提交下列材料：/1. 身份证；/2. 申请表。"),
        ("paragraph", "材料不齐的，一次告知。"),
        ("faq", "问：多久办好？/答：5个工作日。"),
        ("faq", "问：收费吗？/答：不收费。"),
    ]


def test_item_knows_the_sentence_that_leads_in() -> None:
    made = article(RULES)
    clause = clauses_of(made).clauses[1]
    lead = made.text[clause.sentences[0].start : clause.sentences[0].end]
    assert lead == "第二条 下列车辆免费："
    assert clause.leads == (None, clause.sentences[0], clause.sentences[0])


def test_clause_is_found_by_a_place_in_it_and_headings_have_none() -> None:
    made = article(NOTICE)
    found = clauses_of(made)
    place = made.text.index("申请表")
    assert found.at(place) is not None
    assert found.at(place).kind is ClauseKind.LIST
    assert found.at(made.text.index("常见问题")) is None


ONE_LINE = (
    "白河区停车管理办法已经审议通过，现印发给你们，请认真贯彻执行，并做好宣传解释工作，执行中遇到的问题请及时反馈。 第一章 总则 第一条 为方便停车，制定本办法。"
    " 第二条 下列车辆免费： （一）执行任务的救护车； （二）首次停放2小时以内的车辆。 第三条 根据第二条规定的情形，由区城市管理局认定，结果在5个工作日内告知申请人，并在区政府网站上公布，接受社会监督。"
    " 第四条 收费标准每小时2.5元。 问：多久办好？答：5个工作日。"
)


def test_lost_line_breaks_are_found_where_a_line_began() -> None:
    cleaned = clean(ONE_LINE)
    lines = cleaned.text.split("\n\n")
    assert lines[1:6] == [
        "第一章 总则",
        "第一条 为方便停车，制定本办法。",
        "第二条 下列车辆免费：",
        "（一）执行任务的救护车；",
        "（二）首次停放2小时以内的车辆。",
    ]
    assert lines[6].startswith("第三条 根据第二条规定的情形，")
    assert lines[7:] == ["第四条 收费标准每小时2.5元。", "问：多久办好？", "答：5个工作日。"]
    assert "lost line breaks" in {change.rule for change in cleaned.changes}
    assert "".join(cleaned.text.split()) == "".join(ONE_LINE.split())


@pytest.mark.parametrize("text", ["一、" + "长" * 300 + "。", "第一条 短。 第二条 短。 第三条 短。"])
def test_line_that_is_short_or_numbered_once_stays(text: str) -> None:
    assert "lost line breaks" not in {change.rule for change in clean(text).changes}
