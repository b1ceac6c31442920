"""Half-width punctuation in Chinese text. Pure functions."""

import re

HAN = "㐀-鿿豈-﫿"
_WIDE = str.maketrans(",;:?!", "，；：？！")


def widened(text: str) -> str:
    """The text with half-width commas, colons, brackets and the like full-width where they touch Chinese, without the space behind."""
    text = _widen_brackets(text)
    chars = list(text)
    for mark in re.finditer("[,;:?!]", text):
        at, char = mark.start(), mark[0]
        before, after = _before(text, at), _after(text, at)
        if _is_han(before) or (_is_han(after) and not (char in ":," and text[at + 1 : at + 2].isdigit())):
            chars[at] = char.translate(_WIDE)
    return re.sub(r"(?<=[，；：？！（]) +|(?<! ) +(?=[，；：？！）])", "", "".join(chars))


def _before(text: str, at: int) -> str:
    """The last character before a place that is no white space."""
    while at and text[at - 1].isspace():
        at -= 1
    return text[at - 1 : at] if at else ""


def _after(text: str, at: int) -> str:
    """The first character behind a place that is no white space."""
    at += 1
    while at < len(text) and text[at].isspace():
        at += 1
    return text[at : at + 1]


def _widen_brackets(text: str) -> str:
    def widen(pair: re.Match[str]) -> str:
        around = _before(text, pair.start()) + _after(text, pair.end() - 1)
        return f"（{pair[1]}）" if re.search(f"[{HAN}]", pair[1] + around) else pair[0]

    return re.sub(r"\(([^()]*)\)", widen, text)


def _is_han(char: str) -> bool:
    # Full-width marks stand only in Chinese text, so what touches one is in Chinese text too.
    return bool(re.match(rf"[{HAN}“”‘’《》（）、。，；：…]", char))


def difference(old: str, new: str) -> dict[str, str]:
    """The marks in which two texts differ that are otherwise the same, as a change tells them."""
    marks = r"[,;:?!()，；：？！（）]"
    olds, news = re.findall(marks, old), re.findall(marks, new)
    changed = [(a, b) for a, b in zip(olds, news, strict=True) if a != b]
    return {"removed": "".join(a for a, _ in changed), "inserted": "".join(b for _, b in changed)}
