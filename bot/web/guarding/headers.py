"""What browsers are told of every answer: what they may do with it, and whether they may keep it."""

import secrets

from fastapi import Request
from starlette.datastructures import MutableHeaders

from bot.settings import Settings
from bot.web.accounts.entrance import TOKEN

_NOT_USED = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), display-capture=(), publickey-credentials-get=()"
_DAY = 24 * 60 * 60


def say_what_browsers_may(headers: MutableHeaders, request: Request, settings: Settings, *, is_private: bool) -> None:
    """Add to the headers of an answer; `is_private` is whether it is not for everybody."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    is_safe = request.url.scheme == "https"
    if is_safe and settings.server.hsts_days:
        headers["Strict-Transport-Security"] = f"max-age={settings.server.hsts_days * _DAY}"
    if not is_private:
        return
    headers["Permissions-Policy"] = _NOT_USED
    headers["X-Frame-Options"] = "DENY"
    if not any(f"/{folder}/" in request.url.path for folder in ("assets", "static")):  # these are the same for everybody
        headers["Cache-Control"] = "no-store"
    if not request.cookies.get(TOKEN) and TOKEN not in headers.get("set-cookie", ""):
        path = settings.server.root_path or "/"
        token = f"{TOKEN}={secrets.token_urlsafe(24)}; Path={path}; SameSite=Strict{'; Secure' if is_safe else ''}"
        headers.append("Set-Cookie", token)
