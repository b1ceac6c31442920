"""The measures of open cases, with the words in which a report shows them."""

from eval.measuring import open_scoring
from eval.measuring.measures import Measure

OPEN_MEASURES: tuple[Measure, ...] = (
    Measure(
        "open_well",
        "开放问题处理得好",
        "开放问题",
        "The share of the open cases dealt with well: what is answerable is answered with as many facets as are needed, three quotes in five to"
        " the point, what decides first and nothing that must not be shown; what the articles do not answer is not shown as answered; what was"
        " said to the assistant gets a text of its own.",
        open_scoring.well_row,
    ),
    Measure(
        "facet_recall",
        "要点召回",
        "开放问题",
        "The share of the needed facets that an answerable open case is shown, whether as the answer or as what is related.",
        open_scoring.recall_row,
    ),
    Measure(
        "shown_precision",
        "引文切题率",
        "开放问题",
        "The share of the quotes that are to the point, over answerable open cases that are answered.",
        open_scoring.precision_row,
    ),
    Measure(
        "misled",
        "误导率（近似未载）",
        "开放问题",
        "How often an open near miss, whose topic is in the articles and whose answer is not, is shown as answered.",
        open_scoring.misled_row,
        higher_is_better=False,
    ),
    Measure(
        "misled_outside",
        "误导率（范围之外）",
        "开放问题",
        "How often an open question that the articles do not speak of is shown as answered.",
        open_scoring.misled_outside_row,
        higher_is_better=False,
    ),
    Measure(
        "lost",
        "丢失率",
        "开放问题",
        "How often nothing that is to the point of an answerable open case is shown, neither as the answer nor as what is related.",
        open_scoring.lost_row,
        higher_is_better=False,
    ),
    Measure(
        "act",
        "意图识别",
        "开放问题",
        "How often the act of an open case is told: asked of the articles, or which of the things that are said to an assistant.",
        open_scoring.act_row,
    ),
)
