"""Why a request of a program is not done, as RFC 9457 has it: an object of the type application/problem+json.

A problem is told in the language that the request asks for; its `code` is the same in all languages and stays what it is.
"""

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.web.words import language_asked_for
from index.errors import LiangceError, reason_of
from index.language import Message

log = logging.getLogger(__name__)

TYPE = "application/problem+json"
# The status of each problem; what it says stands in the catalogues under the same code.
STATUS = {
    "api-form": 422,
    "api-key-missing": 401,
    "api-key-none-made": 401,
    "api-key-unknown": 401,
    "api-key-scope": 403,
    "api-other-site": 403,
    "api-too-often": 429,
    "api-too-large": 413,
    "api-busy": 503,
    "api-off": 503,
    "api-failed": 500,
    "api-store-full": 507,
    "api-article-gone": 404,
    "api-version-gone": 404,
    "api-model-unknown": 404,
    "api-no-question": 400,
    "api-no-such-path": 404,
    "api-method": 405,
}


class ProblemError(LiangceError):
    """A request is not done. `headers` go with the answer, such as when to try again; `faults` are what pydantic found wrong."""

    def __init__(self, code: str, /, **fields: object) -> None:
        super().__init__(code, **fields)
        self.status = STATUS[code]
        self.faults: list[Mapping[str, Any]] = []
        self.headers: dict[str, str] = {"WWW-Authenticate": 'Bearer realm="liangce"'} if self.status == 401 else {}

    def after(self, seconds: int) -> "ProblemError":
        """The same, with when to try again."""
        self.headers["Retry-After"] = str(seconds)
        return self


def in_language(message: Message, request: Request) -> str:
    """A message in the language that a request asks for; English where it asks for none, as programs do."""
    return message.in_language(language_asked_for(request.headers.get("accept-language", ""), "en"))


def problem_of(error: ProblemError, request: Request) -> dict[str, Any]:
    """The object of a problem."""
    problem = {
        "type": f"{prefix_of(request)}/api/v1/problems/{error.code.removeprefix('api-')}",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": in_language(error, request),
        "code": error.code.removeprefix("api-"),
    }
    return problem | {"errors": [_fault(fault, request) for fault in error.faults]} if error.faults else problem


def prefix_of(request: Request) -> str:
    """The path that the whole server is served under, whatever is mounted in it."""
    path: str = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    return path


def _fault(problem: Mapping[str, Any], request: Request) -> dict[str, str]:
    """What is wrong at one place of the request, which is named by a JSON pointer in its body, or by the name of a parameter."""
    where, *path = problem["loc"]
    place = {"pointer": "#" + "".join(f"/{part}" for part in path)} if where == "body" else {"parameter": "/".join(map(str, path))}
    return {"detail": in_language(reason_of(problem), request), **place}


def form_error(error: RequestValidationError) -> ProblemError:
    """The problem of a request that is not of the form that is expected."""
    first = error.errors()[0]
    problem = ProblemError("api-form", place=".".join(map(str, first["loc"][1:])) or "body", reason=reason_of(first))
    problem.faults = list(error.errors())
    return problem


def from_http(error: HTTPException) -> ProblemError:
    """The problem of what the framework itself does not take."""
    return ProblemError("api-method" if error.status_code == 405 else "api-no-such-path")


def answer(error: ProblemError, request: Request) -> JSONResponse:
    """A problem as the response."""
    return ProblemResponse(problem_of(error, request), error.status, error.headers, TYPE)


class ProblemResponse(JSONResponse):
    """A response that names what was sent even where that is no text: half a character stays escaped, as it came."""

    def render(self, content: Any) -> bytes:
        """See `JSONResponse`."""
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")


def failed(error: Exception) -> ProblemError:
    """The problem of a program that failed, once the maintainers have it in the log."""
    log.error("a request of a program failed", exc_info=error)
    return ProblemError("api-failed")
