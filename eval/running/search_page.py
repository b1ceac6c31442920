"""What a plain search page would show: the first passage, whole, whatever was asked. Assistants are compared with it."""

from collections.abc import Iterator, Sequence

from bot.answering.compose import Chosen
from bot.answering.decide import cited
from bot.answering.events import Concluded, Event
from bot.answering.outcomes import Answered, Refused
from bot.answering.retriever import PassageRetriever
from bot.question.admission import Reason
from index.documents import Span
from index.search import Index


class SearchPage:
    """Answers each question with the first passage that the search finds, and never refuses while there is one."""

    def __init__(self, index: Index, retriever: PassageRetriever) -> None:
        self._index, self._retriever, self.version = index, retriever, index.version

    def stream(self, question: str, before: Sequence[str] = (), *, may_write: bool = True) -> Iterator[Event]:
        """What is shown, as the last event of an assistant."""
        documents = self._retriever.invoke(question)
        if not documents:
            yield Concluded(Refused(question, Reason.NOT_FOUND, "", timings_ms={"total": 0.0}))
            return
        passage = documents[0].hit.passage  # type: ignore[attr-defined] # LangChain declares plain documents
        sentences, citations = cited([Chosen(passage, Span(passage.start, passage.end))], self._index.article)
        yield Concluded(Answered(question, sentences, citations, 1.0, timings_ms={"total": 0.0}, version=self.version))
