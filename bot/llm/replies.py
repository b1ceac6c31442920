"""What a language model writes -> sentences without markup, each with the numbers that it cites. Pure functions.

Models cite as [1], 【1】, ［1］, [1][2], [1,2], [1-3], （来源1）, [来源：1、2], ^1^, ¹ and in other ways: what is a citation is known by its
brackets, and in round ones by a word such as 来源 or by standing where the sentence ends.
"""

import re
import unicodedata
from collections.abc import Iterator

from bot.checking.evidence import ReplySentence

_WORD = r"(?:见|参见|根据|来自|引自)?(?:来源|出处|引用|引文|引|参考(?:资料|文献)?|资料|材料|文献|文章|段落|原文|source|sources|ref|reference|passage|citation|cite)"
_ITEM = rf"(?:第\s*)?(?:{_WORD}\s*[:：.\-#]?\s*(?:第\s*)?)?[\^#]?\s*\d{{1,3}}\s*(?:号|段|条|段落)?"
_LIST = rf"{_ITEM}(?:\s*(?:[,，、;；/&和与及至~～\-–—]|\s)\s*{_ITEM})*"
_MARK = re.compile(
    rf"[\[［]\s*[\[［]\s*(?P<double>{_LIST})\s*[\]］]\s*[\]］]"
    rf"|[\[［【〔]\s*(?P<square>{_LIST})\s*(?:†[^\]】]*)?[\]］】〕](?:\([^)\s]*\))?"
    rf"|[(（]\s*(?P<round>(?=第?\s*(?:{_WORD})|第?\s*\d+\s*段|见\s*第){_LIST}|见\s*{_LIST})\s*[)）]"
    rf"|[(（]\s*(?P<bare>{_LIST})\s*[)）](?=\s*(?:[。！？!?；;.]?\s*$|[。！？!?]))"
    r"|\^(?P<caret>\d{1,3})\^|<sup>\s*(?P<sup>[\d,，\s]+)\s*</sup>"
    r"|(?P<raised>[⁰¹²³⁴-⁹]+)",
    re.IGNORECASE,
)
_EMPTY_MARK = re.compile(r"[\[［【〔(（]\s*(?:来源|出处|引用|source)?\s*[\]］】〕)）]", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|__|`+|^\s{0,3}#{1,6}\s+|^\s*(?:[-*•·]|\d{1,2}[.)、])\s+(?=\S)|^\s*>\s*", re.MULTILINE)
_THINK = re.compile(r"<(?P<close>/?)think(?:ing)?>", re.IGNORECASE)
_TAG_BEGUN = re.compile(r"<(?:/?(?:t(?:h(?:i(?:n(?:k(?:i(?:ng?)?)?)?)?)?)?)?)?$", re.IGNORECASE)

# A sentence ends with its stop, what closes with it, and the citations behind it.
_STOP = re.compile(r"[。！？!?；;\n]+[”’」』）)》】\]\"']*")
_OPENS = "[［【〔(（^<"
_LONGEST_MARK = 40  # characters: a bracket that is open for longer is no citation


def parse_sentence(raw: str) -> ReplySentence:
    """A sentence as a model writes it, taken apart."""
    numbers: list[int] = []
    for mark in _MARK.finditer(raw):
        numbers += _numbers(next(group for group in mark.groups() if group))
    text = _EMPTY_MARK.sub("", _MARK.sub("", raw))
    text = re.sub(r"\s+([。！？，；、])", r"\1", _MARKUP.sub("", text)).strip()
    return ReplySentence(text, tuple(dict.fromkeys(numbers)))


def _numbers(listed: str) -> list[int]:
    """The numbers of a list such as 1、3-5."""
    plain = unicodedata.normalize("NFKC", listed)
    found: list[int] = []
    for part in re.finditer(r"(\d+)\s*(?:[至~\-–—]\s*(\d+))?", plain):  # 3-5 is a range
        first, last = int(part[1]), int(part[2] or part[1])
        found += range(first, last + 1) if first <= last <= first + 20 else (first, last)
    return found


class SentenceStream:
    """Pieces of a stream -> its sentences, each as soon as it is known where it ends: behind the citations that follow its stop."""

    def __init__(self) -> None:
        self._raw, self._held, self._thinking = "", "", False

    def feed(self, piece: str) -> Iterator[str]:
        """The sentences that this piece completes."""
        self._raw += piece
        self._pass_thoughts()
        while (end := self._end()) is not None:
            sentence, self._held = self._held[:end], self._held[end:]
            if sentence.strip():
                yield sentence

    def rest(self) -> str:
        """What is left when the stream has ended; it may be cut short."""
        left = self._held if self._thinking else self._held + self._raw
        self._raw, self._held = "", ""
        return left.strip()

    @property
    def held(self) -> int:
        """How many characters wait for their sentence to end."""
        return len(self._held) + len(self._raw)

    def _pass_thoughts(self) -> None:
        """Move what has come to what is held, without what stands in <think>, which some models send along."""
        while tag := _THINK.search(self._raw):
            if not self._thinking and not tag["close"]:
                self._held += self._raw[: tag.start()]
            if tag["close"] and not self._thinking:
                self._held = ""  # some servers cut the tag that opens
            self._thinking, self._raw = not tag["close"], self._raw[tag.end() :]
        keep = _TAG_BEGUN.search(self._raw)
        ready = keep.start() if keep else len(self._raw)
        if not self._thinking:
            self._held += self._raw[:ready]
        self._raw = self._raw[ready:]

    def _end(self) -> int | None:
        return next((end for stop in _STOP.finditer(self._held) if (end := self._behind_marks(stop.end())) is not None), None)

    def _behind_marks(self, at: int) -> int | None:
        """Where the citations end that stand behind a stop; None as long as more of them may come."""
        text = self._held
        while True:
            ahead = re.compile(r"[ \t]*").match(text, at)
            start = ahead.end() if ahead else at
            if start >= len(text):
                return None
            mark = _MARK.match(text, start)
            if mark is None or mark.lastgroup == "bare":
                break
            at = mark.end()
        if text[start] in _OPENS and len(text) - start < _LONGEST_MARK and not re.search(r"[\]］】〕)）>]", text[start:]):
            return None
        return at
