"""The question path on the real seed with the real encoder, and what it is made of."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.answering.assistant import Assistant
from bot.answering.contract import read_rows, to_json
from bot.answering.messages import spell_date
from bot.answering.outcomes import Answered, Refused
from bot.app import choose_reader, make_assistant
from bot.checking.citations import Sentence, cite, keep_supported, stands
from bot.maintain import render
from bot.question.admission import Reason, is_small_talk, problem, tidy
from bot.reading.sentence_reader import SentenceReader
from bot.settings import EXAMPLES, Settings
from bot.web.questions import respond
from bot.web.view import view
from index.documents import Article, Metadata, Passage, Span
from index.encoding.encoder import SentenceEncoder, choose_dtype
from index.errors import CallError
from index.search import Index
from index.text.split import sentences
from tests.support.fakes import BigramEncoder

TEXT = "机制已经升级。该机制实施以来，共办理130件。另有一句。"
PASSAGE = Passage("a", 0, ("小节",), TEXT, 0, len(TEXT), tuple(sentences(TEXT)), title="题")


@pytest.fixture(scope="module")
def assistant(seed_index: Index, bundled_encoder: SentenceEncoder) -> Assistant:
    return make_assistant(seed_index, bundled_encoder, Settings(), choose_reader(bundled_encoder, Settings()))


@pytest.mark.parametrize(
    ("float32", "bfloat16", "cosine", "chosen"),
    [(2.0, 1.0, 0.9999, "bfloat16"), (1.1, 1.0, 0.9999, "float32"), (2.0, 1.0, 0.99, "float32"), (1.0, 9.0, 1.0, "float32")],
)
def test_bfloat16_is_chosen_where_faster_and_alike(float32: float, bfloat16: float, cosine: float, chosen: str) -> None:
    assert choose_dtype(float32, bfloat16, cosine) == chosen


def test_only_sentences_whose_quotes_stand_are_shown() -> None:
    article = Article(Metadata("a"), TEXT)
    good, moved = cite(1, PASSAGE, PASSAGE.sentences[0]), cite(2, PASSAGE, PASSAGE.sentences[1])
    other = Article(Metadata("a"), "机制已经升级。" + "改了。")
    assert stands(good, article)
    assert not stands(moved, other)
    said = [Sentence(good.quote, (1,)), Sentence(moved.quote, (2,)), Sentence("没有出处。", ()), Sentence("共办理131件。", (1,))]
    assert keep_supported(said, [good, moved], lambda _: other) == said[:1]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", Reason.EMPTY),
        (" ？！ ", Reason.EMPTY),
        ("长" * 2000, Reason.TOO_LONG),
        ("贷款\x00多少", Reason.UNREADABLE),
        ("行业许可", None),
        ("知道怎么贷款吗", None),
        ("你好，贷款发了多少？", None),
        ("贷\u200b款\n发了多少", None),
    ],
)
def test_question_that_cannot_be_asked_is_told_why(question: str, reason: Reason | None) -> None:
    assert problem(tidy(question), 500) == reason


@pytest.mark.parametrize(
    "message", ["你好", "您好，在吗？", "Hello!", "Good morning, how are you?", "非常感謝！", "謝謝您啦，麻煩您了", "好的，明白了，再见"]
)
def test_greetings_and_thanks_are_small_talk(message: str) -> None:
    assert is_small_talk(tidy(message))


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("首席审批官制度办了多少件", "3000余件"),
        ("校园引才去了几所高校", "30余所"),
        ("「竣工即投產」是什麼", "竣工即投产"),
        ("一业一证现在有多少个行业", "50个"),
        ("招聘会办了几场", "37场次"),
        ("How many elderly households got home renovation?", "788户"),
    ],
)
def test_seed_question_is_answered_with_quotes_that_stand(assistant: Assistant, seed_index: Index, question: str, words: str) -> None:
    outcome = assistant.ask(question)
    assert isinstance(outcome, Answered)
    assert words in outcome.text
    assert assistant.ask(question).text == outcome.text
    for sentence in outcome.sentences:
        assert sentence.cites
    for citation in outcome.citations:
        assert seed_index.article(citation.passage.article).text[citation.start : citation.end] == citation.quote
        assert citation.quote in citation.passage.text


@pytest.mark.model
@pytest.mark.parametrize("question", [question for group in EXAMPLES.values() for question in group])
def test_example_on_the_page_is_answered(assistant: Assistant, question: str) -> None:
    assert isinstance(assistant.ask(question), Answered)


@pytest.mark.model
@pytest.mark.parametrize("question", ["如何做红烧肉", "世界杯冠军是谁", "How tall is Yao Ming?", "孕妇能吃螃蟹吗"])
def test_question_on_nothing_in_the_articles_is_refused(assistant: Assistant, question: str) -> None:
    outcome = assistant.ask(question)
    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.NOT_FOUND
    assert "12345" in outcome.text


@pytest.mark.model
def test_json_is_as_the_contract_says(assistant: Assistant) -> None:
    shown = to_json(assistant.ask("招聘会办了几场"), "q1")
    assert list(shown) == [
        "id",
        "question",
        "understood",
        "outcome",
        "shape",
        "answer",
        "lead",
        "span",
        "unanswered",
        "more",
        "refused",
        "reason",
        "mode",
        "note",
        "wording",
        "version",
        "confidence",
        "citations",
        "timings_ms",
    ]
    assert (shown["outcome"], shown["shape"]) == ("answered", "fact")
    assert (shown["id"], shown["refused"], shown["reason"], shown["mode"], shown["span"]) == ("q1", False, None, "extract", "37场次")
    assert {"n", "article", "title", "published", "section", "passage", "quote", "start", "end"} <= set(shown["citations"][0])
    assert list(shown["timings_ms"]) == ["encode", "search", "read", "compose", "total"]
    assert all(f"[{citation['n']}]" in shown["answer"] for citation in shown["citations"])


@pytest.mark.model
def test_batch_is_answered_line_by_line(seed_data: Path, tmp_path: Path) -> None:
    rows = [{"id": "a", "question": "招聘会办了几场", "extra": 1}, {"id": "b", "question": ""}]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    out = tmp_path / "out.jsonl"
    done = CliRunner().invoke(app, ["ask", "--batch", str(tmp_path / "in.jsonl"), "--out", str(out), "--data", str(seed_data)])
    assert done.exit_code == 0, done.output
    answers = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(row["id"], row["refused"], row["reason"]) for row in answers] == [("a", False, None), ("b", True, "empty_question")]


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (["ask"], 2, "give either one question"),
        (["ask", "问", "--batch", "x"], 2, "give either one question"),
        (["ask", "问"], 1, "run python -m index build"),
        (["serve", "--port", "99999"], 2, "LIANGCE_PORT"),
    ],
)
def test_wrong_call_ends_with_its_code_and_what_to_do(tmp_path: Path, call: list[str], code: int, said: str) -> None:
    done = CliRunner().invoke(app, [*call, "--data", str(tmp_path)])
    assert done.exit_code == code
    assert said in done.output


def test_row_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": 1, "question": "问"}\n{"id": 2}', "utf-8")
    with pytest.raises(CallError, match="line 2"):
        read_rows(tmp_path / "in.jsonl")


def test_text_is_shown_and_never_run() -> None:
    evil = "<script>alert(1)</script>[x](javascript:1)![](http://a.example) ${1} {{x}}"
    assert "<" not in render.plain_html(evil)
    assert "${" not in render.plain_html(evil)


def _shown_words(sentence: Sentence) -> str:
    shown = view(Answered("问", (sentence,), (), 0.9), date(2026, 6, 1)).sentences[0]
    return "".join(f"**{text}**" if bold else text for text, bold in shown.parts)


@pytest.mark.parametrize(
    ("bold", "shown"),
    [
        ((Span(3, 7),), "共办理**130件**，130件。"),
        ((Span(8, 13),), "共办理130件，**130件**。"),
        ((Span(8, 13), Span(3, 7)), "共办理**130件**，**130件**。"),
        ((Span(3, 7), Span(4, 6)), "共办理**130件**，130件。"),
        ((Span(7, 8),), "共办理130件，130件。"),
        ((), "共办理130件，130件。"),
    ],
    ids=["first", "second with its stop", "both", "one in another", "a mark only", "none"],
)
def test_words_that_answer_are_bold(bold: tuple[Span, ...], shown: str) -> None:
    assert _shown_words(Sentence("共办理130件，130件。", (1,), bold)) == shown


@pytest.mark.parametrize(
    ("published", "said"), [("2023", "2023年"), ("2023-05", "2023年5月"), ("2023-05-30", "2023年5月30日"), ("", "日期不详")]
)
def test_date_is_said_as_far_as_it_is_known(published: str, said: str) -> None:
    assert spell_date(published) == said


def test_failure_on_the_page_is_told_and_logged(small_index: Index, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(BigramEncoder):
        def encode_queries(self, texts: object) -> object:  # type: ignore[override]
            raise RuntimeError("no memory left")

    broken = make_assistant(small_index, Broken(), Settings(), SentenceReader)
    assert list(respond(broken, "公园", [])) == [{"state": "failed"}]
    assert "no memory left" in caplog.text


@pytest.mark.model
def test_follow_up_is_understood_and_less_sure(assistant: Assistant) -> None:
    before = ["“拿地即开工”是什么时候开始的？", "招聘会办了多少场？"]
    outcome = assistant.ask("一共发布了多少岗位？", before)
    assert isinstance(outcome, Answered)
    assert (outcome.question, outcome.understood) == ("一共发布了多少岗位？", "招聘会，发布了多少岗位？")
    assert "15831个次" in outcome.text
    assert outcome.confidence < assistant.ask(outcome.understood).confidence
    assert assistant.ask("招聘会办了多少场？", before).understood == ""
