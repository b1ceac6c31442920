"""What is said of a citation besides its words: that its article was amended since, and that it was recognised in a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answering import messages
from bot.answering.outcomes import Outcome
from bot.answering.shapes.evidence import Library
from bot.checking.citations import Citation
from index.language import LANGUAGES, Language, look_up, render
from index.reading.formats.pages.recognition import DOUBTFUL
from index.text.amendments import Amendment


@dataclass(frozen=True, slots=True)
class Notes:
    """Notes on citations; `amendments` are those by the articles in force, by the id of the article that each changes."""

    amendments: Mapping[str, Sequence[Amendment]]
    library: Library

    def put(self, outcome: Outcome) -> Outcome:
        """The outcome, its citations with what must be said of them."""
        return replace(outcome, citations=tuple(map(self._noted, outcome.citations))) if outcome.citations else outcome

    def _noted(self, citation: Citation) -> Citation:
        article = self.library.article(citation.passage.article)
        confidence = article.confidence_within(citation.start, citation.end)
        amended = [one for one in self.amendments.get(article.id, ()) if one.is_later_than(article.meta.published)]
        clause = self.library.clauses(article.id).at(citation.start)
        own = article.text[clause.start : clause.end] if clause else ""
        told = tuple(
            (", ", "，")[name == "zh"].join(
                part
                for part in (
                    citation.status_note[place],
                    *(_amended(one, own, name) for one in amended),
                    render("status.recognised", name) if confidence is not None and confidence < DOUBTFUL else "",
                )
                if part
            )
            for place, name in enumerate(LANGUAGES)
        )
        return replace(citation, status_note=(told[0], told[1]), confidence=confidence)


def _amended(amendment: Amendment, clause: str, name: Language) -> str:
    """That an article was amended, and whether it was the clause that is cited."""
    day = messages.spell_date(amendment.published) if name == "zh" else amendment.published
    known = {"title": amendment.title, "date": day or look_up("page.date_unknown", name)}
    if not amendment.clauses:
        return render("status.amended", name, **known)
    if named := next((one for one in amendment.clauses if clause.startswith(one)), ""):
        return render("status.amended-here", name, **known, clause=named)
    return render("status.amended-elsewhere", name, **known, clauses="、".join(amendment.clauses))
