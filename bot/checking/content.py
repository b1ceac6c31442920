"""What of a sentence says something, and how much of that stands in another text: content words, clauses, overlap. Pure functions on
folded text."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.checking.claims import dates_and_figures

_PUNCTUATION = re.compile(r"[^\w%]+")
_CLAUSE = re.compile(r"(?:(?<!\d),|,(?!\d)|[，。；;：:！!？?\n])+")

QUOTED_OR_TITLE = re.compile(r"[“「『\"‘《][^”」』\"’》]*[”」』\"’》]")

# Words that lead, join or report, and say nothing that could stand in a source.
FUNCTION_WORDS = frozenset(
    (
        "根据 按照 依据 文章 文中 报道 资料 原文 上述 材料显示 显示 提到 指出 介绍 说明 目前 已 已经 现 现已 现在 共 总共 共计 累计 一共 主要 包括 包含 以及 和 与 及 或 并 并且 且 也 还 还有 "
        "有 是 的 了 在 对 对于 为 把 被 将 由 于 从 到 向 以 以便 等 等等 此外 同时 另外 其中 具体 来说 即 即可 就 可 可以 能 能够 需 需要 须 应 该 此 这 这些 那 其 它 他们 个 一 一个 一些 "
        "进行 通过 之 所 而 则 都 均 又 中 内 后 前 上 下 时 如 例如 比如 因此 所以 因为 由于 是否 如下 以下 分别 达 达到 左右 约 余 多 超过 您 你 我们 请 会 使 让 用 做 属于 关于 方面 情况 "
        "不 不用 不需要 无需 无须 没有 不再 不必 推出 推行 实行 实施 开展 举办"
    ).split()
)

# Whom and what every policy speaks of: they are put in and left out without another thing being meant.
GENERAL = frozenset(
    (
        "企业 公司 群众 部门 项目 单位 人员 居民 市民 公民 政府 机构 资金 政策 措施 工作 服务 机制 制度 活动 情况 全区 全市 全省 地区 方面 目前 条件 材料 事项 业务 问题 内容 "
        "惠及 办理 申请 申报 审批 审核 登记 补贴 补助 办法 方案 通知 规定 文件 申请人 当事人 个人 主体 市场主体 标准 金额 时间 期限 时限 对象 方式 数量 条例 法律 国家"
    ).split()
)


def bare(folded: str) -> str:
    """The text without white space and punctuation, so that two ways of setting it are one."""
    return _PUNCTUATION.sub("", folded)


def clauses(folded: str) -> list[str]:
    """The clauses of a sentence; a title or a quoted name is not cut."""
    held = QUOTED_OR_TITLE.sub(lambda name: _CLAUSE.sub("＿", name[0]), folded)
    return [clause for clause in _CLAUSE.split(held) if clause.strip()]


def with_their_time(parts: Sequence[str]) -> list[str]:
    """The clauses, each that only names a time (2015年以来) joined to the one that it is said of."""
    joined, before = list[str](), ""
    for part in parts:
        only_time = len(content(part)) < 2 and any(figure.unit == "年" for figure in dates_and_figures(part)[1])
        joined, before = (joined, before + part) if only_time else ([*joined, before + part], "")
    return [*joined, before] if before else joined


@lru_cache(maxsize=4096)
def content(folded: str) -> frozenset[str]:
    """The words of a text that say something: no figures, no words that only join."""
    import rjieba

    words = (word for run in re.findall(r"[㐀-鿿]+|[a-z]+", _without_figures(folded)) for word in rjieba.cut(run))
    return frozenset(word for word in words if word not in FUNCTION_WORDS and (len(word) > 1 or word.isascii()))


def _without_figures(folded: str) -> str:
    days, counted = dates_and_figures(folded)
    for words in sorted({day.words for day in days} | {figure.words for figure in counted}, key=len, reverse=True):
        folded = folded.replace(words, " ")
    return folded


@lru_cache(maxsize=4096)
def subject(clause: str) -> frozenset[str]:
    """The nouns that a clause begins with and that name something in particular: what it speaks of."""
    import rjieba

    found = set[str]()
    for word, tag in rjieba.tag(re.sub(r"[“”「」『』\"]", "", clause)):
        if found and tag[:1] in "vpdc":
            break
        if tag[:1] in "nj" and len(word) > 1 and word not in GENERAL:
            found.add(word)
    return frozenset(found)


def overlap(text: str, source: str) -> float:
    """The share of the sentence's content that stands in the source, by length of the words; 1 where it has none."""
    words = content(text)
    total = sum(map(len, words))
    whole = bare(source)
    return sum(covered(word, whole) for word in words) / total if total else 1.0


def covered(word: str, source: str) -> float:
    """How much of a word stands in the source: all of it, or half where its pairs of characters do."""
    if word in source:
        return len(word)
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return len(word) * sum(pair in source for pair in pairs) / len(pairs) if len(word) > 2 else 0.0
