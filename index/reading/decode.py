"""Bytes -> text, in the encodings that Chinese offices write; what is not text, or is damaged, is refused."""

import codecs
import re

from index.errors import SourceError

_PLAIN = re.compile(
    r"[\t\n\r\f -~\u00a0-\u024f\u0370-\u04ff\u2000-\u206f\u2460-\u24ff\u2500-\u27bf\u3000-\u33ff㐀-鿿\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\ufeff]"
)
_HAN = re.compile(r"[㐀-鿿]")
_INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def decode(data: bytes) -> str:
    """The text of `data`: UTF-16 by its byte-order mark or its zero bytes, then UTF-8, then GB18030.

    Raises `SourceError` for zero bytes, for UTF-8 that is damaged (which GB18030 would turn into other characters), for what
    is not text, and for text that is mostly invisible.
    """
    text = _decoded(data)
    if "\0" in text:
        raise SourceError("text-zero-bytes")
    controls = sum(char < " " and char not in "\t\n\r\f\v" for char in text)
    if controls > len(text) // 100:
        raise SourceError("text-controls", count=controls)
    hidden = len(_INVISIBLE.findall(text))
    if hidden > len(text) // 10:
        raise SourceError("text-hidden", hidden=hidden, length=len(text))
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _as_utf16(data, "utf-16")
    if b"\0" in data:
        # Without a mark: the order of the bytes in which the text is of ordinary characters.
        for encoding in ("utf-16-le", "utf-16-be"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text and len(text) > 3 and _plainness(text) > 0.98:
                return text
        raise SourceError("text-zero-bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise SourceError("text-not-utf-8", at=error.start) from error
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise SourceError("text-not-gb18030", at=error.start) from error
    if _plainness(text) < 0.98:
        raise SourceError("text-none")
    return text


def _as_utf16(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError("text-not-utf-16", at=error.start) from error


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII reads as UTF-8: by chance, text in GB18030 hardly ever does."""
    text = data.decode("utf-8", errors="replace")
    return len(_HAN.findall(text)) > 4 * text.count("\ufffd")


def _plainness(text: str) -> float:
    """The share of characters in [0, 1] that stand in ordinary Chinese or Latin text."""
    return len(_PLAIN.findall(text)) / max(len(text), 1)
