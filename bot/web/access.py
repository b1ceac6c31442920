"""What may be sent to the public pages: how much, how often, and from where."""

from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from bot.web.guarding.addresses import address_of
from bot.web.guarding.admission import Admission
from bot.web.words import refusal

_LARGEST = 1_000_000  # bytes that a browser may send to the public page at once: a question with its conversation
_UNCHANGING = ("assets", "static", "page")  # folders of files that are sent as they are


def check_site(request: Request) -> None:
    """Raise `HTTPException` 403 if a page of another site made the browser send this.

    Browsers say where a request comes from; those that do not say it in this way name the page's host.
    """
    site, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    if site not in ("", "same-origin", "none") or (not site and origin and urlsplit(origin).netloc != request.headers.get("host", "")):
        raise HTTPException(403, refusal("door.other-site", request))


def check_rate(request: Request, admission: Admission) -> None:
    """Raise `HTTPException` 429 if the address of a request to the public pages has sent too many; what never changes counts for nothing."""
    path = request.url.path
    if any(f"/{folder}/" in path for folder in _UNCHANGING):
        return
    if wait := admission.count(address_of(request), asks=request.method == "POST" and "/gradio_api/call/" in path):
        raise HTTPException(429, refusal("door.too-often", request), {"Retry-After": str(wait)})


def check_size(request: Request) -> None:
    """Raise `HTTPException` 413 if a browser sends more than a conversation can be, or does not say how much it sends."""
    length = request.headers.get("content-length", "")
    if request.method == "POST" and not (length.isdigit() and int(length) <= _LARGEST):
        raise HTTPException(413, refusal("door.too-large", request))
