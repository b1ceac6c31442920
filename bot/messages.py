"""What the assistant says in its own words: greetings, refusals, and why a question cannot be taken. Chinese and English."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from index.documents import Metadata, Status
from index.lexicon import fold


class Reason(StrEnum):
    """Why there is no answer from the articles."""

    NOT_FOUND = "not_found"
    GREETING = "greeting"
    EMPTY = "empty_question"
    TOO_LONG = "question_too_long"
    UNREADABLE = "unreadable_question"


BAD_QUESTIONS = frozenset({Reason.EMPTY, Reason.TOO_LONG, Reason.UNREADABLE})

# What may be asked, by topic: the default of the setting `examples`, for the seed article.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "开办企业": ("“一业一证”的行业目录有多少个？", "行业综合许可证发了多少张？"),
    "项目建设": ("“拿地即开工”已经为多少企业办理了审批？", "办施工许可要准备纸质材料吗？"),
    "融资": ("普惠小微贷款发放了多少？",),
    "人才就业": ("校园引才活动走进了多少所高校？", "招聘会办了多少场？"),
    "执法": ("服务型执法的新模式是什么样的？",),
    "民生": ("24小时社保自助服务厅是怎么回事？", "老人居家养老有什么帮助？"),
}

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

_GREETINGS = re.compile(
    r"(?:(?:非常|十分|太|真的?)?(?:你好|您好|大家好|哈喽|哈啰|哈罗|嗨|早上好|上午好|中午好|下午好|晚上好|早安|午安|晚安|在吗|在不在|有人吗|谢谢|多谢|感谢|谢啦|辛苦|麻烦您|打扰"
    r"|再见|拜拜|回见|好的|好吧|行|明白|知道|没事|没问题|没别的|不用|对不起|不好意思|你是谁|您是谁|你叫什么(?:名字)?|帮(?:了|我)*大?忙"
    r"|你(?:能|会|可以)(?:做|干|回答)(?:什么|啥)|怎么用|帮助|hi|hello|hey|help|thanks|thank you|thx|ok|okay|bye|goodbye|good (?:morning|afternoon|evening|day)"
    r"|how are you|nice to meet you|who are you|what can you do)[啊呀哦呢吗嘛哈的了们啦吧你您]* ?)+"
)


def tidy(question: str) -> str:
    """A question with its white space folded and invisible marks gone; other control characters stay, so that they are noticed."""
    spaced = re.sub(r"\s+", " ", question).strip()
    return "".join(char for char in spaced if unicodedata.category(char) != "Cf")


def problem(question: str, limit: int) -> Reason | None:
    """Why a tidied question cannot be asked of the articles, or None."""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") for char in question):
        return Reason.UNREADABLE
    if not re.search(r"\w", question):
        return Reason.EMPTY
    if len(question) > limit:
        return Reason.TOO_LONG
    words = re.sub(r"[^\w]+", " ", fold(question)).strip()
    return Reason.GREETING if _GREETINGS.fullmatch(words.replace(" ", "") if language(question) == "zh" else words) else None


def language(question: str) -> str:
    """zh where the question has a Chinese character or no letter at all, else en."""
    return "en" if re.search(r"[A-Za-z]", question) and not re.search(r"[㐀-鿿]", question) else "zh"


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
