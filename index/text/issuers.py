"""Bodies that issue documents: whether a name is one, for which region, and at which level. Pure functions.

By the words that the law on the organisation of the State Council and of local governments gives such bodies, and by the four kinds of
places in the constitution's article 30; no list of places.
"""

import re

# How the names of state bodies end.
_BODY = re.compile(
    r"(?:人民政府|政府|国务院|人民代表大会|常务委员会|人民法院|人民检察院|委员会|委|办公厅|办公室|办|局|厅|部|署|院|总队|支队|中心|银行|处|司|党组|联合会|总工会|公司|街道|秘书处)$"
)
_WIDE = re.compile(
    r"^(?:中华人民共和国|国务院|国家|全国|最高人民|中共中央|中国人民银行|中国)|^(?!.*[省市区县州盟旗])[一-鿿]{2,8}部(?:办公厅)?$"
)
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")  # directly under the central government: constitution, article 30
_PLACE = re.compile(
    r"^(?P<province>[一-鿿]{2,7}?(?:省|自治区))?(?P<city>[一-鿿]{2,7}?(?:市|自治州|地区|盟))?(?P<district>[一-鿿]{1,6}?(?:新区|区|县|旗))?"
)


def is_body(name: str) -> bool:
    """Whether a name is of a body that issues documents."""
    return bool(re.fullmatch(r"[一-鿿（）()·]{3,40}", name) and _BODY.search(name))


def region_of(issuer: str) -> str:
    """The place that a body is of, as its name says it; 全国 for those of the whole country, empty where the name says none."""
    first = issuer.split("、")[0]
    if _WIDE.match(first):
        return "全国"
    place = _PLACE.match(first)
    return "".join(part for part in place.groups() if part) if place else ""


def level_of(issuer: str) -> str:
    """国家, 省, 市 or 区, by the smallest place in a body's name; empty where the name says none."""
    first = issuer.split("、")[0]
    if _WIDE.match(first):
        return "国家"
    place = _PLACE.match(first)
    if place is None:
        return ""
    if place["district"]:
        return "区"
    if place["city"]:
        return "省" if place["city"] in _MUNICIPALITIES else "市"
    return "省" if place["province"] else ""
