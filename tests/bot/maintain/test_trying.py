"""Trying a draft before it is published, what was not answered in groups, and cases made of either."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.answering.outcomes import Refused
from bot.app import version_opener
from bot.maintain import people
from bot.maintain.gaps import close_gap, open_gaps
from bot.maintain.maintenance import Maintenance
from bot.maintain.tabs.questions import Questions
from bot.maintain.trial import try_out
from bot.question.admission import Reason
from bot.reading.sentence_reader import SentenceReader
from bot.settings import Settings
from bot.web.accounts.users import Role, User
from bot.web.feedback import Feedback, add_feedback
from bot.web.running import drafts
from bot.web.running.unanswered import note_unanswered
from eval.testset.drafts import read_drafts
from index.build import build
from index.encoding.encoder import SentenceEncoder
from index.errors import CallError
from index.plan import BuildRequest
from index.text.split import SplitSettings
from index.upkeep.history import rollback
from tests.support.fakes import GARDEN, BigramEncoder, source

RULES = "# 白河创业补贴办法\n\n登记未满三年的企业可以申请创业补贴，每户补贴8000元。\n"
LONG = "今年毕业的大学生在白河市租房的补贴怎么申请"  # to the fake encoder, one character more makes a short question another one
WHO: Any = SimpleNamespace(state=SimpleNamespace(user=User("王工", frozenset({Role.PUBLISH}))))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def work(settings: Settings, encoder: BigramEncoder) -> Maintenance:
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings())
    return Maintenance(settings, encoder, version_opener(encoder, settings, SentenceReader))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules.md").write_text(RULES, "utf-8")
    return tmp_path / "rules.md"


def ask(work: Maintenance, *questions: str) -> None:
    for question in questions:
        note_unanswered(work.database, Refused(question, Reason.NOT_FOUND, "没有"))


def test_draft_is_asked_beside_the_live_version_and_never_live(work: Maintenance, rules: Path, settings: Settings) -> None:
    draft = work.draft([rules], [], "王工")
    assert (draft, work.draft_name(), [entry.id for entry in work.articles()]) == ("v000002", "v000002", ["garden"])
    (tried,) = try_out(["登记未满三年的企业可以申请创业补贴吗", " "], "v000001", draft, work.open_version)
    assert "8000" in tried.draft.text
    assert "8000" not in tried.live.text
    assert tried.differs
    assert "每户补贴8000元" in people.tried([tried])
    with pytest.raises(CallError, match="v000002 is a draft"):
        work.roll_back(draft, "王工")
    assert work.draft([rules], [{"region": "白河"}], "王工") == "v000003"
    assert [version.name for version in work.versions()] == ["v000003", "v000001"]
    work.publish([rules], [], "王工")
    assert (work.draft_name(), [entry.id for entry in work.articles()]) == ("", ["garden", "rules"])
    assert rollback(settings.index) == "v000001"


def test_draft_that_changes_nothing_is_refused(work: Maintenance, rules: Path) -> None:
    work.publish([rules], [], "王工")
    with pytest.raises(CallError, match="nothing to try"):
        work.draft([rules], [], "王工")


@pytest.mark.parametrize(
    ("questions", "draft", "told"), [([" "], "v2", "no question"), (["问"] * 21, "v2", "at most 20"), (["问"], "", "no draft")]
)
def test_trial_says_what_it_needs(work: Maintenance, questions: list[str], draft: str, told: str) -> None:
    with pytest.raises(CallError, match=told):
        try_out(questions, "v000001", draft, work.open_version)


def test_questions_are_grouped_counted_and_closed_until_they_are_asked_again(work: Maintenance, encoder: BigramEncoder) -> None:
    ask(work, LONG, LONG, LONG + "呢", "公园几点关门")
    first, second = open_gaps(work.database, encoder)
    assert (first.question, first.times, len(first.questions)) == (LONG, 3, 2)
    assert (second.question, second.times) == ("公园几点关门", 1)
    close_gap(work.database, first, "王工")
    assert [gap.question for gap in open_gaps(work.database, encoder)] == ["公园几点关门"]


def test_closed_question_comes_back_when_it_is_asked_again(
    work: Maintenance, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(work, "公园几点关门")
    close_gap(work.database, open_gaps(work.database, encoder)[0], "王工")
    assert open_gaps(work.database, encoder) == []
    later = SimpleNamespace(now=lambda zone: SimpleNamespace(isoformat=lambda timespec: "2099-01-01T00:00:00+00:00"))
    monkeypatch.setattr("bot.web.running.unanswered.datetime", later)
    ask(work, "公园几点关门")
    assert [gap.times for gap in open_gaps(work.database, encoder)] == [2]


@pytest.mark.model
def test_questions_in_other_words_are_grouped_and_others_are_not(work: Maintenance, bundled_encoder: SentenceEncoder) -> None:
    ask(work, "租房补贴怎么申请", "怎样申请租房补贴", "创业补贴怎么申请", "公园几点关门", "公园什么时候关门")
    groups = {frozenset(one.question for one in gap.questions) for gap in open_gaps(work.database, bundled_encoder)}
    assert groups == {
        frozenset({"租房补贴怎么申请", "怎样申请租房补贴"}),
        frozenset({"创业补贴怎么申请"}),
        frozenset({"公园几点关门", "公园什么时候关门"}),
    }


def test_case_is_drafted_once_of_a_group_and_of_feedback(work: Maintenance, settings: Settings) -> None:
    ask(work, LONG, LONG, LONG + "呢")
    add_feedback(
        work.database,
        Feedback(
            time="2026-11-20T09:00:12+00:00",
            question="补多少",
            answer="8000元[1]",
            refused=False,
            verdict="down",
            reason="wrong",
            comment="不对",
        ),
    )
    page = Questions(work)
    assert "用例草稿写进了" in page.case_of_gap(WHO, LONG)
    assert "已经有这个问题的用例草稿" in page.case_of_gap(WHO, LONG)
    (key,) = [value for _, value in page.feedback()[0].choices]
    assert "用例草稿写进了" in page.case_of_feedback(WHO, key)
    assert "还没有选反馈" in page.case_of_feedback(WHO, None)
    first, second = read_drafts(settings.data / drafts.FILE)
    assert (first["question"], second["question"]) == (LONG, "补多少")
    assert LONG + "呢" in first["note"]
    assert first["note"].endswith("drafted by 王工")
    assert "comment: 不对" in json.dumps(second, ensure_ascii=False)


def test_feedback_is_a_card_each_with_all_text_escaped() -> None:
    one = Feedback(time="2026-11-20T09:00:12+00:00", question="<b>", answer="{x}", refused=True, verdict="handed over")
    shown = people.feedback([one])
    assert '<time datetime="2026-11-20T09:00:12+00:00">2026-11-20 09:00 UTC</time>' in shown
    assert "<b>&lt;b&gt;</b>" in shown
    assert "&#123;x&#125;" in shown
