"""In which language somebody is spoken to, and what a door says in it."""

import re

from fastapi import Request

from index.language import LANGUAGES, Language, render


def language_asked_for(accepted: str, default: Language) -> Language:
    """The first language of an Accept-Language header that there are words in; `default` where there is none."""
    spoken = re.findall(r"(?:^|,)\s*(zh|en)\b", accepted.lower())
    return next((language for language in LANGUAGES if spoken[:1] == [language]), default)


def refusal(code: str, request: Request) -> str:
    """Why a request is not taken, in the language that it asks for; English where it asks for none, as programs do."""
    return render(code, language_asked_for(request.headers.get("accept-language", ""), "en"))
