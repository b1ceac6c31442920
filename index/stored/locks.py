"""Who may write the index, and who is reading a version: locks of the operating system's, which a crash frees by itself."""

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import IndexBusyError, IndexDamagedError

_LOCK, _HOLDER, _LEASE = "writer.lock", "writer.json", "in-use"
_PATIENCE = 1.0  # seconds in which a new holder must have said who it is


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes: a process of a host, since when (ISO 8601, UTC), and the command that it runs."""

    process: int
    host: str
    since: str
    command: str

    @property
    def gone(self) -> bool:
        """Whether it is a process of this host that is no more."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except OSError:  # another user's
            return False
        return False


def own_command() -> str:
    """The command that this process was started with, as a person would type it."""
    program = Path(sys.argv[0])
    name = f"python -m {program.parent.name}" if program.name == "__main__.py" else program.name
    return " ".join([name, *sys.argv[1:]])[:200]


@contextmanager
def only_writer(root: Path) -> Iterator[None]:
    """Hold the one writer's lock of an index; raises `IndexBusyError`, which says who holds it, while another process does."""
    from filelock import FileLock, Timeout

    lock = FileLock(root / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        if holder := _holder(root):
            raise IndexBusyError("index-busy", root=root, **asdict(holder)) from error
        raise IndexBusyError("index-busy-unknown", root=root) from error
    try:
        me = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"), own_command())
        beside = root / (_HOLDER + ".new")
        beside.write_text(json.dumps(asdict(me), ensure_ascii=False), "utf-8")
        os.replace(beside, root / _HOLDER)
        yield
    finally:
        (root / _HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(root: Path) -> Holder | None:
    """Who says that it holds the lock. One that crashed may still stand there until the next has written its own name."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            holder = Holder(**json.loads((root / _HOLDER).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            holder = None
        if holder and not holder.gone:
            return holder
        time.sleep(0.05)
    return None


def make_leasable(folder: Path) -> None:
    """Prepare a new version's folder for `lease`."""
    (folder / _LEASE).touch()


def lease(folder: Path) -> int | None:
    """A reader's hold on a version, to be given back with `os.close`: while it lasts, no writer removes the version.

    It never waits. None where nothing can be held: the version has no such file, or the system no such locks. Raises
    `IndexDamagedError` when a writer is removing the version.
    """
    try:
        import fcntl

        file = os.open(folder / _LEASE, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        raise IndexDamagedError("version-leaving", version=folder.name) from error
    return file


@contextmanager
def unread(folder: Path) -> Iterator[bool]:
    """Whether nobody reads a version; for as long as the block lasts nobody can begin to."""
    try:
        import fcntl

        file = os.open(folder / _LEASE, os.O_RDWR)
    except (ImportError, OSError):
        yield True
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield True
    finally:
        os.close(file)
