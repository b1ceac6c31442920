"""The words of the page that everybody sees, which its template and its script fill in, and what a browser is told in its own language."""

import re

from fastapi import Request

from index.language import LANGUAGES, Language, look_up, render

# Their codes in the catalogues, behind `page.`.
WORDS = (
    *"""skip greeting noscript new history language dark light report maintain conversation your_question placeholder send stop examples waiting
    found writing answered completed understood unanswered extract llm note old stands sources title date_unknown cite open copy copied share
    shared copy_failed up down retry thanks why wrong incomplete unclear comment send_feedback cancel next_questions nearest hand_over
    hand_over_hint handed_over stopped busy failed too_often not_kept unreachable article previous next place close copy_link link_copied changes
    no_changes line removed inserted moved loading old_version open_live lost gone_version gone_article conversations conversations_hint none_yet
    delete delete_one clear clear_sure cleared export""".split(),
    "not found",
)


def page_words() -> dict[str, list[str]]:
    """Each word of the page in all languages, in the order of `LANGUAGES`, its gaps in braces."""
    return {name: [look_up(f"page.{name}", language) for language in LANGUAGES] for name in WORDS}


def language_asked_for(accepted: str, default: Language) -> Language:
    """The first language of an Accept-Language header that there are words in; `default` where there is none."""
    spoken = re.findall(r"(?:^|,)\s*(zh|en)\b", accepted.lower())
    return next((language for language in LANGUAGES if spoken[:1] == [language]), default)


def refusal(code: str, request: Request) -> str:
    """Why a request is not taken, in the language that it asks for; English where it asks for none, as programs do."""
    return render(code, language_asked_for(request.headers.get("accept-language", ""), "en"))
