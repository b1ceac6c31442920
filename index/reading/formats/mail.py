"""A web page as a mail message (MHT, MHTML) -> its HTML. Browsers save pages so, and Word files hold text so."""

from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from index.errors import SourceError
from index.reading.decode import decode


def html_of_message(data: bytes) -> str:
    """The first HTML in a message; raises `SourceError` when it holds none."""
    message = message_from_bytes(data, policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return _text_of(part)
    raise SourceError("mail-no-html")


def _text_of(part: "Message[str, str] | EmailMessage") -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):  # it says another encoding than it has
        return decode(data)
