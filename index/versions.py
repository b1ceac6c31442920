"""The versions of an index: one folder each, and a pointer to the live one that is replaced in one step."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import IndexBusyError, IndexDamagedError, IndexMismatchError, IndexMissingError
from index.split import SplitSettings

FORMAT = 2  # raise it whenever the same article would be stored in another way: cleaning, splitting, terms or layout
KEPT = 3  # versions: the live one, and two that a running reader may still be answering from

BACKGROUND = "background.npy"  # in a version's folder: the mean of its sentences' vectors

_POINTER, _MANIFEST, _LOCK = "CURRENT", "manifest.json", "writer.lock"
_REBUILD = "rebuild the index with these settings: python -m index build"


@dataclass(frozen=True, slots=True)
class Listed:
    """One article as the manifest lists it; `sha256` is of the file and of what was known about it."""

    id: str
    title: str
    published: str
    status: str
    passages: int
    sentences: int
    sha256: str
    effective: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index version is made of: everything that must agree with the settings of who opens it, and its articles."""

    format: int
    encoder: str
    fingerprint: str
    dimension: int
    split: SplitSettings
    articles: tuple[Listed, ...] = ()

    def write(self, folder: Path) -> None:
        """Write the manifest, the last thing that makes a version whole."""
        (folder / _MANIFEST).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), "utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest of a version; raises `IndexDamagedError` when it cannot be read."""
        try:
            values = json.loads((folder / _MANIFEST).read_text("utf-8"))
            values["split"] = SplitSettings(**values["split"])
            values["articles"] = tuple(Listed(**article) for article in values["articles"])
            return cls(**values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(
                f"the manifest in {str(folder)!r} cannot be read ({error}): rebuild it with python -m index build"
            ) from error

    def require(self, wanted: "Manifest") -> None:
        """Raise `IndexMismatchError`, naming each difference, unless this version was made with the settings of `wanted`."""
        names = [
            name for name in ("format", "encoder", "fingerprint", "dimension", "split") if getattr(self, name) != getattr(wanted, name)
        ]
        if names:
            told = "; ".join(f"{name}: the index has {getattr(self, name)!r}, the settings say {getattr(wanted, name)!r}" for name in names)
            raise IndexMismatchError(f"the index does not fit the settings ({told}); {_REBUILD}")


def live(root: Path) -> Path | None:
    """The folder of the live version, or None where nothing is indexed yet; raises `IndexDamagedError` when it is gone."""
    try:
        name = (root / _POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    folder = root / name
    if not name or not folder.is_dir():
        raise IndexDamagedError(f"{str(root / _POINTER)!r} names {name!r}, which is not there: rebuild it with python -m index build")
    return folder


def require_live(root: Path) -> Path:
    """The folder of the live version; raises `IndexMissingError` where nothing is indexed yet."""
    folder = live(root)
    if folder is None:
        raise IndexMissingError(
            f"nothing is indexed in {str(root.parent)!r} yet: run python -m index build, or name another folder with --data"
        )
    return folder


@contextmanager
def writing(root: Path) -> Iterator[Path]:
    """A fresh folder for the next version, under the one writer's lock; it becomes live when the block ends without an error.

    The lock is the operating system's, so a crash frees it. What a crashed writer left is removed by the next one.
    Raises `IndexBusyError` while another process writes.
    """
    from filelock import FileLock, Timeout

    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(root / _LOCK)
    holder = root / (_LOCK + ".pid")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        who = holder.read_text("utf-8") if holder.is_file() else "unknown"
        raise IndexBusyError(f"the index in {str(root)!r} is being written by process {who}: wait for it to end, then try again") from error
    try:
        holder.write_text(str(os.getpid()), "utf-8")
        folder = root / f"v{_last_number(root) + 1:06d}"
        _sweep(root)
        folder.mkdir()
        try:
            yield folder
        except BaseException:  # also an interruption: the old version stays live and nothing half-written stays
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if (folder / _MANIFEST).is_file():  # a block that wrote none found that there was nothing to change
            _publish(root, folder)
        else:
            shutil.rmtree(folder)
        _sweep(root)
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _publish(root: Path, folder: Path) -> None:
    beside = root / (_POINTER + ".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(folder.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, root / _POINTER)


def _last_number(root: Path) -> int:
    return max((int(folder.name[1:]) for folder in root.glob("v[0-9]*") if folder.name[1:].isdigit()), default=0)


def _sweep(root: Path) -> None:
    """Remove what was never finished and all but the newest `KEPT` whole versions; the live one always stays."""
    current = live(root)
    folders = sorted(
        (folder for folder in root.glob("v[0-9]*") if folder.name[1:].isdigit()), key=lambda folder: int(folder.name[1:]), reverse=True
    )
    whole = [folder for folder in folders if (folder / _MANIFEST).is_file()]
    stay = {current, *whole[:KEPT]}
    for folder in folders:
        if folder not in stay:
            shutil.rmtree(folder, ignore_errors=True)
