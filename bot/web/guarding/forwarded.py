"""What reverse proxies say of a request: believed of those that the settings name, and taken away from all others."""

import ipaddress
import logging
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.settings import Settings
from index.language import LANGUAGES, render

log = logging.getLogger(__name__)

# Whatever reads a request further on, such as Gradio, believes these whoever sent them.
_TAKEN_AWAY = (b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-gradio-server", b"x-original-", b"x-rewrite-")
_MISDIRECTED = 421


class Forwarded:
    """An ASGI application that knows the true address of whoever sent a request, and takes none that is meant for another host.

    It is told apart by the addresses of the proxies that are trusted. Where the settings name the public address, only that host and this
    machine may be asked for.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        proxies = settings.server.trusted_proxies.replace(",", " ").split()
        # uvicorn's own types say the same as Starlette's
        self._app: ASGIApp = ProxyHeadersMiddleware(_Stripped(app), proxies) if proxies else _Stripped(app)  # type: ignore[arg-type,assignment]
        self._trusted = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]
        public = urlsplit(settings.doors.public_url).hostname
        self._user_header = settings.server.user_header.lower()
        self._hosts = {public, "localhost", settings.server.host} if public else None
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if self._hosts and not self._is_ours(headers.get("host", "")):
                text = " ".join(render("door.other-host", language) for language in LANGUAGES)
                await PlainTextResponse(text, _MISDIRECTED)(scope, receive, send)
                return
            if not self._warned and "x-forwarded-for" in headers and not self._is_trusted(scope):
                self._warned = True
                log.warning(
                    "%s sends X-Forwarded-For and is not trusted: if it is your reverse proxy, name it in LIANGCE_TRUSTED_PROXIES, "
                    "else all people behind it are counted as one",
                    (scope.get("client") or ("?",))[0],
                )
            if self._user_header:
                self._name(scope, headers)
        await self._app(scope, receive, send)

    def _name(self, scope: Scope, headers: Headers) -> None:
        """Note whom a trusted proxy names as logged in, and take the header away, whoever sent it."""
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() != self._user_header.encode()]
        named = _as_text(headers.get(self._user_header, "")) if self._is_trusted(scope) else ""
        scope["state"] = {**scope.get("state", {}), "proxy_user": named}

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header names the public host or this machine."""
        name = urlsplit(f"//{host}").hostname or ""
        return name in (self._hosts or ()) or _is_loopback(name)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            address = ipaddress.ip_address(scope["client"][0])
        except (TypeError, ValueError):
            return False
        return any(address in network for network in self._trusted)


class _Stripped:
    """An ASGI application that gets none of the headers by which proxies speak of a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            kept = [(name, value) for name, value in scope["headers"] if not name.lower().startswith(_TAKEN_AWAY)]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, send)


def _as_text(value: str) -> str:
    """A header's value as it was meant: proxies send names in UTF-8, which ASGI hands on as Latin-1."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
