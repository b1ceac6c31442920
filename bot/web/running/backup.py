"""The data folder as one file, taken while the server runs: databases as of one moment, and the index while nobody writes it."""

import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from index.errors import CallError
from index.stored.locks import only_writer

_LOCKS = ("writer.lock", "writer.json")  # of who writes now, which is nobody once it is put back
_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database, and a copy holds already
_SQLITE = b"SQLite format 3\0"


def back_up(data: Path, index: Path, folder: Path) -> Path:
    """A new file `liangce-TIME.tar.gz` in a folder; raises `IndexBusyError` while the index is being written, `CallError` where the
    folder cannot be written."""
    if not data.is_dir():
        raise CallError("data-missing", path=data)
    made = folder / f"liangce-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar.gz"
    beside = made.with_suffix(".part")
    index.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with only_writer(index), tempfile.TemporaryDirectory(dir=folder, prefix=".liangce-") as copies:
            beside.touch(0o600)
            with tarfile.open(beside, "w:gz", compresslevel=1) as out:
                for path in _files(data, folder):
                    source = _copied(path, Path(copies)) if _is_database(path) else path
                    out.add(source, path.relative_to(data).as_posix(), recursive=False)
        beside.replace(made)
    except OSError as error:
        raise CallError("backup-unwritten", folder=folder, error=error) from error
    finally:
        beside.unlink(missing_ok=True)
    return made


def _files(data: Path, folder: Path) -> Iterator[Path]:
    """What goes into a backup: the files of the data folder, but for backups where they are kept in it."""
    for path in sorted(data.rglob("*")):
        kept = path.is_file() and not path.is_symlink() and path.name not in _LOCKS and not path.name.endswith(_BESIDE)
        if kept and folder.resolve() not in path.resolve().parents:
            yield path


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _copied(path: Path, folder: Path) -> Path:
    """A copy of a database as it is at one moment, whoever writes it."""
    copy = folder / "copy.sqlite"
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    copy.chmod(path.stat().st_mode & 0o777)
    return copy
