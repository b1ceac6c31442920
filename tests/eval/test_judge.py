"""The judge of worded answers, and a whole run with a language model through the command, at the scripted endpoint."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner

from bot.llm.client import Failure, ModelError
from bot.llm.prompts import Prompt
from eval.__main__ import app
from eval.measuring.judge import Claim, LanguageJudge, judge, kappa, list_claims, read_labels
from eval.reporting.tables import describe_judge
from eval.running.folder import read_report
from eval.running.results import CaseResult
from index.__main__ import SEEDS
from index.build import to_article
from index.reading.sources import read_path
from tests.support.fakes import ScriptedModel
from tests.support.llm_server import Endpoint, ServerReply, extractive, llm_server

CLAIM = Claim(("街道在10个工作日内答复。",), "街道十日内答复。")


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    with llm_server() as endpoint:
        yield endpoint


def test_labelled_quotes_stand_in_the_seed_article_and_half_are_supported() -> None:
    (article,) = map(to_article, read_path(SEEDS))
    labels = read_labels()
    assert len(labels) == 40
    assert sum(bool(claim.supported) for claim in labels) == 20
    assert all(quote in article.text for claim in labels for quote in claim.quotes)
    assert len({claim.sentence for claim in labels}) == 40
    assert not [claim for claim in labels if claim.sentence in article.text], "none is the source's own sentence"


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("是", True),
        ("否。", False),
        ("是的，原文这样说。", True),
        ("不是", False),
        ("“否”", False),
        ("答：是", True),
        ("Yes", True),
        ("no.", False),
        ("<think>是不是呢？否……</think>是", True),
        ("不好说", None),
        ("", None),
    ],
)
def test_verdict_is_read_however_it_is_said(reply: str, verdict: bool | None) -> None:
    assert LanguageJudge(ScriptedModel(reply)).supports(CLAIM) is verdict


def test_judge_reads_the_sentence_and_its_quotes() -> None:
    model = ScriptedModel("是")
    LanguageJudge(model).supports(CLAIM)
    assert CLAIM.sentence in model.asked[0].user
    assert CLAIM.quotes[0] in model.asked[0].user


def test_judge_that_fails_is_not_asked_for_ever() -> None:
    model = ScriptedModel(("", ModelError(Failure.UNREACHABLE)))
    found = judge(LanguageJudge(model), {}, read_labels())
    assert len(model.asked) == 3
    assert (found["labels_judged"], found["agreement"], found["kappa"]) == (0, None, None)
    assert "no verdict on them; 40 without a verdict" in describe_judge(found)


def test_agreement_is_told_by_share_and_beyond_chance() -> None:
    def knows(prompt: Prompt) -> str:
        return next("是" if claim.supported else "否" for claim in read_labels() if claim.sentence in prompt.user)

    expert, kind = (judge(LanguageJudge(ScriptedModel(reply)), {}, read_labels()) for reply in (knows, "是"))
    assert (expert["agreement"], expert["kappa"]) == (1, 1)
    assert (kind["agreement"], kind["kappa"]) == (0.5, 0)
    assert "agreement with hand labels 50% of 40, Cohen's kappa 0.00" in describe_judge(kind)


def test_kappa_is_the_one_of_the_literature() -> None:
    pairs = [(n % 2 == 0, n % 3 == 0) for n in range(25)]
    assert kappa(pairs) == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
    assert kappa([(True, True)]) is None
    assert kappa([]) is None


def test_claims_are_the_worded_sentences_with_their_quotes() -> None:
    citations = [{"n": 1, "quote": "甲。"}, {"n": 2, "quote": "乙。"}]
    outcome = {"mode": "llm", "refused": False, "answer": "共甲。[1]\n甲乙。[1][2]", "citations": citations}
    results = {
        "a": CaseResult("a", outcome=outcome, cites=[[1], [1, 2]]),
        "b": CaseResult("b", outcome={**outcome, "mode": "extract"}, cites=[[1], [1, 2]]),
        "c": CaseResult("c", error="crashed"),
    }
    assert list_claims(results) == [Claim(("甲。",), "共甲。"), Claim(("甲。", "乙。"), "甲乙。")]


@pytest.mark.model
def test_run_with_a_model_and_a_judge_is_reported(server: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server.plan = [ServerReply(lambda messages: "是" if "「句子开始」" in messages[-1]["content"] else extractive(messages))]
    for name, value in {"LLM_URL": server.url, "LLM_MODEL": "writer", "JUDGE_URL": server.url, "JUDGE_MODEL": "some-judge"}.items():
        monkeypatch.setenv(f"LIANGCE_{name}", value)
    done = CliRunner().invoke(app, ["run", "--mode", "llm", "--limit", "3", "--data", str(tmp_path), "--out", str(tmp_path / "run")])
    assert done.exit_code == 0, done.output
    made = read_report(tmp_path / "run")
    assert made["settings"]["model"] == "writer"
    assert made["wording"]["asked"] == 3
    assert made["measures"]["supported_sentences"]["value"] + made["measures"]["dropped_sentences"]["value"] == pytest.approx(1)
    assert made["judge"]["model"] == "some-judge"
    assert made["judge"]["supported"] == made["judge"]["judged"] > 0
    assert (made["judge"]["agreement"], made["judge"]["kappa"]) == (0.5, 0)
    assert "judge some-judge" in done.output
    assert "评审模型some-judge" in (tmp_path / "run" / "report.html").read_text("utf-8")
    assert json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))["mode"] == "llm"
