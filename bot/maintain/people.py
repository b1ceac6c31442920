"""What people asked and thought, as HTML that is read on a phone as well as on a desk."""

from collections.abc import Sequence

from bot.answering.outcomes import Answered, Outcome
from bot.maintain.gaps import Gap
from bot.maintain.render import hint, plain_html, when, word
from bot.maintain.trial import Tried
from bot.web.feedback import Feedback

_MOST_FEEDBACK = 200


def feedback(found: Sequence[Feedback]) -> str:
    """What people said of answers, newest first, the newest so many, a card each."""
    if not found:
        return hint(word("maintain.no-feedback"))
    more = hint(word("maintain.more-feedback", n=len(found) - _MOST_FEEDBACK)) if len(found) > _MOST_FEEDBACK else ""
    return f'<ol class="cards">{"".join(map(_card, found[:_MOST_FEEDBACK]))}</ol>{more}'


def _card(entry: Feedback) -> str:
    told = [word(f"verdict.{entry.verdict}"), word(f"reason.{entry.reason}") if entry.reason else ""]
    comment = f'<p class="comment">{plain_html(entry.comment)}</p>' if entry.comment else ""
    return (
        f"<li><p><small>{when(entry.time)} · {' · '.join(part for part in told if part)}</small></p>"
        f"<p><b>{plain_html(entry.question)}</b></p>{comment}"
        f'<details><summary>{word("maintain.what-was-said")}</summary><p class="answer">{plain_html(entry.answer)}</p></details></li>'
    )


def gap(found: Gap) -> str:
    """The questions of a group."""
    lines = "".join(
        f"<li>{plain_html(one.question)} <small>{word('maintain.times', times=one.times)} · {when(one.time)}</small></li>"
        for one in found.questions
    )
    return f"<ul>{lines}</ul>"


def tried(found: Sequence[Tried]) -> str:
    """What two versions say to the same questions, side by side, or one under the other on a phone."""
    return "".join(
        f'<section class="tried"><h3>{plain_html(one.question)} <small>{_verdict(one)}</small></h3><div class="sides">'
        f"{_side(word('maintain.side-live'), one.live)}{_side(word('maintain.side-draft'), one.draft)}</div></section>"
        for one in found
    )


def _verdict(one: Tried) -> str:
    if one.gains:
        return word("maintain.gains")
    if one.loses:
        return word("maintain.loses")
    return word("maintain.says-other" if one.differs else "maintain.says-same")


def _side(name: str, outcome: Outcome) -> str:
    kind = "" if isinstance(outcome, Answered) else f" <small>{word('maintain.not-answered')}</small>"
    titles = dict.fromkeys(citation.title for citation in outcome.citations)
    cited = f"<small>{plain_html('；'.join(titles))}</small>" if titles else ""
    return f'<div><p><b>{name}</b>{kind}</p><p class="answer">{plain_html(outcome.text)}</p>{cited}</div>'
