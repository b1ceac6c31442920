"""The provinces, cities, districts and counties that a text names. Pure functions."""

from itertools import pairwise

_KINDS = frozenset("省市区县州盟旗")


_NAMES = ("ns", "nr", "nt", "nz")  # tags of names: 丰泽区 is a person's to the dictionary


_PLAIN_WORDS = frozenset({"都市", "日照", "中心", "外省"})  # what else they may mean is meant more often


def places_in(question: str) -> set[str]:
    """The provinces, cities, districts and counties that a folded question names, without what kind of place each is.

    A name counts with its kind behind it, or where the dictionary holds it as a province, city or district; bare names of counties
    are too often plain words, and streets and villages are not in it, so they are not taken for other places.
    """
    import rjieba

    found = set()
    for (word, tag), (following, _) in pairwise([*rjieba.tag(question), ("", "")]):
        if tag in _NAMES and len(word) > 2 and word[-1] in _KINDS and rjieba.has_word(word):
            name, sure = word[:-1], word[-1] != "区" or _tag(word[:-1]) in _NAMES  # 中心区 is no place of its own
        else:
            name, sure = word, (tag == "ns" and following in _KINDS) or (tag in ("n", *_NAMES) and _known_bare(word, tag))
        if sure and len(name) > 1 and name not in _PLAIN_WORDS and _tag(name) not in ("r", "v"):
            found.add(name)
    return found


def _known_bare(name: str, tag: str) -> bool:
    """Whether the dictionary holds a name as a province, city or district; one that it takes for a plain noun only as a city."""
    import rjieba

    return any(rjieba.has_word(name + kind) and _tag(name + kind) == "ns" for kind in ("市" if tag == "n" else "省市区"))


def _tag(word: str) -> str:
    """The dictionary's tag of a word, empty where it holds none."""
    import rjieba

    tagged = rjieba.tag(word)
    return str(tagged[0][1]) if len(tagged) == 1 else ""
