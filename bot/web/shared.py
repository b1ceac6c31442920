"""Links that show an answer as it was given: the question, the version, the outcome, what was said first, and where its sentences stand.

The sentences are read from the articles again, so that a link cannot put words into them; and a link is signed with a key of the data
folder, so that nobody can put another question before them.
"""

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import get_args
from urllib.parse import quote, unquote, urlencode

from bot.answering.messages import status_note
from bot.chinese.dates import years_since
from bot.web.articles import GoneError, Opened, open_article
from bot.web.render import page_word
from bot.web.view import CitationView, OutcomeView, SentenceView, Shown
from index.language import Language

log = logging.getLogger(__name__)

KEY = "share.key"
_PLACE = re.compile(r"([^:,]+):(\d{1,9})-(\d{1,9})((?:\+\d{1,5}-\d{1,5})*)")
_BOLD = re.compile(r"(\d+)-(\d+)")
_MOST = 40  # sentences


class Shared:
    """Makes and reads the links of one data folder."""

    def __init__(self, data: Path, index: Path) -> None:
        self._index, self._key = index, _key(data / KEY)

    def query(self, outcome: OutcomeView) -> str:
        """The query that shows an outcome again; of one that has no sentences of articles, one that asks its question."""
        if outcome.mode != "extract" or not (places := _places(outcome)):
            return "?" + urlencode({"q": outcome.question})
        given = {"q": outcome.question, "v": outcome.version, "o": outcome.outcome, "s": places, "l": outcome.lead or outcome.message}
        return "?" + urlencode(given | {"k": self._sign(given)})

    def read(self, query: Mapping[str, str], language: Language, today: date) -> OutcomeView | None:
        """The outcome that a query shows; None where it shows none, was changed, or its version is not kept any more."""
        given = {name: query.get(name, "") for name in "qvosl"}
        found = list(_PLACE.finditer(given["s"]))[:_MOST]
        if (
            not found
            or given["o"] not in get_args(Shown)
            or not hmac.compare_digest(self._sign(given).encode(), query.get("k", "").encode())
        ):
            return None
        try:
            opened = {name: open_article(self._index, name, given["v"]) for name in {unquote(place[1]) for place in found}}
        except GoneError:
            return None
        cited = [_cite(n, opened[unquote(place[1])], int(place[2]), int(place[3]), today) for n, place in enumerate(found, 1)]
        sentences = [SentenceView(parts=_parts(one.quote, place[4]), cites=[one.n]) for one, place in zip(cited, found, strict=True)]
        answered = given["o"] == "answered"
        reason = "" if answered else "not_stated"
        return OutcomeView.model_construct(
            question=given["q"], outcome=given["o"], version=given["v"], sentences=sentences, citations=cited, message="" if answered else given["l"],
            lead=given["l"] if answered else "", reason=reason,
            note=page_word("as_shared", language, v=given["v"]), text="\n".join(one.words for one in sentences),
        )  # fmt: skip

    def _sign(self, given: Mapping[str, str]) -> str:
        return hmac.new(self._key, repr(sorted(given.items())).encode(), hashlib.sha256).hexdigest()[:32]


def _key(path: Path) -> bytes:
    """The key of a data folder, which is made when it is first needed; nobody else may read it.

    Where nothing can be written there, a key of this process: its links end with it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    except OSError as error:
        if not path.is_file():
            log.warning("links to answers will end with this process: %s", error)
            return secrets.token_bytes(32)
    return path.read_bytes()


def _places(outcome: OutcomeView) -> str:
    """Where each sentence stands, and in it the words in bold; "" where one is not the words of its first citation."""
    cited = {citation.n: citation for citation in outcome.citations}
    places = []
    for sentence in outcome.sentences:
        one = next((cited[n] for n in sentence.cites if n in cited and sentence.words in cited[n].quote), None)
        if one is None:
            return ""
        start = one.start + one.quote.index(sentence.words)
        places.append(f"{quote(one.article, safe='')}:{start}-{start + len(sentence.words)}{_bold(sentence)}")
    return ",".join(places)


def _bold(sentence: SentenceView) -> str:
    at, spans = 0, ""
    for text, bold in sentence.parts:
        spans += f"+{at}-{at + len(text)}" if bold else ""
        at += len(text)
    return spans


def _parts(text: str, bold: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    done = 0
    for span in _BOLD.finditer(bold):
        start, end = int(span[1]), int(span[2])
        parts += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [part for part in (*parts, (text[done:], False)) if part[0]]


def _cite(n: int, opened: Opened, start: int, end: int, today: date) -> CitationView:
    meta = opened.article.meta
    ordinal, passage = next(((at, one) for at, one in enumerate(opened.passages) if one.start <= start < one.end), (0, opened.passages[0]))
    return CitationView.model_construct(
        n=n, article=meta.id, passage=ordinal, section=passage.section, title=meta.title, publisher=meta.publisher, published=meta.published,
        years=years_since(meta.published, today), standing=status_note(meta), quote=opened.article.text[start:end], start=start, end=end,
    )  # fmt: skip
