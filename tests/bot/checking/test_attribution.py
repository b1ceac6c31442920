"""A model's numbers are hints: a sentence with a wrong one, or with none, is shown with the sentences that support it, where any do."""

from collections.abc import Sequence

import pytest

from bot.checking.check import check
from bot.checking.evidence import NumberedPassage, Quote, ReplySentence
from bot.checking.facts import missing_facts
from tests.bot.checking.test_check import DRAFT, PLANS, source
from tests.support.seed_sentences import FALSE, FALSE_BUT_SHOWN, HONEST, HONEST_BUT_DROPPED, seed_passages

PARKS = source(1, "青山区新建口袋公园15处，绿道12公里。养老服务站共14处，由街道管理。", heading="公园")
ALSO = source(2, "青山区新建口袋公园15处。")
SUBSIDY = source(3, "对新招用员工的企业给予一次性补贴，劳务派遣单位除外。", heading="补贴")
STEPS = source(4, "企业可以在网上申请补贴，也可以到窗口申请。会议听取了企业的意见。", heading="申请")
OTHERS = (PARKS, ALSO, SUBSIDY, STEPS, DRAFT, PLANS)


@pytest.fixture(scope="module")
def seed() -> list[NumberedPassage]:
    return seed_passages()


def share_shown(texts: Sequence[str], passages: list[NumberedPassage], numbers: tuple[int, ...]) -> float:
    return sum(check(ReplySentence(text, numbers), passages).holds for text in texts) / len(texts)


@pytest.mark.parametrize("numbers", [(), (99,), (1,)], ids=["no number", "unknown number", "mostly wrong number"])
def test_honest_sentences_are_shown_whatever_they_cite_and_false_ones_are_not(
    seed: list[NumberedPassage], numbers: tuple[int, ...]
) -> None:
    honest, false = (HONEST + HONEST_BUT_DROPPED)[::3], (FALSE + FALSE_BUT_SHOWN)[::3]
    assert share_shown(honest, seed, numbers) >= 0.95
    assert share_shown(false, seed, numbers) <= 0.08


def test_a_changed_figure_or_name_is_attributed_to_nothing(seed: list[NumberedPassage]) -> None:
    def is_made_up(text: str) -> bool:
        return all(missing_facts(text, [Quote(numbered, span)]) for numbered in seed for span in numbered.passage.sentences)

    made_up = [text for text in FALSE + FALSE_BUT_SHOWN if is_made_up(text)]
    assert len(made_up) > len(FALSE) / 4
    assert 1 - share_shown(made_up, seed, ()) >= 0.98


@pytest.mark.parametrize(
    "lie",
    [
        "青山区新建口袋公园14处。",  # two measures mixed
        "绿道15处，口袋公园12公里。",
        "养老服务站15处，绿道12公里。",
        "对新招用员工的企业都给予一次性补贴。",  # an exception dropped
        "对新招用员工的企业和劳务派遣单位给予一次性补贴。",
        "白河启动实施了“精英企业家培育计划”。",  # a plan told as done
        "白河已重点实施“人才向党”引领工程。",
    ],
)
def test_lie_without_a_number_is_attributed_to_nothing(lie: str) -> None:
    assert not check(ReplySentence(lie), OTHERS).holds


def test_of_several_passages_the_judge_chooses() -> None:
    class Prefers:
        least_supported = 0.5

        def __init__(self, n: int) -> None:
            self.n = n

        def supports(self, sentence: str, quotes: Sequence[Quote]) -> float:
            return 0.9 if quotes[0].numbered.n == self.n else 0.6

    said = ReplySentence("青山区新建了15处口袋公园。")
    assert [check(said, OTHERS, Prefers(n)).quotes[0].numbered.n for n in (1, 2)] == [1, 2]


def test_what_the_judge_finds_nowhere_is_not_attributed() -> None:
    class Never:
        least_supported = 0.5

        def supports(self, sentence: str, quotes: Sequence[Quote]) -> float:
            return 0.1

    assert not check(ReplySentence("青山区新建了15处口袋公园。"), OTHERS, Never()).holds
    assert check(ReplySentence("青山区新建口袋公园15处。"), OTHERS, Never()).holds, "what is said word for word needs no judge"
