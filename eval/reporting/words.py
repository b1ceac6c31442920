"""What a report says in both languages, of which the reader's own is shown."""

from collections.abc import Callable

from markupsafe import Markup

from index.language import LANGUAGES, Language, look_up, render

TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def both(code: str, /, **fields: object) -> Markup:
    """A text of the catalogue in both languages, each in an element that is hidden from readers of the other."""
    return in_both(lambda language: render(code, language, **fields))


def in_both(say: Callable[[Language], str]) -> Markup:
    """What is said in each language, marked with it; once where both are the same."""
    said = {language: say(language) for language in LANGUAGES}
    if len(set(said.values())) == 1:
        return Markup("{}").format(said[LANGUAGES[0]])
    return Markup("").join(Markup('<span class="w" lang="{}">{}</span>').format(TAGS[language], text) for language, text in said.items())


def label(name: str, language: Language) -> str:
    """What a kind, a wording, a shape or an outcome is called; its own name where the catalogue has none."""
    found = look_up(f"label.{name}", language)
    return name if found == f"label.{name}" else found
