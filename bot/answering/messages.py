"""What the assistant says in its own words: greetings, refusals, and why a question cannot be taken. Chinese and English."""

from collections.abc import Mapping, Sequence

from bot.chinese.language import language
from bot.question.admission import Reason
from index.documents import Metadata, Status

_TEXTS = {
    (Reason.NOT_FOUND, "zh"): "已收录的文章里没有找到对这个问题的说明，所以无法回答。您可以换一种说法再问，或咨询{hotline}。",
    (
        Reason.NOT_FOUND,
        "en",
    ): "The articles held here do not say anything on this question, so it cannot be answered. Try other words, or ask {hotline}.",
    (Reason.GREETING, "zh"): "您好！我根据已收录的政策文章回答问题，每一句都附原文出处；文章没有说的，我会直说。可以这样问：{examples}",
    (
        Reason.GREETING,
        "en",
    ): "Hello! I answer questions on policy from the articles held here, with the exact source of each sentence, and say so when they do not say. For example: {examples}",
    (Reason.EMPTY, "zh"): "您还没有输入问题。请写下想了解的政策，例如：{examples}",
    (Reason.TOO_LONG, "zh"): "问题太长了：有{length}个字，最多{limit}个字。请只写最想知道的一点。",
    (Reason.TOO_LONG, "en"): "The question is too long: it has {length} characters, at most {limit} are taken. Please ask for one thing.",
    (Reason.UNREADABLE, "zh"): "问题里有无法识别的控制字符，请重新输入文字。",
    (Reason.UNREADABLE, "en"): "The question holds control characters that cannot be read. Please type it again.",
}
UNANSWERED = {"zh": "文章没有说明：{parts}", "en": "The articles do not say: {parts}"}
WORDED = {
    "zh": "由语言模型根据原文撰写，每句都与所引原文核对过",
    "en": "worded by a language model, each sentence checked against its source",
}
EXTRACTED = {"zh": "摘录自原文", "en": "extracts from the articles"}
_STANDS_IN = {
    "zh": {
        "checks": "语言模型的说法没有通过与原文的核对，以下不是它写的。",
        "model": "语言模型这次没有给出可用的回答，以下不是它写的。",
    },
    "en": {
        "checks": "What the language model said did not pass the check against the articles; this is not by it.",
        "model": "The language model gave no usable answer this time; this is not by it.",
    },
}
NEARBY = {"zh": "文章中与此最接近的内容：", "en": "The nearest thing that the articles say:"}


def unanswered(questions: Sequence[str], question: str) -> str:
    """What to say of the parts of a question that the articles do not answer, in its language; nothing where there are none."""
    said = "；".join(f"“{one.rstrip('？?。，, ')}”" for one in questions)
    return UNANSWERED[language(question)].format(parts=said) if questions else ""


def stands_in(failure: str, question: str) -> str:
    """Why an extract or a refusal stands where a model's words were wanted, in the question's language; nothing where nothing failed."""
    of_checks = failure == "said what the articles do not"
    return _STANDS_IN[language(question)]["checks" if of_checks else "model"] if failure else ""


def standing(meta: Metadata) -> tuple[str, str]:
    """What became of an article that is not simply in force, in Chinese and in English; empty where there is nothing to say."""
    if meta.status is Status.SUPERSEDED:
        became = f"已被{meta.superseded_by or '新的文件'}取代", f"superseded by {meta.superseded_by or 'a newer one'}"
    elif meta.status is Status.WITHDRAWN:
        became = "已废止", "withdrawn"
    else:
        became = (f"自{said_date(meta.effective)}起施行", f"in force from {meta.effective}") if meta.effective else ("", "")
    ends = (f"有效期至{said_date(meta.expires)}", f"in force until {meta.expires}") if meta.expires else ("", "")
    zh, en = (tuple(part for part in parts if part) for parts in zip(became, ends, strict=True))
    return "，".join(zh), ", ".join(en)


def said_date(iso: str) -> str:
    """An ISO date, as far as it is known, in Chinese: 2023-05 is 2023年5月."""
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False) if part) or "日期不详"


def text(reason: Reason, question: str, *, hotline: str, limit: int, examples: Mapping[str, Sequence[str]]) -> str:
    """What to say for a reason, in the question's language; `examples` are questions by topic, of which one each is named."""
    shown = "；".join(group[0] for group in list(examples.values())[:3] if group) or "……"
    form = _TEXTS.get((reason, language(question))) or _TEXTS[reason, "zh"]
    return form.format(hotline=hotline, examples=shown, length=len(question), limit=limit)
