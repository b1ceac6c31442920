"""Text -> lexical terms: what search and reading compare words by. Pure functions."""

import re
import unicodedata
from functools import cache
from typing import Any

from index.text.punctuation import HAN

_RUN = re.compile(rf"[{HAN}]+|[a-z0-9]+(?:\.[0-9]+)?%?")

# Words that every question is made of: they say what is asked for, never what it is about.
_EMPTY_WORDS = frozenset(
    (
        "什么 哪些 哪个 哪里 哪儿 哪 如何 怎么 怎样 怎么办 多少 几 是否 为什么 请问 吗 呢 啊 吧 么 有 的 了 是 在 和 与 及 对 为 能 可以 需要 "
        "the a an of to in on for and or is are was were do does did how what which when where who can i we it"
    ).split()
)


@cache
def _to_simplified() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """`text` in Simplified characters, otherwise as it is."""
    return str(_to_simplified().convert(text))


def fold(text: str) -> str:
    """`text` in NFKC, lower case and Simplified characters, so that one word is written in one way."""
    return str(_to_simplified().convert(unicodedata.normalize("NFKC", text).lower()))


def terms(text: str) -> list[str]:
    """The terms of a text: the words that jieba's search mode finds, and the pairs of neighbouring Chinese characters.

    The pairs find what the dictionary cuts in another way, such as the coined names of policies. Latin words and figures stay
    whole. Words that only make a question are left out.
    """
    import rjieba

    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if run[0].isascii():
            found.append(run)
        else:
            found += rjieba.cut_for_search(run)
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return [term for term in found if term not in _EMPTY_WORDS]
