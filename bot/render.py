"""Outcomes as what the page shows: an answer's Markdown and the panel's HTML. All text of articles and users is escaped here."""

import html
import re
from collections.abc import Sequence
from datetime import date

from bot import messages
from bot.answer import Answered, Outcome
from bot.citations import Citation, Sentence
from bot.dates import addition, age
from bot.messages import said_date

EMPTY_PANEL = '<p class="hint">回答所引用的原文会显示在这里，被引用的句子会标亮。</p>'
WAITING_PANEL = '<p class="hint" role="status">正在查找出处…</p>'
WAITING = "正在查阅文章…"
FAILED = "抱歉，处理这个问题时出了错，没有得到回答。请稍后再问一次。"
REPORT_LINK = '<a href="report" target="_blank" rel="noopener">评测报告</a>'
MAINTAIN_LINK = '<a href="maintain/" rel="nofollow">维护</a>'
FAILED_PANEL = '<p class="hint">这个问题没有得到回答。</p>'


def found(passages: int) -> str:
    """What the chat says between finding passages and answering from them."""
    return f"找到{passages}段相关原文，正在核对…"


def markdown(text: str) -> str:
    """`text` such that Markdown shows it letter by letter: every ASCII mark is escaped, so that nothing in it is markup or a link."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def plain_html(text: str) -> str:
    """`text` as HTML that shows it letter by letter; braces and dollars too, since Gradio fills templates written with them."""
    return re.sub(r"[{}$]", lambda mark: f"&#{ord(mark[0])};", html.escape(text))


def answer(outcome: Outcome, turn: int, today: date | None = None) -> str:
    """The Markdown of an outcome in the chat; its numbers lead to the panel's citations of this turn.

    Beside a sentence stands what its relative dates mean, and below the answer how old the articles are, counted to `today`.
    """
    said = [] if isinstance(outcome, Answered) else [markdown(outcome.message)]
    if outcome.wording and outcome.wording.failure:
        said.insert(0, f"*{markdown(messages.stands_in(outcome.wording.failure, outcome.question))}*")
    if outcome.understood:
        said.insert(0, f"*按上文理解为：{markdown(outcome.understood)}*")
    if outcome.sentences and not isinstance(outcome, Answered):
        said.append("文章中与此最接近的内容：")
    said += [_marked(sentence, turn) + _added(sentence, outcome.citations) for sentence in outcome.sentences]
    if isinstance(outcome, Answered):
        if outcome.unanswered:
            said.append(markdown(messages.unanswered(outcome.unanswered, outcome.question)))
        how = messages.WORDED if outcome.mode == "llm" else messages.EXTRACTED
        said.append(f"*{how['zh']} · {markdown(source_note(outcome.citations, today))}*")
    return "\n\n".join(said)


def draft(sentences: Sequence[Sentence], turn: int) -> str:
    """The Markdown of the sentences of an answer that is still being written."""
    return "\n\n".join(_marked(sentence, turn) for sentence in sentences)


def _marked(sentence: Sentence, turn: int) -> str:
    """A sentence with its numbers, the words that answer in bold; bold begins and ends with a word, as Markdown wants it."""
    start, end = (sentence.bold.start, sentence.bold.end) if sentence.bold else (0, 0)
    words = re.search(r"\w(?:.*\w)?", sentence.text[start:end], re.DOTALL)
    start, end = (start + words.start(), start + words.end()) if words else (0, 0)
    before, bold, after = (markdown(part) for part in (sentence.text[:start], sentence.text[start:end], sentence.text[end:]))
    shown = f"{before}**{bold}**{after}" if bold else after
    return shown + "".join(rf"[\[{n}\]](#src-{turn}-{n})" for n in sentence.cites)


def _added(sentence: Sentence, citations: Sequence[Citation]) -> str:
    """The assistant's notes on a sentence, set apart from it."""
    said = next((citation.published for citation in citations if citation.n in sentence.cites), "")
    note = addition(sentence.text, said)
    return f" *{markdown(note)}*" if note else ""


def source_note(citations: Sequence[Citation], today: date | None = None) -> str:
    """When the cited articles were published, how long ago that is, and what became of those that are not simply in force."""
    dates = list(dict.fromkeys(said_date(one.published) + _ago(one, today) for one in citations))
    standing = list(dict.fromkeys(f"《{one.title}》{one.standing}" for one in citations if one.standing))
    return "；".join([f"原文发表于{'、'.join(dates)}", *standing]) + "，请核对现行政策"


def _ago(citation: Citation, today: date | None) -> str:
    said = age(citation.published, today) if today else ""
    return f"（{said}）" if said else ""


def panel(outcome: Outcome, turn: int) -> str:
    """The HTML of an outcome's citations: each cited passage once, with its quoted sentences marked."""
    heading = f'<h3 class="asked">{plain_html(outcome.question)}</h3>'
    if not outcome.citations:
        return f'<section class="turn">{heading}<p class="hint">这个回复没有引用文章。</p></section>'
    passages: dict[str, list[Citation]] = {}
    for citation in outcome.citations:
        passages.setdefault(citation.passage.id, []).append(citation)
    return f'<section class="turn">{heading}{"".join(_source(citations, turn) for citations in passages.values())}</section>'


def earlier(panels: Sequence[str]) -> str:
    """The panels of a conversation, newest first, those of earlier questions folded away."""
    if not panels:
        return EMPTY_PANEL
    *old, last = panels
    folded = f'<details class="earlier"><summary>之前的引文（{len(old)}）</summary>{"".join(reversed(old))}</details>' if old else ""
    return last + folded


def _source(citations: Sequence[Citation], turn: int) -> str:
    """One passage with what is quoted from it; its own heading is left out of the text, since it stands above."""
    passage, first = citations[0].passage, citations[0]
    about = " · ".join(part for part in (first.publisher, said_date(first.published), first.standing, passage.section) if part)
    shown: list[str] = []
    at = len(passage.path[-1]) if passage.path and passage.text.startswith(passage.path[-1]) else 0
    for citation in sorted(citations, key=lambda one: one.start):
        start, end = citation.start - passage.start, citation.end - passage.start
        shown.append(plain_html(passage.text[at:start].lstrip() if not shown else passage.text[at:start]))
        shown.append(
            f'<mark id="src-{turn}-{citation.n}" tabindex="-1" aria-label="引文{citation.n}"><sup>{citation.n}</sup>{plain_html(citation.quote)}</mark>'
        )
        if note := addition(citation.quote, citation.published):
            shown.append(f"<small>{plain_html(note)}</small>")
        at = end
    shown.append(plain_html(passage.text[at:]))
    return (
        f'<article class="source"><header><cite>《{plain_html(first.title)}》</cite>'
        f"<small>{plain_html(about)}</small></header><p>{''.join(shown)}</p></article>"
    )
