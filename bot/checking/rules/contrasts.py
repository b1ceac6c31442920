"""A sentence that says the opposite of its source, or more than it: all, only, first, best. Pure functions on folded text."""

import re
from collections.abc import Iterator

from bot.checking.content import QUOTED_OR_TITLE, clauses
from bot.checking.evidence import Fault, Finding
from bot.checking.rules.quoted_sentence import QuotedSentence, nearest_clauses

_OPPOSITES = (
    ("允许", "禁止"), ("可以", "不得"), ("必须", "可以"), ("应当", "可以"), ("必须", "鼓励"), ("开始", "停止"), ("设立", "撤销"),
    ("之前", "之后"), ("高于", "低于"), ("多于", "少于"), ("以上", "以下"), ("线上", "线下"), ("在线", "线下"), ("网上", "线下"), ("电子", "纸质"), ("推行", "取消"), ("收取", "免收"), ("有偿", "无偿"),
)  # fmt: skip

_UP = re.compile(r"增加|增长|增速|增幅|提高|提升|上升|扩大|延长|上调|上涨|加大|[较更过很][长多高大]")
_DOWN = re.compile(r"减少|下降|降低|降幅|缩小|缩短|压减|压缩|下调|削减|下跌|减弱|[较更过很][短少低小]|简便")

# What makes a claim stronger than it was -> how a sentence says it, and how the source may say the same.
_STRONGER = {
    "只": (r"只有|仅限|只限|唯有|仅[对在向]|必须|方可|才[能可]", r"只|仅|限|必须|须|应|需|不得|方可|才"),
    "所有": (r"所有|一切|任何|一律|全部", r"所有|一切|任何|一律|全部|全面|全体|各|均|都|凡|每"),
    "首": (r"首[家个例]|第一[家个]|(?<![名])唯一", r"首[家个例]|第一[家个]|唯一"),
    "首批": (r"首批|第一批", r"首批|第一批"),
    "首创": (r"首创|率先", r"首创|率先|首[家个例]"),
    "全国": (r"全国|国内(?!外)", r"全国|国内|我国|中国|国家"),
    "世界": (r"全球|世界", r"全球|世界|国际"),
    "名次": (r"排名|名列|位[居列]|荣获|获评|表彰|第一(?![时手线步责批书季类条次家个])", r"排名|名列|位[居列]|获|表彰|第一"),
    "最": (r"最[好快优强佳早大]", r"最[好快优强佳早大]|首"),
}


def made_stronger(quoted: QuotedSentence) -> Iterator[Finding]:
    """What a sentence says of all, only, the first or the best where the source does not."""
    plain = QUOTED_OR_TITLE.sub("", quoted.text)
    for says, may in _STRONGER.values():
        if (found := re.search(says, plain)) and not re.search(may, quoted.around):
            yield Finding(Fault.STRONGER, found[0])


def opposites(quoted: QuotedSentence) -> Iterator[Finding]:
    """The first word of a clause whose opposite the source's clause has in its place."""
    own = clauses(quoted.source)
    for clause in clauses(quoted.text):
        near = "".join(nearest_clauses(clause, own, least=0.3))
        if word := _turned_way(clause, near) or _opposite(clause, near):
            yield Finding(Fault.OPPOSITE, word)
            return


def _turned_way(clause: str, near: str) -> str:
    """The word by which a clause says that something grows where the source says that it shrinks, or the other way round."""
    for way, back in ((_UP, _DOWN), (_DOWN, _UP)):
        if (found := way.search(clause)) and not back.search(clause) and back.search(near) and not way.search(near):
            return found[0]
    return ""


def _opposite(clause: str, near: str) -> str:
    pairs = (pair for one, other in _OPPOSITES for pair in ((one, other), (other, one)))
    return next((mine for mine, theirs in pairs if mine in clause and theirs not in clause and mine not in near and theirs in near), "")
