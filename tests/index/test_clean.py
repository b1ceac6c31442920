import re
from collections import Counter

import pytest

from index.__main__ import SEEDS
from index.documents import BlockKind
from index.text.clean import clean

SEED = (SEEDS / "000_23d07dbfb21a9745.txt").read_text("utf-8")
PAGE = """责任编辑：李明 版式 王小红 校对 赵四

# 东湖晚报

DONG HU WAN BAO

2021年3月5日 星期五 第3版

## 东湖区这样帮企业

□东湖日报记者 陈一 通讯员 林二

▲工人在车间忙碌

东湖区今年把登记、刻章、领票并到一个

■服务大厅里,群众排队取号。

窗口办理,用时压到2天(含材料审核)。

### 一个窗口

共办理登记1,290件,共办理登记1,290件,满意率99.5%。开门时间10:30。
"""


def paragraphs(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    cleaned = clean(text)
    return [cleaned.text[block.start : block.end] for block in cleaned.blocks if block.kind is kind]


def weighed(text: str) -> Counter[str]:
    return Counter(re.findall(r"[㐀-鿿0-9]", text))


@pytest.mark.parametrize("source", [SEED, PAGE])
def test_every_character_and_figure_is_kept_or_accounted_for(source: str) -> None:
    cleaned = clean(source)
    removed = "".join(change.removed for change in cleaned.changes)
    inserted = "".join(change.inserted for change in cleaned.changes)
    assert weighed(source) + weighed(inserted) == weighed(cleaned.text) + weighed(removed)
    assert all(change.rule for change in cleaned.changes)


def test_page_is_cleaned_by_every_rule() -> None:
    cleaned = clean(PAGE)
    assert paragraphs(PAGE) == [
        "东湖区今年把登记、刻章、领票并到一个窗口办理，用时压到2天（含材料审核）。",
        "共办理登记1,290件，满意率99.5%。开门时间10:30。",
    ]
    assert paragraphs(PAGE, BlockKind.CAPTION) == ["工人在车间忙碌", "服务大厅里，群众排队取号。"]
    assert paragraphs(PAGE, BlockKind.HEADING) == ["东湖区这样帮企业", "一个窗口"]
    assert cleaned.found == {
        "published": "2021-03-05",
        "paper": "东湖晚报",
        "publisher": "东湖日报",
        "reporters": ("陈一", "林二"),
        "title": "东湖区这样帮企业",
    }


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("责编 张三 李四 美编 王五 审读 赵六 排版 林艳", "editors' line"),
        ("责编:张三 美编:王五", "editors' line"),
        ("2022年11月8日 星期二", "page line"),
        ("第12版 要闻", "page line"),
        ("- 3 -", "page number"),
        ("第 3 页 共 5 页", "page number"),
        ("本报记者 张三 李四", "byline"),
        ("□青城日报记者 张三 文/图", "byline"),
    ],
)
def test_furniture_leaves_the_text(line: str, rule: str) -> None:
    cleaned = clean(f"# 标题\n\n{line}\n\n正文说了一件事。")
    assert line not in cleaned.text
    assert [change.rule for change in cleaned.changes if change.removed == line] == [rule]


@pytest.mark.parametrize(
    "line",
    [
        "编辑部设在青城。",
        "2022年11月8日，青城发布了通知。",
        "记者从青城了解到，办法已经施行。",
        "Hello world of policy.",
        "全年新增企业3000家，全年新增税收3000万元。",
        "他说：“好,好。”",
        "The fee is 1,290 (net), see http://a.example/x?b=1,2 at 10:30.",
    ],
)
def test_ordinary_prose_stays(line: str) -> None:
    assert paragraphs(f"# 标题\n\n{line}\n\n另一段话。")[0].replace("，", ",") == line.replace("，", ",")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("前半句话,在这里断\n\n开了又接上。", ["前半句话，在这里断开了又接上。"]),
        ("前半句话,在这里断\n\n■图一。\n\n▲图二。\n\n开了又接上。", ["前半句话，在这里断开了又接上。"]),
        ("前半句话,在这里断\n\n## 小标题\n\n开了又接上。", ["前半句话，在这里断", "开了又接上。"]),
        ("条件如下:\n\n1.有住所。\n\n2.有资金。", ["条件如下：", "1.有住所。", "2.有资金。"]),
        ("他问“行不行?”\n\n她说行。", ["他问“行不行？”", "她说行。"]),
        ("共发放补贴三千余万元,\n\n共发放补贴三千余万元,惠及千人。", ["共发放补贴三千余万元，惠及千人。"]),
        ("好的,好的,就这样办。", ["好的，好的，就这样办。"]),
    ],
)
def test_sentences_are_whole_and_single(source: str, expected: list[str]) -> None:
    assert paragraphs(f"# 标题\n\n{source}") == expected


def test_headings_are_found_where_none_are_marked() -> None:
    page = "青城区若干措施\n\n一、总体要求\n\n措施自发布起施行。\n\n青城区人民政府\n\n2022年1月1日"
    assert paragraphs(page, BlockKind.HEADING) == ["青城区若干措施", "一、总体要求"]


def test_invisible_characters_go() -> None:
    assert paragraphs("\ufeff# 标题\n\n正\u200b文有字。") == ["正文有字。"]


def test_seed_is_whole_again() -> None:
    text = clean(SEED).text
    for whole in (
        "……在优化服务环境上，即墨区",
        "即墨区开展企业上市“春笋行动”",
        "“‘墨’上花开·‘职’等您来”校园引才活动",
        "共发放各项就业创业资金3200余万元，惠及人次数超3.3万。",
    ):
        assert whole in text
    assert text.count("3200余万元") == 1
    assert len(paragraphs(SEED, BlockKind.CAPTION)) == 6
    assert not re.search("责编|JIN RI|今日即墨|□|■|#", text)


def test_a_table_of_contents_in_a_text_that_lost_its_breaks_takes_nothing_else_along() -> None:
    provisions = "".join(f" 第{n}章 规定{n} 第{n}条 申请人应当在三十日内提交第{n}项材料，逾期不再受理。" for n in "一二三四五六七八九")
    cleaned = clean("目录" + "".join(f" 第{n}章 规定{n}" for n in "一二三四五六七八九") + provisions)
    assert "目录" not in cleaned.text
    assert cleaned.text.count("逾期不再受理") == 9
