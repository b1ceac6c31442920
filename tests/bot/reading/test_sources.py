"""What each source of the sampling plan makes of a folder: which labels it sets, what it keeps from training, what it refuses."""

import json
from pathlib import Path
from random import Random

import pytest

from bot.reading.training import mixture
from bot.reading.training.examples import Example, counted, held_out
from bot.reading.training.sources import claims, gap_sets, policies, service_items, statutes, windows
from index.errors import CallError


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def answered(example: Example) -> str:
    return example.passage[example.start : example.end] if example.start >= 0 else ""


@pytest.fixture
def gaps(tmp_path: Path) -> Path:
    folder = tmp_path / "squad"
    long = "The old bridge was built in 1901. " + "It has been painted many times since then. " * 40
    write(folder / "corpus.jsonl", [{"id": f"d{n}", "title": f"Bridge {n}", "text": long} for n in range(30)])
    rows: list[dict[str, object]] = []
    for n in range(30):
        rows.append({"id": f"a{n}", "question": "When was it built?", "answers": ["1901"], "gold_doc_ids": [f"d{n}"], "answerable": True, "meta": {"answer_start": long.index("1901")}})  # fmt: skip
        rows.append({"id": f"b{n}", "question": "Who built it?", "answers": [], "gold_doc_ids": [f"d{n}"], "answerable": False, "meta": {}})
    write(folder / "questions.jsonl", rows)
    return folder


def test_a_set_with_gaps_keeps_whole_titles_from_training(gaps: Path) -> None:
    trained, kept = gap_sets.read(gaps, Random(1)), gap_sets.read(gaps, Random(1), kept=True)
    assert len(trained) + len(kept) == 60
    assert {example.head for example in trained}.isdisjoint(example.head for example in kept)
    assert kept
    for example in trained:
        assert answered(example) == ("1901" if example.stated else "")
        assert len(example.passage) <= 900
        assert example.relevant == (1.0 if example.stated else None)


def item(n: int) -> dict[str, object]:
    fields = {
        "事项名称": f"第{n}类场所备案",
        "办理地点": f"{n}号路政务大厅",
        "咨询电话": "010-5555000",
        "承诺办结时限": "3(工作日)",
        "服务对象": "企业",
    }
    return {"id": f"i{n}", "title": fields["事项名称"], "text": "", "meta": {"fields": fields, "missing_fields": ["申请材料"]}}


def test_service_items_are_asked_for_what_they_have_and_lack(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", [item(n) for n in range(60)])
    write(tmp_path / "aliases.jsonl", [{"name": "第1类场所备案", "aliases": ["一类备案登记"]}])
    made = service_items.read(tmp_path, Random(3))
    rules = counted(made)
    assert {"service_item_stated", "service_item_missing", "service_item_gone", "service_item_sibling"} <= rules.keys()
    for example in made:
        if example.rule == "service_item_stated":
            assert example.stated == 1.0
            assert answered(example) in example.passage
            assert f"：{answered(example)}" in example.passage
        else:
            assert (example.stated, example.relevant, example.start) == (0.0, 0.0, -1)
    assert {example.head for example in made}.isdisjoint(example.head for example in service_items.read(tmp_path, Random(3), kept=True))


def test_a_question_of_law_has_one_article_that_helps_and_some_that_look_alike(tmp_path: Path) -> None:
    texts = [f"承租人应当按照约定支付第{n}期租金，不得拖欠。" for n in range(40)]
    write(tmp_path / "corpus.jsonl", [{"id": f"d{n}", "title": f"第{n}条", "text": text} for n, text in enumerate(texts)])
    write(tmp_path / "questions.jsonl", [{"id": f"q{n}", "question": f"第{n}期租金能拖欠吗", "gold_doc_ids": [f"d{n}"]} for n in range(20)])
    made = statutes.read(tmp_path, Random(1))
    helps = [example for example in made if example.rule == "statute_helps"]
    assert all(example.relevant == 1.0 and example.stated is None for example in helps)
    assert all(example.relevant < 0.5 for example in made if example.rule == "statute_alike" and example.relevant is not None)
    assert len(made) == 3 * len(helps)


def test_claims_that_are_changed_are_not_supported(tmp_path: Path) -> None:
    pairs = [{"id": f"x_dev_{n}", "premise": "他在跑步。", "hypothesis": "有人在运动。", "label": label} for n, label in enumerate(["entailment", "neutral"] * 20)]  # fmt: skip
    write(tmp_path / "nli" / "pairs.jsonl", pairs)
    trained, kept = (claims.read_pairs(tmp_path / "nli", Random(1), kept=kept) for kept in (False, True))
    assert len(trained) + len(kept) == 40
    assert {example.supported for example in trained} == {0.0, 1.0}
    assert {example.rule for example in trained} == {"nli"}


@pytest.mark.parametrize(
    ("sentence", "function"),
    [
        ("每户最高补贴5000元。", claims._figure),
        ("申请人应当提交材料。", claims._word),
        ("企业不得转让名额。", claims._negated),
        ("除房地产企业外，均可申请。", claims._without),
        ("甲类补100元，乙类补300元。", claims._swapped_figures),
    ],
)
def test_a_change_changes_one_thing_or_gives_nothing(sentence: str, function) -> None:  # type: ignore[no-untyped-def]
    changed = function(sentence, ["《某办法》"], Random(2))
    assert changed != sentence
    assert changed
    assert function("大家好", [], Random(2)) == ""


@pytest.fixture
def policy_rows(tmp_path: Path) -> Path:
    text = "\n".join(f"第{n}条 {name}每人每月补贴{n}00元，由{name}所在的街道发放，逾期不再受理，需本人到场签字确认。" for n, name in enumerate(("低保户", "残疾人", "老年人"), 1))  # fmt: skip
    write(tmp_path / "corpus.jsonl", [{"id": "p", "title": "补贴办法", "text": text}])
    (passage,) = policies.passages_of(tmp_path, {"p"})[:1]
    row = {"article": "p", "begins": passage.text[:8], "stated": [["补多少", "100元"], ["错的", "不在文中"]], "missing": ["去年补多少"], "helps": ["有啥补贴"], "helps_not": ["外地人呢"]}  # fmt: skip
    write(tmp_path / "rows.jsonl", [row, {**row, "article": "none"}])
    return tmp_path


def test_written_questions_are_asked_of_their_passage(policy_rows: Path) -> None:
    for kept in (False, True):
        written, passages = policies.read_written(policy_rows, policy_rows / "rows.jsonl", kept=kept)
        assert bool(written) is bool(passages) is (held_out("p", policies.KEPT) is kept)
    written, _ = policies.read_written(policy_rows, policy_rows / "rows.jsonl", kept=held_out("p", policies.KEPT))
    (row,) = written
    assert row.stated == (("补多少", "100元"),)  # a span that the passage does not hold is left out
    made = policies._own(row)
    assert [(example.rule, example.stated, example.relevant) for example in made] == [
        ("policy_stated", 1.0, 1.0), ("policy_missing", 0.0, 0.0), ("policy_helps", None, 1.0), ("policy_helps_not", 0.0, 0.0),
    ]  # fmt: skip
    assert answered(made[0]) == "100元"


@pytest.mark.parametrize("read", [gap_sets.read, service_items.read, statutes.read, policies.read, claims.read_pairs])
def test_a_folder_of_another_form_is_refused(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CallError, match="cannot be trained on"):
        read(tmp_path / "none", Random(1))


def test_a_pass_draws_what_the_plan_gives_each_source(gaps: Path) -> None:
    source = mixture.Source("squad", gap_sets.read, 10)
    drawn = mixture.examples(gaps.parent, Random(1), (source,))
    assert len(drawn) == 10
    batches = mixture.batches(lambda random: mixture.examples(gaps.parent, random, (source,)), 1, 4, 8)
    first = [next(batches) for _ in range(3)]
    assert all(len(batch) == 4 for batch in first)


MADE_UP = {
    "id": "m1",
    "title": "青河县便民十条",
    "paragraphs": [
        "第一段说的是贷款，利率是百分之三。",
        "第二段说的是招工，每人补一千元。",
        "第三段说的是养老，建了五个站点。",
        "第四段说的是道路。",
    ],
    "questions": [
        {"question": "缺钱怎么办", "kind": "open", "helps": [0], "partly": [1], "spans": {}},
        {"question": "招一个人补多少", "kind": "fact", "helps": [1], "partly": [], "spans": {"1": "一千元"}},
        {"question": "贷款要多久批下来", "kind": "near_fact", "helps": [], "partly": [], "spans": {}},
    ],
}


def test_questions_over_a_stretch_teach_what_helps_and_that_the_rest_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "made_up.jsonl", [MADE_UP | {"id": f"m{n}"} for n in range(40)])
    trained = windows.read_made_up(tmp_path / "made_up.jsonl")
    kept = windows.read_made_up(tmp_path / "made_up.jsonl", kept=True)
    assert {window.article for window in trained}.isdisjoint(window.article for window in kept)
    assert kept
    monkeypatch.setattr(windows, "read_windows", lambda folder, kept: [])
    monkeypatch.setattr(windows, "read_made_up", lambda kept: trained[:1])
    by_question: dict[str, list[Example]] = {}
    for example in windows.read(tmp_path, Random(1)):
        by_question.setdefault(example.text, []).append(example)
    assert {(example.passage[:3], example.relevant) for example in by_question["缺钱怎么办"]} == {
        ("第一段", 1),
        ("第三段", 0),
        ("第四段", 0),
    }
    assert [answered(example) for example in by_question["招一个人补多少"] if example.stated] == ["一千元"]
    assert {example.relevant for example in by_question["贷款要多久批下来"]} == {0.0}


def test_a_stretch_of_which_a_passage_is_gone_is_left_out(tmp_path: Path) -> None:
    texts = ["".join(f"{lead}第{n}项的条件和要交的材料有哪些。" for n in "一二三四五六七八九十") for lead in ("先讲", "再讲")]
    write(tmp_path / "corpus.jsonl", [{"id": name, "title": "题", "text": "\n\n".join(texts), "meta": {}} for name in ("a", "b")])
    row = {"questions": MADE_UP["questions"][:1]}  # type: ignore[index]
    write(
        tmp_path / "q.jsonl",
        [{"article": "a", "passages": [text[:12] for text in texts]} | row, {"article": "b", "passages": ["没有"]} | row],
    )
    found = windows.read_windows(tmp_path, tmp_path / "q.jsonl") + windows.read_windows(tmp_path, tmp_path / "q.jsonl", kept=True)
    assert [window.article for window in found] == ["a"]
