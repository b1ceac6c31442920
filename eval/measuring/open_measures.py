"""The measures of open cases, in the order in which a report shows them."""

from eval.measuring import open_scoring
from eval.measuring.measures import Measure

OPEN_MEASURES: tuple[Measure, ...] = (
    Measure("open_well", "open", open_scoring.well_row),
    Measure("facet_recall", "open", open_scoring.recall_row),
    Measure("shown_precision", "open", open_scoring.precision_row),
    Measure("misled", "open", open_scoring.misled_row, higher_is_better=False),
    Measure("misled_outside", "open", open_scoring.misled_outside_row, higher_is_better=False),
    Measure("lost", "open", open_scoring.lost_row, higher_is_better=False),
    Measure("act", "open", open_scoring.act_row),
)
