"""Bad files by the hundred: each gets one line and exit 1, the good ones beside them go in, and memory stays bounded."""

import resource
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import index.__main__ as program
from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits
from index.reading.formats.parser import Parser
from index.reading.sources import read_file
from index.stored.manifest import Manifest
from index.stored.versions import live, require_live
from index.upkeep.preview import take_in
from tests.support.bad_files import HAN, OLE, PDF, WORD, bad_files, bomb, places
from tests.support.documents import pdf
from tests.support.fakes import GARDEN, BigramEncoder


@pytest.fixture
def limits() -> ParseLimits:
    return ParseLimits(unpacked_bytes=50_000_000, seconds=20)


def test_every_bad_file_gets_one_line_and_the_good_go_in(tmp_path: Path, encoder: BigramEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, data = tmp_path / "in", tmp_path / "data"
    folder.mkdir()
    names = []
    for name, content in bad_files():
        (folder / name).write_bytes(content)
        names.append(name)
    (folder / "bomb.docx").write_bytes(bomb(250_000_000))
    places(folder)
    good = {"good.txt": GARDEN.encode(), "good2.html": f"<p>{HAN}。</p>".encode(), "good3.docx": WORD, "good4.pdf": PDF}
    for name, content in good.items():
        (folder / name).write_bytes(content)
    bad = len(names) + 1 + 8
    assert len(set(names)) == len(names)
    assert bad >= 200
    monkeypatch.setattr(program, "load_encoder_of", lambda settings: encoder)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    refused = CliRunner().invoke(program.app, ["add", str(folder), "--data", str(data)])
    assert refused.exit_code == 1
    assert live(data / "index") is None
    lines = refused.stderr.splitlines()
    refusals = [line for line in lines if line.startswith("error: ")]
    assert len(refusals) == bad
    assert lines[-1] == f"4 good, {bad} bad: nothing was changed; --keep-going adds the good"
    assert all(line.count(str(folder)[1:]) >= 1 and (": " in line[8:]) and line.isprintable() for line in refusals)
    done = CliRunner().invoke(program.app, ["add", str(folder), "--keep-going", "--data", str(data)])
    assert (done.exit_code, done.stderr.splitlines()[:-1]) == (1, lines[:-1])
    assert [article.id for article in Manifest.read(require_live(data / "index")).articles] == ["good", "good2", "good3", "good4"]
    assert [path.name for path in (data / "index").glob("v*")] == ["v000001"]
    # In KiB: a file is read whole up to 50 MB, and its parser's process stays apart.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000
    assert time.monotonic() - start < 60


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "is empty: expected an article's text"),
        ("a.docx", WORD[:900], "damaged or truncated .docx"),
        ("a.pdf", PDF[:-9], "truncated PDF"),
        ("a.pdf", pdf([]), "holds no text, and none was recognised"),
        ("a.pdf", pdf([(40.0, 700.0, 12.0, "密")], encrypted=True), "is encrypted: expected a PDF without a password"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "is encrypted: expected a .docx without a password"),
        ("a.docx", OLE, "is an older Office file or an encrypted one: expected a .docx; give it the ending .doc"),
        ("a.txt", PDF, "is a PDF: expected text; give it the ending .pdf"),
        ("a.pdf", WORD, "is a zip archive: expected a .pdf; give it the ending .docx"),
        ("a.txt", (HAN * 3).encode()[:-1], "is not text in whole UTF-8, byte 213 is wrong"),
        ("a.txt", HAN.encode("utf-16")[:-1], "is not text in whole UTF-16"),
        ("a.txt", (HAN + "\0" + HAN).encode(), "it holds zero bytes"),
        ("a.txt", "\u200b".join(HAN).encode(), "invisible characters among"),
        ("a.txt", b"x" * 300_000, "has a line of 300,000 characters"),
        ("a.html", b"<html><body><script>x</script></body></html>", "holds no text besides scripts"),
        ("a\u202etxt.txt", GARDEN.encode(), r"has '\\u202e' in its name"),
        ("a.docx", bomb(60_000_000), r"unpacks to 60,\d{3},\d{3} bytes"),
    ],
)  # fmt: skip
def test_line_says_what_was_given_expected_and_to_be_done(
    tmp_path: Path, name: str, content: bytes, message: str, limits: ParseLimits
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read_file(tmp_path / name, limits=limits)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(HAN, "utf-16-le"), (GARDEN, "utf-16-be"), (HAN, "gb18030"), ("Hello café, naïve", "utf-8"), ("繁體中文的文章", "gb18030")],
)
def test_text_without_a_mark_is_decoded(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes((text + "\n2023年。").encode(encoding))
    assert read_file(tmp_path / "a.txt").text == text + "\n2023年。"


def test_parser_that_hangs_or_dies_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    with Parser(ParseLimits(seconds=5)) as parser:
        assert parser.parse(".md", "正文。".encode()).text == "正文。"
        worker = parser.worker._process
        assert worker is not None
        worker.kill()
        worker.wait()
        with pytest.raises(SourceError, match="brought the parser down"):
            parser.parse(".md", "正文。".encode())
        assert parser.parse(".md", "正文。".encode()).text == "正文。"
        import signal

        assert parser.worker._process is not None
        parser.worker._process.send_signal(signal.SIGSTOP)
        monkeypatch.setattr(parser.worker, "limits", ParseLimits(seconds=2))
        with pytest.raises(SourceError, match="takes longer than 2 seconds"):
            parser.parse(".md", "正文。".encode())
        assert parser.parse(".md", "正文。".encode()).text == "正文。"


def test_same_id_twice_is_told_of_the_second(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GARDEN, "utf-8")
    (tmp_path / "a.md").write_text(GARDEN, "utf-8")
    intake = take_in([tmp_path], {}, ParseLimits())
    assert [source.meta.source for source in intake.sources] == ["a.md"]
    assert next(str(failure) for failure in intake.failures).startswith(repr(str(tmp_path / "a.txt")) + " has the id 'a', as ")
