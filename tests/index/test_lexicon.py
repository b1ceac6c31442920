"""The lexical index: its scores against the formula and against what bm25s 0.3.16 computed, texts that stay, and its files."""

import math
import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamagedError
from index.stored.lexicon import K1, B, Lexicon, coverage
from index.text.terms import terms

TEXTS = {
    "a": "花园城市花园行动，新建口袋公园15处。",
    "b": "港口新规规定夜间装卸实行预约制度。",
    "c": "花园港口的VPN补贴为10.65%，首次申请再次申请都可以。",
    "d": "",
}


def by_formula(texts: Mapping[str, str], question: str) -> list[float]:
    """BM25 in Lucene's form, worked out text by text and term by term."""
    cut = [terms(text) for text in texts.values()]
    mean = sum(map(len, cut)) / len(cut)

    def weight(term: str, inside: list[str]) -> float:
        holding, tf = sum(term in other for other in cut), inside.count(term)
        return math.log(1 + (len(cut) - holding + 0.5) / (holding + 0.5)) * tf / (tf + K1 * (1 - B + B * len(inside) / mean))

    return [sum(weight(term, inside) for term in terms(question)) for inside in cut]


@pytest.mark.parametrize(
    ("question", "by_bm25s"),
    [
        ("花园", [1.113878, 0, 0.90556, 0]),
        ("港口规定夜间", [0, 4.703434, 0.90556, 0]),
        ("花园花园有几处", [2.227757, 0, 1.81112, 0]),
        ("申请 VPN 补贴 10.65%", [0, 0, 4.643706, 0]),
        ("没有说到的事", [0, 0, 0, 0]),
    ],
)
def test_scores_are_those_of_the_formula_and_of_bm25s(question: str, by_bm25s: list[float]) -> None:
    scores = Lexicon.build(TEXTS).scores(question)
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, by_bm25s, rtol=1e-6)
    np.testing.assert_allclose(scores, by_formula(TEXTS, question), rtol=1e-6)


def test_scores_are_those_of_the_formula_over_many_texts(tmp_path: Path) -> None:
    draw = random.Random(1)
    words = "花园 城市 港口 新规 夜间 装卸 预约 补贴 申请 街道 企业 15处 10.65% vpn".split()
    texts = {f"t{n}": "，".join(draw.choices(words, k=draw.randint(0, 12))) for n in range(60)}
    Lexicon.build(texts).save(tmp_path / "lexicon")
    loaded = Lexicon.load(tmp_path / "lexicon")
    for _ in range(20):
        question = "，".join(draw.choices(words, k=3))
        np.testing.assert_allclose(loaded.scores(question), by_formula(texts, question), rtol=1e-5)


@pytest.mark.parametrize("texts", [TEXTS, {}, {"d": ""}])
def test_lexicon_is_the_same_after_loading(tmp_path: Path, texts: Mapping[str, str]) -> None:
    built = Lexicon.build(texts)
    built.save(tmp_path / "lexicon")
    loaded = Lexicon.load(tmp_path / "lexicon")
    assert (loaded.ids, loaded.vocabulary) == (built.ids, built.vocabulary)
    for question in ("花园在哪里", "unknown words"):
        assert loaded.scores(question).tolist() == built.scores(question).tolist()
        assert loaded.weights(question) == built.weights(question)
        assert loaded.holds(question) == built.holds(question)


def test_lexicon_is_mapped_from_its_files(tmp_path: Path) -> None:
    Lexicon.build(TEXTS).save(tmp_path / "lexicon")
    loaded = Lexicon.load(tmp_path / "lexicon")
    for values in (loaded.counts.data, loaded.counts.indices, loaded.counts.indptr, loaded._weights):
        held = values
        while not isinstance(held, np.memmap):
            held = held.base
        assert held.mode == "r"


def test_texts_that_stay_are_as_if_cut_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = {"a": "花园城市", "b": "港口新规", "c": "夜间装卸"}, {"b": "港口旧规", "d": "口袋公园"}
    before, others, ids = Lexicon.build(old), Lexicon.build(new), ["d", "a", "b"]
    anew = Lexicon.build({name: {**old, **new}[name] for name in ids})
    with monkeypatch.context() as patch:
        patch.setattr("index.stored.lexicon.terms", None)  # nothing is cut again
        merged = before.merged(others, ids)
    assert (merged.ids, set(merged.vocabulary)) == (ids, set(anew.vocabulary))
    for question in ("花园", "港口旧规", "口袋", "夜间装卸"):
        assert merged.scores(question).tolist() == anew.scores(question).tolist()
    assert Lexicon.build({}).merged(Lexicon.build({}), []).ids == []
    assert before.merged(Lexicon.build({}), []).vocabulary == []
    assert Lexicon.build({}).merged(before, ["c"]).holds("夜间")


def test_coverage_is_the_share_of_the_weights_that_is_found() -> None:
    weights = Lexicon.build(TEXTS).weights("花园")
    assert coverage(weights, terms("花园城市")) == pytest.approx(1)
    assert coverage(weights, []) == 0
    assert coverage({}, ["花园"]) == 0


@pytest.mark.parametrize("part", ["ids.json", "terms.json", "counts.npy", "weights.npy", "texts.npy", "starts.npy"])
@pytest.mark.parametrize("what", ["missing", "of another"])
def test_files_that_do_not_fit_each_other_are_refused(tmp_path: Path, part: str, what: str) -> None:
    Lexicon.build(TEXTS).save(tmp_path / "lexicon")
    (tmp_path / "lexicon" / part).unlink()
    if what == "of another":
        Lexicon.build({"a": "花园"}).save(tmp_path / "other")
        (tmp_path / "other" / part).rename(tmp_path / "lexicon" / part)
    with pytest.raises(IndexDamagedError, match="lexical index"):
        Lexicon.load(tmp_path / "lexicon")
