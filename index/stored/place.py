"""Where the vectors of a version are, and the way there: a folder of Chroma's on disk, or collections of a Chroma server."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.errors import IndexDamagedError, StoreError


@dataclass(frozen=True, slots=True)
class Place:
    """Where the vectors of a version are: in a folder on disk, or with a `url` on a Chroma server in collections of that `name`."""

    folder: Path
    url: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name!r} on the Chroma server {self.url}" if self.url else repr(str(self.folder))

    def collection(self, what: str) -> str:
        """The name of a collection: on a server, which several indexes may share, it says which index and version it is of."""
        return f"{self.name}-{what}" if self.url else what


def connect(place: Place) -> Any:
    """A Chroma client for a place, to be closed; raises `IndexDamagedError` on disk, `StoreError` when the server does not answer."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not place.url:
        try:
            return chromadb.PersistentClient(str(place.folder), settings=settings)
        except Exception as error:  # Chroma raises errors of its own, of SQLite and of its compiled part
            raise IndexDamagedError("store-closed", place=place, error=error) from error
    address = urlsplit(place.url)
    try:
        return chromadb.HttpClient(
            address.hostname or "", address.port or (443 if address.scheme == "https" else 80), address.scheme == "https", settings=settings
        )
    except Exception as error:  # it raises ValueError, and what its HTTP library raises
        raise StoreError("server-silent", url=place.url, error=error) from error


def forget(url: str, index: str, versions: Collection[str]) -> None:
    """Delete from a Chroma server the collections of an index's versions, other than `versions`."""
    client = connect(Place(Path(), url))
    try:
        names = [collection.name for collection in client.list_collections()]
        for name in names:
            version = name.removeprefix(f"{index}-").rpartition("-")[0]
            if name.startswith(f"{index}-") and version not in versions:
                client.delete_collection(name)
    finally:
        client.close()
