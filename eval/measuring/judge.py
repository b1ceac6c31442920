"""A second language model as a judge of worded answers: whether the cited sentences support what is said, and how far it agrees with
people's labels on whether they do."""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.app import limits_of
from bot.llm.breaker import Breaker
from bot.llm.client import OF_ENDPOINT, ChatModel, ModelError, OpenAIChat, Usage
from bot.llm.prompts import PromptFile
from bot.llm.replies import SentenceStream
from bot.settings import Settings
from eval.measuring.scoring import answer_sentences
from eval.running.results import CaseResult

log = logging.getLogger(__name__)

LABELS = Path(__file__).parent / "support_labels.jsonl"
VARIABLES = ("quotes", "sentence")
_VERDICT = re.compile(r"\s*[“\"「*]*(?:答[案：:]*\s*)?(?:(?P<yes>是|yes\b)|(?P<no>否|不是|no\b))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with the quotes that it rests on, and what a person said of it, where one did."""

    quotes: tuple[str, ...]
    sentence: str
    supported: bool | None = None


def read_labels(path: Path = LABELS) -> list[Claim]:
    """The sentences that a person has labelled: half of them say what their quotes say, half have one thing changed."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [Claim(tuple(row["quotes"]), row["sentence"], row["supported"]) for row in rows]


def list_claims(results: Mapping[str, CaseResult]) -> list[Claim]:
    """The sentences of all answers that a model worded, each once."""
    found = dict[Claim, None]()
    for result in results.values():
        if result.outcome and result.outcome["mode"] == "llm" and not result.outcome["refused"]:
            quotes = {citation["n"]: citation["quote"] for citation in result.outcome["citations"]}
            for sentence, cites in zip(answer_sentences(result), result.cites, strict=True):
                found[Claim(tuple(quotes[n] for n in cites), sentence)] = None
    return list(found)


class LanguageJudge:
    """Asks a model of one claim at a time; it stops asking where the endpoint fails three times in a row."""

    def __init__(self, model: ChatModel, close: Callable[[], None] = lambda: None, prompt: PromptFile | None = None) -> None:
        self.model, self.close, self.prompt = model, close, prompt or PromptFile.load("judge", VARIABLES)
        self._breaker = Breaker(pause=float("inf"))

    def supports(self, claim: Claim) -> bool | None:
        """Whether the quotes support the sentence; None where the model failed or said neither yes nor no."""
        if not self._breaker.lets_through():
            return None
        prompt, taken, usage = self.prompt.fill(quotes="\n".join(claim.quotes), sentence=claim.sentence), SentenceStream(), Usage()
        try:
            reply = "".join(part for piece in self.model.stream(prompt, usage) for part in taken.feed(piece)) + taken.rest()
        except ModelError as error:
            self._breaker.report(answered=error.failure not in OF_ENDPOINT)
            log.warning("judge %s gave no verdict (%s)", self.model.name, error)
            return None
        self._breaker.report(answered=True)
        verdict = _VERDICT.match(reply)
        return bool(verdict["yes"]) if verdict else None


def open_judge(settings: Settings) -> LanguageJudge | None:
    """The judge of the settings, None where no endpoint is set for one."""
    if not settings.judge.url:
        return None
    chat = OpenAIChat(settings.judge.url, settings.judge.model, settings.judge.api_key, limits_of(settings), settings.judge.body)
    return LanguageJudge(chat, chat.close)


def judge(asked: LanguageJudge, results: Mapping[str, CaseResult], labels: Sequence[Claim]) -> dict[str, Any]:
    """What a judge says of the worded sentences, and how far it can be believed: its agreement with the labels, by share and by
    Cohen's kappa (1960). Where it gave no verdict, the sentence counts in neither."""
    verdicts = [verdict for claim in list_claims(results) if (verdict := asked.supports(claim)) is not None]
    pairs = [(bool(claim.supported), verdict) for claim in labels if (verdict := asked.supports(claim)) is not None]
    return {
        "model": asked.model.name,
        "prompt": asked.prompt.hash,
        "sentences": len(list_claims(results)),
        "judged": len(verdicts),
        "supported": sum(verdicts),
        "labels": len(labels),
        "labels_judged": len(pairs),
        "agreement": sum(label == verdict for label, verdict in pairs) / len(pairs) if pairs else None,
        "kappa": kappa(pairs),
    }


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two raters: agreement beyond what their shares of yes give by chance; None where that leaves nothing to say."""
    if not pairs:
        return None
    first_yes, second_yes = (sum(pair[rater] for pair in pairs) / len(pairs) for rater in (0, 1))
    by_chance = first_yes * second_yes + (1 - first_yes) * (1 - second_yes)
    agreed = sum(first == second for first, second in pairs) / len(pairs)
    return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else None
