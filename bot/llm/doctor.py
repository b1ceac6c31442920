"""Whether the language model of the settings works: a question with a prompt as long as a real one's, and what to change where it fails."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import SecretStr

from bot.checking.check import check
from bot.checking.evidence import NumberedPassage
from bot.llm.answer_prompt import PROMPT_TOKENS, AnswerPrompt, Task
from bot.llm.client import ChatModel, Failure, ModelError, Usage
from bot.llm.drafts import Core
from bot.llm.replies import SentenceStream, parse_sentence
from bot.llm.tokens import estimate_tokens
from bot.question.wants import Shape
from index.documents import Passage
from index.text.split import sentences

QUESTION = "白河区设立了多少处服务站？"
_TEXT = "白河区2023年设立服务站12处。服务站由街道管理。"

_SHOWN = 160  # characters of the prompt's end
_NEARLY = 0.7  # of the time: another question may be slower
_LEAST_READ = 0.5  # of the tokens by our estimate, which is too high by a quarter at most
_SLOW = "raise LIANGCE_LLM_FIRST_SECONDS and LIANGCE_LLM_SECONDS, lower LIANGCE_LLM_PROMPT_TOKENS, or take a smaller model"
_CONTEXT = "its context is too small. Raise it (OLLAMA_CONTEXT_LENGTH, --ctx-size or --max-model-len), or lower LIANGCE_LLM_PROMPT_TOKENS"

_ADVICE = {
    Failure.UNREACHABLE: "is the server running, is LIANGCE_LLM_URL right (with its /v1), may this machine reach it, is a proxy wanted (HTTPS_PROXY)?",
    Failure.NOT_ALLOWED: "set LIANGCE_LLM_API_KEY to a key that this endpoint takes for this model",
    Failure.REJECTED: f"is LIANGCE_LLM_MODEL a model of this endpoint, and does LIANGCE_LLM_URL end where /chat/completions goes on (mostly /v1)? If it speaks of tokens: {_CONTEXT}",
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


def examine(model: ChatModel, first_seconds: float, prompt_tokens: int = PROMPT_TOKENS) -> Iterator[Diagnosis]:
    """What was found, as it is found; the last one says whether answers can be worded.

    The prompt is as long as that of a real question may be, so that the time to the first word is that of one, and a context that is too
    small is found. `first_seconds` is how long an answer waits for its first word.
    """
    passages = (_passage(1, _TEXT), _passage(2, "".join(f"第{n}条的事项由第{n}街道办理。" for n in range(1, prompt_tokens // 8))))
    wanted = tuple((numbered.passage.article, span.start, span.end) for numbered in passages for span in numbered.passage.sentences)
    prompt = AnswerPrompt.load(prompt_tokens).fill(Task(QUESTION, Shape.FACT, passages, wanted, Core(wanted)))
    expected = estimate_tokens(prompt.system + prompt.user)
    yield Diagnosis(True, f"sent to {model.name}: about {expected} tokens, the last of them:\n{prompt.user[-_SHOWN:]}")
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
    yield _told_streaming(len(pieces), first, took)
    if first > first_seconds * _NEARLY:
        yield Diagnosis(False, f"the first word takes nearly all of the {first_seconds:g} s that an answer waits for it: {_SLOW}")
    yield from _told_usage(usage, expected)
    yield _check_reply("".join(pieces), passages[0])


def _passage(n: int, text: str) -> NumberedPassage:
    return NumberedPassage(n, Passage(f"doctor{n}", 0, (), text, 0, len(text), tuple(sentences(text)), title="测试"), "2023")


def _told_streaming(pieces: int, first: float, took: float) -> Diagnosis:
    whole = "" if pieces > 1 else ": it does not stream, so that answers appear only when they are whole"
    return Diagnosis(pieces > 1, f"{pieces} pieces, the first after {first:.1f} s, the last after {took:.1f} s{whole}")


def _told_usage(usage: Usage, expected: int) -> Iterator[Diagnosis]:
    """Whether the endpoint counts tokens, and whether it has read all of the prompt."""
    if usage.estimated:
        yield Diagnosis(
            False,
            f"it counts no tokens in a stream: logs and reports have our own estimate, here {usage.tokens_in} in, {usage.tokens_out} out",
        )
        return
    yield Diagnosis(True, f"{usage.tokens_in} tokens in, {usage.tokens_out} out, as it counts them")
    if usage.tokens_in < expected * _LEAST_READ:
        yield Diagnosis(False, f"it has read {usage.tokens_in} of about {expected} tokens: {_CONTEXT}")


def _check_reply(reply: str, numbered: NumberedPassage) -> Diagnosis:
    stream = SentenceStream()
    said = [*stream.feed(reply), stream.rest()]
    checked = [check(parse_sentence(sentence), [numbered]) for sentence in said if sentence]
    held = [sentence.text for sentence in checked if sentence.holds]
    if any("12" in text for text in held):
        return Diagnosis(True, f"shown after the checks: {''.join(held)}")
    why = ", ".join(sorted({finding.fault.value for sentence in checked for finding in sentence.findings})) or "nothing was said"
    return Diagnosis(False, f"nothing of it passes the checks ({why}): take a model that keeps to its instructions")
