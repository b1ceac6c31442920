"""What a change does to the index: articles that come, change, stay, are withdrawn and go."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.build import BuildReport, build, manifest_for
from index.documents import Status
from index.errors import CallError
from index.plan import BuildRequest
from index.search import Index, search
from index.stored.articles import read_article
from index.stored.manifest import Manifest
from index.stored.versions import require_live
from index.text.split import SplitSettings
from index.upkeep.check import check_index
from index.validity import ids_in_force
from tests.support.chroma_server import both_stores
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source
from tests.support.writer import article

chroma_url = pytest.fixture(params=["disk", "server"])(both_stores)


def test_sync_tells_what_became_of_each_article(change: Callable[..., BuildReport], encoder: BigramEncoder) -> None:
    change(article("甲", 1), article("乙", 1), article("丙", 1))
    encoder.encoded.clear()
    report = change(article("丁", 1), article("甲", 1), article("乙", 2))
    assert (report.added, report.changed, report.removed, report.unchanged) == (("丁",), ("乙",), ("丙",), ("甲",))
    assert {text.split("\n")[0].split()[0] for text in encoder.encoded if "\n" in text} == {"丁", "乙"}


def test_removed_article_leaves_nothing_behind(
    change: Callable[..., BuildReport], root: Path, encoder: BigramEncoder, chroma_url: str
) -> None:
    change(source("garden", GARDEN), source("harbour", HARBOUR))
    report = change(keep_others=True, remove=["garden"])
    assert (report.removed, report.unchanged) == (("garden",), ("harbour",))
    index = Index.open_live(root, manifest_for(encoder, SplitSettings()), chroma_url)
    assert check_index(index, encoder)
    assert index.store.passages([f"garden#{n:04d}" for n in range(9)]) == {}
    assert {name.partition("#")[0] for name in index.store.nearest_sentences(encoder.encode_queries(["口袋公园"])[0], 99)} == {"harbour"}
    assert not index.lexicon.holds("口袋公园")
    assert len(list((require_live(root) / "articles").iterdir())) == 1
    index.close()
    with pytest.raises(CallError, match="no article 'garden' in the index: nothing was changed"):
        change(keep_others=True, remove=["garden"])


def test_withdrawn_article_is_left_out_of_answers_at_no_cost(
    change: Callable[..., BuildReport], root: Path, encoder: BigramEncoder, chroma_url: str
) -> None:
    change(source("garden", GARDEN), source("harbour", HARBOUR))
    encoder.encoded.clear()
    report = change(keep_others=True, status={"garden": Status.WITHDRAWN, "harbour": Status.IN_FORCE})
    assert (report.changed, report.unchanged, encoder.encoded) == (("garden",), ("harbour",), [])
    index = Index.open_live(root, manifest_for(encoder, SplitSettings()), chroma_url)
    assert index.article("garden").meta.status is Status.WITHDRAWN
    assert ids_in_force(index.manifest.articles, date(2026, 1, 1)) == {"harbour"}
    assert check_index(index, encoder)
    index.close()
    assert read_article(root / "v000001", "garden").meta.status is Status.IN_FORCE, "the version before it is as it was"
    assert change(keep_others=True, status={"garden": Status.WITHDRAWN}).version == report.version
    assert change(source("garden", GARDEN), keep_others=True).changed == ("garden",), "the file says again that it is in force"


def test_last_article_can_be_removed(change: Callable[..., BuildReport], root: Path, encoder: BigramEncoder, chroma_url: str) -> None:
    change(source("garden", GARDEN))
    change(keep_others=True, remove=["garden"])
    index = Index.open_live(root, manifest_for(encoder, SplitSettings()), chroma_url)
    assert search(index, "口袋公园", encoder.encode_queries(["口袋公园"])[0], 5) == []
    index.close()
    assert change(source("harbour", HARBOUR), keep_others=True).added == ("harbour",)


def test_version_copied_and_version_written_afresh_answer_alike(
    tmp_path: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.stored.write._WORTH_COPYING", 0)
    before = [article(name, 1) for name in "甲乙丙丁戊己庚辛壬癸"]
    after = [article("乙", 2), *before[2:], source("harbour", HARBOUR)]
    copied, afresh = tmp_path / "copied", tmp_path / "afresh"
    monkeypatch.setattr("index.stored.write._MOST_REPLACED", 1.0)
    build(BuildRequest(before), copied, encoder, SplitSettings())
    build(BuildRequest(after), copied, encoder, SplitSettings())
    build(BuildRequest(after), afresh, encoder, SplitSettings())
    assert Manifest.read(require_live(copied)).replaced > 0 == Manifest.read(require_live(afresh)).replaced
    first, other = (Index.open(require_live(root)) for root in (copied, afresh))
    assert check_index(first, encoder)
    np.testing.assert_allclose(first.background, other.background, atol=1e-6)
    for question in ("乙的补贴标准是多少", "夜间装卸预约", "丙由哪个办公室受理"):
        vector = encoder.encode_queries([question])[0]
        found, wanted = (search(index, question, vector, 5) for index in (first, other))
        assert [hit.passage for hit in found] == [hit.passage for hit in wanted]
        np.testing.assert_allclose([hit.score for hit in found], [hit.score for hit in wanted], atol=1e-5)
    first.close()
    other.close()
