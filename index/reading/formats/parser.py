"""Bytes of a file -> parsed, in a process apart with bounds of memory and time."""

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from index.errors import SourceError
from index.reading.decode import decode
from index.reading.formats.archive import check_open_document
from index.reading.formats.parsed import Note, Parsed, ParseLimits, check_size
from index.reading.formats.word import office

_PLAIN = (".txt",)  # decoded here: no library reads it, and its size is bounded before it is read


class Parser:
    """Parses one file after the other; its process starts with the first that needs it, and anew when one has brought it down."""

    def __init__(self, limits: ParseLimits | None = None) -> None:
        self.limits = limits or ParseLimits()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Parser":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def parse(self, suffix: str, data: bytes) -> Parsed:
        """The parsed document; raises `SourceError` when the file is bad, takes too long, or brings the process down."""
        if suffix in _PLAIN:
            text = decode(data)
            check_size(text, self.limits)
            if not text.strip():
                raise SourceError("file-empty")
            return Parsed(text)
        if suffix in office.ENDINGS:
            if suffix == ".odt":
                check_open_document(data, self.limits)
            suffix, data = ".docx", office.to_word(suffix, data, self.limits)
        answer = self._ask(suffix, data)
        if "refused" in answer:
            raise SourceError(answer["refused"], **answer["fields"])
        found = answer["parsed"]
        left_out = tuple((reason, words) for reason, words in found["left_out"])
        notes = tuple(Note(**note) for note in found["notes"])
        return Parsed(found["text"], frozenset(found["closed"]), found["properties"], left_out, notes)

    def _ask(self, suffix: str, data: bytes) -> dict[str, Any]:
        process = self._process or self._start()
        assert process.stdin is not None
        try:
            request = {"suffix": suffix, "size": len(data), "limits": asdict(self.limits)}
            process.stdin.write(json.dumps(request).encode() + b"\n" + data)
            process.stdin.flush()
            line = self._line(process)
        except BrokenPipeError:
            line = b""
        except BaseException:
            self._stop()
            raise
        if not line.endswith(b"\n"):
            self._stop()
            raise SourceError("parser-down", most=self.limits.memory_bytes)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        """The next line of the process; raises `SourceError` when it takes too long or says more than any document can."""
        assert process.stdout is not None
        # Six bytes a character as escaped JSON, and as much again for what was left out.
        reply, most, deadline = bytearray(), 100_000 + 12 * self.limits.characters, time.monotonic() + self.limits.seconds
        while not reply.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise SourceError("parser-slow", seconds=self.limits.seconds)
            part = os.read(process.stdout.fileno(), 1 << 16)
            if not part:
                break
            reply += part
            if len(reply) > most:
                raise SourceError("parser-too-long", most=self.limits.characters)
        return bytes(reply)

    def _start(self) -> subprocess.Popen[bytes]:
        top = str(Path(__file__).resolve().parents[3])
        path = os.pathsep.join(filter(None, (top, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "index.reading.formats.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            try:
                assert pipe is not None
                pipe.close()
            except BrokenPipeError:
                pass  # what it had not read yet
        process.wait()
