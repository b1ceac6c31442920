"""What must never come from a model, whatever it cites: another language, and its own instructions."""

import re
from collections.abc import Sequence

from bot.checking.evidence import NumberedPassage
from bot.llm.client import Failure, ModelError
from bot.llm.prompts import Prompt

_LEAKED = 16  # characters of the instructions in a row that no article holds
_LETTERS = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[㐀-鿿]")
_KANA_OR_HANGUL = re.compile(r"[ぁ-ゖァ-ヺ가-힣]{3}")
_LEAST_HAN = 0.4  # of the letters of a sentence; names of companies and programs may be Latin
_LEAST_LETTERS = 12


def watch(text: str, prompt: Prompt, passages: Sequence[NumberedPassage]) -> None:
    """Raise `ModelError` where a sentence is in another language, or repeats the instructions."""
    letters = _LETTERS.findall(text)
    if len(letters) >= _LEAST_LETTERS and len(_HAN.findall(text)) < _LEAST_HAN * len(letters):
        raise ModelError(Failure.LANGUAGE)
    if _KANA_OR_HANGUL.search(text):
        raise ModelError(Failure.LANGUAGE)
    runs = (text[at : at + _LEAKED] for at in range(len(text) - _LEAKED + 1))
    if any(run in prompt.system and not any(run in numbered.passage.text for numbered in passages) for run in runs):
        raise ModelError(Failure.LEAKED)
