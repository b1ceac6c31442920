"""Files that maintainers send: who can read them, how long they lie there, and that no other file of the server is read."""

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.answering.live import LiveAssistant
from bot.maintain.maintenance import Maintenance
from bot.server import make_app
from bot.settings import Settings
from bot.web.accounts.users import Accounts, Role
from bot.web.guarding.uploads import Uploads
from index.database import open_database
from tests.support.browsing import log_in
from tests.support.fakes import BigramEncoder

PASSWORD = "open sesame 1"
SECRET = "只有服务器上的人知道的话"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    return folder


@pytest.fixture
def app(temporary: Path, assistant: LiveAssistant, settings: Settings, encoder: BigramEncoder) -> FastAPI:
    Accounts(open_database(settings)).add("王工", PASSWORD, [Role.PUBLISH])
    return make_app(assistant, settings, Maintenance(settings, encoder))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as opened:
        log_in(opened, "王工", PASSWORD)
        yield opened


def preview(client: TestClient, file: Any) -> str:
    """What comes of looking at a file: all that is told of it."""
    config = client.get("/maintain/config").json()
    form = next(dependency for dependency in config["dependencies"] if "files" in ids(config, dependency))
    body = {"data": [[file]], "fn_index": form["id"], "session_hash": "look"}
    assert client.post("/maintain/gradio_api/queue/join", json=body).status_code == 200
    return client.get("/maintain/gradio_api/queue/data", params={"session_hash": "look"}).text


def ids(config: dict[str, Any], dependency: dict[str, Any]) -> list[str]:
    """The names in the page of what sets off a call."""
    names = {component["id"]: component["props"].get("elem_id", "") for component in config["components"]}
    return [names.get(target, "") for target, _ in dependency["targets"]]


def upload(client: TestClient, text: str) -> str:
    (path,) = client.post("/maintain/gradio_api/upload", files={"files": ("办法.md", text.encode())}).json()
    return str(path)


def test_uploads_are_private_and_gone_with_the_server(app: FastAPI, temporary: Path) -> None:
    with TestClient(app) as client:
        log_in(client, "王工", PASSWORD)
        path = Path(upload(client, f"# 办法\n\n{SECRET}。\n"))
        (folder,) = temporary.glob("liangce-uploads-*")
        assert folder in path.parents
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, "nobody else reads it, should the folder be opened"
        told = preview(client, {"path": str(path), "orig_name": "办法.md", "meta": {"_type": "gradio.FileData"}})
        assert '"success":true' in told.replace(" ", ""), "the sender's own file is read"
    assert list(temporary.glob("liangce-uploads-*")) == []


def test_files_of_the_server_are_not_read_by_their_path(client: TestClient, tmp_path: Path, settings: Settings) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(f"# 秘密\n\n{SECRET}。\n", "utf-8")
    link = Path(upload(client, "# 办法\n\n正文。\n")).parent / ".." / ".." / ".." / "secret.md"
    for path in (secret, settings.data / "records.sqlite", link, Path("/etc/hostname")):
        for more in ({}, {"url": f"file://{secret}"}, {"url": f"/gradio_api/file={secret}"}):
            told = preview(client, {"path": str(path), "meta": {"_type": "gradio.FileData"}, **more})
            assert "process_completed" in told
            assert '"success":false' in told.replace(" ", ""), path
            assert SECRET not in told
    for address in (f"/maintain/gradio_api/file={secret}", f"/gradio_api/file={secret}", f"/maintain/gradio_api/file/{secret}"):
        assert client.get(address).status_code == 404


def test_old_files_are_removed_and_new_ones_are_not(temporary: Path) -> None:
    left, used = (Path(tempfile.mkdtemp(prefix="liangce-uploads-", dir=temporary)) for _ in range(2))
    os.utime(left, (time.time() - 90_000,) * 2)
    uploads = Uploads()
    assert (left.exists(), used.exists()) == (False, True)
    old, new = (uploads.folder / name / "file" for name in ("old", "new"))
    for file in (old, new):
        file.parent.mkdir()
        file.write_bytes(b"x")
    os.utime(old, (time.time() - 4000,) * 2)
    uploads.clean()
    assert [path.name for path in uploads.folder.rglob("*")] == ["new", "file"]
    uploads.clean()
    uploads.close()
    assert not uploads.folder.exists()
