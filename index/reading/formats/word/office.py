"""Older office files (.doc, .wps, .rtf, .odt) -> .docx, by LibreOffice where it is installed.

It runs without a window, in a process group of its own with bounds of time, memory and file size, in a folder that is thrown away, and
runs no macros and follows no links (`_PROFILE`).
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits

# The kinds, and by which filter each is opened: LibreOffice would take what it does not know for text.
FILTERS = {".doc": "MS Word 97", ".rtf": "Rich Text Format", ".odt": "writer8"}
ENDINGS = tuple(FILTERS)
PROGRAMS = ("soffice", "libreoffice")
_ITEM = '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "2"),  # never
)
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    + "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    + "</oor:items>"
)


def to_word(ending: str, data: bytes, limits: ParseLimits) -> bytes:
    """The file as a .docx; raises `SourceError` where LibreOffice is missing, fails or takes longer than it may."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise SourceError("office-missing")
    with tempfile.TemporaryDirectory(prefix="liangce-office-") as folder:
        place = Path(folder)
        (place / "profile" / "user").mkdir(parents=True)
        (place / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
        (place / f"in{ending}").write_bytes(data)
        _run([program, *_arguments(place, ending)], place, limits)
        made = place / "out" / "in.docx"
        if not made.is_file() or made.is_symlink() or made.stat().st_size > limits.file_bytes:
            raise SourceError("office-failed")
        return made.read_bytes()


def _arguments(place: Path, ending: str) -> list[str]:
    profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    quiet = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    kinds = [f"--infilter={FILTERS[ending]}", "--convert-to", "docx"]
    return [profile, *quiet, *kinds, "--outdir", str(place / "out"), str(place / f"in{ending}")]


def _run(command: list[str], place: Path, limits: ParseLimits) -> None:
    bounds = [str(number) for number in (limits.memory_bytes, limits.unpacked_bytes, limits.seconds)]
    process = subprocess.Popen(  # noqa: S603  # no shell; the only words that are not ours are the path of a folder of our own
        [sys.executable, str(Path(__file__).with_name("confined.py")), *bounds, *command],
        cwd=place,
        env={"HOME": str(place), "TMPDIR": str(place), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise SourceError("office-slow", seconds=limits.seconds) from error
    finally:
        # LibreOffice is a script that starts a program that starts another; they are one group, which ends together.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
