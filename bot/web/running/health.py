"""Signs of life: whether the process runs, and whether it can answer; what watches it restarts it by the one and sends people by the other."""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from bot.answering.assistant import Answering
from bot.settings import Settings
from index.stored.manifest import Manifest
from index.stored.versions import require_live

log = logging.getLogger(__name__)

_EVERY = 30.0  # seconds for which a question that was answered says that the models work
_QUESTION = "有什么政策？"


class Health:
    """Whether an assistant can answer, check by check; safe to use from several threads."""

    def __init__(self, assistant: Answering, settings: Settings) -> None:
        self._assistant, self._settings = assistant, settings
        self._lock, self._asked = threading.Lock(), float("-inf")

    def checks(self) -> dict[str, bool]:
        """Each check by its name, and whether it is passed; what fails is logged."""
        found: Mapping[str, Callable[[], bool]] = {"index": self._opens, "disk": self._has_room, "models": self._answers}
        return {name: _passed(name, check) for name, check in found.items()}

    def _opens(self) -> bool:
        """Whether the live version is whole, as far as its manifest says, and is the one that is open or soon will be."""
        return bool(Manifest.read(require_live(self._settings.index)).sizes[0] and self._assistant.version)

    def _has_room(self) -> bool:
        return shutil.disk_usage(_existing(self._settings.data)).free >= self._settings.running.least_free_megabytes * 1_000_000

    def _answers(self) -> bool:
        """Whether a question comes through all stages; asked now and then, since it costs as much as anybody's."""
        with self._lock:
            if time.monotonic() - self._asked >= _EVERY:
                self._assistant.ask(_QUESTION, may_write=False)
                self._asked = time.monotonic()
        return True


def add_health(app: FastAPI, assistant: Answering, settings: Settings) -> None:
    """Put /live and /ready into `app`."""
    health = Health(assistant, settings)

    @app.get("/live")
    def live() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready")
    def ready() -> JSONResponse:
        checks = health.checks()
        well = all(checks.values())
        told = {"status": "ready" if well else "not ready", "index": assistant.version, "checks": checks}
        return JSONResponse(told, 200 if well else 503, {"Cache-Control": "no-store"})


def _passed(name: str, check: Callable[[], bool]) -> bool:
    try:
        passed = check()
    except Exception:  # whatever it is, the server is not ready, and the maintainers find it in the log
        log.exception("the server is not ready: %s", name)
        return False
    if not passed:
        log.error("the server is not ready: %s", name)
    return passed


def _existing(folder: Path) -> Path:
    return next((path for path in (folder, *folder.absolute().parents) if path.is_dir()), Path("/"))
