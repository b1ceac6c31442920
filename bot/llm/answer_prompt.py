"""The prompt by which a model is asked to answer: excerpts under their numbers, the form of the answer, and the question, each fenced in."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.checking.evidence import NumberedPassage
from bot.llm.drafts import Core, Place
from bot.llm.excerpts import Excerpt, choose_excerpts, head_of
from bot.llm.prompts import Prompt, PromptFile, load_sections
from bot.llm.tokens import estimate_tokens
from bot.question.wants import Shape

REFUSAL = "【文章未说明】"
RELATED = "related"  # the form of what is said where the articles do not state what is asked
PROMPT_TOKENS = 1200
_SILENCE = "silence"  # what is added where the reader is not sure that the passages answer
_VARIABLES = ("passages", "form", "most", "silence", "question")
# Sentences that an answer of each form may have: as many as an extract of that shape has clauses, or one or two more.
_MOST: Mapping[str, int] = {
    Shape.FACT: 2, Shape.SEVERAL: 5, Shape.LIST: 8, Shape.DIGEST: 8, Shape.DEFINITION: 3, Shape.COMPARISON: 4, Shape.DECISION: 3,
    Shape.PROCEDURE: 8, Shape.SUMMARY: 8, RELATED: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is to word: the question, the form of its answer (a shape, or `RELATED`), the passages, the places in them that matter,
    best first, and what the words have to hold. Where `items` are named, each sentence has to say something of one of them. It `may_be_silent`
    where it is not sure that the passages answer: a small model that is told how to say nothing says so too readily."""

    question: str
    form: str
    passages: tuple[NumberedPassage, ...]
    wanted: tuple[Place, ...]
    core: Core
    items: tuple[Place, ...] = ()
    may_be_silent: bool = False


@dataclass(frozen=True, slots=True)
class AnswerPrompt:
    """The files of the prompt, with a hash of both by which logs and reports name them; `budget` is how many tokens it may take filled in."""

    file: PromptFile
    forms: Mapping[str, str]
    hash: str
    budget: int

    @classmethod
    def load(cls, budget: int = PROMPT_TOKENS) -> "AnswerPrompt":
        """Raises `PromptError` where a file is not as it has to be."""
        file, forms = PromptFile.load("answer", _VARIABLES), load_sections("forms", (*_MOST, _SILENCE))
        both = "\n".join((file.hash, *(f"{name} {text}" for name, text in sorted(forms.items()))))
        return cls(file, forms, hashlib.sha256(both.encode()).hexdigest()[:12], budget)

    def fill(self, task: Task) -> Prompt:
        """What a model is sent. What does not change stands first, so that servers which remember the beginning of a prompt need not read
        it again."""
        empty = self._fill(task, "")
        left = self.budget - estimate_tokens(empty.system + empty.user)
        return self._fill(task, fence(choose_excerpts(task.passages, task.wanted, left)))

    def _fill(self, task: Task, passages: str) -> Prompt:
        silence = self.forms[_SILENCE] + REFUSAL if task.may_be_silent else ""
        return self.file.fill(
            silence=silence, passages=passages, form=self.forms[task.form], most=str(_MOST[task.form]), question=_plain(task.question)
        )


def fence(excerpts: Sequence[Excerpt]) -> str:
    """The excerpts as the model reads them: each under its number, title, date and heading."""
    return "\n\n".join(f"{_fenced(head_of(excerpt.numbered))}\n{_plain(excerpt.text)}" for excerpt in excerpts)


def _fenced(text: str) -> str:
    """The text without what would end the part that it is fenced in."""
    return re.sub(r"「(?=\S{0,6}(?:开始|结束)」)", "“", text)


def _plain(text: str) -> str:
    """The same without what would be taken for the number of a passage."""
    return re.sub(r"^\s*\[(\d+)\]", r"（\1）", _fenced(text), flags=re.MULTILINE)
