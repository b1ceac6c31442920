"""The plan of a change: that it is whole, and that what it says is what then happens."""

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from index.__main__ import app
from index.build import BuildOptions, BuildReport, build, plan_build, to_article
from index.documents import Status
from index.errors import CallError, IndexMismatchError, LiangceError
from index.plan import ArticleChanges, BuildRequest, Cause, ChangePlan, Holding, plan
from index.reading.sources import ArticleSource, read_path
from index.search import Index
from index.stored.articles import read_article
from index.stored.manifest import ArticleEntry, Manifest
from index.stored.versions import live
from index.text.split import SplitSettings, split
from index.upkeep.check import check_index
from tests.support.fakes import BigramEncoder, source
from tests.support.writer import article

NAMES = "甲乙丙丁戊"
SPLITS = (SplitSettings(), SplitSettings(60, 30, 90))
names = st.lists(st.sampled_from(NAMES), unique=True, max_size=4)
serials = st.integers(1, 3)


def listed(source: ArticleSource, status: str = "in force") -> ArticleEntry:
    return ArticleEntry(source.meta.id, source.meta.title, "", status, 1, 1, source.sha256)


held = st.dictionaries(st.sampled_from(NAMES), serials).map(lambda state: tuple(listed(article(*item)) for item in state.items()))
holdings = st.builds(Holding, held, st.sampled_from(["", "", "the encoder changed"]))
sources = st.dictionaries(st.sampled_from(NAMES), serials).map(lambda state: [article(*item) for item in state.items()])


@given(
    holdings,
    sources,
    st.sampled_from(["all", "anew", "others stay"]),
    names,
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(Status)),
)
@settings(derandomize=True, database=None)
def test_plan_deals_with_each_article_once(
    holding: Holding, given: Sequence[ArticleSource], how: str, remove: Sequence[str], status: dict[str, Status]
) -> None:
    before = {entry.id: entry.sha256 for entry in holding.articles}
    if how == "others stay":
        holding = replace(holding, unusable="")  # an index that does not fit is refused before anything is planned
    request = BuildRequest(given, how == "others stay", remove, status, how == "anew")
    if unknown := [name for name in (*remove, *status) if name not in before]:
        with pytest.raises(CallError, match=f"no article '{unknown[0]}'"):
            plan(request, holding)
        return
    planned = plan(request, holding)
    after = {source.meta.id: source.sha256 for source in given}
    assert Counter([*planned.added, *planned.changed, *planned.removed, *planned.unchanged]) == Counter({*before, *after})
    assert Counter([*planned.encoded, *planned.kept, *planned.removed]) == Counter({*before, *after})
    assert set(planned.restated) <= set(planned.kept) - set(planned.unchanged)
    assert set(planned.removed) == {name for name in before if name not in after and (how != "others stay" or name in remove)}
    assert planned.kept == () or not planned.anew
    for name, cause in planned.encoded.items():
        assert name in after
        assert cause is (Cause.ADDED if name not in before else Cause.ANEW if planned.anew else Cause.CHANGED)


@dataclass
class Maintainer:
    """An index, the folder that its articles come from, and the settings that may change under it."""

    place: Path
    split: SplitSettings = SPLITS[0]

    def __post_init__(self) -> None:
        self.folder, self.root, self.encoder = self.place / "articles", self.place / "index", BigramEncoder()
        self.folder.mkdir()

    def held(self) -> dict[str, ArticleEntry]:
        version = live(self.root)
        return {entry.id: entry for entry in Manifest.read(version).articles} if version else {}

    def do(self, request: BuildRequest) -> None:
        """Plan a change, make it, and compare: what the plan says, what the report says, and what the index holds."""
        before, version = self.held(), live(self.root)
        self.encoder.encoded.clear()
        try:
            planned = plan_build(request, self.root, self.encoder, self.split)
        except LiangceError as refused:
            self.expect(request, refused)
            return
        assert live(self.root) == version
        report = self.build(request)
        assert all(getattr(report, group.name) == getattr(planned, group.name) for group in fields(ArticleChanges))
        assert (live(self.root) != version) == planned.writes
        self.compare_texts(request, planned)
        after = self.held()
        assert set(after) == {*planned.added, *planned.changed, *planned.unchanged}
        assert all(after[source.meta.id].sha256 == source.sha256 for source in request.sources)
        assert all(after[name] == before[name] for name in planned.unchanged if name in planned.kept)
        assert all(after[name].sha256 != before[name].sha256 for name in planned.changed if not planned.anew)
        for name, status in planned.restated.items():
            assert read_article(self.root / report.version, name).meta.status is status

    def expect(self, request: BuildRequest, refused: LiangceError) -> None:
        """A change that could not be planned is refused with the same words, and changes nothing."""
        version = live(self.root)
        with pytest.raises(type(refused), match=re.escape(str(refused))):
            self.build(request)
        assert (live(self.root), self.encoder.encoded) == (version, [])

    def build(self, request: BuildRequest) -> BuildReport:
        return build(request, self.root, self.encoder, self.split, BuildOptions(keep=1))

    def compare_texts(self, request: BuildRequest, planned: ChangePlan) -> None:
        """What was encoded is what stands in the passages of the articles that the plan names, and nothing else."""
        given = {source.meta.id: source for source in request.sources}
        passages = [passage for name in planned.encoded for passage in split(to_article(given[name]), self.split)]
        texts = [passage.to_embed() for passage in passages] + [text for passage in passages for text in passage.sentences_to_embed()]
        assert Counter(self.encoder.encoded) == Counter(texts)

    def check(self) -> None:
        if version := live(self.root):
            index = Index.open(version)
            try:
                if index.manifest.fingerprint == self.encoder.fingerprint:
                    assert check_index(index, self.encoder)
            finally:
                index.close()


def write_folder(maintainer: Maintainer, state: dict[str, int]) -> BuildRequest:
    """The folder's files as a full build gets them."""
    for file in maintainer.folder.iterdir():
        file.unlink()
    for name, serial in state.items():
        (maintainer.folder / f"{name}.txt").write_text(article(name, serial).text, "utf-8")
    return BuildRequest(read_path(maintainer.folder) if state else [])


def a_full_build(maintainer: Maintainer, data: st.DataObject) -> None:
    request = write_folder(maintainer, data.draw(st.dictionaries(st.sampled_from(NAMES), serials, max_size=4)))
    maintainer.do(replace(request, anew=data.draw(st.sampled_from([False, False, True]))))


def an_addition(maintainer: Maintainer, data: st.DataObject) -> None:
    given = data.draw(st.dictionaries(st.sampled_from(NAMES), serials, max_size=2))
    maintainer.do(BuildRequest(write_folder(maintainer, given).sources, keep_others=True))


def a_removal(maintainer: Maintainer, data: st.DataObject) -> None:
    maintainer.do(BuildRequest(keep_others=True, remove=data.draw(names)))


def a_withdrawal(maintainer: Maintainer, data: st.DataObject) -> None:
    status = data.draw(st.sampled_from([Status.WITHDRAWN, Status.IN_FORCE]))
    maintainer.do(BuildRequest(keep_others=True, status=dict.fromkeys(data.draw(names), status)))


def another_encoder(maintainer: Maintainer, data: st.DataObject) -> None:
    maintainer.encoder.fingerprint = data.draw(st.sampled_from(["fake-1", "fake-2"]))


def other_passages(maintainer: Maintainer, data: st.DataObject) -> None:
    maintainer.split = data.draw(st.sampled_from(SPLITS))


STEPS = (a_full_build, an_addition, a_removal, a_withdrawal, another_encoder, other_passages)


@given(st.data())
@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_plan_says_what_then_happens(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as place:
        maintainer = Maintainer(Path(place))
        a_full_build(maintainer, data)
        for step in data.draw(st.lists(st.sampled_from(STEPS), min_size=3, max_size=6)):
            step(maintainer, data)
        maintainer.check()


@pytest.mark.parametrize("other", ["encoder", "passages"])
def test_dry_run_knows_that_the_index_does_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    maintainer = Maintainer(tmp_path)
    monkeypatch.setattr("index.__main__.load_encoder_of", lambda settings: maintainer.encoder)
    write_folder(maintainer, {"甲": 1, "乙": 1})

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(tmp_path)])
        assert done.exit_code == code, done.output
        return done.output

    run("sync", str(maintainer.folder))
    assert "unchanged: 2" in run("sync", str(maintainer.folder), "--dry-run")
    if other == "encoder":
        maintainer.encoder.fingerprint = "fake-2"
    else:
        monkeypatch.setenv("LIANGCE_PASSAGE_TARGET", "200")
    shown = run("sync", str(maintainer.folder), "--dry-run")
    assert "changed: 2" in shown
    assert f"encoded anew: all, {'fingerprint' if other == 'encoder' else 'split'}: the index has" in shown
    refused = run("add", str(maintainer.folder), "--dry-run", code=1)
    assert run("add", str(maintainer.folder), code=1) == refused
    assert "python -m index upgrade" in refused
    assert run("sync", str(maintainer.folder)).startswith(shown)
    assert "unchanged: 2" in run("sync", str(maintainer.folder), "--dry-run")


def test_index_that_does_not_fit_is_not_added_to(root: Path, encoder: BigramEncoder) -> None:
    build(BuildRequest([article("甲", 1)]), root, encoder, SplitSettings())
    with pytest.raises(IndexMismatchError, match="split"):
        plan_build(BuildRequest([article("乙", 1)], keep_others=True), root, encoder, SplitSettings(200))
    with pytest.raises(ValueError, match="anew goes without keep_others"):
        BuildRequest([source("a", "文")], keep_others=True, anew=True)
