"""What a button of the maintainers' page says when it is pressed: how far it is, what was done, or why not."""

import contextvars
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.maintain import render
from bot.maintain.render import word, word_for
from index.errors import LiangceError
from index.progress import LISTENER

log = logging.getLogger(__name__)

Work = Callable[[], str]  # does it, and says what was done


@dataclass(slots=True)
class Notice:
    """What is shown: while the work goes on, and at its end with whether it was done."""

    html: str
    ended: bool = False
    done: bool = False


def notice_of(work: Work) -> Notice:
    """What was done, or why not; whatever goes wrong, the maintainer is told, and finds it in the log."""
    try:
        return Notice(render.done(work()), ended=True, done=True)
    except LiangceError as error:
        return Notice(render.refused(error), ended=True)
    except Exception:
        log.exception("a change of the index failed")
        return Notice(render.problem(word("maintain.program-failed")), ended=True)


@dataclass(slots=True)
class _Running:
    told: "queue.SimpleQueue[Notice]" = field(default_factory=queue.SimpleQueue)
    last: tuple[str, int] = ("", -1)

    def listen(self, what: str, n: int, of: int) -> None:
        """Tell how far it is, once for each hundredth."""
        part = n * 100 // max(of, 1)
        if (what, part) != self.last:
            self.last = what, part
            self.told.put(Notice(render.progress(word_for(f"step.{what}", what), n, of)))


def notices(work: Work) -> Iterator[Notice]:
    """How far the work is, as it goes on, and at last what was done, or why not. It goes on where nobody looks any more."""
    running = _Running()

    def run() -> None:
        LISTENER.set(running.listen)
        running.told.put(notice_of(work))

    yield Notice(render.progress(word("maintain.begins"), 0, 1))
    threading.Thread(target=contextvars.copy_context().run, args=(run,), name="maintain", daemon=True).start()
    while not (notice := running.told.get()).ended:
        yield notice
    yield notice
