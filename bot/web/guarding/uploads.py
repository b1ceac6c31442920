"""Where files lie that maintainers send: in a folder of this process that nobody else can read, for no longer than they are needed."""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from fastapi import FastAPI

log = logging.getLogger(__name__)

_PREFIX = "liangce-uploads-"
_KEPT, _EVERY = 60 * 60, 10 * 60  # seconds that a file is kept for its preview and publication, and between two looks
_LEFT = 24 * 60 * 60  # seconds after which the folder of a process that ended without clearing up is removed


class Uploads:
    """A folder for what one process is sent, which is made at once; all applications of the process share it."""

    def __init__(self) -> None:
        """Remove what processes before this one left, and have Gradio put its files here."""
        for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            with suppress(OSError):  # another user's, or gone meanwhile
                if left.stat().st_uid == os.getuid() and left.stat().st_mtime < time.time() - _LEFT:
                    shutil.rmtree(left)
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # with mode 0700
        os.environ["GRADIO_TEMP_DIR"] = str(self.folder)
        self._serving = 0

    def clean(self, older_than: float = _KEPT) -> None:
        """Remove the files that are older than so many seconds, and the folders that are empty then."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            with suppress(OSError):
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()  # fails where something is in it
                elif path.lstat().st_mtime < time.time() - older_than:
                    path.unlink()
        with suppress(OSError):
            os.utime(self.folder)  # it is in use

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep_clean(self, app: FastAPI) -> None:
        """Clean for as long as an application is served, and remove the folder at its end."""
        before = app.router.lifespan_context

        @asynccontextmanager
        async def lifespan(of: FastAPI) -> AsyncIterator[Any]:
            self._serving += 1
            async with before(of) as state, anyio.create_task_group() as group:
                group.start_soon(self._clean_now_and_then)
                try:
                    yield state
                finally:
                    group.cancel_scope.cancel()
                    self._serving -= 1
                    if not self._serving:
                        self.close()

        app.router.lifespan_context = lifespan

    def is_there(self) -> bool:
        """Whether the folder is there, and is Gradio's."""
        return self.folder.is_dir() and os.environ.get("GRADIO_TEMP_DIR") == str(self.folder)

    async def _clean_now_and_then(self) -> None:
        while True:
            await anyio.sleep(_EVERY)
            await anyio.to_thread.run_sync(self.clean)


_shared: list[Uploads] = []


def uploads_of_process() -> Uploads:
    """The uploads of this process; Gradio knows one folder only. To be called before anything of Gradio's is made."""
    if not _shared or not _shared[0].is_there():
        _shared[:] = [Uploads()]
    return _shared[0]
