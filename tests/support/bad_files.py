"""Files that cannot be read as articles, of many kinds, and folders with traps in them."""

import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.documents import pdf, word
from tests.support.fakes import GARDEN

HAN = "青山区花园城市行动新建公园居民可以向街道提出申请"
WORD = word(["青山区补贴办法", "居民可以向街道提出申请。"])
PDF = pdf([(40.0, 700.0, 12.0, "居民可以向街道提出申请。")])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
EMPTIES = (b"", b" ", b"\n\n\n", b"\t \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n")
SUFFIXES = (".txt", ".md", ".html", ".htm", ".mht", ".docx", ".doc", ".rtf", ".odt", ".xlsx", ".ofd", ".pdf", ".png", ".jpg")
KINDS = {"word": WORD, "pdf": PDF, "ole": OLE, "picture": PICTURE, "gzip": b"\x1f\x8b" + b"\1" * 99, "7z": b"7z\xbc\xaf" + b"\1" * 99,
         "rar": b"Rar!\x1a" + b"\1" * 99, "rtf": b"{\\rtf1 abc}", "program": b"\x7fELF" + b"\1" * 99, "jpeg": b"\xff\xd8\xff\xe0" + b"\1" * 99}  # fmt: skip
RIGHT = {("word", ".docx"), ("word", ".doc"), ("pdf", ".pdf"), ("ole", ".doc"), ("rtf", ".doc"), ("rtf", ".rtf")}


def archive(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return held.getvalue()


def bomb(size: int) -> bytes:
    """A .docx of which one part unpacks to `size` bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORD)) as good, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for part in good.infolist():
            if part.filename != "word/document.xml":
                file.writestr(part, good.read(part))
        with file.open("word/document.xml", "w") as out:
            for _ in range(size // 1_000_000):
                out.write(b" " * 1_000_000)
    return held.getvalue()


def laughs() -> bytes:
    """A .docx whose text names entities that name entities, a thousand million times over."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<!DOCTYPE d [<!ENTITY e0 "laugh">{entities}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>'
    with zipfile.ZipFile(io.BytesIO(WORD)) as good:
        parts = {part.filename: good.read(part) for part in good.infolist()}
    return archive(parts | {"word/document.xml": xml.encode()})


def bad_files() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of files that none of them is an article, the same each time."""
    dice = random.Random(5)
    for suffix in SUFFIXES:
        for n, data in enumerate(EMPTIES):
            yield f"empty-{n}{suffix}", data
        for name, data in KINDS.items():
            if (name, suffix) not in RIGHT:
                yield f"wrong-{name}{suffix}", data
    for n in range(30):
        yield f"cut-{n}.docx", WORD[: len(WORD) * (n + 1) // 32]
        yield f"cut-{n}.pdf", PDF[: len(PDF) * (n + 1) // 32]
    for n in range(1, 20):
        yield f"cut-utf8-{n}.txt", (HAN * 3).encode()[: -3 * n - 1 - n % 2]
        yield f"stray-{n}.txt", (HAN * 9).encode()[: 3 * n] + dice.choice([b"\xff", b"\xc3", b"\xe9\x9d", b"\xfe"]) + (HAN * 9).encode()
        yield f"zero-{n}.md", (HAN[:n] + "\0" + HAN).encode()
    yield "cut-utf16.txt", HAN.encode("utf-16")[:-1]
    yield "utf32.txt", HAN.encode("utf-32")
    for suffix, part in ((".odt", "content.xml"), (".xlsx", "[Content_Types].xml"), (".ofd", "OFD.xml")):
        yield f"noise{suffix}", b"PK\3\4" + dice.randbytes(4000)
        yield f"cut{suffix}", archive({part: dice.randbytes(4000)})[:-30]
        yield f"bomb{suffix}", archive({part: b" " * 250_000_000})
        yield f"other{suffix}", archive({"a.txt": b"x"})
        yield f"junk{suffix}", archive({part: dice.randbytes(4000)})
    yield "noise.png", PICTURE[:16] + dice.randbytes(4000)
    yield "noise.jpg", b"\xff\xd8\xff\xe0" + dice.randbytes(4000)
    yield "encrypted.doc", OLE[:512] + b"\xec\xa5" + b"\0" * 9 + b"\x01" + b"\0" * 500
    yield "encrypted.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")
    yield "noise.doc", OLE[:8] + dice.randbytes(4000)
    yield "noise-inside.doc", OLE[:8] + dice.randbytes(2000) + "WordDocument".encode("utf-16-le") + dice.randbytes(2000)
    yield "no-page.mht", b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx"
    yield "inner.ofd", archive({"OFD.xml": b"<a><DocRoot>nowhere.xml</DocRoot></a>"})
    for n in range(10):
        yield f"noise-{n}.txt", dice.randbytes(4000)
        yield f"noise-{n}.docx", b"PK\3\4" + dice.randbytes(4000)
        yield f"noise-{n}.pdf", b"%PDF-1.7\n" + dice.randbytes(4000) + b"\n%%EOF"
    yield "hidden.txt", "\u200b\u200d\u2060\ufeff".encode() * 50
    yield "hidden-between.txt", "\u200b".join(HAN * 4).encode()
    yield "right-to-left.txt", ("\u202e\u2066字" * 99).encode()
    yield "tags.txt", ("字" + "\u2063\u2064" * 3).encode() * 40
    yield "controls.txt", ("字\x01\x02\x1b" * 99).encode()
    yield "line.txt", b"a" * 300_000
    yield "long.txt", (HAN + "。\n").encode() * 60_000
    yield "line.md", HAN.encode() * 6_000
    yield "furniture.txt", "# 标题\n\n责编 张三 李四\n\n第12版 要闻\n".encode()
    yield "script.html", b"<html><body><script>alert(1)</script><style>p{}</style></body></html>"
    yield "menu.html", '<html><body><nav><a href="/">首页</a></nav><footer>版权</footer></body></html>'.encode()
    yield "hidden.html", '<html><body><p style="display: none">看不见</p><p hidden>看不见</p></body></html>'.encode()
    yield "cut.html", f"<!doctype html><html><body><p>{HAN}".encode()
    yield "form.html", b"<html><body><form><input value=x></form><iframe src=x></iframe></body></html>"
    yield "text.html", HAN.encode()
    yield "page.txt", b"<!DOCTYPE html><html><body><p>x</p></body></html>"
    yield "front.md", "---\ntitle: [\n---\n正文。".encode()
    yield "front-date.md", "---\npublished: someday\n---\n正文。".encode()
    yield "front-status.md", "---\nstatus: dead\n---\n正文。".encode()
    yield "front-long.md", f"---\ntitle: {'x' * 30_000}\n---\n正文。".encode()
    yield "front-only.md", b"---\ntitle: x\n---\n"
    yield "no-text.pdf", pdf([])
    yield "no-text-pages.pdf", pdf([], [], [])
    yield "encrypted.pdf", pdf([(40.0, 700.0, 12.0, "密")], encrypted=True)
    yield "encrypted.docx", OLE + "EncryptedPackage".encode("utf-16-le")
    yield "no-word.docx", archive({"a.txt": b"x"})
    yield "no-body.docx", archive({"[Content_Types].xml": b"<Types/>"})
    yield "no-text.docx", word([])
    yield "many.docx", archive({"[Content_Types].xml": b"<Types/>"} | {f"p{n}": b"" for n in range(6000)})
    yield "laughs.docx", laughs()
    yield "broken-xml.docx", archive({"[Content_Types].xml": b"<Types", "word/document.xml": b"<w"})
    yield "---.txt", GARDEN.encode()
    yield f"{'长' * 75}{'x' * 20}.txt"[-80:], b""
    for n, mark in enumerate("\u202e\u200b\u2066\n\r\t\x07\x1b\\"):
        yield f"trick{n}{mark}x.txt", GARDEN.encode()


def places(folder: Path) -> None:
    """What is no plain file: links, pipes, folders named as files."""
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "out").symlink_to("/")
    os.mkfifo(folder / "pipe.txt")
    (folder / "dots..txt").symlink_to("../../secret.txt")
    with (folder / "line-100MB.txt").open("wb") as file:
        file.truncate(100_000_000)
    with (folder / "huge.pdf").open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(60_000_000)
