"""What a question makes a condition of: a year, a figure of some kind. Pure functions."""

import re

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?=\s*年|(?!\d))")


_SPELT_YEAR = re.compile(r"[一二][零〇○一二三四五六七八九]{3}(?=\s*年)")
_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")


_ASKS_WHETHER = re.compile(r"(?:吧|吗|么|对不对|是不是|对嘛)[^\w]*$|^(?:is|are|was|were|did|does|do|has|have)\b|是不是")


_FIGURE = r"(?:\d[\d.,]*|[一二两三四五六七八九十百千万亿零半数]+)"


_HOW_MANY = r"(?:(?<![好近这后前哪第单十])几(?![乎百千万]|年来|天前)|多少)"


_UNITS = "场笔件项户所座届期宗份"  # that nothing else is counted in: 家 and 人 stand for 企业, 名 and 位, and so on


def _rules(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(asks, re.IGNORECASE), re.compile(looks, re.IGNORECASE)) for asks, looks in pairs)


# A kind of figure -> what asks for it, and what one looks like, or what stands for one, such as 免费.
_FIGURES = _rules(
    (
        r"\bpercent|\b(?:what|which)\b[^,;?]{0,20}\b(?:rate|share)\b|百分之几|百分之多少|几成(?!功|立|为)|(?:比例|占比|增速|增幅|增长率|利率|费率|税率)\w{0,3}(?:多少|几|多大|多高)|多[大少高](?:的)?比例",
        r"[%‰:]|百分|[一二三四五六七八九\d]成|倍|之[一二三四五六七八九\d]",
    ),
    (
        rf"\bhow long\b|\bhow many (?:working |business )?(?:days|hours|minutes|weeks|months)\b|{_HOW_MANY}个?(?:工作日|小时|分钟|星期|周|月)(?![份的]|\w{{0,2}}号)|{_HOW_MANY}天|多久|多长时间",
        rf"{_FIGURE}\s*[余多]?个?(?:法定)?(?:工作日|日|天|小时|分钟|周|星期|月|年|秒)|当场|即时|当[天日]|立[即刻]|随时|全天|长期|永久",
    ),
    (
        rf"\bhow much (?:money|does|do|is|are|will|must)\b|\bhow (?:high|large) is\b|多少钱|几块钱|{_HOW_MANY}[万亿百千]?元|金额\w{{0,3}}(?:多少|多大)|多少(?:资金|补贴|补助|贷款|奖励|罚款)",
        rf"{_FIGURE}\s*[余多]?(?:[万亿千百]|[美欧日港]?元)|免费|不收|无偿",
    ),
    (r"\b(?:what|which) month\b|(?<!\w)几月(?!\w?份以)|几月份|哪个?月", r"[一二三四五六七八九十\d]月"),
    (
        r"\b(?:what|which) (?:date|day)\b|几月几[号日]|(?<![好十])几号(?!楼|线|文|门|窗)|哪一?天",
        r"[一二三四五六七八九十\d][日号]|当[天日]|每[天日]|随时|(?<![个\d])工作日|周[一二三四五六日末]",
    ),
    (
        r"什么时[候间]|何时|啥时[候侯间]?|哪个?时间|几时|(?:^|[,;?] ?)when (?:is|are|was|were|will|did|does|do|can|must|should)\b",
        rf"{_FIGURE}\s*[年月日号时点]|周[一二三四五六日末]|季度|[今明去当次]年|[本上下当次]月|年[底初末]|随时|每[天日周月年]|期间|{_FIGURE}个?(?:工作日|天|小时)"
        r"|(?<![目以之])前(?!往)|(?<![今之])后|(?:之日|[年月日]|即日)起|以[前后]",
    ),
    (
        r"[哪什啥]么?一?条?[街路](?![子线费])|地址(?:呢|是|在|\W|$)|门牌|导航|\b(?:the|what|whose) address\b|\bwhich (?:street|road)\b",
        r"[路街巷]\w{0,8}\d+号|\d+号|[路街巷](?=[,。;、))与和]|$)|[楼层]|大厦|广场",
    ),
    (
        r"\b(?:phone|telephone|hotline) number\b|\bwhat(?:'s| is) the (?:phone|hotline)\b|(?:电话|热线)(?:号码)?是?(?:多少|几号|什么|啥)|(?:多少|哪个|什么|啥)(?:电话|热线)",
        r"(?<!\d)(?:0\d{2,3}[-—–]?\d{7,8}|1[3-9]\d{9}|[48]00[-—–]\d{3}[-—–]?\d{4})(?!\d)|(?:拨打|致电|电话|热线|号码)[^,。;\d]{0,8}\d{3}|\d{3,8}\w{0,6}热线",
    ),
    (r"\b(?:what|which) year\b|哪一?年|何年", r"\d{4}|[今去明前后当]年"),
)


# What a figure must be besides.
_BOUNDS = _rules(
    (
        rf"(?:最[高多大]|上限|封顶|至多)\w{{0,8}}(?:{_HOW_MANY})",
        r"最[高多大长]|上限|不(?:超过|高于|多于|得?超)|以[内下]|之内|封顶|至多|[限仅]",
    ),
    (rf"(?:最[低少小]|起步|至少|门槛)\w{{0,8}}(?:{_HOW_MANY})", r"最[低少小]|不[低少小]于|以上|起|至少|达到|满|需|须|应"),
    (rf"(?:平均|人均)\w{{0,12}}(?:{_HOW_MANY})", r"平均|均|每"),
    # For one of them: a sum of all is no answer.
    (
        rf"(?:每|(?<![\d第统唯])一)个?(?:人|户|家|月|年|台|辆|张|床|班|学生|天)(?!以|之|内)[^,。;?]{{0,6}}(?:{_HOW_MANY})",
        r"每|均|/|个人|单[户个人笔]|[一各]个?(?:人|户|家|月|年|台|辆|张|床|班)|最[高多低]|上限|限|一次性|按",
    ),
)


_ANY_FIGURE = _rules((rf"\bhow (?:many|much)\b|{_HOW_MANY}", _FIGURE))


_UNIT_ASKED = re.compile(rf"{_HOW_MANY}个?([{_UNITS}])")


def figures_asked(question: str) -> list[re.Pattern[str]]:
    """What each kind of figure looks like that a folded question asks for; a sentence that lacks one of them does not answer it."""
    found = [looks for asks, looks in _FIGURES if asks.search(question)]
    found += [looks for asks, looks in (*_BOUNDS, *(() if found else _ANY_FIGURE)) if asks.search(question)]
    if unit := _UNIT_ASKED.search(question):
        found.append(re.compile(rf"{_FIGURE}\s*[余多来万千百亿]*个?{unit[1]}"))
    return found


def years_asked(question: str) -> set[str]:
    """The years that a folded question lays down; none where it asks whether a thing was so, since then the answer may correct it."""
    return set() if _ASKS_WHETHER.search(question) else set(_YEAR.findall(_in_figures(question)))


def years_named(question: str) -> set[int]:
    """The years that a folded question names, whatever it asks."""
    return set(map(int, _YEAR.findall(_in_figures(question))))


def _in_figures(question: str) -> str:
    """The question with the years that are written digit by digit (二零二一年) in figures."""
    return _SPELT_YEAR.sub(lambda year: year[0].translate(_DIGITS), question)
