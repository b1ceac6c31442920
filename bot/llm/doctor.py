"""Whether the language model of the settings works: one small question as a real one is asked, and what to change where it fails."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import SecretStr

from bot.checking.check import check
from bot.checking.evidence import NumberedPassage
from bot.llm.answer_prompt import AnswerPrompt, Task
from bot.llm.client import ChatModel, Failure, ModelError, Usage
from bot.llm.drafts import Core
from bot.llm.replies import SentenceStream, parse_sentence
from bot.question.wants import Shape
from index.documents import Passage, Span

QUESTION = "白河区设立了多少处服务站？"
_TEXT = "白河区2023年设立服务站12处。服务站由街道管理。"

_ADVICE = {
    Failure.UNREACHABLE: "is the server running, is LIANGCE_LLM_URL right (with its /v1), may this machine reach it, is a proxy wanted (HTTPS_PROXY)?",
    Failure.NOT_ALLOWED: "set LIANGCE_LLM_API_KEY to a key that this endpoint takes for this model",
    Failure.REJECTED: "is LIANGCE_LLM_MODEL a model of this endpoint, and does LIANGCE_LLM_URL end where /chat/completions goes on (mostly /v1)?",
    Failure.BUSY: "the endpoint turns requests away: look at its quota, or raise LIANGCE_LLM_RETRIES and LIANGCE_LLM_FIRST_SECONDS",
    Failure.SERVER: "the endpoint is out of order: look into its own log",
    Failure.SLOW: "raise LIANGCE_LLM_FIRST_SECONDS and LIANGCE_LLM_SECONDS, keep the model from thinking first (LIANGCE_LLM_BODY), or take a smaller one; the first question after a start may load it",
    Failure.STALLED: "raise LIANGCE_LLM_GAP_SECONDS, or look into the endpoint's own log",
    Failure.BROKEN: "what came is no stream of an OpenAI-compatible endpoint: is LIANGCE_LLM_URL one, or the page of something else?",
    Failure.EMPTY: "nothing came before the end: does the model spend its tokens on thinking? See LIANGCE_LLM_BODY and LIANGCE_LLM_TOKENS",
    Failure.TOOLS: "the model calls tools unasked: take another model, or switch tools off at the endpoint",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of what was found: whether it is as it should be, and what it is."""

    passed: bool
    text: str


def masked(key: SecretStr | None) -> str:
    """What may be shown of a key: how long it is, and whether it looks as if something had been pasted along with it."""
    if not key:
        return "none"
    secret = key.get_secret_value()
    odd = "" if secret.isascii() and not any(char.isspace() or char in "\"'<>" for char in secret) else ", with spaces or marks in it"
    return f"*** ({len(secret)} characters{odd})"


def examine(model: ChatModel) -> Iterator[Diagnosis]:
    """What was found, as it is found; the last one says whether answers can be worded."""
    text = Span(0, len(_TEXT))
    stop = _TEXT.index("。") + 1
    numbered = NumberedPassage(
        1, Passage("doctor", 0, (), _TEXT, 0, len(text), (Span(0, stop), Span(stop, len(text))), title="测试"), "2023"
    )
    place = (numbered.passage.article, 0, len(text))
    prompt = AnswerPrompt.load().fill(Task(QUESTION, Shape.FACT, (numbered,), (place,), Core((place,))))
    yield Diagnosis(True, f"sent to {model.name}: {len(prompt.system)} characters of instructions, then:\n{prompt.user}")
    usage, pieces, start, first = Usage(), list[str](), time.perf_counter(), 0.0
    try:
        for piece in model.stream(prompt, usage):
            first = first or time.perf_counter() - start
            pieces.append(piece)
    except ModelError as error:
        if pieces:
            yield Diagnosis(True, f"came back: {''.join(pieces)!r}")
        yield Diagnosis(False, f"{error}\n{_ADVICE.get(error.failure, 'take another model')}")
        return
    took = time.perf_counter() - start
    yield Diagnosis(bool(pieces), f"came back: {''.join(pieces)!r}")
    yield Diagnosis(
        len(pieces) > 1,
        f"{len(pieces)} pieces, the first after {first:.1f} s, the last after {took:.1f} s"
        + ("" if len(pieces) > 1 else ": it does not stream, so that answers appear only when they are whole"),
    )
    counted = f"{usage.tokens_in} tokens in, {usage.tokens_out} out"
    yield Diagnosis(
        not usage.estimated,
        f"it counts no tokens in a stream; by our own estimate {counted}" if usage.estimated else f"{counted}, as it counts",
    )
    yield _check_reply("".join(pieces), numbered)


def _check_reply(reply: str, numbered: NumberedPassage) -> Diagnosis:
    stream = SentenceStream()
    sentences = [*stream.feed(reply), stream.rest()]
    checked = [check(parse_sentence(sentence), [numbered]) for sentence in sentences if sentence]
    held = [sentence.text for sentence in checked if sentence.holds]
    if any("12" in text for text in held):
        return Diagnosis(True, f"shown after the checks: {''.join(held)}")
    why = ", ".join(sorted({finding.fault.value for sentence in checked for finding in sentence.findings})) or "nothing was said"
    return Diagnosis(False, f"nothing of it passes the checks ({why}): take a model that keeps to its instructions")
