"""Which of Gradio's routes a page answers at: those that its browser and programs need. At all others nothing is.

Gradio brings routes for recordings, files of other hosts, monitoring, code that is edited in the browser and more. Each new version may
bring further ones, so what may be asked for is listed, and not what may not.
"""

from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

READ = frozenset({"GET", "HEAD"})
SEND = frozenset({"POST"})
Routes = Mapping[str, frozenset[str]]  # a path as Gradio writes it -> the methods that are taken there

# What every page needs, each as Gradio names it.
PAGE: Routes = {
    "/": READ,
    "/assets/{path:path}": READ,  # its script and styles
    "/static/{path:path}": READ,
    "/theme.css": READ,
    "/robots.txt": READ,
    "/config": READ,  # what Gradio's clients read first
    "/config/": READ,
    "/gradio_api/info": READ,
    "/gradio_api/info/": READ,
    "/gradio_api/startup-events": READ,
    "/gradio_api/heartbeat/{session_hash}": READ,
    "/gradio_api/app_id": READ,  # by which a page that lost its server finds out that it is back
    "/gradio_api/run/{api_name}": SEND,  # what is done at once; Gradio sends to the queue what has one
    "/gradio_api/queue/join": SEND,
    "/gradio_api/queue/data": READ,
    "/gradio_api/cancel": SEND,
    "/gradio_api/reset": SEND,  # does nothing; browsers send it when a question is stopped
    "/gradio_api/call/{api_name}": SEND,
    "/gradio_api/call/{api_name}/{event_id}": READ,
    "/gradio_api/component_server/": SEND,  # an article beside the chat, and a conversation as a file
}
# What a page needs besides where files are sent to it.
FILES: Routes = {
    "/gradio_api/upload": SEND,
    "/gradio_api/upload_progress": READ,
}


class Allowed:
    """An ASGI application that answers only at some routes of another one.

    `pages` are the names of its pages, "" for the first. Forms with files go only to `FILES`, where those are allowed.
    """

    def __init__(self, app: ASGIApp, pages: Iterable[str], routes: Routes) -> None:
        further = {f"/{name}{end}": READ for name in pages if name for end in ("", "/")}
        self._app = app
        self._routes = [(compile_path(path)[0], path in FILES, methods) for path, methods in ({**routes, **further}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._takes(scope):
            await self._app(scope, receive, send)
        else:
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)

    def _takes(self, scope: Scope) -> bool:
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        form = Headers(scope=scope).get("content-type", "").lower().startswith("multipart/")
        return any(
            pattern.match(path) and scope["method"] in methods and (takes_files or not form)
            for pattern, takes_files, methods in self._routes
        )
