"""What a summary takes of an article, and what comes nearest where nothing answers."""

from dataclasses import replace

from bot.answering.shapes.evidence import clause_hits
from bot.answering.shapes.open import help_score, nearest
from bot.answering.shapes.summary import summarise
from bot.reading.reader import Reading
from tests.bot.answering.shelf import Shelf

SHELF = Shelf(
    "# 南岭区报道\n\n## 审批\n\n审批要快，这是“头等大事”，大家都这样说。\n\n推出“一窗通办”改革，出台《南岭区审批办法》，办理时间压减12天。\n\n"
    "## 人才\n\n人才要留得住，三年是一个坎。\n\n启动“回乡计划”，建成人才公寓300套，发放补贴45万元。\n"
)


def summary(question: str, *readings: Reading, most: int) -> list[str]:
    hits = clause_hits(readings, SHELF, help_score)
    return [choice.passage.quote(choice.sentence) for choice in summarise(hits, question, SHELF, 2.0, most)]


def helping(words: str, helps: float, related: float = 0.0) -> Reading:
    return replace(SHELF.read(words, probability=0.0), helps=helps, help_score=helps, related=related)


def test_of_each_section_the_line_with_most_names_and_figures_is_taken() -> None:
    told = summary("这篇文章讲了什么", helping("三年是一个坎", 0.2), most=2)
    assert [any(words in line for line in told) for words in ("一窗通办", "回乡计划", "头等大事", "一个坎")] == [True, True, False, False]


def test_summary_in_another_language_is_of_what_the_reader_finds() -> None:
    assert [
        words in "".join(summary("Sum up the talent policies", helping("回乡计划", 0.9), most=8)) for words in ("回乡计划", "一窗通办")
    ] == [
        True,
        False,
    ]
    assert "一窗通办" in "".join(summary("Sum it all up", helping("回乡计划", 0.1), most=8))


def test_what_helps_is_near_though_it_shares_no_word_with_the_question() -> None:
    assert [choice.sentence for choice in nearest(clause_hits([helping("回乡计划", 0.6)], SHELF, help_score), 0.3)]
    assert nearest(clause_hits([helping("回乡计划", 0.4)], SHELF, help_score), 0.3) == []
