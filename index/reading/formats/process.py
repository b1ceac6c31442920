"""The parsers' process as its starter sees it: files go in, answers come out, in bounds of memory and time."""

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.errors import SourceError
from index.reading.formats.parsed import ParseLimits

# What the process is told of the environment: a parser that a file has taken over finds no password or key there.
_HANDED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONHOME", "SYSTEMROOT")
BEAT = b"."  # what the process says after each page that it recognised


class WorkerProcess:
    """A process that parses one file after the other; it starts with the first, and anew when one has brought it down."""

    def __init__(self, limits: ParseLimits, *, recognises: bool = False) -> None:
        self.limits, self._recognises = limits, recognises
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, suffix: str, data: bytes) -> dict[str, Any]:
        """What the process says of a file; raises `SourceError` when the file takes too long or brings it down."""
        process = self._process or self._start()
        assert process.stdin is not None
        try:
            request = {"suffix": suffix, "size": len(data), "limits": asdict(self.limits), "recognise": self._recognises}
            process.stdin.write(json.dumps(request).encode() + b"\n" + data)
            process.stdin.flush()
            line = self._line(process)
        except BrokenPipeError:
            line = b""
        except BaseException:
            self.stop()
            raise
        if not line.endswith(b"\n"):
            self.stop()
            raise SourceError("parser-down", most=self.limits.memory_bytes)
        answer: dict[str, Any] = json.loads(line.lstrip(BEAT))
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
            if not part.strip(BEAT):  # a page is done: the time is for one page
                deadline = time.monotonic() + self.limits.seconds
            reply += part
            if len(reply) > most:
                raise SourceError("parser-too-long", most=self.limits.characters)
        return bytes(reply)

    def _start(self) -> subprocess.Popen[bytes]:
        top = str(Path(__file__).resolve().parents[3])
        path = os.pathsep.join(filter(None, (top, os.environ.get("PYTHONPATH"))))
        handed_on = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "index.reading.formats.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**handed_on, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        )
        return self._process

    def stop(self) -> None:
        """End the process, if there is one."""
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
