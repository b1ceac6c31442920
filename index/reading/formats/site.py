"""What of a web page is its article, and what belongs to the site: menus, search boxes, footers, hidden text.

`python -m tests.tools.web_pages` compares this with trafilatura and readability on saved pages. Both lose parts of articles, and neither
says which.
"""

import re
from collections.abc import Iterator
from typing import Any

_NEVER = frozenset(
    "script style noscript template iframe object embed svg canvas form button select input textarea head title meta link".split()
)
_SITE_ONLY = frozenset("nav footer menu dialog".split())  # the others may hold the article itself
_SITE_TAGS = _SITE_ONLY | {"aside", "header"}
_SITE_WORDS = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navigation|menu|foot|footer|header|breadcrumbs?|crumbs?|sidebar|share|copyright|toolbar|comments?|related|pager|pagination)(?:$|[-_ ])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])", re.IGNORECASE)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_CONTAINERS = frozenset("div section article main td tr tbody table center font span form".split())  # what may hold a whole article
_MOST_OF, _FEWEST = 0.9, 3  # of a page's full stops: the share that its article holds, and how many tell something


def take_out(page: Any) -> Iterator[tuple[str, str]]:
    """Remove what is no part of an article; gives each reason with the text that went."""
    for element in list(page.iter()):
        # Comments go too. A form may be a search box; some sites put the whole page into one.
        if not isinstance(element.tag, str) or (element.tag in _NEVER and not (element.tag == "form" and _stops(element) >= _FEWEST)):
            _drop(element)
    whole = len("".join(page.itertext()))
    gone: set[Any] = set()
    for element in list(page.iter()):
        if element.tag in ("html", "body") or element.getparent() is None or not gone.isdisjoint(element.iterancestors()):
            continue  # what stood in another went with it
        if reason := _reason(element, whole):
            words = " ".join("".join(element.itertext()).split())
            gone.add(element)
            _drop(element)
            if words:
                yield reason, words


def _reason(element: Any, whole: int) -> str:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true" or _HIDDEN.search(element.get("style") or ""):
        return "hidden text"
    words = "".join(element.itertext())
    site = element.tag in _SITE_TAGS or _SITE_WORDS.search(f"{element.get('class') or ''} {element.get('id') or ''}")
    if site and (element.tag in _SITE_ONLY or len(words) < whole / 2) and not element.findall(".//h1") and element.tag not in _HEADINGS:
        return "part of the site"
    if element.tag in ("ul", "ol", "div", "p", "table", "td"):
        links = ["".join(link.itertext()) for link in element.iter("a")]
        if len(links) > 1 and sum(map(len, links)) > 0.7 * len(words.strip()) and not re.search("[。；]", words):
            return "links"
    return ""


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        element.drop_tree() if hasattr(element, "drop_tree") else parent.remove(element)


def article_of(body: Any, titles: str) -> tuple[list[Any], list[tuple[str, str]]]:
    """What of a page is its article, and what stands beside it: where nearly all of its sentences are.

    Menus, search boxes and footers hold names and links and hardly ever a full stop, so the innermost element that holds nearly all
    stops is the article's. A headline above it stays where it stands in `titles`, which the page says are its own: others are the
    site's name.
    """
    total = _stops(body)
    inner = body
    while total >= _FEWEST and (below := next((child for child in inner if _holds(child, _MOST_OF * total)), None)) is not None:
        inner = below
    around: list[Any] = []
    above = inner
    while above is not body:
        around = [*(element for element in above.getparent() if element is not above), *around]
        above = above.getparent()
    above_it = [heading for element in around if isinstance(element.tag, str) for heading in element.iter("h1", "h2")]
    headlines = [heading for heading in above_it if (words := _bare("".join(heading.itertext()))) and words in _bare(titles)]
    outside = [words for element in around if isinstance(element.tag, str) and (words := " ".join("".join(element.itertext()).split()))]
    return [*headlines[:1], inner], [("beside the article", words) for words in outside]


def _holds(element: Any, stops: float) -> bool:
    return element.tag in _CONTAINERS and _stops(element) >= stops


def _stops(element: Any) -> int:
    return len(re.findall("[。；！？]", "".join(element.itertext())))


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)
