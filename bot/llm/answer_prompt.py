"""The prompt by which a model is asked to answer: the numbered passages and the question, each fenced in. Pure functions."""

import re
from collections.abc import Sequence

from bot.checking.evidence import NumberedPassage
from bot.llm.prompts import Prompt, PromptFile

REFUSAL = "【文章未说明】"
MOST_SENTENCES = 5
_VARIABLES = ("most", "refusal", "passages", "question")


def load_answer_prompt() -> PromptFile:
    """The file of the prompt; raises `PromptError` where it is not as it has to be."""
    return PromptFile.load("answer", _VARIABLES)


def fill_answer_prompt(file: PromptFile, passages: Sequence[NumberedPassage], question: str) -> Prompt:
    """What a model is sent to answer a question."""
    return file.fill(most=str(MOST_SENTENCES), refusal=REFUSAL, passages=fence(passages), question=_plain(question))


def fence(passages: Sequence[NumberedPassage]) -> str:
    """The passages as the model reads them: each with its number, title, date and heading."""
    return "\n\n".join(
        f"[{numbered.n}] 《{_plain(numbered.passage.title)}》 日期：{numbered.published or '不详'} "
        f"小节：{_plain(numbered.passage.section) or '无'}\n{_plain(numbered.passage.text)}"
        for numbered in passages
    )


def _plain(text: str) -> str:
    """The text without what would end the part that it is fenced in, or be taken for the number of a passage."""
    return re.sub(r"^\s*\[(\d+)\]", r"（\1）", re.sub(r"「(?=\S{0,6}(?:开始|结束)」)", "“", text), flags=re.MULTILINE)
