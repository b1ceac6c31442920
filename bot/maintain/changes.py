"""Two texts of an article -> their difference as HTML: what was taken out and put in, with a little of what stayed around it."""

import re
from difflib import SequenceMatcher

from bot.maintain.render import plain_html, word

_AROUND = 1  # paragraphs that stay and are shown beside a change
_ALIKE = 0.4  # of two paragraphs, so that their words are compared rather than the one shown for the other
_LONGEST = 4000  # characters of a paragraph whose words are compared: it takes as long as the square of it
_UNIT = re.compile(r"\d+(?:[.,]\d+)*|.", re.DOTALL)  # what is taken out or put in whole: a figure or a character


def difference(before: str, after: str) -> str:
    """The paragraphs that differ; a line that says so where none does."""
    if before == after:
        return f'<p class="hint">{word("maintain.same-text")}</p>'
    old, new = ([line for line in text.split("\n") if line.strip()] for text in (before, after))
    shown: list[str] = []
    taken = put = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_AROUND):
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                shown += [f"<p>{plain_html(line)}</p>" for line in old[i1:i2]]
                continue
            taken, put = taken + i2 - i1, put + j2 - j1
            shown += _paragraphs(old[i1:i2], new[j1:j2])
        shown.append("<hr>")
    return f'<p>{word("maintain.differs", taken=taken, put=put)}</p><div class="difference">{"".join(shown[:-1])}</div>'


def _paragraphs(old: list[str], new: list[str]) -> list[str]:
    if len(old) == len(new):
        return [_words(before, after) for before, after in zip(old, new, strict=True)]
    return [f"<p><del>{plain_html(line)}</del></p>" for line in old] + [f"<p><ins>{plain_html(line)}</ins></p>" for line in new]


def _words(before: str, after: str) -> str:
    old, new = (_UNIT.findall(text) for text in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(before), len(after)) > _LONGEST or matcher.ratio() < _ALIKE:
        return f"<p><del>{plain_html(before)}</del></p><p><ins>{plain_html(after)}</ins></p>"
    parts = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(plain_html("".join(old[i1:i2])))
            continue
        parts.append(f"<del>{plain_html(''.join(old[i1:i2]))}</del>" if i1 < i2 else "")
        parts.append(f"<ins>{plain_html(''.join(new[j1:j2]))}</ins>" if j1 < j2 else "")
    return f"<p>{''.join(parts)}</p>"
