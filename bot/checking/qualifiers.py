"""What a source says of whether, when and for whom a thing holds, and a sentence may not lose or add: negations, conditions, plans that
are not done yet. Pure functions on folded text."""

import re
from collections.abc import Collection, Sequence

from bot.checking.claims import QUOTED_OR_TITLE, clauses, content, dates_and_figures, overlap

_NOT = re.compile(
    r"不(?!出户|可少|可或缺|仅|但|断|同|少(?!于)|久|论|管|动产|良|锈|妨|愧|足|到|超过|得超过|高于|低于|多于|少于|小于|大于|在话下)|未(?!来|必)|没(?!收)|无(?!论|偿|人机|锡|缝|障碍|线|形)"
    r"|非(?!常|洲|法|遗|公|凡)|免(?!疫|税区|费开放)|省去|取消|停止|禁止|严禁|避免|拒绝|暂停|杜绝"
)

# What a source says of when or for whom a thing holds -> how, in it and in a sentence that kept it.
_CONDITIONS = {
    "除外": (r"除(?:了)?[^，。；]{1,30}外|除非|例外|不含|不包括|另有规定", r"除|例外|不含|不包括|另有规定|以外|之外"),
    "仅限": (r"仅限|只限|限于|仅[对在向面适可能]|只[有能对在向适]", r"仅|只|限"),
    "征求意见稿": (r"征求意见|草案|送审稿|讨论稿", r"征求意见|草案|送审稿|讨论稿"),
    "试行": (r"试行|暂行|试点", r"试行|暂行|试点"),
    "意向": (r"初步|意向", r"初步|意向|有意|打算"),
    "原则上": (r"原则上|一般情况下|视情况", r"原则|一般|视情况"),
}
_OF_ITS_CLAUSE = frozenset({"意向"})  # the others hold for the clause behind them as well
_FUTURE = re.compile(
    r"(?<!为)将(?!近|其|军|来|[^，。；]{1,24}(?:由|从|作为|落到|落实到|纳入|列入|扩[建展大]|改[建造]为|压[减缩]|[调提升降延][^，。；]{1,3}[为到至]|送至|报送|提交|移交|上传|发送|寄))|(?<![起模草])拟(?![定人])|下一步|力争|预计|有望|即将|打算"
)
_GOVERNED = 4  # clauses behind the one with 将 that it still governs
_FUTURE_SAID = re.compile(r"将|拟|下一步|力争|预计|有望|打算|计划|接下来|未来|还要|目标")
_DONE = re.compile(r"已|了|截至|过(?!程)")
# 有合法住所的营商人员子女: whom a rule is for, by what they have or are; what is left out of it makes the rule wider.
_HAVING = re.compile(
    r"(?:具有|持有|拥有|具备|符合|满足|取得|年满|(?<![所没仅还只享现原含占])有(?![效力关序利益助着限望意]))([^，。；：“”]{2,16}?)的(?=[㐀-鿿])"
)

_AREA = r"(?!全|各|本|该|我|园|小|社|城|门|辖|地)[㐀-鿿]{2,4}?(?<!园)(?<!小)(?<!社)(?<!城)(?<!地)(?<!片)(?<!上)(?<!超)(?<!股)[省市区县]"

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


def made_stronger(said: str, source: str) -> list[str]:
    """What a sentence says of all, only, the first or the best where the source does not."""
    plain = QUOTED_OR_TITLE.sub("", said)
    return [found[0] for says, may in _STRONGER.values() if (found := re.search(says, plain)) and not re.search(may, source)]


def negations(clause: str) -> int:
    """How often a clause says no; names and titles are passed over."""
    return len(_NOT.findall(QUOTED_OR_TITLE.sub("", clause)))


def _nots(clause: str) -> int:
    return len(_NOT.findall(clause))


def _denies(clause: str, other: str) -> int:
    """How often a clause says no, where the other is nearly the same; else whether it does at all, since words may be put otherwise."""
    alike = min(overlap(clause, other), overlap(other, clause)) >= 0.85
    return negations(clause) if alike else min(negations(clause), 1)


def lost_or_added_negation(said: str, source: str) -> str:
    """The clause of a sentence that says no where the source's clause says yes, or the other way round; empty where there is none."""
    own = clauses(source)
    for clause in clauses(said):
        near = _nearest(clause, own)
        # A name that stands in quotation marks in one of the two only may hold the word: 轻微免罚.
        if near and all(_denies(one, clause) != _denies(clause, one) and _nots(one) != _nots(clause) for one in near):
            return clause
        if not negations(clause) and _says_what_is_denied(clause, own):
            return clause
    return ""


def _says_what_is_denied(clause: str, source: Sequence[str]) -> bool:
    """Whether a clause holds what stands behind a negation of the source, and behind none elsewhere in it."""
    for one in source:
        plain = QUOTED_OR_TITLE.sub("", one)
        denied = next((re.split(r"[、＿]|等", plain[mark.end() :])[0] for mark in _NOT.finditer(plain)), "")
        if content(denied) and overlap(denied, clause) >= 0.75:
            return not any(overlap(denied, other) >= 0.75 for other in source if not negations(other))
    return False


def _nearest(clause: str, source: Sequence[str], least: float = 0.5, within: float = 0.1) -> list[str]:
    """The source's clauses that say most of a clause, and those hardly behind them."""
    if not content(clause):
        return []
    scored = [(overlap(clause, one), one) for one in source]
    top = max((score for score, _ in scored), default=0.0)
    return [one for score, one in scored if score >= least and score >= top - within]


def lost_conditions(said: str, source: str) -> list[str]:
    """What the source makes a condition of, and the sentence that rests on it does not."""
    own = clauses(source)
    carried = {one for clause in clauses(said) for one in _nearest(clause, own, within=0.0)}
    counted = [figure for figure in dates_and_figures(said)[1] if figure.unit != "年" and figure.value > 3]
    carried |= {one for one in own if any(figure.stands_for(other) for other in dates_and_figures(one)[1] for figure in counted)}
    found = []
    for at, clause in enumerate(own):
        if not {clause, *own[at + 1 : at + 2]} & carried:
            continue
        found += [
            name
            for name, (says, kept) in _CONDITIONS.items()
            if re.search(says, clause) and not re.search(kept, said) and (name not in _OF_ITS_CLAUSE or clause in carried)
        ]
        if clause in carried:
            found += [had[0] for had in _HAVING.finditer(clause) if content(had[1]) and overlap(had[1], said) < 0.34]
    return list(dict.fromkeys(found + _shown_as_done(said, source, carried)))


def _shown_as_done(said: str, source: str, carried: set[str]) -> list[str]:
    """A plan of the source that the sentence tells as a fact: 将 governs its clause and those behind it."""
    for sentence in re.split(r"(?<=[。！？!?])", source):
        plan, left = "", 0
        for clause in clauses(sentence):
            left -= 1
            if mark := _FUTURE.search(QUOTED_OR_TITLE.sub("", clause)):
                plan, left = mark[0], _GOVERNED
            if (
                plan
                and left >= 0
                and clause in carried
                and not _DONE.search(clause)
                and not _FUTURE_SAID.search(QUOTED_OR_TITLE.sub("", said))
            ):
                return [plan]
    return []


def another_place(said: str, source: str, around: str = "") -> str:
    """A place that a clause names where the source's clause names others; empty where there is none.

    `around` names places in full that the source may name in short: 即墨区, of which it says 即墨.
    """
    own, known = clauses(source), set(re.findall(_AREA, around))
    for clause in clauses(said):
        areas = _areas(clause)
        theirs = [found for one in _nearest(clause, own) if (found := _areas(one) | _in_short(one, known))]
        if areas and theirs and not any(areas & found for found in theirs):
            return min(areas)
        # What holds for one district does not for the city around it.
        if areas and not theirs and _are_wider(areas, known) and not any(area[:-1] in source for area in areas):
            return min(areas)
    return ""


def _areas(clause: str) -> set[str]:
    """The areas that a clause begins with, such as 青岛市即墨区."""
    begins = re.search(rf"由((?:{_AREA})+)", clause) or re.match(
        rf"(?:在|由|从|据悉|通过|依托|经过?|按照|根据|围绕)?+((?:{_AREA})+)", clause
    )
    return set(re.findall(_AREA, begins[1])) if begins else set()


def _in_short(clause: str, known: Collection[str]) -> set[str]:
    """The known areas that a clause begins with, without the word for what kind of area they are."""
    plain = re.sub(r"^(?:在|由|从|据悉|早在\d+年)", "", clause)
    return {area for area in known if len(area) > 2 and plain.startswith(area[:-1])}


def _are_wider(areas: set[str], known: Collection[str]) -> bool:
    return all(area[-1] in "省市" and area in known for area in areas) and any(area[-1] in "区县" for area in known)


def opposites(said: str, source: str) -> str:
    """A word of the sentence whose opposite the source has in its place; empty where there is none."""
    own = clauses(source)
    for clause in clauses(said):
        near = "".join(_nearest(clause, own, least=0.3))
        for way, back in ((_UP, _DOWN), (_DOWN, _UP)):
            if (found := way.search(clause)) and not back.search(clause) and back.search(near) and not way.search(near):
                return found[0]
        for one, other in _OPPOSITES:
            for mine, theirs in ((one, other), (other, one)):
                if mine in clause and theirs not in clause and mine not in near and theirs in near:
                    return mine
    return ""
