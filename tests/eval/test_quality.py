"""A floor under the assistant's quality, and planted faults that the comparison has to find: forty cases with the real encoder."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.answering import decide
from bot.app import choose_reader
from bot.checking.citations import cite
from bot.reading.reader import ReaderFor
from bot.reading.sentence_reader import SentenceReader
from bot.settings import Settings
from eval.__main__ import app
from eval.measuring import statistics
from eval.running.bench import FUSED, LEGS, Bench
from eval.running.folder import RunFolder
from eval.testset.case import Case
from eval.testset.corpus import seed_set
from index.__main__ import SEEDS
from index.build import build, manifest_for
from index.documents import Passage, Span
from index.encoding.encoder import SentenceEncoder
from index.plan import BuildRequest
from index.reading.sources import read_path
from index.search import Index
from index.stored.store import _from_metadata as from_metadata
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.runs import INPUTS, reported


def _forty() -> list[Case]:
    """Every sixth case or so of the project's own set, so that each kind is among them."""
    cases = seed_set(SEEDS).cases
    return [cases[n * len(cases) // 40] for n in range(40)]


def run(index: Index, encoder: SentenceEncoder, reader_for: ReaderFor, folder: Path) -> dict[str, Any]:
    return reported(Bench(index, encoder, Settings(), {FUSED: LEGS[FUSED]}, reader_for), folder, _forty())


@pytest.fixture(autouse=True, scope="module")
def fewer_rounds() -> Iterator[None]:
    """Of the bootstrap, which is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statistics, "ROUNDS", 200)
        yield


@pytest.fixture(scope="module")
def compared(seed_index: Index, bundled_encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """With the coarse reader, which is quick: the comparison has to find a fault of any."""
    return run(seed_index, bundled_encoder, SentenceReader, tmp_path_factory.mktemp("compared"))


# What forty cases of the test set showed, less five points, since another processor may round a case or two otherwise.
# `python -m eval run` says how good the assistant is on all of them.
FLOORS = {"right": 0.77, "passage_hit@5": 0.9, "sentence_hit@1": 0.82, "sentence_hit@3": 0.9, "gold_cited": 0.76, "required_strings": 0.76}


@pytest.mark.model
def test_quality_has_not_dropped(seed_index: Index, bundled_encoder: SentenceEncoder, tmp_path: Path) -> None:
    forty = run(seed_index, bundled_encoder, choose_reader(bundled_encoder, Settings()), tmp_path)
    measured = {key: forty["measures"][key]["value"] for key in FLOORS}
    assert all(measured[key] >= floor for key, floor in FLOORS.items()), measured
    assert forty["measures"]["quotes_stand"]["value"] == forty["measures"]["cited_sentences"]["value"] == 1
    assert forty["crashed"] == []


def _crumbs(article: Any, settings: SplitSettings) -> list[Passage]:
    """Passages of ten characters each, wherever they fall."""
    text = article.text
    return [
        Passage(article.id, n, (), text[at : at + 10], at, min(at + 10, len(text)), (Span(at, min(at + 10, len(text))),))
        for n, at in enumerate(range(0, len(text), 10))
    ]


def _break_splitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.build.split", _crumbs)


def _shuffle_index(monkeypatch: pytest.MonkeyPatch) -> None:
    def passages(self: Any, ids: Sequence[str]) -> dict[str, Passage]:
        size = self.count()[0]
        rows = self._passages.get(include=["metadatas", "documents"])
        everything = dict(zip(rows["ids"], zip(rows["metadatas"], rows["documents"], strict=True), strict=True))
        shifted = {name: f"{name[:-4]}{(int(name[-4:]) + 5) % size:04d}" for name in ids}
        return {name: replace(from_metadata(*everything[other]), ordinal=int(other[-4:])) for name, other in shifted.items()}

    monkeypatch.setattr("index.stored.store.Store.passages", passages)


def _move_citations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "cite", lambda *args: replace(cited := cite(*args), start=cited.start + 1, end=cited.end + 1))
    monkeypatch.setattr(decide, "keep_supported", lambda sentences, citations, article: list(sentences))


@pytest.mark.model
@pytest.mark.parametrize("plant", [_break_splitter, _shuffle_index, _move_citations])
def test_planted_fault_makes_the_comparison_fail(
    plant: Callable[[pytest.MonkeyPatch], None],
    compared: dict[str, Any],
    bundled_encoder: SentenceEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(monkeypatch)
    build(BuildRequest(read_path(SEEDS)), tmp_path / "index", bundled_encoder, SplitSettings())
    index = Index.open(require_live(tmp_path / "index"), manifest_for(bundled_encoder, SplitSettings()))
    made = run(index, bundled_encoder, SentenceReader, tmp_path)
    index.close()
    for name, report in (("before", compared), ("after", made)):
        RunFolder.open(tmp_path, tmp_path / name, INPUTS).finish(report, "")
    done = CliRunner().invoke(app, ["compare", str(tmp_path / "before"), str(tmp_path / "after"), "--fail-if-worse"])
    assert done.exit_code == 1, done.output
    assert "| worse" in done.output
    same = CliRunner().invoke(app, ["compare", str(tmp_path / "before"), str(tmp_path / "before"), "--fail-if-worse"])
    assert same.exit_code == 0, same.output
