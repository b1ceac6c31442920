"""The rules about Chinese words by which a sentence is held against its quotes, as one object.

They stand in for a network that judges this: all of this folder can go when one does, by handing `check` other `SupportRules`.
`python -m tests.tools.rules --ablate` prints what each of them finds that no other does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.checking.content import overlap
from bot.checking.evidence import Fault, Finding, Quote
from bot.checking.rules.areas import another_place
from bot.checking.rules.conditions import lost_conditions, plans_told_as_done
from bot.checking.rules.contrasts import made_stronger, opposites
from bot.checking.rules.misplaced import misplaced_figures
from bot.checking.rules.mixed import mixed_clauses
from bot.checking.rules.names import names_not_in_source
from bot.checking.rules.negations import lost_or_added_negations
from bot.checking.rules.quoted_sentence import LEAST_SHARED, QuotedSentence

Rule = Callable[[QuotedSentence], Iterable[Finding]]

# A heading may say what a sentence is about, but not most of what it says: honest sentences share .75 with their quotes alone.
_LEAST_QUOTED = 0.5


def unshared_words(quoted: QuotedSentence) -> Iterable[Finding]:
    """Whether too few of the sentence's words are the source's."""
    if overlap(quoted.text, quoted.around) < LEAST_SHARED or overlap(quoted.text, quoted.source) < _LEAST_QUOTED:
        yield Finding(Fault.WORDS)


RULES: tuple[Rule, ...] = (
    names_not_in_source, unshared_words, mixed_clauses, misplaced_figures, lost_or_added_negations, lost_conditions, plans_told_as_done,
    made_stronger, another_place, opposites,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordRules:
    """All rules, or those that are handed in."""

    rules: tuple[Rule, ...] = RULES

    def find_faults(self, text: str, quotes: Sequence[Quote], shown: str) -> list[Finding]:
        """See `SupportRules`."""
        quoted = QuotedSentence.of(text, quotes, shown)
        return list(dict.fromkeys(finding for rule in self.rules for finding in rule(quoted)))
