"""What a model is sent: the form of the answer, and of the passages what matters, within the budget."""

from collections.abc import Iterator

import pytest

from bot.checking.evidence import NumberedPassage
from bot.llm.answer_prompt import PROMPT_TOKENS, RELATED, AnswerPrompt, Task
from bot.llm.drafts import Core, Place
from bot.llm.excerpts import choose_excerpts
from bot.llm.tokens import estimate_tokens
from bot.question.wants import Shape
from index.documents import Passage
from index.text.split import sentences

FORMS = [*Shape, RELATED]


def passage(n: int, *parts: str) -> NumberedPassage:
    text = "".join(parts)
    return NumberedPassage(n, Passage(f"a{n}", 0, (f"第{n}节",), text, 0, len(text), tuple(sentences(text)), title="办法"), "2023")


def place(numbered: NumberedPassage, at: int) -> Place:
    span = numbered.passage.sentences[at]
    return numbered.passage.article, span.start, span.end


LONG = passage(1, *(f"第{n}条写的是第{n}件事情和它的办法。" for n in range(10, 99)))
OTHER = passage(2, "补贴标准是每人三百元。", "申请在街道办理。", "逾期不再受理。", "本条自发布之日起施行。")


def task(form: str, *wanted: Place) -> Task:
    return Task("怎么办？", form, (LONG, OTHER), wanted, Core(wanted))


def test_what_matters_is_shown_with_what_stands_beside_it_under_its_heading() -> None:
    (excerpt,) = choose_excerpts((LONG, OTHER), [place(OTHER, 1)], 500)
    assert excerpt.text == "补贴标准是每人三百元。申请在街道办理。逾期不再受理。"
    user = AnswerPrompt.load().fill(task(Shape.FACT, place(OTHER, 1))).user
    assert f"[2] 《办法》 日期：2023 小节：第2节\n{excerpt.text}\n" in user
    assert "第10条" not in user


def test_what_is_wanted_first_stands_first_and_gaps_are_seen() -> None:
    first, second = choose_excerpts((LONG, OTHER), [place(OTHER, 0), place(LONG, 5), place(LONG, 20)], 500)
    assert (first.numbered.n, second.numbered.n) == (2, 1)
    assert second.text.count("\n") == 1


def test_a_place_that_spans_sentences_is_shown_whole() -> None:
    whole = (OTHER.passage.article, 0, len(OTHER.passage.text))
    (excerpt,) = choose_excerpts((OTHER,), [whole], 500)
    assert excerpt.text == OTHER.passage.text


@pytest.mark.parametrize("budget", [700, 900, PROMPT_TOKENS])
@pytest.mark.parametrize("form", FORMS)
def test_the_prompt_keeps_to_its_budget(form: str, budget: int) -> None:
    prompt = AnswerPrompt.load(budget).fill(task(form, *(place(LONG, at) for at in range(89)), place(OTHER, 0)))
    assert budget - 60 < estimate_tokens(prompt.system + prompt.user) <= budget


def test_the_first_sentence_is_shown_whatever_it_takes() -> None:
    (excerpt,) = choose_excerpts((LONG, OTHER), [place(OTHER, 1), place(LONG, 3)], 1)
    assert excerpt.text == "申请在街道办理。"


def test_each_form_is_told_apart_and_what_stands_first_is_the_same() -> None:
    def made() -> Iterator[str]:
        for form in FORMS:
            prompt = AnswerPrompt.load().fill(task(form, place(OTHER, 1)))
            yield prompt.system
            forms.add(prompt.user.partition("写法")[2])
            begins.add(prompt.user.partition("写法")[0])

    forms, begins = set[str](), set[str]()
    assert len(set(made())) == 1
    assert (len(forms), len(begins)) == (len(FORMS), 1)
