"""A test set: its cases, and the index of its articles, which is built once and kept as a cache."""

import ast
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.testset.case import Case
from eval.testset.cases import QUESTIONS, holds_open_cases, read_cases, read_outside
from index.__main__ import SEEDS
from index.build import BuildOptions, build, manifest_for, to_article
from index.documents import Article
from index.encoding.encoder import Encoder
from index.errors import CallError
from index.plan import BuildRequest
from index.reading.sources import ArticleSource, read_path, read_rows
from index.search import Index
from index.stored.articles import read_article
from index.stored.manifest import Manifest
from index.stored.versions import require_live
from index.text.split import SplitSettings

TOP = Path(__file__).resolve().parents[2]

# What of the index's program does not change which index is made of given articles; all else belongs to the article path.
_BESIDE_THE_ARTICLE_PATH = frozenset({"__main__.py", "cli.py", "search.py", "upkeep"})


@dataclass(frozen=True, slots=True)
class TestSet:
    """A name, its questions' files, the cases in them and the articles that they are asked of; no sources for an index that stands.

    `corpus` names the articles, of which several sets of questions may be asked.
    """

    name: str
    corpus: str
    files: tuple[Path, ...]
    cases: tuple[Case, ...]
    sources: tuple[ArticleSource, ...]


def seed_set(seeds: Path, questions: Path | None = None) -> TestSet:
    """The project's own test set on the seed articles, or other questions in the same form on them."""
    files = (questions,) if questions else tuple(sorted(QUESTIONS.glob("*.jsonl")))
    sources = tuple(read_path(seeds))
    name = questions.stem if questions else "seeds"
    return TestSet(name, "seeds", files, tuple(read_cases(files, map(to_article, sources))), sources)


def outside_set(folder: Path, questions: Path | None = None) -> TestSet:
    """The set in a folder with corpus.jsonl, or a folder `articles`, and questions.jsonl; or other questions on its corpus.

    The questions are those of an outside set, or open cases of our own.
    """
    file = questions or folder / "questions.jsonl"
    articles = folder / "articles"
    for wanted in (folder / "corpus.jsonl", file):
        if not wanted.is_file() and not (wanted.name == "corpus.jsonl" and articles.is_dir()):
            raise CallError("corpus-missing", path=wanted)
    sources = tuple(read_path(articles) if articles.is_dir() else read_rows(folder / "corpus.jsonl"))
    if holds_open_cases(file):
        cases = tuple(read_cases([file], map(to_article, sources)))
    else:
        cases = tuple(read_outside(file, {source.meta.id: source.text for source in sources}))
    name = folder.resolve().name + (f"-{questions.stem}" if questions else "")
    return TestSet(name, folder.resolve().name, (file,), cases, sources)


def standing_set(version: Path, questions: Path) -> TestSet:
    """Questions in our own form on the articles of an index that stands; `version` is the folder of one of its versions."""
    return TestSet(questions.stem, "", (questions,), tuple(read_cases([questions], _articles(version))), ())


def articles_of(index: Path | None) -> list[Article]:
    """The articles of the live version of an index that stands, or the seed articles."""
    return _articles(require_live(index)) if index else [to_article(source) for source in read_path(SEEDS)]


def _articles(version: Path) -> list[Article]:
    return [read_article(version, listed.id) for listed in Manifest.read(version).articles]


def open_index(corpus: str, sources: Sequence[ArticleSource], folder: Path, encoder: Encoder, split: SplitSettings) -> Index:
    """The index of a set's articles, in a folder of its own below `folder` named by what it is made from; it is built where missing."""
    digest = hashlib.sha256(code_digest(article_path()).encode())
    for source in sources:
        digest.update(source.sha256.encode())
    root = folder / "indexes" / f"{corpus}-{digest.hexdigest()[:12]}"
    build(BuildRequest(sources), root, encoder, split, BuildOptions(progress=True))
    return Index.open(require_live(root), manifest_for(encoder, split))


def article_path() -> list[Path]:
    """The modules that make the index: one that other code has made is not the same index, so it is not taken from the cache."""
    folder = TOP / "index"
    return sorted(file for file in folder.rglob("*.py") if file.relative_to(folder).parts[0] not in _BESIDE_THE_ARTICLE_PATH)


def code_digest(files: Iterable[Path]) -> str:
    """A hash of program text; of Python only what is run, so that a better comment makes no other program."""
    parts = (ast.dump(ast.parse(file.read_text("utf-8"))) if file.suffix == ".py" else file.read_text("utf-8") for file in files)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
