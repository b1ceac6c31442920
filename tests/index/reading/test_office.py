"""Older office files through LibreOffice: what it gives, and what becomes of files that are bad, slow, or would run something."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits
from index.reading.formats.word import office
from index.reading.sources import read_file
from tests.index.reading.test_word import message
from tests.support.bad_files import OLE, archive
from tests.support.documents import paragraph, word, word_xml

INSTALLED = any(shutil.which(name) for name in office.PROGRAMS)
needs_office = pytest.mark.skipif(not INSTALLED, reason="LibreOffice is not installed: apt-get install libreoffice-writer-nogui")
_CELL = '<w:tc><w:tcPr><w:tcW w:w="4000" w:type="dxa"/></w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>'
_ROWS = "".join(f"<w:tr>{_CELL.format(a)}{_CELL.format(b)}</w:tr>" for a, b in (("对象", "补贴"), ("企业", "3000元")))
TABLE = (
    paragraph("青山区补贴办法", '<w:pStyle w:val="Heading1"/>')
    + paragraph("营业执照", '<w:pStyle w:val="ListNumber"/>')
    + f'<w:tbl><w:tblPr><w:tblW w:w="8000" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="4000"/><w:gridCol w:w="4000"/></w:tblGrid>{_ROWS}</w:tbl>'
)
WORD_97 = OLE + "WordDocument".encode("utf-16-le") + bytes(4000)  # says that it is one, and no more
RICH = r"{\rtf1\ansi\ansicpg936\uc1 \u20225?\u19994?\u21487?\u20197?\u30003?\u35831?\u12290?\par}"


def converted(folder: Path, ending: str, data: bytes, kind: str) -> bytes:
    """A Word file as LibreOffice saves it in another kind."""
    (folder / "made.docx").write_bytes(data)
    command = [shutil.which(office.PROGRAMS[0]) or "", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    subprocess.run([*command, "--convert-to", kind, "--outdir", str(folder), str(folder / "made.docx")], check=True, capture_output=True)
    return (folder / f"made{ending}").read_bytes()


@needs_office
@pytest.mark.parametrize(("ending", "kind"), [(".doc", "doc:MS Word 97"), (".rtf", "rtf"), (".odt", "odt")])
def test_older_file_gives_its_headings_numbers_and_tables(tmp_path: Path, ending: str, kind: str) -> None:
    body = word_xml(TABLE + paragraph("附注。"))
    data = converted(tmp_path, ending, body, kind)
    for name in (f"a{ending}", *(["b.wps"] if ending == ".doc" else [])):
        (tmp_path / name).write_bytes(data)
        source = read_file(tmp_path / name)
        assert source.text.splitlines() == ["# 青山区补贴办法", "1. 营业执照", "对象：企业；补贴：3000元。", "附注。"]


@needs_office
def test_tracked_deletion_of_an_older_file_is_left_out(tmp_path: Path) -> None:
    runs = '<w:r><w:t>补贴为</w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText>一千元</w:delText></w:r></w:del><w:r><w:t>二千元。</w:t></w:r>'
    (tmp_path / "a.doc").write_bytes(converted(tmp_path, ".doc", word_xml(paragraph(runs)), "doc:MS Word 97"))
    source = read_file(tmp_path / "a.doc")
    assert (source.text, source.left_out) == ("补贴为二千元。", (("tracked deletion", "一千元"),))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.doc", word(["企业可以申请。"])),
        ("a.wps", word(["企业可以申请。"])),
        ("a.doc", "<html><body><p>企业可以申请。</p></body></html>".encode()),
        ("a.doc", message("<html><body><p>企业可以申请。</p></body></html>")),
        pytest.param("a.doc", RICH.encode(), marks=needs_office),
    ],
)
def test_file_is_read_as_what_it_is_under_the_ending_doc(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert read_file(tmp_path / name).text == "企业可以申请。"


def test_line_names_the_package_where_libreoffice_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "a.doc").write_bytes(WORD_97)
    with pytest.raises(SourceError, match="install the package libreoffice-writer-nogui"):
        read_file(tmp_path / "a.doc")


def ended_soon(stat: Path) -> bool:
    """Whether a process that was told to end is gone, or waits only for whoever started it; on a busy machine that takes a moment."""
    for _ in range(50):
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    return False


def test_libreoffice_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "soffice").write_text(
        f"#!/bin/sh\n{sys.executable} -c 'import time; time.sleep(60)' &\necho $! > {tmp_path}/child\nwait\n", "utf-8"
    )
    (tmp_path / "soffice").chmod(0o755)
    (tmp_path / "a.doc").write_bytes(WORD_97)
    start = time.monotonic()
    with pytest.raises(SourceError, match="takes LibreOffice longer than 2 seconds"):
        read_file(tmp_path / "a.doc", limits=ParseLimits(seconds=2))
    assert time.monotonic() - start < 20
    child = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    assert ended_soon(child)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.doc", OLE, "is an Office file and no Word document"),
        pytest.param("a.doc", WORD_97, "cannot be opened by LibreOffice", marks=needs_office),
        ("a.doc", OLE + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
        ("a.doc", OLE[:512] + b"\xec\xa5" + b"\0" * 9 + b"\x01" + b"\0" * 500, "is encrypted"),
        ("a.odt", archive({"content.xml": b"", "META-INF/manifest.xml": b"<manifest:encryption-data>"}), "is encrypted"),
        ("a.odt", word(["x"]), "is a zip archive and no .odt"),
        ("a.odt", archive({"content.xml": b" " * 60_000_000, "META-INF/manifest.xml": b""}), "unpacks to 60,000,000 bytes"),
        ("a.rtf", b"plain", "is not what its ending says: expected a .rtf"),
        ("a.doc", b"%PDF-1.4 %%EOF", "is a PDF: expected a .doc"),
        ("a.mht", b"no message", "is no web archive"),
        ("a.mht", b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", "is a web archive that holds no page"),
    ],
)  # fmt: skip
def test_bad_older_file_gets_one_line(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_file(tmp_path / name, limits=ParseLimits(unpacked_bytes=50_000_000))
