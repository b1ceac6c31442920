"""How much of saved web pages' articles is kept, and how much of their sites' own words: `python -m tests.tools.web_pages DIR LABELS`.

LABELS is a file of lines "page TAB XPath of the element that is its article". Of each page the pieces of text (as they stand between two
tags, four characters or more) inside that element are the article's, all others that can be seen the site's; a piece that stands in
both, and the title, count as neither. A piece is kept where its characters stand in what was read. Shares are of characters.

trafilatura and readability are compared where they are installed (`pip install trafilatura readability-lxml`).
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import html

from index.reading.decode import decode
from index.reading.formats.html import read_html
from index.reading.formats.parsed import ParseLimits

_LEAST = 4
_UNSEEN = ("script", "style", "noscript", "title", "textarea", "select", "option", "template")


def bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text)  # marks too: a row of a table becomes one sentence


def pieces(element: Any) -> list[str]:
    found = (bare(text) for text in element.itertext() if isinstance(text, str))
    return [text for text in found if len(text) >= _LEAST]


def labelled(page: str, path: str) -> tuple[list[str], list[str]]:
    """The pieces of the article and those of the site."""
    document = html.document_fromstring(page)
    for element in list(document.iter()):
        hidden = re.search(r"display\s*:\s*none", element.get("style") or "") if isinstance(element.tag, str) else None
        if (not isinstance(element.tag, str) or element.tag in _UNSEEN or hidden) and element.getparent() is not None:
            element.drop_tree()
    found = document.xpath(path)
    if len(found) != 1:
        raise SystemExit(f"{path!r} names {len(found)} elements: expected one")
    inside = pieces(found[0])
    whole = "".join(inside)
    titles = {bare(heading.text_content()) for heading in document.iter("h1", "h2", "h3")}
    titles |= {bare(meta.get("content") or "") for meta in document.xpath('//meta[@name="ArticleTitle"]')}
    outside = [text for text in pieces(document) if text not in whole and text not in titles]
    return inside, outside


def ours(page: str) -> str:
    return read_html(page.encode("utf-8"), ParseLimits()).text


def by_trafilatura(page: str) -> str:
    import trafilatura

    return str(trafilatura.extract(page, include_comments=False, include_tables=True) or "")


def by_readability(page: str) -> str:
    import readability

    return str(html.fromstring(readability.Document(page).summary()).text_content())


METHODS: dict[str, Callable[[str], str]] = {"ours": ours, "trafilatura": by_trafilatura, "readability": by_readability}


def share(texts: list[str], read: str) -> tuple[int, int]:
    """Characters of the pieces that stand in what was read, and of all."""
    return sum(len(text) for text in texts if text in read), sum(map(len, texts))


def main(folder: Path, labels: Path) -> None:
    rows = [line.split("\t") for line in labels.read_text("utf-8").splitlines() if line]
    for name, method in METHODS.items():
        totals = [0, 0, 0, 0]
        worst: list[tuple[float, float, str]] = []
        try:
            for file, path in rows:
                page = decode((folder / file).read_bytes())
                inside, outside = labelled(page, path)
                read = bare(method(page))
                counts = [*share(inside, read), *share(outside, read)]
                totals = [total + count for total, count in zip(totals, counts, strict=True)]
                worst.append((counts[0] / max(counts[1], 1), counts[2] / max(counts[3], 1), file))
        except ImportError:
            print(f"{name}: not installed")
            continue
        print(f"{name}: of the articles {totals[0] / totals[1]:.1%} kept, of the sites {totals[2] / totals[3]:.1%} kept, {len(rows)} pages")
        for kept, left, file in sorted(worst)[:3] + sorted(worst, key=lambda row: -row[1])[:3]:
            print(f"    {kept:7.1%} {left:7.1%}  {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
