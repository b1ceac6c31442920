"""Whether a text holds what a label says, apart from how each sets its punctuation, white space and script."""

import re
from collections.abc import Iterable

from index.text.terms import fold

_SHORTEST = 6  # characters of a sentence that counts as part of a longer answer


def bare(text: str) -> str:
    """`text` in simplified characters and normal width, without white space and punctuation; the point inside a figure stays."""
    return re.sub(r"[^\w%.]+|\.(?!\d)", "", fold(text))


def holds(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in `text`; something without letters or figures stands nowhere."""
    return bool(bare(wanted)) and bare(wanted) in bare(text)


def states(sentence: str, alternatives: Iterable[str]) -> bool:
    """Whether a sentence holds one of the alternatives whole, or is itself a part of one."""
    own = bare(sentence)
    return any(own and (wanted in own or (len(own) >= _SHORTEST and own in wanted)) for wanted in map(bare, alternatives) if wanted)
