"""A sentence that says of one place what its source says of another. Pure functions on folded text."""

import re
from collections.abc import Collection, Iterator

from bot.checking.content import clauses
from bot.checking.evidence import Fault, Finding
from bot.checking.rules.quoted_sentence import QuotedSentence, nearest_clauses

_AREA = r"(?!全|各|本|该|我|园|小|社|城|门|辖|地)[㐀-鿿]{2,4}?(?<!园)(?<!小)(?<!社)(?<!城)(?<!地)(?<!片)(?<!上)(?<!超)(?<!股)[省市区县]"


def another_place(quoted: QuotedSentence) -> Iterator[Finding]:
    """The first place that a clause names where the source's clause names others.

    The topics name places in full that the source may name in short: 即墨区, of which it says 即墨.
    """
    own, known = clauses(quoted.source), set(re.findall(_AREA, quoted.around))
    for clause in clauses(quoted.text):
        areas = _areas(clause)
        theirs = [found for other in nearest_clauses(clause, own) if (found := _areas(other) | _in_short(other, known))]
        if areas and theirs and not any(areas & found for found in theirs):
            yield Finding(Fault.PLACE, min(areas))
            return
        # What holds for one district does not for the city around it.
        if areas and not theirs and _are_wider(areas, known) and not any(area[:-1] in quoted.source for area in areas):
            yield Finding(Fault.PLACE, min(areas))
            return


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
