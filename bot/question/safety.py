"""What must not be missed in a message, whatever the classifier thinks: danger, despair, personal data. Pure functions, by rule.

One too many costs a kind text; one missed may cost a life, or puts somebody's number into a log. What the words stand beside in
questions on policy (消防验收, 大病医保, 报警装置 …) is left out, and is tested as such.
"""

import re
from collections.abc import Callable

from bot.question.wants import Act

_DESPAIR = re.compile(
    r"(?:不想|不愿意?|没(?:有)?(?:脸|勇气|力气|必要)|懒得)(?:再)?(?:活|活着|活下去)|活(?:着|下去)?(?:真的?|也)?(?:没(?:有)?(?:什么|啥)?(?:意思|意义|劲|盼头|希望)|太累|够了)"
    r"|(?:想|要|打算|准备|去|想要|不如)(?:直接|一起|干脆)?(?:死(?!磕|扛|记|守|账|期|角|档)|去死|自杀|自尽|轻生|寻死|跳楼|跳河|跳海|跳桥|割腕|上吊|喝农药|吃安眠药)"
    r"|(?:结束|了结)(?:我|自己|这)?(?:的)?(?:生命|一生|一切)|死了算了|一死了之|自残|遗书|没我(?:大家|他们|家里)?(?:会|都)?(?:更好|过得更好)|撑不下去|熬不下去|生不如死"
    r"|\b(?:kill(?:ing)? myself|suicid\w*|end (?:my life|it all)|want to die|(?:don't|do not) want to (?:live|be alive)|no reason to live|hurt(?:ing)? myself)\b",
    re.IGNORECASE,
)
_NO_DESPAIR = re.compile(r"自杀式|防自杀|预防自杀|自杀(?:险|条款|理赔|免责)|想死(?:你|我|他|她)们?了|笑死|累死(?:我)?了|热死|饿死")
_DANGER = re.compile(
    r"着火(?!点)|起火(?!原因|点)|失火|火灾(?:了|啊|！)|(?:房子|厨房|楼|车|屋)(?:里|子|上)?(?:烧|冒烟)|救命|救救(?:我|他|她|孩子)|煤气(?:泄漏|中毒)|燃气(?:泄漏|泄露)(?!报警器|检测)|一氧化碳中毒"
    r"|(?:有人|他|歹徒|小偷|正在|刚(?:才|刚)?)[^，。]{0,8}(?:砍人|捅|持刀|抢劫|抢了|打人|打我|被打|行凶|入室|撬(?:门|锁)|跟踪我|绑架|猥亵|家暴)|被(?:抢了?|绑架|砍|捅|家暴|打伤|困在)|我(?:被|遭)(?:人)?(?:打|抢|骗去)"
    r"|(?:晕倒|昏迷|昏倒|休克|抽搐|吐血|大出血|没(?:有)?呼吸|喘不过气|呼吸困难|心脏病(?:犯|发作)|心梗|脑梗|中风(?:了|发作)|溺水|触电|落水|掉(?:进|到)(?:水|河|井|海)|摔下(?:来|去)|噎住|误食|中毒了|流血不止|快不行了|快要?死了|羊水破)"
    r"|(?:撞|出)(?:了)?(?:车祸|人了)|车祸(?:了|现场|伤)|(?:孩子|老人|我妈|我爸|女儿|儿子|奶奶|爷爷)[^，。]{0,6}(?:丢了|走失|走丢|失踪|不见了|找不到了)|(?:我要|快|帮我)报警|(?:打|拨|叫)(?:救护车|1[12][09])|冒(?:黑|浓|好?大)?烟|火警！|有(?:贼|人持)|漏(?:煤|燃)?气了"
    r"|\b(?:on fire|fire in (?:my|the)|call (?:the )?(?:police|an? ambulance)|heart attack|can't breathe|unconscious|being (?:robbed|attacked)|gas leak|bleeding|robbed|drowning|emergency!|sos)\b",
    re.IGNORECASE,
)
# What the same words name in questions on policy.
_NO_DANGER = re.compile(
    r"补(?:贴|助|偿)|报销|待遇|险(?:[^，。]{0,4}(?:赔|报|理))|赔偿|怎么(?:认定|申请|办理|鉴定|申报)|(?:如何|怎样)(?:认定|申请|办理|申报)|办法|条例|政策|规定|标准|资格|算不算工伤|能不能(?:算|报|申请)|演练|培训|预案|验收|安装|报警器|资助|奖励|许可|年审"
)
_ID = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?|[3-6]\d{14,18})(?!\d)")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])", re.ASCII)
# The provinces' signs of GA 36, a letter for the city (none has I or O), five signs, six of a new-energy car; the last may name its use.
_PLATE = re.compile(
    r"(?<![0-9A-Za-z])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·. -]?"
    r"(?=[A-Za-z]{0,2}\d)(?:[A-HJ-NP-Za-hj-np-z\d]{4,5}[A-HJ-NP-Za-hj-np-z\d挂学警港澳使领])(?![0-9A-Za-z])"
)
_ID_NAMED = re.compile(r"身份证|证件号|\bID\b", re.IGNORECASE)
_CARD_NAMED = re.compile(r"卡号|银行卡|账号|账户|\bcard\b", re.IGNORECASE)


def _mask_id(found: re.Match[str], message: str) -> str:
    """A number with a date of birth in it: its check digit is right, or the message names it as one, mistyped or not."""
    from stdnum.iso7064 import mod_11_2

    is_one = mod_11_2.is_valid(found[0].upper()) or _ID_NAMED.search(message)
    return "［身份证号］" if is_one else found[0]


def _mask_card(found: re.Match[str], message: str) -> str:
    """A number as long as a card's: its check digit is right, or the message names it as one."""
    from stdnum import luhn

    is_one = luhn.is_valid(re.sub(r"\D", "", found[0])) or _CARD_NAMED.search(message)
    return "［卡号］" if is_one else found[0]


Mask = Callable[[re.Match[str], str], str]
# Those that are told off for: who asks about policy needs none of them. A car's sign or an address may belong to the question.
_TOLD: tuple[tuple[re.Pattern[str], str, Mask], ...] = (
    (_ID, "［身份证号］", _mask_id),
    (_CARD, "［卡号］", _mask_card),
    (_PHONE, "［手机号］", lambda found, message: "［手机号］"),
)
_QUIET: tuple[tuple[re.Pattern[str], str], ...] = ((_MAIL, "［邮箱］"), (_PLATE, "［车牌号］"))


def danger_in(message: str) -> Act | None:
    """`DESPAIR` or `EMERGENCY` where a message says so plainly, else None."""
    if _DESPAIR.search(message) and not _NO_DESPAIR.search(message):
        return Act.DESPAIR
    if _DANGER.search(message) and not _NO_DANGER.search(message):
        return Act.EMERGENCY
    return None


def mask(message: str) -> str:
    """The message with identity numbers, bank cards, mobile numbers, mail addresses and car plates replaced by what they are."""
    message = _without_numbers(message)
    for form, name in _QUIET:
        message = form.sub(name, message)
    return message


def _without_numbers(message: str) -> str:
    whole = message
    for form, _, masked in _TOLD:
        message = form.sub(lambda found, masked=masked: masked(found, whole), message)  # type: ignore[misc]
    return message


def holds_personal_data(message: str) -> bool:
    """Whether there is or was a number of a person in it, of which they are told to send none."""
    return _without_numbers(message) != message or any(name in message for _, name, _ in _TOLD)
