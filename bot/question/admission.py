"""Whether a question can be asked of the articles at all, and if not, why. Pure functions."""

import re
import unicodedata
from enum import StrEnum

from bot.chinese.language import language
from index.text.terms import fold


class Reason(StrEnum):
    """Why there is no answer from the articles."""

    NOT_FOUND = "not_found"
    NOT_STATED = "not_stated"
    EMPTY = "empty_question"
    TOO_LONG = "question_too_long"
    UNREADABLE = "unreadable_question"
    SWITCHED_OFF = "switched_off"


BAD_QUESTIONS = frozenset({Reason.EMPTY, Reason.TOO_LONG, Reason.UNREADABLE})


_GREETINGS = re.compile(
    r"(?:(?:非常|十分|太|真的?)?(?:你好|您好|大家好|哈喽|哈啰|哈罗|嗨|早上好|上午好|中午好|下午好|晚上好|早安|午安|晚安|在吗|在不在|有人吗|谢谢|多谢|感谢|谢啦|辛苦|麻烦您|打扰"
    r"|再见|拜拜|回见|好的|好吧|行|明白|知道|没事|没问题|没别的|不用|对不起|不好意思|你是谁|您是谁|你叫什么(?:名字)?|帮(?:了|我)*大?忙"
    r"|你(?:能|会|可以)(?:做|干|回答)(?:什么|啥)|怎么用|帮助|hi|hello|hey|help|thanks|thank you|thx|ok|okay|bye|goodbye|good (?:morning|afternoon|evening|day)"
    r"|how are you|nice to meet you|who are you|what can you do)[啊呀哦呢吗嘛哈的了们啦吧你您]* ?)+"
)


def whole(text: str) -> str:
    """A text whose half characters (lone surrogates), which nothing can write, are marked as what is lost."""
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


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
    return Reason.TOO_LONG if len(question) > limit else None


def is_small_talk(question: str) -> bool:
    """Whether a question is nothing but a greeting, thanks or the like."""
    words = re.sub(r"[^\w]+", " ", fold(question)).strip()
    return bool(_GREETINGS.fullmatch(words.replace(" ", "") if language(question) == "zh" else words))
