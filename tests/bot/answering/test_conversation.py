"""What asks on about what was shown: more of it, or one of it in detail; and several things that are asked at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answering import messages
from bot.answering.chain import Chain
from bot.answering.decide import Thresholds
from bot.answering.events import Question, Retrieved
from bot.answering.outcomes import Answered, NotAnswered, Outcome
from bot.app import make_assistant
from bot.question.wants import Shape, Want
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, Settings
from index.build import build
from index.plan import BuildRequest
from index.search import Index
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.fakes import BigramEncoder, source

LIBRARY = """# 南岭县图书馆惠民办法

南岭县图书馆推出多项惠民服务。

## 借阅

图书馆惠民服务有通借通还。读者在任何分馆借的书都可以在另一分馆归还。

## 上门

图书馆惠民服务有送书上门。行动不便的读者拨打服务台电话即可预约。

## 夜读

图书馆惠民服务有夜间阅览。每晚开放到22时。
"""
FERRY = "# 南岭渡口运营通告\n\n渡轮末班船21时开出。渡轮票价每人3元。\n"
ASKED = "图书馆惠民服务有哪些"


class Always:
    """Takes every message for a question that wants a digest."""

    def classify(self, vector: Any) -> Want:
        return Want(shape=Shape.DIGEST)


@pytest.fixture
def chain(root: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chain]:
    build(BuildRequest([source("library", LIBRARY), source("ferry", FERRY)]), root, encoder, SplitSettings())
    monkeypatch.setattr("bot.app.load_classifier", lambda fingerprint: Always())
    monkeypatch.setattr("bot.app.Thresholds", lambda answered, helped, advised: Thresholds(answered, helped=0, advised=0, related=0))
    index = Index.open(require_live(root))
    yield make_assistant(index, encoder, Settings(answering=AnsweringSettings(least_probability=0)), SentenceReader).chain
    index.close()


def ask(chain: Chain, question: str, *before: str) -> Outcome:
    event: Any = chain.invoke(Question(question, before))
    outcome: Outcome = event.outcome
    return outcome


def quotes(outcome: Outcome) -> list[str]:
    return [citation.quote for citation in outcome.citations]


def test_more_shows_what_was_not_shown_and_says_when_there_is_none(chain: Chain) -> None:
    turns, seen = [ASKED], list[str]()
    for _ in range(8):
        outcome = ask(chain, turns[-1], *turns[:-1])
        assert not set(quotes(outcome)) & set(seen)
        assert [citation.n for citation in outcome.citations] == list(range(1, len(outcome.citations) + 1))
        seen += quotes(outcome)
        if isinstance(outcome, NotAnswered) and not outcome.citations:
            break
        turns.append("还有别的吗")
    assert "都列出来了" in outcome.text
    assert len(turns) > 2
    again = ask(chain, turns[-1], *turns[:-1])
    assert (quotes(again), again.text) == (quotes(outcome), outcome.text)


def test_one_of_what_was_shown_is_told_in_detail(chain: Chain) -> None:
    shown = ask(chain, ASKED)
    assert shown.citations
    for meant, words in zip(shown.citations, ("第一个", "第二个"), strict=False):
        detail = ask(chain, f"详细说说{words}", ASKED)
        assert isinstance(detail, Answered)
        assert {citation.passage.id for citation in detail.citations} == {meant.passage.id}
        assert any(meant.quote in citation.quote for citation in detail.citations)
        assert sum(map(len, quotes(detail))) >= len(meant.quote)


def test_one_that_was_not_shown_is_not_made_up(chain: Chain) -> None:
    outcome = ask(chain, "详细说说第九个", ASKED)
    assert (type(outcome).__name__, outcome.citations) == ("Refused", ())
    assert f"列出了{len(ask(chain, ASKED).citations)}条" in outcome.text
    assert "were shown" in ask(chain, "Tell me more about the eighth one", ASKED).text


def test_english_texts_hold_no_chinese() -> None:
    hotline = "12345 政务服务便民热线"
    for text in (messages.no_more("Anything else?", hotline), messages.no_such_place("the last one?", 2)):
        assert not [char for char in text if "一" <= char <= "龥"]
    assert "ask 12345." in messages.no_more("Anything else?", hotline)
    assert hotline in messages.no_more("还有吗", hotline)


def test_detail_after_more_means_what_was_shown_last(chain: Chain) -> None:
    more = ask(chain, "还有吗", ASKED)
    detail = ask(chain, "第一个详细说说", ASKED, "还有吗")
    assert detail.citations[0].passage.id == more.citations[0].passage.id


def test_asking_on_without_a_question_before_is_a_question_like_others(chain: Chain) -> None:
    assert "都列出来了" not in ask(chain, "还有别的吗").text


def test_each_thing_that_is_asked_is_searched_for(chain: Chain) -> None:
    events = list(chain.stream(Question("图书馆夜间阅览开放到几点，渡轮票价多少")))
    [retrieved] = [event for event in events if isinstance(event, Retrieved)]
    assert retrieved.understood.asked == ("图书馆夜间阅览开放到几点", "渡轮票价多少")
    assert {document.metadata["article"] for document in retrieved.documents} == {"library", "ferry"}
    assert len({document.id for document in retrieved.documents}) == len(retrieved.documents)
