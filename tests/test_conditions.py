"""Other years and other places than an article speaks of."""

import pytest

from bot.conditions import places_in, restrain, years_asked
from bot.reader import Reading
from index.documents import Article, Metadata, Passage, Span

TEXT = "早在2015年，青山区就设了窗口。现有窗口7个。"


def probability(question: str, *, region: str = "白河市青山区", published: str = "2023-05", text: str = TEXT, indexed: str = "") -> float:
    passage = Passage("a", 0, (), text, 0, len(text), (Span(0, len(text)),))
    article = Article(Metadata("a", region=region, published=published), text)
    (one,) = restrain(question, [Reading(passage, passage.sentences[0], None, 0.9, 1.0)], lambda _: article, lambda name: name in indexed)
    return one.probability


@pytest.mark.parametrize(
    ("question", "restrained"),
    [
        ("有几个窗口", False),
        ("2023年有几个窗口", False),  # the year of publication
        ("2015年设了什么", False),
        ("2021年有几个窗口", True),
        ("How many windows were there in 2021?", True),
        ("是2021年才设的窗口吧？", False),  # the answer corrects it
        ("2021 万元够吗", False),
        ("热线20210301打得通不", False),
        ("青山区有几个窗口", False),
        ("烟台有几个窗口", True),
        ("煙臺有幾個窗口", True),
        ("我从烟台来，青山区有几个窗口", False),
        ("通济街上有几个窗口", False),  # no administrative place
    ],
)
def test_other_year_or_place_makes_an_answer_improbable(question: str, restrained: bool) -> None:
    assert (probability(question) < 0.2) is restrained


def test_place_counts_as_another_one_only_where_the_own_is_known() -> None:
    assert probability("烟台有几个窗口", region="", indexed="烟台") == 0.9, "a city's own articles seldom name it"
    assert probability("烟台有几个窗口", region="", indexed="") < 0.2


def test_year_is_looked_for_in_the_article_where_nothing_else_is_known() -> None:
    assert probability("2015年呢", published="", text="现有窗口7个。") < 0.2
    assert probability("2015年呢", published="") == 0.9


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("漳州市法院在哪", {"漳州"}),
        ("丰泽区的企业", {"丰泽"}),
        ("济南 首席审批官", {"济南"}),
        ("新区的政策", set()),
        ("我们市里的示范区", set()),
    ],
)
def test_places_are_found_without_their_kind(text: str, places: set[str]) -> None:
    assert places_in(text) == places


def test_years_are_found_in_figures_only_where_they_are_years() -> None:
    assert years_asked("2021年和2022年各多少") == {"2021", "2022"}
    assert years_asked("12021年") == set()
