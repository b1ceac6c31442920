"""What an article says of itself, each with its place, and what becomes of it in the preview."""

from datetime import date
from pathlib import Path

import pytest

from index.build import to_article
from index.documents import Metadata
from index.errors import SourceError
from index.reading.knowledge import known
from index.reading.sources import ArticleSource, read_all
from index.stored.manifest import ArticleEntry
from index.text.facts import Fact, FactKind, day_of, facts_of
from index.text.issuers import is_body, level_of, region_of
from index.text.split import SplitSettings
from index.upkeep.preview import described, preview_of

NOTICE = """青川市青山区人民政府办公室关于印发青山区招工补贴办法的通知
青山府办规〔2024〕13号
各街道办事处，区政府各部门：
现将《青山区招工补贴办法》印发给你们，请遵照执行。
青川市青山区人民政府办公室
2024年3月5日
青山区招工补贴办法
第一条 居住证有效期1年的人员可以申请。
第二条 本办法自印发之日起施行，有效期5年。《青山区用工奖励办法》（青山府办〔2019〕2号）、《青山区稳岗办法》同时废止。
"""


def source_of(folder: Path, text: str, **given: str) -> ArticleSource:
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines() if line)
    (folder / "a.html").write_text(f"<body>{lines}</body>", "utf-8")
    return read_all([folder / "a.html"], known(given, "the call")).sources[0]


def facts(folder: Path, text: str) -> list[tuple[str, str, str]]:
    article = to_article(source_of(folder, text))
    return [(fact.kind.value, fact.value, article.text[fact.start : fact.end]) for fact in facts_of(article)]


def test_notice_says_who_when_and_for_how_long(tmp_path: Path) -> None:
    last = "第二条 本办法自印发之日起施行，有效期5年。"
    assert facts(tmp_path, NOTICE) == [
        ("publisher", "青川市青山区人民政府办公室", "青川市青山区人民政府办公室"),
        ("number", "青山府办规〔2024〕13号", "青山府办规〔2024〕13号"),
        ("published", "2024-03-05", "2024年3月5日"),
        ("effective", "2024-03-05", last),
        ("expires", "2029-03-04", last),
        ("region", "青川市青山区", "青川市青山区人民政府办公室"),
        ("level", "区", "青川市青山区人民政府办公室"),
        ("repeals", "青山区用工奖励办法", "《青山区用工奖励办法》"),
        ("repeals", "青山区稳岗办法", "《青山区稳岗办法》"),
    ]  # fmt: skip


def test_title_of_an_official_letter_stands_below_its_number(tmp_path: Path) -> None:
    head, rest = "青川市人民政府办公室\n青政函〔2024〕8号\n", "\n市文旅局：\n现就有关事项函告如下。关于场地的意见另行通知。\n"
    for title in ("关于商请协办2024年\n文化旅游节的函", "关于做好防汛工作的通知"):
        found = [fact for fact in facts(tmp_path, head + title + rest) if fact[0] == "title"]
        assert [value for _, value, _ in found] == [title.replace("\n", "")]
    assert "title" not in [kind for kind, *_ in facts(tmp_path, head + rest.strip())]
    assert "title" not in [kind for kind, *_ in facts(tmp_path, NOTICE)], "it has one above its number"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("办法\n第一条 甲。\n第二条 本办法自2024年7月1日起施行，有效期至2026年12月31日。", "expires", "2026-12-31"),
        ("办法\n第一条 甲。\n第二条 本办法自二〇二四年七月一日起试行，试行期六个月。", "expires", "2024-12-31"),
        ("办法\n第一条 甲。\n第二条 本办法自2024年2月29日起施行，有效期1年。", "expires", "2025-02-27"),
        ("中华人民共和国河道法\n（1990年1月1日第七届全国人民代表大会常务委员会第一次会议通过 根据2018年10月26日第十三届会议修正）\n第一条 甲。", "published", "2018-10-26"),
        ("中华人民共和国河道法\n第一条 为了保护河道，制定本法。", "level", "国家"),
        ("依据文件：《甲》\n发文机构：青川省发展和改革委员会\n发文字号：青发改规〔2023〕12号\n正文一句。", "publisher", "青川省发展和改革委员会"),
        ("依据文件：《甲》\n发文机构：青川省发展和改革委员会\n发文字号：青发改规〔2023〕12号\n正文一句。", "number", "青发改规〔2023〕12号"),
        ("青川市财政局青川市民政局关于调整标准的通知\n正文一句。", "publisher", "青川市财政局、青川市民政局"),
        ("关于通知\n正文一句。\n青川市财政局\n二〇二四年三月五日", "published", "2024-03-05"),
        ("正文一句。\n青川市政府秘书处 2024年7月29日印发", "published", "2024-07-29"),
    ],
)  # fmt: skip
def test_fact_is_read_from_its_place(tmp_path: Path, text: str, kind: str, value: str) -> None:
    assert (kind, value) in [(found, read) for found, read, _ in facts(tmp_path, text)]


@pytest.mark.parametrize(
    "text",
    [
        "居住证有效期5年。申请人自2024年1月1日起可以申请。",
        "根据《青山区用工奖励办法》（青山府办〔2019〕2号）的规定，制定细则。",
        "会议于2024年3月5日召开。《青山区稳岗办法》另行修改。",
        "发文机构：甲市财政局\n甲一句。\n发文机构：乙市财政局\n乙一句。",
    ],
)
def test_what_is_said_of_something_else_is_no_fact(tmp_path: Path, text: str) -> None:
    assert facts(tmp_path, text) == []


def test_amendment_names_what_it_changes(tmp_path: Path) -> None:
    text = (
        "青川市人民政府关于修改《青川市停车办法》的决定\n一、将第五条修改为：“小区停车每小时2元。”\n二、第十二条第二款修改为：“夜间免费。”"
    )
    found = [(value, words) for kind, value, words in facts(tmp_path, text) if kind == "amends"]
    assert found == [
        ("青川市停车办法", "《青川市停车办法》"), ("青川市停车办法 第五条", "将第五条修改为"), ("青川市停车办法 第十二条第二款", "第十二条第二款修改为"),
    ]  # fmt: skip


def test_preview_offers_what_is_not_known_and_tells_what_is_disputed(tmp_path: Path) -> None:
    preview = preview_of(source_of(tmp_path, NOTICE, publisher="别的局", region="青川市青山区"), SplitSettings())
    assert {name: fact.value for name, fact in preview.offered.items()} == {
        "number": "青山府办规〔2024〕13号", "published": "2024-03-05", "effective": "2024-03-05", "expires": "2029-03-04", "level": "区",
    }  # fmt: skip
    assert {name: fact.value for name, fact in preview.disputed.items()} == {"publisher": "青川市青山区人民政府办公室"}
    shown = "\n".join(described(preview))
    assert "says of itself  expires: 2029-03-04  [" in shown
    assert "says otherwise  publisher: 青川市青山区人民政府办公室  [" in shown
    assert "repeals  青山区稳岗办法  [" in shown
    assert preview.article.meta.expires == ""  # offered, and not taken


def test_articles_that_are_repealed_or_amended_are_found_by_their_titles(tmp_path: Path) -> None:
    titles = ["青山区用工奖励办法", "青山区人民政府关于印发青山区稳岗办法的通知", "青山区稳岗办法", "办法", "青山区用工奖励办法实施细则"]
    indexed = [ArticleEntry(f"n{n}", title, "", "in force", 1, 1, "") for n, title in enumerate(titles)]
    preview = preview_of(source_of(tmp_path, NOTICE), SplitSettings(), indexed)
    assert [(other.article, other.fact.kind) for other in preview.touched] == [("n0", FactKind.REPEALS), ("n2", FactKind.REPEALS)]
    issued = NOTICE.replace("《青山区稳岗办法》", "《青山区人民政府关于印发青山区稳岗办法的通知》")
    again = preview_of(source_of(tmp_path, issued), SplitSettings(), indexed)
    assert [other.article for other in again.touched] == ["n0", "n1", "n2"]


@pytest.mark.parametrize(
    ("name", "region", "level"),
    [
        ("国务院办公厅", "全国", "国家"),
        ("教育部", "全国", "国家"),
        ("中国人民银行", "全国", "国家"),
        ("青川省人民政府", "青川省", "省"),
        ("北京市发展和改革委员会", "北京市", "省"),
        ("广州市医疗保障局", "广州市", "市"),
        ("广州市天河区住房建设和园林局", "广州市天河区", "区"),
        ("广西壮族自治区南宁市人民政府", "广西壮族自治区南宁市", "市"),
        ("某某委员会", "", ""),
    ],
)
def test_name_of_a_body_says_its_place_and_level(name: str, region: str, level: str) -> None:
    assert is_body(name)
    assert (region_of(name), level_of(name)) == (region, level)


@pytest.mark.parametrize(
    ("words", "day"),
    [("2024年3月5日", date(2024, 3, 5)), ("二〇二四年十二月二十一日", date(2024, 12, 21)), ("2024年2月30日", None), ("没有", None)],
)
def test_day_is_read_in_figures_and_in_characters(words: str, day: date | None) -> None:
    assert day_of(words) == day


def test_level_is_one_of_four() -> None:
    assert known({"level": "市", "number": "青府〔2024〕1号"}, "the call") == {"level": "市", "number": "青府〔2024〕1号"}
    with pytest.raises(SourceError, match="level"):
        known({"level": "村"}, "the call")
    assert Fact(FactKind.LEVEL, "市", 0, 1).kind.value in Metadata.__dataclass_fields__
