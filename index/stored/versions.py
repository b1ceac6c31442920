"""The versions of an index: one folder each, and a pointer to the live one that is replaced in one step."""

import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import CallError, IndexDamagedError, IndexMismatchError, IndexMissingError, StoreError
from index.stored.locks import make_leasable, only_writer, unread
from index.stored.manifest import MANIFEST, Manifest, replace_file
from index.stored.place import Place, forget

KEPT = 5  # versions: the live one, and those that one may wish to go back to or open a citation in

_POINTER = "CURRENT"
_LAST, _IDENTITY = "LAST", "ID"  # the highest number ever published, so that none is used twice; the index's own name on a Chroma server


def pointed(root: Path) -> str:
    """The name of the live version, whether or not it is there; "" where nothing is indexed yet."""
    try:
        return (root / _POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def live(root: Path) -> Path | None:
    """The folder of the live version, or None where nothing is indexed yet; raises `IndexDamagedError` when it is gone."""
    name = pointed(root)
    if not name:
        return None
    folder = root / name
    if not folder.is_dir():
        raise IndexDamagedError("version-gone", path=root / _POINTER, version=name)
    return folder


def require_live(root: Path) -> Path:
    """The folder of the live version; raises `IndexMissingError` where nothing is indexed yet."""
    folder = live(root)
    if folder is None:
        raise IndexMissingError("index-missing", data=root.parent)
    return folder


def kept(root: Path) -> list[Path]:
    """The folders of the whole versions, newest first."""
    return [folder for folder in _folders(root) if (folder / MANIFEST).is_file()]


def require(root: Path, name: str) -> Path:
    """The folder of the version of that name; raises `CallError` where it is not kept."""
    found = {folder.name: folder for folder in kept(root)}
    if name not in found:
        raise CallError("version-unknown", version=name, known=list(found))
    return found[name]


def identity(root: Path) -> str:
    """The index's own name, made when first asked for: several indexes may share one Chroma server."""
    path = root / _IDENTITY
    if not path.is_file():
        replace_file(path, secrets.token_hex(6))
    return path.read_text("utf-8").strip()


def place_of(folder: Path, manifest: Manifest, chroma_url: str) -> Place:
    """Where the vectors of a version are; raises `IndexMismatchError` where they are on a Chroma server and no `chroma_url` says which."""
    if manifest.collections and not chroma_url:
        raise IndexMismatchError("version-on-server", version=folder.name)
    return Place(folder / "chroma", chroma_url if manifest.collections else "", manifest.collections)


@contextmanager
def writing(root: Path, *, keep: int = KEPT, chroma_url: str = "", draft: bool = False) -> Iterator[Path]:
    """A fresh folder for the next version, under the one writer's lock; it becomes live when the block ends without an error, unless it
    is a draft.

    A block that writes no manifest found that there was nothing to change. What a crashed writer left is removed by the next
    one. Raises `IndexBusyError` while another process writes.
    """
    root.mkdir(parents=True, exist_ok=True)
    with only_writer(root):
        sweep(root, keep, chroma_url)
        folder = root / f"v{_last_number(root) + 1:06d}"
        folder.mkdir()
        make_leasable(folder)
        try:
            yield folder
        except BaseException:  # also an interruption: the old version stays live and nothing half-written stays
            _remove(root, folder, chroma_url)
            raise
        if (folder / MANIFEST).is_file():
            replace_file(root / _LAST, folder.name)
            if not draft:
                point_to(root, folder)
        else:
            _remove(root, folder, chroma_url)
        sweep(root, keep + draft, chroma_url)


def discard(root: Path, names: Collection[str], chroma_url: str = "") -> list[str]:
    """Remove versions by their names, but for the live one and those that are being read; the names of those that are gone."""
    gone = []
    for folder in _folders(root):
        if folder.name in names and folder.name != pointed(root):
            with unread(folder) as free:
                if free:
                    _remove(root, folder, chroma_url)
                    gone.append(folder.name)
    return gone


def point_to(root: Path, folder: Path) -> None:
    """Make a whole version the live one, in one step; only for who holds the writer's lock."""
    replace_file(root / _POINTER, folder.name + "\n")


def sweep(root: Path, keep: int, chroma_url: str = "") -> list[str]:
    """Remove what was never finished, and of the whole versions all but the newest `keep`; the names of those that are gone.

    The live one stays, and so does one that is still being read. Only for who holds the writer's lock.
    """
    whole = kept(root)
    stay = {root / pointed(root), *whole[:keep]}
    gone = []
    for folder in _folders(root):
        if folder not in stay:
            with unread(folder) as free:
                if free:
                    _remove(root, folder, chroma_url)
                    gone.append(folder.name)
    if chroma_url and (root / _IDENTITY).is_file():
        # Collections whose folder is gone: a writer was killed between the two, or could not reach the server.
        forget(chroma_url, identity(root), {folder.name for folder in _folders(root)})
    return gone


def _remove(root: Path, folder: Path, chroma_url: str) -> None:
    (folder / MANIFEST).unlink(missing_ok=True)  # first of all: a version that is half removed is not whole
    shutil.rmtree(folder, ignore_errors=True)
    if chroma_url and (root / _IDENTITY).is_file():
        with suppress(StoreError):  # the next sweep does it
            forget(chroma_url, identity(root), {folder.name for folder in _folders(root)})


def _folders(root: Path) -> list[Path]:
    """The folders of all versions, newest first, also of those that were never finished."""
    found = (folder for folder in root.glob("v[0-9]*") if folder.name[1:].isdigit())
    return sorted(found, key=lambda folder: int(folder.name[1:]), reverse=True)


def _last_number(root: Path) -> int:
    try:
        last = int((root / _LAST).read_text("utf-8")[1:])
    except (OSError, ValueError):
        last = 0
    return max([last, *(int(folder.name[1:]) for folder in _folders(root))])
