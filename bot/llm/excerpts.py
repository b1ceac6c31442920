"""What of the passages a model is shown: the sentences that matter with those beside them, under their headings, within a budget of
tokens. Pure functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.checking.evidence import NumberedPassage
from bot.llm.drafts import Place
from bot.llm.tokens import estimate_tokens
from index.documents import Passage


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some sentences of a passage, by their places among its sentences, in order."""

    numbered: NumberedPassage
    sentences: tuple[int, ...]

    @property
    def text(self) -> str:
        """The sentences as they stand in the article; where some are left out between two, a new line."""
        passage, runs = self.numbered.passage, list[list[int]]()
        for place in self.sentences:
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        spans = passage.sentences
        return "\n".join(passage.text[spans[run[0]].start - passage.start : spans[run[-1]].end - passage.start].strip() for run in runs)


def choose_excerpts(passages: Sequence[NumberedPassage], wanted: Sequence[Place], budget: int) -> list[Excerpt]:
    """The sentences at the wanted places, best first, each with the one before and the one behind it as long as the budget lasts; the
    passages in the order in which they are wanted. The first place is shown whatever it takes."""
    chosen: dict[int, set[int]] = {}
    by_number = {numbered.n: numbered for numbered in passages}
    left = budget
    for place in wanted:
        for numbered, own in _sentences_at(passages, place):
            known = chosen.get(numbered.n, set())
            head = 0 if known else estimate_tokens(head_of(numbered))
            beside = {other for at in own for other in (at - 1, at, at + 1) if 0 <= other < len(numbered.passage.sentences)}
            for group in (beside, own):
                cost = head + sum(_cost(numbered.passage, at) for at in group - known)
                if cost <= left or (not chosen and group is own):
                    chosen[numbered.n] = known | group
                    left -= cost
                    break
    return [Excerpt(by_number[n], tuple(sorted(own))) for n, own in chosen.items()]


def head_of(numbered: NumberedPassage) -> str:
    """What stands above an excerpt: its number, title, date and heading."""
    passage = numbered.passage
    return f"[{numbered.n}] 《{passage.title}》 日期：{numbered.published or '不详'} 小节：{passage.section or '无'}"


def _sentences_at(passages: Sequence[NumberedPassage], place: Place) -> Iterator[tuple[NumberedPassage, set[int]]]:
    """The passages that a place reaches into, each with those of its sentences that it reaches."""
    article, start, end = place
    for numbered in passages:
        if numbered.passage.article == article:
            own = {at for at, span in enumerate(numbered.passage.sentences) if span.start < end and start < span.end}
            if own:
                yield numbered, own


def _cost(passage: Passage, at: int) -> int:
    return estimate_tokens(passage.quote(passage.sentences[at]))
