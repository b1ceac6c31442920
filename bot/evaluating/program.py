"""The evaluator's program in a process of its own, to which the questions of people go before."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluating.runs import Progress, progress_of, report_of
from bot.settings import Settings
from index.errors import CallError

_NICE = 15  # of the process: whatever else the machine has to do goes first
_MOST_SECONDS = 120  # that a list of sets or a comparison may take
_TOLD = 400  # characters of what a program says before it fails


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be run: a set by its name, on the articles that are in use or its own, or those of another version such as a draft, and
    how many cases, None for all."""

    name: str
    live: bool
    mode: str
    limit: int | None
    version: str = ""


class Program:
    """Starts, watches and stops runs of one data folder, one at a time; safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._told: Any = None
        self._stopped = False
        self._sets: list[dict[str, Any]] = []  # those that were found last
        self._form: dict[str, Any] = {}
        self._compared = (("", ""), "")  # the runs that were compared last, and their page

    def sets(self) -> list[dict[str, Any]]:
        """The sets that can be run, each {name, questions, corpus, cases, standing}."""
        self._sets = list(json.loads(self._call(["sets", "--data", str(self._settings.data)])))
        return self._sets

    def find_set(self, name: str) -> dict[str, Any]:
        """One of the sets by its name; raises `CallError` where there is none."""
        found = next((one for one in self._sets if one["name"] == name), None) or next(
            (one for one in self.sets() if one["name"] == name), None
        )
        if found is None:
            raise CallError("evaluation-set-missing", name=name)
        return found

    def case_form(self) -> dict[str, Any]:
        """The form of a case and of an open one, {case, open}, each as JSON Schema."""
        if not self._form:
            self._form = json.loads(self._call(["case-form"]))
        return self._form

    def check(self, rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
        """What is wrong with cases on the articles that are in use, by their places from 0; nothing where all are well."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "cases.jsonl"
            file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
            found = json.loads(self._call(["check", str(file), "--index", str(self._settings.index)]))
        return {int(number) - 1: problem for number, problem in found.items()}

    def start(self, chosen: Chosen) -> None:
        """Begin a run; raises `CallError` while another is under way, or where there is no such set."""
        wanted = self.find_set(chosen.name)
        arguments = ["run", "--data", str(self._settings.data), "--questions", wanted["questions"], "--mode", chosen.mode]
        if chosen.version:
            arguments += ["--index", str(self._settings.index), "--version", chosen.version]
        elif chosen.live or wanted.get("standing"):
            arguments += ["--index", str(self._settings.index)]
        elif wanted["corpus"]:
            arguments += ["--corpus", wanted["corpus"]]
        arguments += ["--limit", str(chosen.limit)] if chosen.limit else []
        with self._lock:
            if self.is_running:
                raise CallError("evaluation-under-way")
            self._told, self._stopped = tempfile.TemporaryFile(), False  # noqa: SIM115, it is read when the run has ended
            self._running = subprocess.Popen(  # noqa: S603  # our own program; a set is one of those that it names itself
                _command(arguments), stdout=subprocess.DEVNULL, stderr=self._told, env=_environment(), cwd=_TOP, start_new_session=True
            )
            os.setpriority(
                os.PRIO_PROCESS, self._running.pid, max(_NICE, os.getpriority(os.PRIO_PROCESS, 0))
            )  # never above the server's own

    @property
    def is_running(self) -> bool:
        """Whether a run is under way."""
        return self._running is not None and self._running.poll() is None

    @property
    def progress(self) -> Progress | None:
        """How far the run under way is, None before it has begun with its cases."""
        return progress_of(self._settings.runs, self._running.pid) if self._running and self.is_running else None

    @property
    def failure(self) -> str:
        """Why the last run ended without a report, "" where it did not, or was stopped."""
        if self._running is None or self.is_running or self._stopped or not self._running.returncode:
            return ""
        self._told.seek(0)
        return str(self._told.read().decode("utf-8", "replace"))[-_TOLD:].strip()

    def stop(self) -> None:
        """End the run under way; it is gone on with when the same is started again."""
        with self._lock:
            if self._running is None or not self.is_running:
                return
            self._stopped = True
            self._running.send_signal(signal.SIGTERM)
            try:
                self._running.wait(10)
            except subprocess.TimeoutExpired:
                self._running.kill()
                self._running.wait()

    def compare(self, before: str, after: str) -> str:
        """The page that sets two finished runs side by side; raises `CallError` where they cannot be compared."""
        runs = self._settings.runs
        if not report_of(runs, before) or not report_of(runs, after):
            raise CallError("evaluation-run-missing")
        compared = self._compared
        if compared[0] != (before, after):  # it is asked for by the page and then by its frame
            with tempfile.TemporaryDirectory() as folder:
                page = Path(folder) / "page.html"
                self._call(["compare", str(runs / before), str(runs / after), "--page", str(page)])
                compared = self._compared = (before, after), page.read_text("utf-8")
        return compared[1]

    def _call(self, arguments: Sequence[str]) -> str:
        done = subprocess.run(  # noqa: S603  # our own program, on runs that were found
            _command(arguments),
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=_environment(),
            cwd=_TOP,
            timeout=_MOST_SECONDS,
            check=False,
        )
        if done.returncode:
            raise CallError("evaluation-failed", told=done.stderr.strip()[-_TOLD:])
        return done.stdout


_TOP = Path(__file__).resolve().parents[2]


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "eval", *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "LC_ALL": "zh_CN.UTF-8", "PYTHONIOENCODING": "utf-8"}
