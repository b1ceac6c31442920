import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from bot.checking.evidence import NumberedPassage, Quote
from bot.reading.confidence import Condition, Confidence, Features, LinearModel, probability
from bot.reading.marking import MOST, OVERLAP, WINDOW, Context, Mark, marks_of, trimmed, windows
from bot.reading.pair_reader import PairReader, context_of, load_reader
from bot.reading.reader import Reading
from bot.reading.sentence_reader import SentenceReader
from bot.reading.training import near_misses
from bot.reading.training.attributes import ATTRIBUTES, asked_pair
from bot.reading.training.data import Asked, make_pairs, window
from bot.reading.training.rewordings import english, keywords, noisy, spoken, story
from index.documents import Hit, Passage, Span
from index.encoding.encoder import SentenceEncoder
from index.search import Index, search
from index.stored.lexicon import Lexicon
from index.text.split import sentences
from tests.support.fakes import BigramEncoder
from tests.support.readers import QUESTIONS, TEXT, stated


def test_a_text_of_a_passages_size_is_read_whole() -> None:
    assert windows(Context("标题", TEXT, tuple(sentences(TEXT)))) == [Span(0, len(TEXT))]


@pytest.mark.parametrize(
    "text", [TEXT * 12, "无标点的一段话" * 200, TEXT * 3 + "长" * 900 + "。" + TEXT], ids=["sentences", "no stop", "long one"]
)
def test_windows_of_a_long_text_overlap_and_hold_all_of_it(text: str) -> None:
    inside = tuple(sentences(text))
    found = windows(Context("", text, inside))
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(len(span) <= WINDOW for span in found)
    assert all(span.start < after.start < span.end for span, after in pairwise(found))
    short = [sentence for sentence in inside if len(sentence) <= OVERLAP]
    assert all(any(span.start <= sentence.start and sentence.end <= span.end for span in found) for sentence in short)


def _logits(length: int, **at: float) -> np.ndarray:
    values = np.zeros(length)
    for name, value in at.items():
        values[int(name[1:])] = value
    return values


def test_the_best_span_of_each_sentence_lies_within_it() -> None:
    # Tokens of one character each behind a first token: "甲乙丙丁" in sentences "甲乙" and "丙丁".
    places = np.array([(-1, -1), (0, 1), (1, 2), (2, 3), (3, 4)])
    marks = marks_of(_logits(5, t0=1, t2=4, t3=3), _logits(5, t0=1, t4=5), places, [Span(0, 2), Span(2, 4)], 2.0)
    assert [mark.span for mark in marks] == [Span(1, 2), Span(2, 4)]
    assert [mark.margin for mark in marks] == [2.0, 6.0]
    assert [mark.behind for mark in marks] == [-4.0, 0.0]


def test_a_span_is_no_longer_than_an_answer_may_be() -> None:
    places = np.array([(-1, -1)] + [(n, n + 1) for n in range(200)])
    (mark,) = marks_of(_logits(201, t1=9), _logits(201, t200=9, t50=1), places, [Span(0, 200)], 0.0)
    assert len(mark.span) <= MOST
    assert mark.span == Span(0, 50)


@pytest.mark.parametrize(("text", "expected"), [("，30余所。", "30余所"), ("\n1974年", "1974年"), ("。。", "。。"), ("“四办”", "“四办”")])
def test_trimmed_drops_what_a_span_begins_and_ends_with(text: str, expected: str) -> None:
    span = trimmed(Span(0, len(text)), text)
    assert text[span.start : span.end] == expected


def test_confidence_weighs_features_and_conditions() -> None:
    model = LinearModel({"stated": 2.0, "behind": 0.5, Condition.FOREIGN: -1.0}, -1.0)
    confidence = Confidence(stated=model, order_stated=model)
    passage = Passage("a", 0, (), TEXT, 0, len(TEXT), tuple(sentences(TEXT)))
    judged = confidence.judge(Reading(passage, passage.sentences[0], None, 0.0, 0.0), Features(stated=1.5, behind=-2.0))
    assert (judged.probability, judged.score) == (pytest.approx(probability(1.0)), 1.0)
    foreign = confidence.under(judged, Condition.FOREIGN)
    assert (foreign.probability, foreign.score) == (pytest.approx(0.5), 0.0)
    assert foreign.conditions == ("foreign",)
    assert confidence.under(judged, Condition.ELSEWHERE).probability == pytest.approx(judged.probability)


def test_a_confidence_comes_from_its_card() -> None:
    model = {"weights": {"stated": 1.0}, "constant": 0.5}
    card = {"confidence": dict.fromkeys(("stated", "helps", "order_stated", "order_helps"), model)}
    assert Confidence.of_card(card).helps.value(Features(stated=2.0)) == 2.5
    assert Confidence.of_card({}) == Confidence()


def test_passages_out_of_reach_are_not_read(hits: list[Hit]) -> None:
    marks = Marks({})
    far = [replace(hits[1], passage=replace(hits[1].passage, ordinal=n), sentence_scores=(0.4,), score=0.1) for n in range(2, 8)]
    PairReader(marks, Lexicon.build({"a": TEXT}), 5).read("街道几天内答复？", [*hits, *far])  # type: ignore[arg-type]
    assert len(marks.questions) == 5


RULES = [
    (near_misses.deleted, 0, None, "2022年启动"),
    (near_misses.replaced, 1, None, "15处"),
    (near_misses.figure_gone, 1, None, "15处"),
    (near_misses.figure_gone, 0, None, "2022年"),
    (near_misses.other_kind, 4, "志愿者(什么时候|哪一年|几月份|何时|在哪里|在什么地方|在哪个城市|花了多少钱|要花多少钱)推迟种树？", None),
    (near_misses.other_year, 1, r".*(19|20)\d\d年.*", None),
]


@pytest.mark.parametrize(("rule", "which", "question", "gone"), RULES)
def test_a_near_miss_is_not_stated(rule: near_misses.Rule, which: int, question: str | None, gone: str | None) -> None:
    case = stated(*QUESTIONS[which])
    if rule is near_misses.other_year:
        case = stated("新建口袋公园多少处？", "花园城市")  # its sentence names one year
    for seed in range(8):
        pair = rule(case, Random(seed))
        if pair is None:
            assert rule is near_misses.other_kind
            continue
        assert not pair.is_stated
        assert re.fullmatch(question, pair.question) if question else pair.question == case.question
        if gone:
            assert gone not in pair.passage
        else:
            assert pair.passage == TEXT


def test_a_list_is_asked_for_where_its_length_stands() -> None:
    pair = near_misses.list_of_count(stated("当年新建多少处口袋公园？", "15处"), Random(0))
    assert pair is not None
    assert re.fullmatch("当年新建哪[些几]口袋公园？", pair.question)
    assert near_misses.list_of_count(stated("街道在多少个工作日内答复？", "10个工作日内"), Random(0)) is None


def test_a_rule_does_not_apply_where_the_answer_stands_elsewhere_too() -> None:
    case = stated("居民向谁提出申请？", "街道")  # the next sentence names it as well
    assert near_misses.deleted(case, Random(0)) is None


def test_another_figure_is_none_of_the_window() -> None:
    case = stated("街道在10个工作日内做什么？", "答复")
    for seed in range(20):
        pair = near_misses.other_figure(case, Random(seed))
        assert pair is not None
        (figure,) = re.findall(r"\d+", pair.question)
        assert figure not in TEXT


def test_a_figure_less_keeps_the_answer_at_its_place() -> None:
    case = stated("居民向谁提出申请？", "街道")
    assert {near_misses.other_figures_gone(case, Random(seed)).answer for seed in range(10)} == {"街道"}


@pytest.mark.parametrize("attribute", ATTRIBUTES, ids=lambda attribute: attribute.asked[0])
def test_what_states_an_attribute_shows_it(attribute: object) -> None:
    for form in attribute.stated_as:  # type: ignore[attr-defined]
        assert attribute.shows.search(form.format(t="行动", v=attribute.value(Random(1)))), form  # type: ignore[attr-defined]


def test_an_attribute_is_marked_where_it_is_stated() -> None:
    case = stated(*QUESTIONS[4])
    pairs = [pair for seed in range(60) if (pair := asked_pair(case, Random(seed), 0.5))]
    found = [pair for pair in pairs if pair.is_stated]
    assert 0 < len(found) < len(pairs)
    assert all(pair.passage[pair.start : pair.end].strip("。") and pair.passage.replace(TEXT, "") for pair in found)


@pytest.mark.parametrize("seed", range(5))
def test_a_window_holds_the_answer_at_its_place(seed: int) -> None:
    long = TEXT * 6
    start = long.index("15处", 200)
    case = window(Asked("多少处？", "", long, start, start + 3, ("15处",)), Random(seed))
    assert case is not None
    assert case.answer == "15处"
    assert case.text in long
    assert "15处" in case.sentences[case.first]


def test_pairs_are_the_same_for_the_same_seed_and_about_half_are_stated() -> None:
    asked = [
        Asked(question, "行动", TEXT, TEXT.index(answer), TEXT.index(answer) + len(answer), (answer,)) for question, answer in QUESTIONS
    ] * 20
    pairs = make_pairs(asked, Random(3))
    assert pairs == make_pairs(asked, Random(3))
    assert pairs != make_pairs(asked, Random(4))
    assert 0.3 < sum(pair.is_stated for pair in pairs) / len(pairs) < 0.6
    assert all(pair.passage[pair.start : pair.end] for pair in pairs if pair.is_stated)


def test_a_question_whether_is_stated_with_the_answer_or_another_figure() -> None:
    case = stated("新建口袋公园多少处？", "15处")
    asked = {near_misses.asked_whether(case, Random(seed)) for seed in range(40)}
    assert all(re.search(r"新建口袋公园\d+处", question) for question in asked)
    figures = {figure for question in asked for figure in re.findall(r"\d+", question)}
    assert "15" in figures
    assert len(figures) > 3
    assert near_misses.asked_whether(stated(*QUESTIONS[4]), Random(0)) == ""


def test_a_question_in_english_asks_first_and_says_the_rest_by_word_and_by_sound() -> None:
    assert re.fullmatch(r"When grow trees\??", english("何时种树？", Random(1)), re.I) or "tree" in english("何时种树？", Random(1))
    assert "lingyang" in english("聆养多少处？", Random(1)).lower()
    assert spoken("为什么推迟？", Random(1)).startswith(("咋", "为啥", "凭啥", "干嘛"))
    assert story("为什么推迟？", Random(1)).endswith("为什么推迟？")


def test_noise_leaves_something_to_read() -> None:
    assert all(noisy(question, Random(seed)) for question, _ in QUESTIONS for seed in range(12))
    assert "时间" in keywords("青山区什么时候启动花园城市行动", Random(0))


class Marks:
    """Judges each sentence by a table of words: the first that it holds gives its logit."""

    def __init__(self, table: dict[str, float]) -> None:
        self._table = table

    def mark(self, questions: Sequence[str], contexts: Sequence[Context]) -> list[list[Mark]]:
        self.questions = list(questions)
        return [self._of(context) for context in contexts]

    def _of(self, context: Context) -> list[Mark]:
        found = []
        for sentence in context.sentences:
            words = context.text[sentence.start : sentence.end]
            word, value = next(((word, value) for word, value in self._table.items() if word in words), (words[:1], -9.0))
            start = sentence.start + words.index(word)
            found.append((sentence, Span(start, start + len(word)), value))
        top = max(value for *_, value in found)
        return [Mark(sentence, span, top, value, value - top) for sentence, span, value in found]

    def judge(self, texts: Sequence[str], passages: Sequence[str]) -> np.ndarray:
        self.questions = list(texts)
        values = [next((value for word, value in self._table.items() if word in passage), -9.0) for passage in passages]
        return np.array([[0.0, 0.0, value] for value in values]).reshape(-1, 3)


BY_SPAN = Confidence(
    stated=LinearModel({"stated": 1.0, "behind": 1.0, **dict.fromkeys(Condition, -1.0)}), order_stated=LinearModel({"margin": 1.0})
)


@pytest.fixture
def hits() -> list[Hit]:
    found = []
    for ordinal, text in enumerate((TEXT, "白河港口对夜间装卸实行预约制度。")):
        start = 100 * ordinal
        spans = tuple(Span(sentence.start + start, sentence.end + start) for sentence in sentences(text))
        passage = Passage("garden", ordinal, ("申请办法",), text, start, start + len(text), spans, title="花园城市")
        found.append(Hit(passage, 0.5 - ordinal / 10, 0.8, 1.0, (0.8,) * len(spans)))
    return found


def test_readings_point_at_the_span_in_the_article_and_rank_by_it(hits: list[Hit]) -> None:
    reader = PairReader(Marks({"10个工作日": 8.0, "预约": 2.0}), Lexicon.build({"a": TEXT}), 5, BY_SPAN)  # type: ignore[arg-type]
    readings = reader.read("多久答复？", hits)
    assert len(readings) == 6
    best = readings[0]
    assert best.span is not None
    assert (best.passage.quote(best.span), best.quote) == ("10个工作日", "街道在10个工作日内答复。")
    assert best.probability > 0.99
    (harbour,) = [reading for reading in readings if reading.passage.ordinal == 1]
    assert harbour.span is not None
    assert harbour.span.start == 100 + harbour.passage.text.index("预约")
    assert readings == reader.read("多久答复？", hits)


def test_chinese_answers_english_less_surely(hits: list[Hit]) -> None:
    reader = PairReader(Marks({"10个工作日": 8.0}), Lexicon.build({"a": TEXT}), 5, BY_SPAN)  # type: ignore[arg-type]
    english, chinese = (reader.read(question, hits)[0] for question in ("How long does it take?", "要多久？"))
    assert (english.conditions, chinese.conditions) == (("foreign",), ())
    assert english.probability < chinese.probability


def test_reader_judges_whether_the_cited_sentence_says_what_a_sentence_says(hits: list[Hit]) -> None:
    marks = Marks({"10个工作日": 8.0, "预约": -8.0})
    reader = PairReader(marks, Lexicon.build({"a": TEXT}), 5)  # type: ignore[arg-type]
    garden, harbour = (hit.passage for hit in hits)
    answers = next(span for span in garden.sentences if "答复" in garden.quote(span))
    right, other = Quote(NumberedPassage(1, garden), answers), Quote(NumberedPassage(2, harbour), harbour.sentences[0])
    assert reader.supports("街道會在10個工作日內答覆。", [right]) > 0.99
    assert marks.questions == ["街道会在10个工作日内答复。"]  # the claim follows the script of the evidence
    assert reader.supports("街道会在10个工作日内答复。", [other]) < reader.least_supported
    assert reader.supports("街道会在10个工作日内答复。", [other, right]) > 0.99
    assert reader.supports("街道会在10个工作日内答复。", []) == 0


def test_no_hit_gives_no_reading() -> None:
    reader = PairReader(Marks({}), Lexicon.build({"a": TEXT}), 5)  # type: ignore[arg-type]
    assert reader.read("多久答复？", []) == []


def test_a_traditional_question_is_asked_of_a_simplified_text_in_its_script(hits: list[Hit]) -> None:
    marks = Marks({})
    PairReader(marks, Lexicon.build({"a": TEXT}), 5).read("街道幾天內答覆？", hits)  # type: ignore[arg-type]
    assert marks.questions == ["街道几天内答复？"] * 2


def test_a_passage_is_read_under_the_headings_that_it_does_not_name(hits: list[Hit]) -> None:
    assert context_of(hits[0].passage).head == "申请办法"
    assert context_of(hits[1].passage) == Context("花园城市\n申请办法", hits[1].passage.text, (Span(0, 16),))


def test_another_encoder_falls_back_to_sentences_and_says_so(encoder: BigramEncoder, caplog: pytest.LogCaptureFixture) -> None:
    assert isinstance(load_reader(encoder)(Lexicon.build({"a": TEXT}), 5), SentenceReader)
    assert "python -m bot.reading.training" in caplog.text


@pytest.mark.model
@pytest.mark.parametrize(("question", "answer"), [("校园引才走进了多少所高校？", "30余所"), ("“四办”清单中秒批快办有多少项？", "")])
def test_the_reader_marks_the_answer_in_the_seed_article(
    question: str, answer: str, bundled_encoder: SentenceEncoder, seed_index: Index
) -> None:
    reader = load_reader(bundled_encoder)(seed_index.lexicon, 58)
    hits = search(seed_index, question, bundled_encoder.encode_queries([question])[0], 8)
    best = reader.read(question, hits)[0]
    assert best.span is not None
    assert answer in best.passage.quote(best.span)
