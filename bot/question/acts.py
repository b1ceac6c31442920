"""What a message does: asked of the articles, or said to the assistant. The classifier's judgement, and rules where it must not err."""

from bot.chinese.orders import without_orders
from bot.question.admission import is_small_talk
from bot.question.safety import danger_in, holds_personal_data
from bot.question.topics import holds_question_word
from bot.question.wants import Act, Want

_LEAST_DANGER = 0.03  # probability by the classifier below which words of danger are taken for a question about them
_DANGER = (
    0.25  # probability at which it needs no such words; both chosen by cross-validation on the examples, with a look at the seed cases
)
_LEAST_ASKING = 0.3  # probability of a question above which a message is taken for one: a question that is not answered costs more
_LEAST_ANGRY = 0.08  # the same of an angry message with an asking word in it (什么破玩意); of topics held out no question is below
_SURE = 0.8  # probability that it needs to take a short message after others for something said: 还有别的吗 is a question there
_SHORT = 12  # characters
# Probability of a shape above which a message is taken for a question where no act is likelier than not: what is said to the assistant
# has no shape. Chosen on the messages of tests/bot/question/test_classifier.py and some more of our own.
_SHAPED, _LIKELIER = 0.85, 0.5
# What a message with an asking word in it is not taken for; an angry one, where hardly anything is asked in it.
_NO_QUESTION = frozenset({Act.CHAT, Act.NONSENSE, Act.GOODBYE, Act.PRAISE, Act.THANKS, Act.ANGER})


def act_of(message: str, want: Want, *, follows: bool) -> Act:
    """What a message does; `follows` is whether others came before it in the conversation."""
    danger = danger_in(message)
    if danger and want.danger > _LEAST_DANGER:
        return danger
    if want.danger > _DANGER:
        return want.act if want.act in (Act.EMERGENCY, Act.DESPAIR) else Act.EMERGENCY
    if holds_personal_data(message):
        return Act.PERSONAL_DATA
    if is_small_talk(message):
        return want.act if want.act is not Act.ASK else Act.GREETING
    left = without_orders(message)
    if left != message and holds_question_word(left):
        return Act.ASK  # what only tells the assistant how to behave is left out before the question is read
    worded = want.act in _NO_QUESTION and holds_question_word(message)
    if worded and (want.act is not Act.ANGER or want.asking > _LEAST_ANGRY):
        return Act.ASK
    shaped = want.shape_probability > _SHAPED and want.act_probability < _LIKELIER
    if want.act is Act.ASK or want.asking > _LEAST_ASKING or shaped:
        return Act.ASK
    if follows and len(message) <= _SHORT and want.act_probability < _SURE:
        return Act.ASK
    return want.act
