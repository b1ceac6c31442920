"""The question path, one LangChain Runnable: understand -> retrieve -> read -> decide -> write.

The program itself invokes and streams it. A stream yields each event as soon as it is there (`bot/answering/events.py`), and last
`Concluded`; `invoke` returns that one. In a trace a question is one root with a child for each step.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from langchain_core.runnables import Runnable, RunnableGenerator

from bot.answering.compose import Part
from bot.answering.conditions import restrain
from bot.answering.conversation import Conversation
from bot.answering.decide import Decider, Replies
from bot.answering.events import Concluded, Decided, Drafted, Event, Question, Read, Retrieved, Understood
from bot.answering.retriever import PassageRetriever
from bot.answering.standing.notes import Notes
from bot.answering.write import WritingStep
from bot.checking.evidence import Judge
from bot.chinese.orders import without_orders
from bot.llm.rewrite import StandAlone
from bot.llm.writer import Writer
from bot.question.acts import act_of
from bot.question.admission import problem, tidy
from bot.question.classifier import AlwaysFact, Classifier
from bot.question.follow_up import standalone
from bot.question.parts import parts
from bot.question.safety import mask
from bot.question.turns import turn_of
from bot.question.wants import Act, Want
from bot.reading.confidence import Condition
from bot.reading.reader import Reader, Reading
from bot.timing import Stopwatch, is_time_up, stage
from index.documents import Hit
from index.search import Index

_FOR_EACH = 3  # passages that are read for each of several things besides those of the whole question, which may be about one of them

E = TypeVar("E", bound=Event)
Chain = Runnable[Any, Event]  # a `Question`, or a question's text, -> events


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of the question path over one opened index. Everything that they need is handed in; safe to use from several threads.

    `stand_alone` understands follow-ups; `writer` words what is stated at least as probably as `least_for_writing`, None extracts, and
    what is `trusted` probable may be an answer in its words alone; `judge` has the last word on what it wrote. A question has so many
    `seconds`: then what was found by then is the outcome.
    """

    index: Index
    retriever: PassageRetriever
    reader: Reader
    decider: Decider
    classifier: Classifier = field(default_factory=AlwaysFact)
    stand_alone: StandAlone = standalone
    writer: Writer | None = None
    judge: Judge | None = None
    least_for_writing: float = 0.0
    seconds: float = math.inf
    trusted: float = 1.0

    def understand(self, question: Question) -> Iterator[Understood | Concluded]:
        """The question as it can be understood by itself, or a refusal of one that cannot be asked of the articles."""
        question = replace(question, text=tidy(question.text))
        if reason := problem(question.text, self.replies.question_length):
            yield Concluded(replace(self.replies.refuse(question.text, reason), version=self.index.version))
            return
        understood = Understood(question, question.text, watch=Stopwatch(self.seconds))
        with understood.watch.running(), stage("understand"):
            want = self._want(question.text)
            turn = turn_of(question.text, question.before)
            act = Act.ASK if turn else act_of(question.text, want, follows=bool(question.before))
            # Before anything is searched for, logged or sent.
            question = replace(question, text=mask(question.text), before=tuple(map(mask, question.before)))
            asked, before = (question.before[turn.base], question.before[: turn.base]) if turn else (question.text, question.before)
            text = self.stand_alone(asked, before) if act is Act.ASK else asked
            shape = want.shape if text == question.text else self._want(text).shape
        if act is Act.ASK:
            things = tuple(parts(without_orders(text)))
            yield replace(understood, question=question, text=text, shape=shape, asked=things, turn=turn)
        else:
            yield Concluded(replace(self.replies.reply(question.text, act), version=self.index.version))

    def retrieve(self, understood: Understood) -> Iterator[Retrieved]:
        """The passages that may answer, and where several things are asked the best ones for each."""
        with understood.watch.running():
            documents = {document.id: document for document in self.retriever.invoke(understood.text)}
            for asked in understood.asked if len(understood.asked) > 1 else ():
                if is_time_up():
                    break
                for document in self.retriever.invoke(asked)[:_FOR_EACH]:
                    documents.setdefault(document.id, document)
        yield Retrieved(understood, tuple(documents.values()))  # type: ignore[arg-type] # LangChain declares plain documents

    def read(self, retrieved: Retrieved) -> Iterator[Read]:
        """What the passages say to each thing that is asked."""
        understood = retrieved.understood
        hits = [document.hit for document in retrieved.documents]
        with understood.watch.running(), stage("read"):
            found = [
                Part(asked, tuple(self._restrained(understood, asked, hits)) if n == 0 or not is_time_up() else ())
                for n, asked in enumerate(understood.asked)
            ]
        yield Read(retrieved, tuple(found))

    def decide(self, read: Read) -> Iterator[Decided]:
        """The outcome in sentences of the articles."""
        understood = read.retrieved.understood
        asked, hits = understood.question.text, [document.hit for document in read.retrieved.documents]
        with understood.watch.running(), stage("compose"):
            if understood.turn:
                answering = Conversation(self.decider)
                outcome = answering.answer(understood.turn, asked, understood.text, understood.shape, read.parts, hits)
            else:
                outcome = self.decider.decide(understood.text, understood.shape, read.parts, hits)
        shown = "" if asked == understood.text else understood.text
        yield Decided(read, replace(outcome, question=asked, understood=shown, version=self.index.version))

    def write(self, decided: Decided) -> Iterator[Drafted | Concluded]:
        """The outcome, in a language model's words where one is set and they pass the checks, with the times of all steps."""
        watch = decided.read.retrieved.understood.watch
        for event in self._in_words(decided):
            if isinstance(event, Concluded):
                event = Concluded(replace(self.notes.put(event.outcome), timings_ms=watch.timings(), timed_out=watch.cut_short))
            yield event

    def _in_words(self, decided: Decided) -> Iterator[Drafted | Concluded]:
        if self.writer is None or decided.read.retrieved.understood.turn:  # what was shown is gone through, not worded anew
            return iter([Concluded(decided.outcome)])
        writing = WritingStep(
            self.writer, self.judge, self.least_for_writing, self.trusted, self.decider.thresholds, self.index.article, self.index.version
        )
        return writing.write(decided)

    @property
    def notes(self) -> Notes:
        """What must be said of citations."""
        return Notes(self.index.amendments, self.index)

    @property
    def replies(self) -> Replies:
        """What the assistant says of its own."""
        return self.decider.replies

    def _want(self, text: str) -> Want:
        return self.classifier.classify(self.retriever.encode(text))

    def _restrained(self, understood: Understood, asked: str, hits: Sequence[Hit]) -> list[Reading]:
        confidence, read = self.reader.confidence, self.reader.read(asked, hits)
        readings = restrain(understood.text, read, self.index.article, self.index.lexicon.holds, confidence, asked)
        return [confidence.under(reading, Condition.FOLLOW_UP) for reading in readings] if understood.is_completed else readings


def make_chain(steps: Steps) -> Chain:
    """The steps as one Runnable."""
    return (
        _step("understand", Question, steps.understand)
        | _step("retrieve", Understood, steps.retrieve)
        | _step("read", Retrieved, steps.read)
        | _step("decide", Read, steps.decide)
        | _step("write", Decided, steps.write)
    )


def _step(name: str, takes: type[E], work: Callable[[E], Iterator[Event]]) -> Runnable[Any, Event]:
    """A step that does its work for the events that it takes, and hands all of them on, each before the work begins that it leads to.

    `RunnablePassthrough.assign` would tee its input and now and then hold an event back until the next step is done. What a step
    invokes finds its parent for the trace in the context, which LangChain sets.
    """

    def transform(events: Iterator[Any]) -> Iterator[Event]:
        for event in events:
            if takes is Question:
                event = Question.of(event)
            yield event
            if isinstance(event, takes):
                yield from work(event)

    return RunnableGenerator(transform, name=name)
