"""Stretches of policies that the network was not trained on -> a corpus with open cases, so that its confidence can be fitted on more texts.

Every passage of a stretch was labelled for each question (`bot/reading/training/sources/windows.py`), but not the rest of its article: each
stretch is an article of its own here.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.reading.training.sources.windows import Asked, Window, read_made_up, read_windows
from eval.testset.case import CaseKind
from index.text.split import sentences

_SHORTEST = 8  # characters of a facet where the label marks no words in a passage: then any sentence of a passage that helps will do


def write_stretches(policies: Path, folder: Path) -> tuple[int, int]:
    """Write corpus.jsonl and questions.jsonl into `folder`; returns how many articles and cases. `policies` holds the real ones."""
    windows = [*read_windows(policies, kept=True), *read_made_up(kept=True)]
    folder.mkdir(parents=True, exist_ok=True)
    articles = [_article(n, window) for n, window in enumerate(windows)]
    cases = [case for n, window in enumerate(windows) for case in _cases(n, window)]
    for name, rows in (("corpus", articles), ("questions", cases)):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    return len(articles), len(cases)


def _article(n: int, window: Window) -> dict[str, Any]:
    title = window.passages[0].head.split("\n")[0]
    return {"id": f"stretch-{n:03d}", "title": title, "text": "\n\n".join(passage.text for passage in window.passages), "meta": {}}


def _cases(n: int, window: Window) -> Iterator[dict[str, Any]]:
    for place, asked in enumerate(window.asked):
        helpful = [window.passages[at].text for at in asked.helps]
        marked = [words for at, words in asked.spans.items() if at in asked.helps]
        row: dict[str, Any] = {"id": f"stretch-{n:03d}-{place:02d}", "kind": _kind(asked), "question": asked.question}
        if not helpful:
            yield row | {"outcome": "related"}
            continue
        facets = [[words] for words in marked] or [
            [text[span.start : span.end].strip()[:_SHORTEST] for text in helpful for span in sentences(text)]
        ]
        yield row | {"outcome": "answered", "facets": facets, "need": 1, "relevant": helpful, "articles": [f"stretch-{n:03d}"]}


def _kind(asked: Asked) -> str:
    if not asked.helps:
        return CaseKind.NEAR_MISS
    return asked.kind if asked.kind in set(CaseKind) else CaseKind.FACT if asked.spans else CaseKind.DIGEST
