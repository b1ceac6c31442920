"""Reading, building, storing and searching an index, with the fake encoder."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from index.__main__ import SEEDS
from index.build import BuildOptions, build, manifest_for
from index.errors import IndexBusyError, IndexDamagedError, IndexMismatchError, IndexMissingError, SourceError
from index.plan import BuildRequest
from index.reading.sources import read_file, read_path
from index.search import Index, Weights, search
from index.stored import versions
from index.stored.manifest import Manifest
from index.stored.versions import require_live
from index.text.split import SplitSettings
from index.text.terms import fold, terms
from index.upkeep.check import check_index
from tests.support.chroma_server import both_stores
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

chroma_url = pytest.fixture(params=["disk", "server"])(both_stores)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_file_is_decoded(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(GARDEN.encode(encoding))
    assert read_file(path).text == GARDEN


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [("a.txt", b" \n", "is empty"), ("a.bin", b"x", "expected a file ending in"), ("a.txt", b"\0\1", "is not text")],
)
def test_unusable_file_is_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=message):
        read_file(tmp_path / name)


@pytest.mark.parametrize(
    ("catalogue", "message"),
    [
        ('[[article]]\nid = "a"\nfile = "a.txt"\nsort = 1', "sort"),
        ('[[article]]\nid = "a"\nfile = "a.txt"\npublished = "May"', "published"),
        ('[[article]]\nid = "b"\nfile = "b.txt"', "not in the folder"),
        ("[[article", "not valid TOML"),
    ],
)
def test_wrong_catalogue_is_refused(tmp_path: Path, catalogue: str, message: str) -> None:
    (tmp_path / "a.txt").write_text(GARDEN, "utf-8")
    (tmp_path / "articles.toml").write_text(catalogue, "utf-8")
    with pytest.raises(SourceError, match=message):
        read_path(tmp_path)


def test_seed_stands_as_received() -> None:
    (seed,) = read_path(SEEDS)
    assert (
        hashlib.sha256((SEEDS / "000_23d07dbfb21a9745.txt").read_bytes()).hexdigest()
        == "5b20ba94d240321516bf7359f7c9ae629ddaef88540061b89b49981a9714ed96"
    )
    assert (seed.meta.publisher, seed.meta.published, seed.meta.region) == ("青岛日报/观海新闻", "2023", "青岛市即墨区")


def test_terms_fold_script_width_and_case() -> None:
    assert fold("「竣工即投產」 ＡＢＣ１２") == "「竣工即投产」 abc12"
    assert {"竣工", "工即", "10.65%", "vpn"} <= set(terms("竣工即投產 10.65% VPN"))
    assert terms("什么？") == terms("")


def test_store_gives_back_what_was_written(small_index: Index, encoder: BigramEncoder) -> None:
    passages = small_index.store.passages(small_index.lexicon.ids)
    assert [passages[name].article for name in small_index.lexicon.ids] == ["garden", "garden", "garden", "harbour"]
    passage = passages["garden#0001"]
    assert (passage.path, passage.text) == (("申请办法",), "申请办法\n\n居民可以向街道提出申请。街道在10个工作日内答复。")
    assert small_index.article("garden").text[passage.start : passage.end] == passage.text
    nearest = small_index.store.nearest_passages(encoder.encode_queries([passage.to_embed()])[0], 1)
    assert nearest == {passage.id: pytest.approx(1, abs=1e-5)}
    assert check_index(small_index, encoder).startswith("whole: ")


def test_building_again_changes_nothing(root: Path, encoder: BigramEncoder, small_index: Index, chroma_url: str) -> None:
    done = len(encoder.encoded)
    sources = [source("garden", GARDEN, published="2022"), source("harbour", HARBOUR)]
    report = build(BuildRequest(sources), root, encoder, SplitSettings(), BuildOptions(chroma_url=chroma_url))
    assert (report.version, report.unchanged) == (small_index.version, ("garden", "harbour"))
    assert len(encoder.encoded) == done
    assert [path.name for path in root.glob("v*")] == [small_index.version]


def test_changed_article_is_rewritten_and_others_stay_unencoded(
    root: Path, encoder: BigramEncoder, small_index: Index, chroma_url: str
) -> None:
    encoder.encoded.clear()
    report = build(
        BuildRequest([source("garden", "# 花园\n\n全部改写了。")], keep_others=True),
        root,
        encoder,
        SplitSettings(),
        BuildOptions(chroma_url=chroma_url),
    )
    assert (report.changed, report.unchanged, report.removed) == (("garden",), ("harbour",), ())
    assert encoder.encoded == ["花园\n\n全部改写了。", "全部改写了。"]
    opened = Index.open(require_live(root), chroma_url=chroma_url)
    assert opened.lexicon.ids == ["garden#0000", "harbour#0000"]
    assert check_index(opened, encoder)
    opened.close()
    assert search(small_index, "花园", encoder.encode_queries(["花园"])[0], 3)  # the version that was open answers still


def test_full_build_removes_what_is_not_given(root: Path, encoder: BigramEncoder, small_index: Index, chroma_url: str) -> None:
    assert build(
        BuildRequest([source("harbour", HARBOUR)]), root, encoder, SplitSettings(), BuildOptions(chroma_url=chroma_url)
    ).removed == ("garden",)


def test_error_in_a_build_leaves_the_old_version_live(root: Path, small_index: Index, chroma_url: str) -> None:
    class Broken(BigramEncoder):
        def encode_passages(self, texts: object, progress: bool = False) -> object:  # type: ignore[override]
            raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        build(BuildRequest([source("new", GARDEN)], keep_others=True), root, Broken(), SplitSettings(), BuildOptions(chroma_url=chroma_url))
    assert require_live(root).name == small_index.version
    assert [path.name for path in root.glob("v*")] == [small_index.version]


def test_second_writer_is_told_who_writes(root: Path, encoder: BigramEncoder) -> None:
    who = rf"written by process {os.getpid()} on .+ since 2\S+ \(.*(?:pytest|-c)"
    with versions.writing(root), pytest.raises(IndexBusyError, match=who):
        build(BuildRequest([source("garden", GARDEN)]), root, encoder, SplitSettings())


def test_other_settings_are_named_with_what_to_do(root: Path, encoder: BigramEncoder, small_index: Index) -> None:
    with pytest.raises(IndexMismatchError, match=r"split: .*python -m index build"):
        Index.open(require_live(root), manifest_for(encoder, SplitSettings(200)))
    encoder.fingerprint = "other"
    with pytest.raises(IndexMismatchError, match="fingerprint: the index has 'fake-1', the settings say 'other'"):
        Index.open(require_live(root), manifest_for(encoder, SplitSettings()))


def test_missing_and_damaged_indexes_are_told_apart(root: Path, small_index: Index, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="run python -m index build"):
        require_live(tmp_path / "nowhere")
    (require_live(root) / "manifest.json").write_text("{", "utf-8")
    with pytest.raises(IndexDamagedError, match="manifest"):
        Manifest.read(require_live(root))
    (root / "CURRENT").write_text("v9", "utf-8")
    with pytest.raises(IndexDamagedError, match="names 'v9'"):
        require_live(root)


def test_only_the_newest_versions_are_kept(root: Path, encoder: BigramEncoder) -> None:
    for n in range(5):
        build(BuildRequest([source("a", f"# 题\n\n第{n}次的内容。")]), root, encoder, SplitSettings(), BuildOptions(keep=3))
    assert sorted(path.name for path in root.glob("v*")) == ["v000003", "v000004", "v000005"]


@pytest.mark.parametrize("weights", [Weights(), Weights(1, 0, 0), Weights(0, 1, 0), Weights(0, 0, 1)])
@pytest.mark.parametrize(("question", "found"), [("夜间裝卸預約", "harbour#0000"), ("口袋公园有几处", "garden#0000")])
def test_each_leg_finds_the_passage(small_index: Index, encoder: BigramEncoder, weights: Weights, question: str, found: str) -> None:
    if weights.passage + weights.sentence and "裝" in question:
        question = "夜间装卸预约"  # only the lexical leg folds Traditional characters; the real encoder reads them itself
    vector = encoder.encode_queries([question])[0]
    hits = search(small_index, question, vector, 2, weights)
    assert hits[0].passage.id == found
    assert hits == search(small_index, question, vector, 2, weights)
    assert len(hits[0].sentence_scores) == len(hits[0].passage.sentences)


def test_question_without_shared_words_is_searched_by_sense_alone(small_index: Index, encoder: BigramEncoder) -> None:
    hits = search(small_index, "where?", encoder.encode_queries(["where?"])[0], 9)
    assert len(hits) == 4
    assert {hit.lexical for hit in hits} == {0.0}
    assert all(np.isfinite(hit.score) for hit in hits)


def test_search_within_articles_finds_nothing_else(small_index: Index, encoder: BigramEncoder) -> None:
    question = "口袋公园"
    vector = encoder.encode_queries([question])[0]
    everywhere = search(small_index, question, vector, 9)
    assert everywhere[0].passage.article == "garden"
    within = search(small_index, question, vector, 9, within={"harbour"})
    assert [hit.passage.article for hit in within] == ["harbour"]
    assert within[0].lexical == 0
    assert search(small_index, question, vector, 9, within={"never indexed"}) == []
