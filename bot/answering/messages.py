"""What the assistant says in its own words: greetings, refusals, and why a question cannot be taken, in the question's language."""

import re
from collections.abc import Mapping, Sequence

from bot.chinese.language import language
from bot.llm.client import Failure
from bot.question.admission import Reason
from bot.question.wants import Act
from index.documents import Metadata, Status
from index.language import LANGUAGES, Language, look_up, render

_STANDS_IN: Mapping[str, str] = {
    Failure.UNSUPPORTED: "answer.failed-checks",
    Failure.BESIDE: "answer.failed-checks",
    Failure.SILENT: "answer.model-silent",
}


def text(reason: Reason, question: str, *, hotline: str, limit: int, examples: Mapping[str, Sequence[str]]) -> str:
    """What to say for a reason; `examples` are questions by topic, of which one each is named."""
    shown = "；".join(group[0] for group in list(examples.values())[:3] if group) or "……"
    return render(
        f"answer.{reason.name.lower()}",
        language(question),
        hotline=_whom(hotline, question),
        examples=shown,
        length=len(question),
        limit=limit,
    )


def said(act: Act, question: str, *, hotline: str, examples: Mapping[str, Sequence[str]]) -> str:
    """What to say to what was said to the assistant."""
    shown = "；".join(group[0] for group in list(examples.values())[:3] if group) or "……"
    return render(f"said.{act.value}", language(question), hotline=_whom(hotline, question), examples=shown)


def not_stated(topic: str, question: str) -> str:
    """What the articles do not state, in the question's own terms; `topic` is "" where it has none that is short."""
    return (
        render("related.not_stated", language(question), topic=topic) if topic else look_up("related.not_stated_at_all", language(question))
    )


def unanswered(questions: Sequence[str], question: str) -> str:
    """What to say of the parts of a question that the articles do not answer; nothing where there are none."""
    parts = "；".join(f"“{part.rstrip('？?。，, ')}”" for part in questions)
    return render("page.unanswered", language(question), text=parts) if questions else ""


def more(count: int, question: str) -> str:
    """That so many things more are known of than are shown, and how to ask for them; nothing where there are none."""
    return render("page.further", language(question), count=count) if count else ""


def no_more(question: str, hotline: str) -> str:
    """What to say where more is asked for, and nothing that answers has not been shown."""
    return render("turn.no_more", language(question), hotline=_whom(hotline, question))


def no_such_place(question: str, count: int) -> str:
    """What to say where one of what was shown is asked for, and so many were shown."""
    return render("turn.no_such_place", language(question), count=count)


def _whom(hotline: str, question: str) -> str:
    """Whom a text sends to, in the question's language: in English the number alone, where a Chinese name stands beside it."""
    number = re.sub(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+", " ", hotline).strip()
    return number if number and language(question) == "en" else hotline


def nearest(question: str) -> str:
    """What stands before the nearest sentence that the articles hold."""
    return look_up("page.nearest", language(question))


def stands_in(failure: str, question: str) -> str:
    """Why an extract or a refusal stands where a model's words were wanted; nothing where nothing failed."""
    code = _STANDS_IN.get(failure, "answer.failed-model")
    return look_up(code, language(question)) if failure else ""


def timed_out(question: str) -> str:
    """That not all that was found could be read in time."""
    return look_up("answer.timed-out", language(question))


def status_note(meta: Metadata) -> tuple[str, str]:
    """What became of an article that is not simply in force, in Chinese and in English; empty where there is nothing to say."""
    zh, en = (_status_parts(meta, name) for name in LANGUAGES)
    return "，".join(zh), ", ".join(en)


def _status_parts(meta: Metadata, name: Language) -> list[str]:
    parts = []
    if meta.status is Status.SUPERSEDED:
        parts.append(render("status.superseded", name, by=meta.superseded_by or look_up("status.newer", name)))
    elif meta.status is Status.WITHDRAWN:
        parts.append(look_up("status.withdrawn", name))
    elif meta.effective:
        parts.append(render("status.begins", name, day=spell_date(meta.effective) if name == "zh" else meta.effective))
    if meta.expires:
        parts.append(render("status.ends", name, day=spell_date(meta.expires) if name == "zh" else meta.expires))
    return parts


def spell_date(iso: str) -> str:
    """An ISO date, as far as it is known, in Chinese: 2023-05 is 2023年5月."""
    day = "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False) if part)
    return day or look_up("page.date_unknown", "zh")
