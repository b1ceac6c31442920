"""What proxies and other sites say of a request: believed of whom it may be, and leading nowhere otherwise."""

import logging
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from bot.answering.live import LiveAssistant
from bot.server import make_app
from bot.settings import DoorSettings, ServerSettings, Settings
from bot.web.guarding.addresses import address_of
from bot.web.guarding.forwarded import Forwarded
from index.errors import LiangceError
from index.settings import read_settings


def client_of(settings: Settings, peer: str) -> TestClient:
    """A client at an address, of an application that tells by which address it is known."""
    app = FastAPI()

    @app.get("/")
    def seen(request: Request) -> dict[str, Any]:
        return {"address": address_of(request), "scheme": request.url.scheme, "told": [name for name in request.headers if "forw" in name]}

    app.add_middleware(Forwarded, settings=settings)
    return TestClient(app, client=(peer, 5000))


@pytest.mark.parametrize(
    ("proxies", "peer", "told", "address"),
    [
        ("", "127.0.0.1", "192.0.2.1", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.66", "192.0.2.1", "192.0.2.66"),
        ("127.0.0.1", "127.0.0.1", "198.51.100.9, 192.0.2.66", "192.0.2.66"),  # what stands before was sent by the client itself
        ("127.0.0.1, 10.0.0.0/8", "10.1.2.3", "192.0.2.66, 10.9.9.9", "192.0.2.66"),
        ("127.0.0.1", "127.0.0.1", "2001:db8:0:1::1", "2001:db8:0:1::/64"),
    ],
)
def test_address_is_the_last_that_a_trusted_proxy_vouches_for(proxies: str, peer: str, told: str, address: str) -> None:
    client = client_of(Settings(server=ServerSettings(trusted_proxies=proxies)), peer)
    assert client.get("/", headers={"X-Forwarded-For": told, "X-Forwarded-Proto": "https"}).json() == {
        "address": address, "scheme": "http" if address == peer else "https", "told": [],
    }  # fmt: skip


def test_proxy_that_is_not_named_is_told_to_the_operator_once(caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(Settings(), "10.1.2.3")
    with caplog.at_level(logging.WARNING):
        for n in range(3):
            client.get("/", headers={"X-Forwarded-For": f"192.0.2.{n}"})
    assert [record.getMessage()[:34] for record in caplog.records] == ["10.1.2.3 sends X-Forwarded-For and"]


def test_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(LiangceError, match=r"'proxy\.local' is no address"):
        read_settings(Settings, trusted_proxies="127.0.0.1 proxy.local")


@pytest.mark.parametrize("public", ["", "https://www.example.gov.cn/zhengce"])
def test_forged_hosts_lead_nowhere(assistant: LiveAssistant, settings: Settings, public: str) -> None:
    own = settings.model_copy(update={"doors": DoorSettings(public_url=public)})
    client = TestClient(make_app(assistant, own), base_url="http://127.0.0.1:7860")
    for path in ("/", "/config", "/articles", "/en/", "/gradio_api/info"):
        for name in ("X-Forwarded-Host", "X-Gradio-Server", "X-Original-URL", "Forwarded"):
            answer = client.get(path, headers={name: "http://evil.example" if "Gradio" in name else "evil.example"})
            assert (answer.status_code, "evil.example" in answer.text) == (200, False), (path, name)
        if public:
            answer = client.get(path, headers={"Host": "evil.example"})
            assert (answer.status_code, "evil.example" in answer.text + str(answer.headers)) == (421, False)
            assert client.get(path, headers={"Host": "www.example.gov.cn"}).status_code == 200


def test_pages_of_other_sites_are_not_let_in(assistant: LiveAssistant, settings: Settings) -> None:
    client = TestClient(make_app(assistant, settings))
    for path in ("/", "/config", "/gradio_api/info", "/en/config"):
        answer = client.get(path, headers={"Origin": "https://evil.example"})
        assert [name for name in answer.headers if name.startswith("access-control")] == []
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client.options("/gradio_api/queue/join", headers=asked).headers
