"""What a message wants: the act (asked of the articles, or said to the assistant) and, of a question, the shape of its answer."""

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What somebody does with a message."""

    ASK = "ask"
    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    IDENTITY = "identity"
    ABILITY = "ability"
    PRAISE = "praise"
    ANGER = "anger"
    CHAT = "chat"
    NONSENSE = "nonsense"
    ORDER = "order"
    EMERGENCY = "emergency"
    DESPAIR = "despair"
    PERSONAL_DATA = "personal_data"


class Shape(StrEnum):
    """What form the answer to a question has."""

    FACT = "fact"
    LIST = "list"
    DIGEST = "digest"
    DEFINITION = "definition"
    COMPARISON = "comparison"
    DECISION = "decision"
    PROCEDURE = "procedure"
    SUMMARY = "summary"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Want:
    """The act of a message and the shape of the answer that it wants, each with how probable it is by the classifier."""

    act: Act = Act.ASK
    shape: Shape = Shape.FACT
    act_probability: float = 1.0
    shape_probability: float = 1.0
    asking: float = 1.0  # how probable it is that it is asked of the articles
    danger: float = 0.0  # how probable it is that somebody is in danger or despair
