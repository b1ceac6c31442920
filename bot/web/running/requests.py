"""Each request with a number of its own, in its response and in the log; the access log; and what is said where the program fails."""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.running.logs import REQUEST

log = logging.getLogger(__name__)
access = logging.getLogger("access")

HEADER = "X-Request-ID"
_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)  # of a proxy in front, which numbers requests itself
_LONGEST_PATH = 200


class Numbered:
    """An ASGI application whose requests have numbers; `notes_access` is whether each is put into the log, without its question."""

    def __init__(self, app: ASGIApp, *, notes_access: bool) -> None:
        self._app, self._notes_access = app, notes_access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        number = given if _ID.fullmatch(given) else secrets.token_hex(8)
        status, start, before = 0, time.monotonic(), REQUEST.set(number)

        async def numbered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"])[HEADER] = number
            await send(message)

        try:
            await self._app(scope, receive, numbered)
        except Exception as error:  # whatever went wrong, whoever asked is told a number, and the maintainers find it in the log
            if (cause := _clients_mistake(error)) is not None:
                log.warning("a request was not taken: %d", cause.status_code)
                await send({"type": "http.response.body", "body": b""})
                return
            log.exception("a request failed")
            if status:  # the server ends the connection, since half of the answer is sent
                raise
            await JSONResponse({"detail": "the program failed", "request": number}, 500)(scope, receive, numbered)
        finally:
            if self._notes_access:
                self._note(scope, status, time.monotonic() - start)
            REQUEST.reset(before)

    @staticmethod
    def _note(scope: Scope, status: int, seconds: float) -> None:
        """One line: no query, since questions stand there, and of the address only whose network it is of."""
        client = network_of(scope["client"][0]) if scope.get("client") else ""
        said = {
            "method": scope["method"],
            "path": scope["path"][:_LONGEST_PATH],
            "status": status,
            "ms": round(seconds * 1000),
            "client": client,
        }
        access.info("%(method)s %(path)s %(status)s %(ms)s ms %(client)s", said, extra={"more": said})


def _clients_mistake(error: Exception) -> HTTPException | None:
    """What the framework found wrong with a request once it had begun to answer, None where it is the program that failed."""
    cause = error.__cause__
    return cause if isinstance(cause, HTTPException) and cause.status_code < 500 else None


def network_of(address: str) -> str:
    """The network of an address: of IPv4 its first three numbers, of IPv6 its first four groups; the address itself names a person."""
    import ipaddress

    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))
