"""What an article says in short: a line from each of its parts, in its own order, or from those parts that the question names."""

import re
from collections.abc import Iterator, Sequence

from bot.answering.compose import Chosen
from bot.answering.shapes.evidence import ClauseHit, Library, within_passages
from index.documents import Clause, Span
from index.stored.lexicon import Lexicon, coverage
from index.text.terms import terms

_LINE = 120  # characters of a line: a clause whole, or its first sentences that tell most
_SHORTEST = 15  # characters of a clause that says something by itself
_NAMES_ARTICLE = 0.5  # of the question's weight in words that the articles know: so much in its title asks for all of it
_HELPS = 0.5  # the probability that the first clause helps from which on the question is about something in particular
_WHOLE = re.compile(
    r"(?:[这本该全此])(?:[篇份个则]|几篇|些)?(?:文章|文件|报道|通知|材料|文(?!化|明|件))|\b(?:this|the) (?:article|document|report)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\d+|“[^”]{2,20}”|《[^》]{3,40}》|[一二三四五六七八九十]+是")


def summarise(hits: Sequence[ClauseHit], question: str, library: Library, margin: float, most: int) -> list[Chosen]:
    """Lines of the article of the first clause: of all of its parts where the question names the article, or nothing that any article
    holds or any clause helps with; else of the clauses that rank within `margin` of the first."""
    article = library.article(hits[0].clause.article)
    if _asks_for_all(question, article.title, library.lexicon, hits[0].readings[0].helps):
        clauses = _evenly(article.text, [clause for clause in library.clauses(article.id).clauses if _tells(article.text, clause)], most)
    else:
        own = [hit for hit in hits if hit.clause.article == article.id and hit.score >= hits[0].score - margin]
        clauses = sorted((hit.clause for hit in own[:most]), key=lambda clause: clause.start)
    return [choice for clause in clauses for choice in within_passages(article.id, _line(article.text, clause), library)]


def names_whole(question: str) -> bool:
    """Whether a question speaks of a whole article as what is before both (这篇文章)."""
    return bool(_WHOLE.search(question))


def _asks_for_all(question: str, title: str, lexicon: Lexicon, helps: float) -> bool:
    if names_whole(question):
        return True
    known = {term: weight for term, weight in lexicon.weights(question).items() if lexicon.holds(term)}
    if not known:  # in another language, only the reader can tell whether it is about something in particular
        return helps < _HELPS
    return coverage(known, set(terms(title))) >= _NAMES_ARTICLE


def _tells(text: str, clause: Clause) -> bool:
    words = text[clause.start : clause.end]
    return len(words) >= _SHORTEST and not words.endswith(("：", ":")) and bool(_TELLS.search(words))


def _evenly(text: str, clauses: Sequence[Clause], most: int) -> list[Clause]:
    """At most so many clauses, of each section in turn those whose line tells most, in the order of the article."""
    sections: dict[tuple[str, ...], list[Clause]] = {}
    for clause in clauses:
        sections.setdefault(clause.path[:1], []).append(clause)
    told = [sorted(section, key=lambda clause: -_weight(text, clause)) for section in sections.values()]
    chosen = [clause for turn in _turns(told) for clause in turn][:most]
    return sorted(chosen, key=lambda clause: clause.start)


def _weight(text: str, clause: Clause) -> int:
    """How many names and figures the line of a clause holds."""
    line = _line(text, clause)
    return len(set(_TELLS.findall(text[line.start : line.end])))


def _turns(groups: Sequence[Sequence[Clause]]) -> Iterator[list[Clause]]:
    for place in range(max(map(len, groups), default=0)):
        yield [group[place] for group in groups if place < len(group)]


def _line(text: str, clause: Clause) -> Span:
    """The clause, or of a long one its first sentences from the first one that tells something."""
    if clause.end - clause.start <= _LINE:
        return Span(clause.start, clause.end)
    first = next((n for n, span in enumerate(clause.sentences) if _TELLS.search(text[span.start : span.end])), 0)
    last = first
    while last + 1 < len(clause.sentences) and clause.sentences[last + 1].end - clause.sentences[first].start <= _LINE:
        last += 1
    return Span(clause.sentences[first].start, clause.sentences[last].end)
