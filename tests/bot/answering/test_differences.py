"""Two articles that state different figures on one matter, and what is said of a citation besides its words."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, islice
from pathlib import Path

import pytest

from bot.answering.assistant import Assistant
from bot.answering.contract import to_json
from bot.answering.outcomes import Answered
from bot.answering.standing.matters import Statement, at_odds
from bot.app import choose_reader, make_assistant
from bot.settings import Settings
from index.build import build, to_article
from index.documents import Status
from index.encoding.encoder import SentenceEncoder
from index.errors import SourceError
from index.plan import BuildRequest
from index.reading.sources import ArticleSource
from index.search import Index
from index.stored.versions import require_live
from index.text.clauses import clauses_of
from index.text.split import SplitSettings
from index.text.terms import fold
from tests.support.fakes import source

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "data" / "gov_policies" / "corpus.jsonl"
# A question, and two statements each with its title and heading; the figures are at odds in the first of these lists only.
ONE_MATTER = [
    ("创业补贴是多少", ("白河市创业补贴办法", "补贴标准", "登记未满三年的企业可以申请创业补贴，每户8000元。"),
     ("关于提高创业补贴标准的通知", "", "创业补贴提高到每户10000元。")),
    ("一次性创业补贴标准是多少", ("白河市就业创业若干政策", "一次性创业补贴", "给予一次性创业补贴8000元。"),
     ("白河市支持创业办法", "补贴标准", "符合条件的，按10000元标准发放一次性创业补贴。")),
    ("办理营业执照要几天", ("企业开办服务规定", "办理时限", "营业执照在5个工作日内办结。"),
     ("关于压缩企业开办时间的通知", "", "营业执照办理时限压缩到1个工作日内。")),
    ("硕士租房补贴每月多少", ("人才租房补贴办法", "", "硕士研究生租房补贴每月800元。"),
     ("人才租房补贴办法（2024年修订）", "", "硕士研究生租房补贴每月1200元。")),
    ("贷款贴息比例是多少", ("创业担保贷款实施办法", "贴息", "创业担保贷款贴息比例为50%。"),
     ("创业担保贷款管理办法", "贴息比例", "创业担保贷款由财政给予80%的贴息。")),
    ("失业保险金领多久", ("失业保险条例", "待遇", "失业保险金最长领取24个月。"),
     ("失业保险实施办法", "领取期限", "失业保险金领取期限最长18个月。")),
]  # fmt: skip
TWO_MATTERS = [
    ("补贴是多少", ("白河市创业补贴办法", "补贴标准", "每户补贴8000元。"), ("白河市住房补贴办法", "补贴标准", "每户补贴500元。")),
    ("人才补贴多少钱", ("白河市人才若干措施", "安家补贴", "给予安家补贴20万元。"), ("白河市人才补贴办法", "租房补贴", "给予租房补贴2万元。")),
    ("租房补贴多少", ("人才租房补贴办法", "", "博士研究生租房补贴每月1500元。"), ("人才租房补贴细则", "", "硕士研究生租房补贴每月800元。")),
    ("办理营业执照要几天", ("企业开办服务规定", "", "营业执照在1个工作日内办结。"), ("食品经营管理规定", "", "食品经营许可证在10个工作日内办结。")),
    ("资质奖励多少", ("建筑业奖励办法", "资质奖励", "晋升一级资质的企业奖励50万元。"), ("建筑业扶持办法", "资质奖励", "晋升二级资质的企业奖励20万元。")),
    ("创业补贴是多少", ("白河市创业补贴办法", "", "创业补贴每户8000元。"), ("白河市创业补贴细则", "", "创业补贴每户8000元。")),
    ("创业补贴是多少", ("白河市创业补贴办法", "", "创业补贴每户8000元。"), ("白河市创业补贴细则", "", "创业补贴最高10000元，其中个体户8000元。")),
    ("举办了多少场招聘会", ("2022年就业工作总结", "", "2022年举办招聘会37场。"), ("2023年就业工作总结", "", "2023年举办招聘会52场。")),
    ("公积金贷款最高多少", ("住房公积金贷款办法", "", "单人缴存住房公积金的，贷款最高30万元。"), ("住房公积金贷款细则", "", "夫妻双方缴存住房公积金的，贷款最高60万元。")),
    ("职业培训补贴多少", ("职业培训补贴办法", "", "取得初级证书的，职业培训补贴1000元。"), ("职业培训补贴标准", "", "取得高级证书的，职业培训补贴2000元。")),
    ("创业补贴是多少", ("创业补贴办法", "", "创业补贴每户8000元。"), ("创业补贴办法", "", "创业补贴在10个工作日内发放。")),
]  # fmt: skip
OLD = "# 白河市创业补贴办法\n\n第一条 创业补贴每户8000元。\n\n第二条 登记未满三年的企业可以申请创业补贴。\n"
NEW = "# 关于提高创业补贴标准的通知\n\n创业补贴提高到每户10000元。\n"
AMENDING = "# 关于修改《白河市创业补贴办法》的决定\n\n将第一条修改为：“第一条 创业补贴每户9000元。”\n"
OTHER = "# 白河市住房补贴办法\n\n住房补贴每户每月500元。\n"

Asking = Callable[..., Assistant]


def statement(title: str, head: str, clause: str) -> Statement:
    return Statement(tuple(fold(part) for part in (title, head) if part), fold(clause))


@pytest.mark.parametrize(("question", "first", "second"), ONE_MATTER, ids=lambda value: value if isinstance(value, str) else "")
def test_figures_of_one_matter_are_at_odds(question: str, first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    assert at_odds(statement(*first), statement(*second), question)
    assert at_odds(statement(*second), statement(*first), question)


@pytest.mark.parametrize(("question", "first", "second"), TWO_MATTERS, ids=lambda value: value if isinstance(value, str) else "")
def test_figures_of_two_matters_are_not(question: str, first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    assert at_odds(statement(*first), statement(*second), question) is None
    assert at_odds(statement(*second), statement(*first), question) is None


@pytest.mark.parametrize(("question", "first", "second"), ONE_MATTER, ids=lambda value: value if isinstance(value, str) else "")
def test_an_article_is_not_at_odds_with_itself(question: str, first: tuple[str, str, str], second: tuple[str, str, str]) -> None:
    assert at_odds(statement(*first), statement(*first), question) is None
    assert at_odds(statement(*second), statement(*second), question) is None


@pytest.mark.skipif(not CORPUS.is_file(), reason="the collected policies are not here")
def test_hardly_any_two_clauses_of_real_policies_are_at_odds() -> None:
    """Each clause with a figure beside those of other articles with a word in common, and the question that it answers by its own words."""
    stated = list(_statements())
    of_run: dict[str, list[int]] = {}
    for place, (_, one) in enumerate(stated):
        for run in one.runs:
            of_run.setdefault(run, []).append(place)
    pairs = {pair for places in of_run.values() if len(places) <= 20 for pair in combinations(places, 2)}
    pairs = set(islice(sorted((a, b) for a, b in pairs if stated[a][0] != stated[b][0]), 4000))
    found = [pair for pair in pairs if at_odds(stated[pair[0]][1], stated[pair[1]][1], stated[pair[0]][1].clause)]
    assert len(pairs) == 4000
    assert len(found) <= len(pairs) / 400


def _statements() -> Iterator[tuple[str, Statement]]:
    for line in CORPUS.read_text("utf-8").splitlines():
        row = json.loads(line)
        try:
            article = to_article(source(row["id"], row["text"], title=row["title"]))
        except SourceError:
            continue
        for clause in clauses_of(article).clauses:
            for sentence in clause.sentences:
                one = Statement(tuple(map(fold, (row["title"], *clause.path))), fold(article.text[sentence.start : sentence.end]))
                if one.figures:
                    yield article.id, one


@pytest.fixture
def asking(bundled_encoder: SentenceEncoder, tmp_path: Path) -> Iterator[Asking]:
    opened: list[Index] = []

    def build_and_open(*sources: ArticleSource) -> Assistant:
        settings = Settings(data=tmp_path)
        build(BuildRequest(sources), settings.index, bundled_encoder, SplitSettings())
        opened.append(Index.open(require_live(settings.index)))
        return make_assistant(opened[-1], bundled_encoder, settings, choose_reader(bundled_encoder, settings))

    yield build_and_open
    for index in opened:
        index.close()


@pytest.mark.model
def test_newer_article_is_shown_first_and_the_difference_said(asking: Asking) -> None:
    assistant = asking(source("old", OLD, published="2021-03"), source("new", NEW, published="2024-05"), source("other", OTHER))
    outcome = assistant.ask("创业补贴每户多少元")
    assert isinstance(outcome, Answered)
    assert [citation.passage.article for citation in outcome.citations][:2] == ["new", "old"]
    first_line = outcome.text.split("\n")[0]
    assert (
        first_line
        == "两份文件说法不同：《关于提高创业补贴标准的通知》2024年5月写的是“每户10000元”，《白河市创业补贴办法》2021年3月写的是“每户8000元”。"
    )
    assert to_json(outcome)["lead"].startswith(first_line)


@pytest.mark.model
def test_articles_on_two_matters_are_not_said_to_differ(asking: Asking) -> None:
    outcome = asking(source("old", OLD, published="2021-03"), source("other", OTHER, published="2024")).ask("创业补贴每户多少元")
    assert isinstance(outcome, Answered)
    assert outcome.difference == ""


@pytest.mark.model
def test_answer_from_an_amended_article_says_so(asking: Asking) -> None:
    amending = source("change", AMENDING, published="2023-08")
    outcome = asking(source("old", OLD, published="2021-03"), amending).ask("谁可以申请创业补贴")
    told = next(citation.status_note for citation in outcome.citations if citation.passage.article == "old")
    assert told[0] == "其他条款（第一条）2023年8月被《关于修改《白河市创业补贴办法》的决定》修改"
    standing = next(
        one
        for one in asking(source("old", OLD, published="2021-03"), amending).ask("创业补贴每户多少元").citations
        if one.passage.article == "old"
    )
    assert standing.status_note[0].startswith("第一条2023年8月被")


@pytest.mark.model
@pytest.mark.parametrize("known", [{"published": "2020"}, {"status": Status.WITHDRAWN}])
def test_article_that_holds_the_change_or_whose_change_is_withdrawn_is_not_said_to_be_amended(
    asking: Asking, known: dict[str, str]
) -> None:
    outcome = asking(source("old", OLD, published="2021-03"), source("change", AMENDING, **known)).ask("谁可以申请创业补贴")
    assert [citation.status_note[0] for citation in outcome.citations if citation.passage.article == "old"] == [""]


@pytest.mark.model
@pytest.mark.parametrize(("confidence", "told"), [(0.62, "识别自扫描件"), (0.98, "")])
def test_citation_of_a_scan_says_so_where_it_may_be_misread(asking: Asking, confidence: float, told: str) -> None:
    scanned = replace(source("old", OLD), recognised=dict.fromkeys(range(1, 6), confidence))
    (row,) = to_json(asking(scanned).ask("创业补贴每户多少元"))["citations"]
    assert (row["standing"], row["confidence"]) == (told, confidence)
