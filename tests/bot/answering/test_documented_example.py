"""The example in docs/for-other-programs.md, run as it stands there."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import app
from bot.reading.sentence_reader import SentenceReader
from index.build import BuildReport
from tests.support.fakes import GARDEN, BigramEncoder, source

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "for-other-programs.md"


def test_example_for_other_programs_runs(
    tmp_path: Path, change: Callable[..., BuildReport], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(source("garden", GARDEN, published="2022"))
    monkeypatch.setenv("LIANGCE_DATA", str(tmp_path))
    monkeypatch.setattr(app, "load_encoder", lambda *args, **more: BigramEncoder())
    monkeypatch.setattr(app, "choose_reader", lambda encoder, settings: SentenceReader)
    (example,) = (text for text in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL) if "build_chain" in text)
    exec(compile(example, str(DOCUMENT), "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "37场"
    assert printed[-1] == "Concluded"
    assert printed[-6:-1] == ["Question", "Understood", "Retrieved", "Read", "Decided"]
