"""How well the checks of a model's words hold up on real articles: python -m tests.tools.planted DIR [--limit N]

DIR is an outside set. Each sentence of its articles is held against its own passage, where it must pass, and again with one planted
fault, where it must not. Then the answers that people worded are held against the passages of their article, where those pass that
stay with it, and of another article, where none must. With --missed some of the faults that were not found are shown; with --judge
the trained reader has the last word, as it has in the product, which takes a tenth of a second for each sentence.
"""

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.checking.check import check
from bot.checking.evidence import Judge, NumberedPassage, ReplySentence
from bot.reading.pair_reader import load_reader
from index.documents import Article, Metadata
from index.encoding.encoder import load_encoder
from index.settings import IndexSettings
from index.stored.lexicon import Lexicon
from index.text.clean import clean
from index.text.split import sentences, split

_LEAST = 8  # characters of a sentence: what is shorter is a name or a figure
_COUNTED = re.compile(r"\d+(?:\.\d+)?(?=[笔家个项户人件])")


def _another(figure: str) -> str:
    return str(int(figure) + 1) if figure.isdigit() else f"{float(figure) + 1.1:.2f}"


def _first(form: str, change: Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    return lambda text: re.sub(form, change, text, count=1)


def _swapped(text: str) -> str:
    """Two figures of one unit in each other's place."""
    found = list(_COUNTED.finditer(text))
    if len(found) < 2 or text[found[0].end()] != text[found[1].end()]:
        return text
    figure, other = found[0], found[1]
    return text[: figure.start()] + other[0] + text[figure.end() : other.start()] + figure[0] + text[other.end() :]


FAULTS: dict[str, Callable[[str], str]] = {
    "another figure": _first(r"\d+(?:\.\d+)?", lambda found: _another(found[0])),
    "figures swapped": _swapped,
    "more than, lost": _first(r"(?<=\d)余", lambda found: ""),
    "negation lost": _first(r"不(?=[得予能可再会])|未(?=按|经|取|在|能)|严禁|禁止", lambda found: ""),
    "negation added": _first(r"(?<=[，。])([^，。]{0,6}?)(鼓励|可以|支持|实行|开展)(?=[㐀-鿿])", lambda found: f"{found[1]}不{found[2]}"),
    "exception lost": _first(r"除[^，。；]{1,30}外，?", lambda found: ""),
    "trial or draft lost": _first(r"[（(](?:试行|暂行|征求意见稿)[）)]", lambda found: ""),
    "another document": _first(r"《([^》]{2})[^》]{2}([^》]{2,})》", lambda found: f"《{found[1]}其他{found[2]}》"),
}


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file in a random order that is always the same."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    random.Random(1).shuffle(rows)
    return rows


def sources_of(row: Mapping[str, Any]) -> list[NumberedPassage]:
    """The passages of an article."""
    cleaned = clean(row["text"])
    article = Article(Metadata(row["id"], row.get("title", "")), cleaned.text, cleaned.blocks)
    return [NumberedPassage(1, passage, "2023") for passage in split(article)]


def planted_faults(articles: Sequence[Mapping[str, Any]], limit: int, missed: int, judge: Judge | None) -> None:
    held, dropped, seconds = 0, Counter[str](), 0.0
    planted, found, unseen = Counter[str](), Counter[str](), list[str]()
    for source in (source for row in articles for source in sources_of(row)):
        for text in map(str.strip, map(source.passage.quote, source.passage.sentences)):
            start = time.perf_counter()
            checked = check(ReplySentence(text, (1,)), [source], judge)
            seconds += time.perf_counter() - start
            held += 1
            dropped.update(finding.fault.value for finding in checked.findings)
            changed = [(name, plant(text)) for name, plant in FAULTS.items()] if checked.holds else []
            for name, wrong in changed:
                if wrong != text:
                    planted[name] += 1
                    caught = not check(ReplySentence(wrong, (1,)), [source], judge).holds
                    found[name] += caught
                    unseen += [] if caught else [f"{name}: {wrong}"]
        if held >= limit:
            break
    print(f"{held} sentences, {seconds / max(held, 1) * 1000:.1f} ms each; dropped though they are the source's own: {dict(dropped) or 0}")
    for name in FAULTS:
        print(f"{name}: {found[name]} of {planted[name]} found")
    print(f"all: {found.total()} of {planted.total()}")
    print("\n".join(unseen[:missed]))


def people_s_answers(articles: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]], judge: Judge | None) -> None:
    by_id = {row["id"]: row for row in articles}
    held, own, other = 0, 0, 0
    before: list[NumberedPassage] = []
    for row in questions:
        sources = [source for name in row["gold_doc_ids"] if name in by_id for source in sources_of(by_id[name])]
        for text in (row["answers"][0][span.start : span.end].strip() for span in sentences(row["answers"][0])):
            if len(text) >= _LEAST and before:
                held += 1
                own += any(check(ReplySentence(text, (1,)), [source], judge).holds for source in sources)
                other += any(check(ReplySentence(text, (1,)), [source], judge).holds for source in before)
        before = sources
    print(f"{held} sentences of people's answers: {own} pass against their article, {other} against another one")


def trained_judge() -> Judge:
    """The reader that the product judges with."""
    settings = IndexSettings()
    judge = load_reader(load_encoder(settings.encoding.encoder, settings.encoding.model_cache))(Lexicon.build({}), 1).judge
    assert judge, "the reader does not fit the encoder of the settings"
    return judge


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=500, help="sentences, and a quarter as many questions")
    parser.add_argument("--missed", type=int, default=0, help="of the faults that were not found, show so many")
    parser.add_argument("--judge", action="store_true", help="let the trained reader judge what the rules let through")
    given = parser.parse_args()
    articles = read(given.folder / "corpus.jsonl")
    judge = trained_judge() if given.judge else None
    planted_faults(articles, given.limit, given.missed, judge)
    people_s_answers(articles, [row for row in read(given.folder / "questions.jsonl") if row["answers"]][: given.limit // 4], judge)


if __name__ == "__main__":
    main()
