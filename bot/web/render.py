"""What the pages show, as HTML: one template for each thing. All text of articles and people is escaped by the templates."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.web.conversation import Conversation, Turn
from bot.web.view import CitationView, OutcomeView, SentenceView
from index.language import LANGUAGES, Language, look_up, render
from index.text.amendments import Amendment

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_SHOWN_AT_ONCE = 6  # sentences: what is beyond them opens on demand
_GROUPED = {"digest", "summary"}  # shapes whose sentences stand under the headings of their sections
_HELPS = re.compile(r"(?<!\d)(110|119|120|12345|12356)(?!\d)")
_NAMED = re.compile(r"(“[^“”]{2,20}”)")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~!]")


def page_word(key: str, language: Language, /, **fields: object) -> str:
    """A text of the page in a language, its gaps filled in."""
    return render(f"page.{key}", language, **fields)


def fill(template: str, language: Language, **values: object) -> str:
    """A template with what all of them use: words, dates and languages."""

    def either(forms: Sequence[str]) -> str:
        return forms[LANGUAGES.index(language)]

    shared: dict[str, object] = {
        "word": lambda key, **fields: page_word(key, language, **fields),
        "either": either,
        "tongue": tongue,
        "spelt": lambda published: spelt(published, language),
        "source_line": lambda citation, section=True: source_line(citation, language, section=section),
        "dialled": dialled,
        "amended": lambda amendment: amended(amendment, language),
        "html_lang": html_lang(language),
    }
    return _TEMPLATES.get_template(f"{template}.html.jinja").render(shared | values)


def html_lang(language: Language) -> str:
    """The language as the `lang` attribute has it."""
    return "zh-CN" if language == "zh" else "en"


def tongue(text: str) -> str:
    """The language of a text that is not the page's own, for screen readers: of articles and questions."""
    return "zh-CN" if re.search("[㐀-鿿]", text) else "en"


def spelt(published: str, language: Language) -> str:
    """2023-05 is 2023年5月, as far as it is known."""
    if not published:
        return page_word("date_unknown", language)
    if language == "en":
        return published
    return "".join(f"{int(part)}{unit}" for part, unit in zip(published.split("-"), "年月日", strict=False))


def source_line(citation: CitationView, language: Language, *, section: bool = True, title: bool = False) -> str:
    """Publisher, date, standing and section of what is cited, with its title or without."""
    standing = citation.standing[LANGUAGES.index(language)]
    name = page_word("title", language, title=citation.title) if title else ""
    parts = (name, citation.publisher, spelt(citation.published, language), standing, citation.section if section else "")
    return " · ".join(part for part in parts if part)


def dialled(text: str) -> Markup:
    """A text of the assistant's own, with the numbers that help as links that a phone can dial."""
    parts = [Markup('<a href="tel:{0}">{0}</a>').format(part) if n % 2 else escape(part) for n, part in enumerate(_HELPS.split(text))]
    return Markup("").join(parts)


def names(text: str) -> Markup:
    """A text with what it calls by a name in quotation marks in bold: of several measures, what each is called."""
    parts = [Markup("<b>{}</b>").format(part) if n % 2 else escape(part) for n, part in enumerate(_NAMED.split(text))]
    return Markup("").join(parts)


def amended(amendment: Amendment, language: Language) -> Markup:
    """That another article has amended the one that is shown, with a link to it."""
    link = Markup('<a class="open" href="?{}" lang="{}">{}</a>').format(
        urlencode({"article": amendment.article}), tongue(amendment.title), page_word("title", language, title=amendment.title)
    )
    known = {"link": link, "date": spelt(amendment.published, language)}
    if not amendment.clauses:
        return escape(look_up("page.amended", language)).format(**known)
    return escape(look_up("page.amended_clauses", language)).format(clauses="、".join(amendment.clauses), **known)


def quoted(questions: Iterable[str]) -> str:
    """Questions in quotation marks, in one line."""
    return "；".join(f"“{question}”" for question in questions)


def address(citation: CitationView, outcome: OutcomeView) -> str:
    """The query at which a citation opens, the others of the same answer and article beside it."""
    beside = sorted(
        (one for one in outcome.citations if one.article == citation.article and one.n != citation.n), key=lambda one: one.start
    )
    places = ",".join(f"{one.n}:{one.start}-{one.end}" for one in (citation, *beside))
    return "?" + urlencode({"article": citation.article, "passage": citation.passage, "v": outcome.version, "at": places})


def asked_html(question: str, n: int) -> str:
    """A question as the conversation shows it."""
    return in_one_line(str(Markup('<p class="asked" id="asked-{}" lang="{}">{}</p>').format(n, tongue(question), question)))


def turn_html(
    turn: Turn, n: int, language: Language, *, passages: int = 0, draft: Sequence[str] = (), share: Callable[[OutcomeView], str]
) -> str:
    """What became of a question, or how far it has come: passages that were found, sentences that are being worded."""
    outcome = turn.outcome
    values: dict[str, Any] = {"n": n, "outcome": outcome, "trouble": turn.trouble, "passages": passages, "draft": draft}
    if outcome:
        sentences = outcome.sentences
        values |= {
            "verdict": turn.verdict,
            "lead": next((one for one in sentences if any(bold for _, bold in one.parts)), sentences[0] if sentences else None),
            "shown": sentences[:_SHOWN_AT_ONCE],
            "more": sentences[_SHOWN_AT_ONCE:],
            "cited": {citation.n: citation for citation in outcome.citations},
            "by_section": lambda some: _by_section(some, outcome),
            "address": lambda citation: address(citation, outcome),
            "quoted": quoted,
            "own": "\n".join(one.words for one in sentences),
            "warnings": _warnings(outcome, language),
            "articles": _by_article(outcome.citations),
            "share": share(outcome),
            "grouping": outcome.shape in _GROUPED,
            "names": names if outcome.shape in _GROUPED else escape,
            "spoken": "\n".join([outcome.message or outcome.lead, *(one.words for one in sentences)]).strip(),
            "text": "\n\n".join([outcome.question, *as_text(turn, language)]),
        }
    return in_one_line(fill("turn", language, **values))


def in_one_line(html: str) -> str:
    """HTML without a line break: Gradio's chat reads Markdown, in which a blank line would end it."""
    return re.sub(r"\n", "&#10;", re.sub(r">\s*\n\s*<", "><", html).strip())


def _by_section(sentences: Sequence[SentenceView], outcome: OutcomeView) -> list[tuple[str, list[SentenceView]]]:
    if outcome.shape not in _GROUPED or len({citation.section for citation in outcome.citations}) < 2:
        return [("", list(sentences))]
    sections = {citation.n: citation.section for citation in outcome.citations}
    groups = groupby(sentences, key=lambda one: next((sections[n] for n in one.cites if n in sections), ""))
    return [(section, list(group)) for section, group in groups]


def _by_article(citations: Sequence[CitationView]) -> list[list[CitationView]]:
    found: dict[str, list[CitationView]] = {}
    for citation in citations:
        found.setdefault(citation.article, []).append(citation)
    return list(found.values())


def _warnings(outcome: OutcomeView, language: Language) -> list[str]:
    """How old the oldest article is, and what became of those that are not simply in force."""
    oldest = max(outcome.citations, key=lambda citation: citation.years, default=None)
    told = [page_word("old", language, date=spelt(oldest.published, language), n=oldest.years)] if oldest and oldest.years else []
    standing = {one.article: (one.title, one.standing[LANGUAGES.index(language)]) for one in outcome.citations if one.standing[0]}
    return told + [page_word("stands", language, title=title, standing=became) for title, became in standing.values()]


def rule_name(rule: str, language: Language) -> str:
    """What a rule of the cleaner is called."""
    found = look_up(f"rule.{rule}", language)
    return rule if found == f"rule.{rule}" else found


def as_text(turn: Turn, language: Language, base: str = "", plain: Callable[[str], str] = str) -> list[str]:
    """What became of a question in paragraphs, with its citations; `base` is the address of the page that their links lead to."""
    outcome = turn.outcome
    if outcome is None:
        return [page_word(turn.trouble or "stopped", language)]
    told = [page_word("understood", language, text=outcome.understood)] if outcome.understood else []
    told += [outcome.message] if outcome.refused else [outcome.lead] if outcome.lead else []
    told += [page_word("nearest", language)] if outcome.refused and outcome.sentences else []
    told += [one.words + "".join(f"[{n}]" for n in one.cites) for one in outcome.sentences]
    means = (note for one in outcome.sentences for note in one.notes)
    told += dict.fromkeys(page_word("note", language, words=note.words, means=note.means[LANGUAGES.index(language)]) for note in means)
    told += [page_word("further", language, count=outcome.further)] if outcome.further else []
    told += [page_word("unanswered", language, text=quoted(outcome.unanswered))] if outcome.unanswered else []
    cited = [
        f"[{one.n}] {plain(source_line(one, language, title=True) + f'：“{one.quote}”')} <{base}{address(one, outcome)}>"
        for one in outcome.citations
    ]
    return [*map(plain, told), *cited]


def as_markdown(conversation: Conversation, language: Language, title: str, base: str) -> str:
    """A conversation to keep, with its citations."""
    lines = [f"# {_plain(title)}", conversation.started]
    for turn in conversation.turns:
        lines += [f"## {_plain(turn.question)}", *as_text(turn, language, base, _plain)]
    return "\n\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text that Markdown shows letter by letter."""
    return _MARKDOWN.sub(lambda mark: "\\" + mark[0], " ".join(text.split()))


def script_words(keys: Sequence[str], language: Language) -> Mapping[str, str]:
    """Words that the page's script says."""
    return {key: page_word(key, language) for key in keys}
