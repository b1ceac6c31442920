"""Question and window that states its answer -> the same with the fact gone or another fact asked for: what a reader must refuse.

Each rule gives a pair, or None where it does not apply. A rule is applied only where nothing near the answer looks like an answer
to the new question, so that "not stated" is true as far as rules can tell.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

FIGURE = re.compile(r"[约近超]?\d[\d,.]*(?:[万亿]|[余多])*(?:年(?:\d+月)?(?:\d+日)?|月(?:\d+日)?|日|[%％]|[^\W\d]?)")
_NUMERAL = re.compile(r"\d|[一二两三四五六七八九十百千][余多]?[个名人位座种家所年月日岁次条篇部只条项场]")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20[0-2]\d)(?=年)")

# What asks for a kind of fact as an adverb, what may stand in its place, and what shows that a text may hold such a fact.
_KINDS = {
    "time": (
        re.compile(r"(?:[在于])?(?:哪一?年(?:[哪几]月)?|什么时候|什么时间|何时|几时|何年|哪一?天)"),
        ("什么时候", "哪一年", "几月份", "何时"),
        re.compile(r"\d\d|[年月日朝]|世纪|时[期代]|后来"),
    ),
    "place": (
        re.compile(r"(?:[在于])?(?:哪里|哪儿|何处|何地|什么地方)"),
        ("在哪里", "在什么地方", "在哪个城市"),
        re.compile(r"[省市县区镇乡村国州岛山湖河海江路街馆院校站港城寺宫场厂地楼店在于]"),
    ),
    "reason": (
        re.compile(r"为什么|为何|因何|因为什么"),
        ("为什么", "因为什么"),
        re.compile(r"因|由于|为了|所以|故|以便|[导所]致|使|缘|理由|基于|鉴于|目的"),
    ),
    "money": (re.compile(r"花了?多少钱"), ("花了多少钱", "要花多少钱"), re.compile(r"[元币钱价费资薪镑万亿]|美金")),
}

# A question about the one is not answered by a text that only speaks of the other.
_OPPOSITES = [
    tuple(pair.split("/"))
    for pair in (
        "出生/去世 出生/毕业 生于/死于 成立/解散 成立/撤销 创办/停办 开始/结束 开通/停运 开工/竣工 上映/下架 首播/停播 父亲/母亲 丈夫/妻子 儿子/女儿 "
        "哥哥/妹妹 导演/编剧 主演/配音 作者/译者 作词/作曲 校长/副校长 总统/总理 市长/书记 主席/秘书长 最早/最晚 最大/最小 最高/最低 最多/最少 最长/最短 "
        "第一/第四 首次/最后一次 增加/减少 上升/下降 进口/出口 东部/西部 南部/北部 面积/人口 高度/造价 长度/宽度 身高/体重 海拔/水深 票房/预算 男性/女性 "
        "白天/夜间 优点/缺点 优势/劣势 原因/后果 影响/起源 赢得/失去 加入/退出 发行/再版 总部/分公司 起点/费用 时间/费用 地点/电话 名称/面积 职务/年薪 "
        "获得/拒绝 支持/反对 批准/否决 建成/拆除 前身/后身 毕业/辞职 学校/住址 主要/次要 组成/造价 用途/产地 分布/寿命 特点/价格 作用/成本 种类/产量"
    ).split()
]


@dataclass(frozen=True, slots=True)
class Stated:
    """A question and a window that states its answer.

    `sentences` joined are the window, and `[start, end)` is the answer in it, which stands in the sentences `first` to `last`.
    `spare` are the sentences beside the window that do not hold the answer.
    """

    question: str
    title: str
    sentences: tuple[str, ...]
    first: int
    last: int
    start: int
    end: int
    answers: tuple[str, ...]
    spare: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(self.sentences)

    @property
    def answer(self) -> str:
        return self.text[self.start : self.end]

    @property
    def near(self) -> str:
        """The answer's sentences and those beside them."""
        return "".join(self.sentences[max(self.first - 1, 0) : self.last + 2])


@dataclass(frozen=True, slots=True)
class Pair:
    """What the reader is trained on: the answer is `passage[start:end]`, or is not stated where `start` is -1. `rule` made it."""

    question: str
    title: str
    passage: str
    rule: str
    start: int = -1
    end: int = -1

    @property
    def is_stated(self) -> bool:
        return self.start >= 0


def unstated(case: Stated, rule: str, question: str | None = None, passage: str | None = None) -> Pair | None:
    """The pair, or None where its passage is too short or, for the same question, holds an answer after all."""
    passage = case.text if passage is None else passage
    if question is None and any(answer in passage for answer in case.answers):
        return None
    return Pair(question or case.question, case.title, passage, rule) if len(passage) >= 50 else None


def deleted(case: Stated, random: Random) -> Pair | None:
    """The answer's sentences are gone."""
    return unstated(case, "deleted", passage="".join((*case.sentences[: case.first], *case.sentences[case.last + 1 :])))


def replaced(case: Stated, random: Random) -> Pair | None:
    """A sentence from beside the window stands in the place of the answer's."""
    if not case.spare:
        return None
    kept = (*case.sentences[: case.first], random.choice(case.spare), *case.sentences[case.last + 1 :])
    return unstated(case, "replaced", passage="".join(kept))


def figure_gone(case: Stated, random: Random) -> Pair | None:
    """The sentence stays and the figure or date that answers is gone, or a vague word stands for it."""
    answer = case.answer
    if len(answer) > 14 or not _NUMERAL.search(answer) or re.search(r"[，。；、：《》]", answer):
        return None
    before, after = case.text[: case.start], case.text[case.end :]
    dated = re.search(r"[年月日]", answer)
    vague = ""
    if dated:
        before = re.sub(r"[于在自从至]$", "", before) if before else before
        vague = random.choice(("", "", "后来", "近年", "当年", "此前"))
    elif measure := re.search(r"[^\d一二两三四五六七八九十百千万亿余多约近超.,%％]{1,3}$", answer):
        vague = random.choice(("", "多", "数", "若干", "不少")) + measure.group()
    return unstated(case, "figure_gone", passage=before + vague + after)


def other_kind(case: Stated, random: Random) -> Pair | None:
    """Another kind of fact is asked for: the place in place of the time, and so on."""
    kinds = [name for name, (asks, _, _) in _KINDS.items() if asks.search(case.question)]
    if len(kinds) != 1 or re.search(r"时间|日期|地点|原因|多少", case.question):
        return None
    free = [name for name, (_, _, shows) in _KINDS.items() if name != kinds[0] and not shows.search(case.near)]
    if "money" in free and len(free) > 1:
        free.remove("money")  # it is nearly always free, and would be asked for most
    if not free:
        return None
    words = _KINDS[random.choice(free)][1]
    return unstated(case, "other_kind", question=_KINDS[kinds[0]][0].sub(random.choice(words), case.question, count=1))


def opposite(case: Stated, random: Random) -> Pair | None:
    """One word of the question gives way to its counterpart, which the window does not hold."""
    found = []
    for one, other in _OPPOSITES:
        for this, that in ((one, other), (other, one)):
            if this in case.question and that not in case.question and that not in case.text:
                found.append((this, that))
    if not found:
        return None
    this, that = random.choice(found)
    return unstated(case, "opposite", question=case.question.replace(this, that, 1))


def list_of_count(case: Stated, random: Random) -> Pair | None:
    """The things themselves are asked for where the window only says how many they are."""
    if not re.fullmatch(
        r"[约近超]?[\d一二两三四五六七八九十百千,]+[余多]?(?:个|种|类|项|条|家|所|座|位|名|人|支|部|款|处|届|门|大)?", case.answer
    ):
        return None
    asked = re.sub(r"(?:多少|几)(?=[^\W\d]{2})", random.choice(("哪些", "哪几")), case.question, count=1)
    asked = re.sub(r"(哪[些几])[个种类项条家所座位名支部款处届门大]", r"\1", asked)
    if asked == case.question or re.search(r"[、：:]|分别|包括|[即是指有]“", "".join(case.sentences[case.first : case.last + 2])):
        return None
    return unstated(case, "list_of_count", question=asked)


def other_figure(case: Stated, random: Random) -> Pair | None:
    """A year or a figure of the question, which the window holds, is changed to one that it does not hold."""
    found = [match for match in re.finditer(r"\d+(?:\.\d+)?", case.question) if match.group() in case.text]
    if not found:
        return None
    match = random.choice(found)
    other = _another(match.group(), case.text, random)
    return unstated(case, "other_figure", question=case.question[: match.start()] + other + case.question[match.end() :])


def other_year(case: Stated, random: Random) -> Pair | None:
    """A question that names no year is asked of a year that the window does not hold, where the answer's sentence names its own."""
    year = year_of(case)
    if not year:
        return None
    return unstated(case, "other_year", question=with_year(case.question, _another(year, case.text, random), random))


def year_of(case: Stated) -> str:
    """The one year of the answer's sentences, where the question names none and the answer is none; else nothing."""
    years = set(_YEAR.findall("".join(case.sentences[case.first : case.last + 1])))
    asks_time = _KINDS["time"][0].search(case.question) or re.search(r"[年月日时]", case.question + case.answer)
    return years.pop() if len(years) == 1 and not asks_time else ""


def with_year(question: str, year: str, random: Random) -> str:
    """The question asked of a year."""
    return random.choice((f"{year}年{question}", f"{year}年，{question}", f"{question.rstrip('？?')}（{year}年）？"))


def _another(figure: str, text: str, random: Random) -> str:
    """A whole number near the figure that the text does not hold; further off where the near ones stand in it."""
    whole, far = int(float(figure)), 30 if float(figure) > 1000 else max(9, int(float(figure)) // 2)
    while True:
        other = str(max(1, whole + random.choice((-1, 1)) * random.randint(1, far)))
        if other not in text and other != figure:
            return other
        far += 1


class OtherName:
    """The rule that a name in the question, which the window holds, gives way to another of its kind, which it does not hold."""

    def __init__(self, questions: Sequence[str], titles: Sequence[str]) -> None:
        self._names: dict[str, list[str]] = {"title": [title for title in dict.fromkeys(titles) if 2 <= len(title) <= 12]}
        for question in questions:
            for word, tag in _names_in(question):
                self._names.setdefault(tag, []).append(word)

    def __call__(self, case: Stated, random: Random) -> Pair | None:
        """See the class."""
        found = [(word, tag) for word, tag in _names_in(case.question) if word in case.text]
        if case.title and case.title in case.question:
            found = [(case.title, "title")] * 2 + [name for name in found if name[0] not in case.title]
        if not found:
            return None
        word, tag = random.choice(found)
        other = random.choice(self._names[tag])
        if other in case.text or other in case.question or other in word or word in other:
            return None
        return unstated(case, "other_name", question=case.question.replace(word, other))


def _names_in(question: str) -> list[tuple[str, str]]:
    import rjieba

    return [(word, tag) for word, tag in rjieba.tag(question) if tag in {"nr", "ns", "nt", "nz"} and len(word) > 1]


_ASKED = re.compile(
    r"哪一?年(?:哪一?月)?|什么时候|何时|多少[个名人位座种家所年岁次条篇部只项场]?|几[个名人位座种家所年岁次条篇部只项场]|什么地方|哪里|哪儿|谁|哪[个位座所家国]|什么$|什么(?=[？?])"
)


def asked_whether(case: Stated, random: Random) -> str:
    """A question that asks whether something is so, which the window decides: its answer, or in half of them another figure, in the
    place of what was asked. Nothing where the question cannot be put so."""
    found = list(_ASKED.finditer(case.question))
    if len(found) != 1 or len(case.answer) > 12 or re.search(r"[，。；：、]|为什么|怎|如何", case.answer + case.question.rstrip("？?")):
        return ""
    claim = case.answer
    figures = list(re.finditer(r"\d+", claim))
    if figures and random.random() < 0.6:
        at = random.choice(figures)
        claim = claim[: at.start()] + _another(at.group(), case.text, random) + claim[at.end() :]
    asks = case.question.rstrip("？? ")
    before, after = asks[: found[0].start()], asks[found[0].end() :]
    if before.endswith("是"):
        claim = claim.removeprefix("是")
    put = before + claim + after.removeprefix(claim[-1:])  # 1000米 in the place of 多少 before 米
    return random.choice(
        ("{}吗？", "{}，对吗？", "{}，是不是？", "是{}吗", "既然{}，是这样吧？", "听说{}，是真的吗？", "{}对不对", "{}？")
    ).format(put)


def other_figures_gone(case: Stated, random: Random) -> Stated:
    """The same with one figure less, which is neither the answer's nor the question's: what a gap in a text looks like where it means nothing."""
    text = case.text
    found = [
        match for match in FIGURE.finditer(text)
        if (match.end() <= case.start or match.start() >= case.end) and not set(re.findall(r"\d+", match.group())) & set(re.findall(r"\d+", case.question))
    ]  # fmt: skip
    if not found:
        return case
    match = random.choice(found)
    shift = len(match.group()) if match.end() <= case.start else 0
    whole = text[: match.start()] + text[match.end() :]
    return replace(case, sentences=(whole,), first=0, last=0, start=case.start - shift, end=case.end - shift)


Rule = Callable[[Stated, Random], Pair | None]
# How often each is drawn where it applies. The rules that leave topic and words in place count most.
SHARES: dict[Rule, float] = {
    deleted: 0.8, replaced: 0.6, figure_gone: 3.0, list_of_count: 20.0, other_kind: 1.4, opposite: 1.0, other_figure: 1.3, other_year: 1.2,
}  # fmt: skip
