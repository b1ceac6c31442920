"""Gradio's routes: those that the pages need answer, and nothing is at any other."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import Mount

from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import Settings
from bot.web.guarding.routes import FILES, PAGE, Allowed

# Routes of Gradio's that no page of ours needs. A new version of Gradio may bring others: they are refused until they stand above.
REFUSED = {
    "/openapi.json", "/gradio_api/openapi.json", "/login", "/logout", "/svelte/{path:path}", "/gradio_api/deep_link", "/favicon.ico",
    "/pwa_icon", "/pwa_icon/{size}", "/manifest.json", "/monitoring", "/monitoring/summary", "/monitoring/{key}", "/gradio_api/user",
    "/gradio_api/login_check", "/gradio_api/token", "/gradio_api/dev/reload", "/gradio_api/runs",
    "/gradio_api/custom_component/{id}/{environment}/{type}/{file_name}", "/gradio_api/proxy={url_path:path}",
    "/gradio_api/file={path_or_url:path}", "/gradio_api/file/{path:path}", "/gradio_api/stream/{event_id}",
    "/gradio_api/stream/{event_id}/close", "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}",
    "/gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file", "/gradio_api/api/{api_name}",
    "/gradio_api/call/v2/{api_name}", "/gradio_api/call/v2/{api_name}/{event_id}", "/gradio_api/queue/status", "/gradio_api/theme.css",
    "/gradio_api/process_recording", "/gradio_api/vibe-edit", "/gradio_api/undo-vibe-edit", "/gradio_api/vibe-code",
    "/gradio_api/vibe-starter-queries",
}  # fmt: skip
OURS = {"/", "/articles", "/about"}
LOGIN = {"/login", "/logout"}  # stand in front of the page with routes of our own


def paths(routes: Iterable[Any]) -> Iterator[tuple[str, set[str]]]:
    """The paths of an application with their methods, those of routers that it includes among them."""
    for route in routes:
        if getattr(route, "original_router", None):
            yield from paths(route.original_router.routes)
        elif getattr(route, "path", None):
            yield route.path, route.methods or {"GET"}


@pytest.fixture
def app(assistant: LiveAssistant, settings: Settings) -> FastAPI:
    return make_app(assistant, settings)


def mounts(app: FastAPI) -> dict[str, Allowed]:
    return {route.path: route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, Allowed)}


def test_every_route_of_gradio_is_decided_on(app: FastAPI) -> None:
    assert set(mounts(app)) == {"", "/en"}
    for allowed in mounts(app).values():
        found = {path.rstrip("/") or "/" for path, _ in paths(allowed._app.routes)}  # type: ignore[attr-defined]
        decided = {path.rstrip("/") or "/" for path in (*PAGE, *FILES)} | OURS | REFUSED
        assert found <= decided, f"new routes: {sorted(found - decided)}"
        assert decided - found == set(), "routes that there are no more"


def test_routes_that_no_page_needs_are_not_there(app: FastAPI) -> None:
    client = TestClient(app, raise_server_exceptions=False)
    tried = 0
    for place, allowed in mounts(app).items():
        for path, methods in paths(allowed._app.routes):  # type: ignore[attr-defined]
            if (path.rstrip("/") or "/") not in (REFUSED | set(FILES)) - (set() if place else LOGIN):
                continue
            for method in methods:
                answer = client.request(method, place + re.sub(r"\{.*?\}", "x", path), content=b"{}")
                assert answer.status_code in ((403, 404) if path in FILES else (404,)), (method, place + path)
                tried += 1
    assert tried > 100


def test_recordings_without_a_password_leave_nothing_on_the_disk(app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    client = TestClient(app, raise_server_exceptions=False)
    for path in (
        "/gradio_api/process_recording",
        "/gradio_api/component_server/",
        "/en/gradio_api/upload",
        "/gradio_api/process_recording/",
    ):
        for _ in range(20):
            form = {"fn_name": "x", "component_id": "1", "session_hash": "x"}
            assert client.post(path, files={"video": b"x" * 95_000}, data=form).status_code in (403, 404)
    assert list(folder.rglob("*")) == []


def test_question_does_not_go_round_the_queue(app: FastAPI) -> None:
    client = TestClient(app)
    body = {"data": ["新建口袋公园多少处", []]}
    assert client.post("/gradio_api/run/ask", json=body).status_code == 404
    assert client.post("/gradio_api/call/ask", json=body).status_code == 200


def test_page_finds_out_which_server_it_has(app: FastAPI) -> None:
    client = TestClient(app)
    answer = client.get("/gradio_api/app_id").raise_for_status().json()
    assert answer["app_id"] == client.get("/config").json()["app_id"]
