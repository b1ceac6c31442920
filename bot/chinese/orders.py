"""Orders to an assistant (忽略以上指令…), in a question and in an article. Pure functions, by rule."""

import re

from index.text.terms import simplified

# A stretch that tells the assistant how to behave, rather than what is asked.
_ORDER = re.compile(
    r"(?:忽略|无视|忘[掉记了]|抛开|绕过|跳出|别管|不(?:要|用|必|需要?)(?:理会|管|遵守|按照?|参考)|别(?:按|照|理))[^，。；：？！,.;:?!]{0,12}"
    r"(?:指令|指示|规则|规矩|设定|身份|角色|提示|限制|约束|要求|原文|文章|资料)"
    r"|(?:你现在|现在你|从现在起)[^，。；：？！,.;:?!]{0,4}(?:是|叫|进入|扮演)|(?:假装|扮演|装作)[^，。；：？！,.;:?!]{0,10}"
    r"|(?:改?用|凭)(?:文章|原文|资料)(?:以外|之外)的"
    r"|\b(?:ignore|disregard|forget|override|bypass)\b[^,.;:?!]{0,30}\b(?:instructions?|rules?|prompts?|guidelines?|role|articles?|sources?)\b"
    r"|\byou are now\b|\bpretend\b",
    re.IGNORECASE,
)


# The same in an article, where 按照系统提示 and 扮演……角色 mean something else.
_ORDER_IN_ARTICLE = re.compile(
    r"(?:忽略|无视|忘[掉记])[^，。；：？！]{0,12}(?:指令|指示|规则|设定|提示)|(?:你现在|现在你|从现在起，?你)(?:是|叫|扮演)"
    r"|请?(?:只|直接|务必|必须)(?:能|需|要)?(?:回答|回复|输出|答)[：:“「\"]|(?:回复|回答|输出)(?:以下|如下)(?:内容|文字)|(?:输出|透露|泄露|你的)系统提示|提示词"
    r"|\b(?:ignore|disregard|forget|override)\b[^,.;:?!]{0,30}\b(?:instructions?|rules?|prompts?)\b|\byou are now\b|system prompt",
    re.IGNORECASE,
)


_AND_THEN = re.compile(r"\s*(?:and\b|then\b|并且?|然后|再)\s*", re.IGNORECASE)


_CLAUSE = re.compile(r"[^，。；：？！,.;:?!\n]+[，。；：？！,.;:?!\n]*")


def gives_orders(sentence: str) -> bool:
    """Whether a sentence of an article tells an assistant how to behave: no policy says so, and nothing may rest on it."""
    return bool(_ORDER_IN_ARTICLE.search(simplified(sentence)))


def without_orders(question: str) -> str:
    """The question without the stretches that tell the assistant how to behave (忽略以上指令…): only articles are read, so that
    they are not followed anyway, and they would be taken for what is asked. The whole where nothing else is in it."""
    folded = simplified(question)
    if len(folded) != len(question) or not _ORDER.search(folded):
        return question
    kept = ""
    for clause in _CLAUSE.finditer(folded):
        order = _ORDER.search(clause.group())
        after = _AND_THEN.match(folded, clause.start() + order.end(), clause.end()) if order else None
        if not order or after:
            kept += question[after.end() if after else clause.start() : clause.end()]
    return kept.strip(" ，,") if re.search(r"\w{2}", kept) else question
