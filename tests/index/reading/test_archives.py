"""A zip of articles is taken as a folder of its name would be."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits
from index.reading.sources import Intake, read_all
from tests.support.bad_files import WORD, archive
from tests.support.fakes import GARDEN


def take(folder: Path, data: bytes, limits: ParseLimits | None = None) -> Intake:
    (folder / "包.zip").write_bytes(data)
    return read_all([folder / "包.zip"], limits=limits)


def test_articles_of_an_archive_are_read_with_their_catalogue(tmp_path: Path) -> None:
    catalogue = '[[article]]\nid = "sea"\nfile = "sub/c.txt"\nregion = "青山区"'
    parts = {
        "b.txt": GARDEN,
        "sub/c.txt": GARDEN,
        "articles.toml": catalogue,
        "__MACOSX/b.txt": "x",
        "note.exe": "x",
        "x_files/l.txt": "x",
        "x.html": f"<p>{GARDEN}</p>",
    }
    intake = take(tmp_path, archive({name: text.encode() for name, text in parts.items()} | {"a.docx": WORD}))
    assert [source.meta.id for source in intake.sources] == ["a", "b", "sea", "x"]
    assert [source.meta.region for source in intake.sources if source.meta.id == "sea"] == ["青山区"]
    assert intake.failures == ()


def test_names_that_windows_packed_are_read(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("NAME.txt", GARDEN)
    name = "补贴.txt".encode("gb18030")
    data = held.getvalue().replace(b"NAME.txt", name)
    assert len(name) == len("NAME.txt")
    assert [source.meta.id for source in take(tmp_path, data).sources] == ["补贴"]


def test_bad_member_hinders_no_other_and_is_named_by_its_place(tmp_path: Path) -> None:
    parts = {
        "good.txt": GARDEN.encode(),
        "inner.zip": archive({"a.txt": b"x"}),
        "../out.txt": b"x",
        "/etc/x.txt": b"x",
        "C:\\x.txt": b"x",
        "bad.pdf": b"x",
    }
    intake = take(tmp_path, archive(parts))
    assert [source.meta.id for source in intake.sources] == ["good"]
    told = [str(failure) for failure in intake.failures]
    place = repr(str(tmp_path / "包.zip"))[:-1]
    assert sorted(line.removeprefix(place).partition("' ")[0] for line in told) == [
        "/bad.pdf",
        "/inner.zip",
        "/out.txt",
        "/x.txt",
        "/x.txt",
    ]
    assert sum("leads out of the archive" in line for line in told) == 3
    assert not (tmp_path.parent / "out.txt").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive({"a.txt": GARDEN.encode()})[:-30], "is a damaged or truncated zip archive"),
        (b"no zip at all", "is a damaged or truncated zip archive"),
        (archive({"a.exe": b"x"}), "holds no article"),
        (archive({"a.txt": b" " * 60_000_000}), "unpacks to 60,000,000 bytes in 1 files"),
        (archive({f"{n}.txt": b"" for n in range(2_001)}), "in 2,001 files"),
        (archive({"a.txt": b"x"}).replace(struct.pack("<4sHHH", b"PK\1\2", 0x314, 20, 0), struct.pack("<4sHHH", b"PK\1\2", 0x314, 20, 1)), "has a password"),
    ],
)  # fmt: skip
def test_bad_archive_gets_one_line(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        raise take(tmp_path, data, ParseLimits(unpacked_bytes=50_000_000)).failures[0]
