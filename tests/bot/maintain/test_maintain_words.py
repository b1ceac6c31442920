"""That what is wrong with a file's kind is told in Chinese, and that a status may be typed in Chinese."""

from pathlib import Path

import pytest

from bot.maintain.tabs.parts import form_fields, read_status, spell_status
from bot.maintain.uploads import FIELDS
from index.errors import SourceError
from index.reading.files import _MAGIC, FITTING, SUFFIXES, receive
from index.reading.formats.parsed import ParseLimits
from tests.support.chinese import is_chinese


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ("文件是空的，请换一份。", True),
        ("请另存为UTF-8编码，或改成.txt结尾。", True),
        ("文件读不了（程序记录：“File is not a zip file”）。", True),
        ("文件 is empty 请换一份再试", False),
        ("is empty: expected an article", False),
    ],
)
def test_measure_tells_chinese_from_mixed_language(said: str, good: bool) -> None:
    assert is_chinese(said) is good


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_file_under_a_wrong_ending_is_told_in_chinese(tmp_path: Path, suffix: str) -> None:
    for magic, _, _ in _MAGIC:
        (tmp_path / f"a{suffix}").write_bytes(magic + b"\1" * 99)
        if magic in FITTING[suffix] and suffix != ".pdf":
            continue
        with pytest.raises(SourceError) as refused:
            receive(tmp_path / f"a{suffix}", ParseLimits())
        told = refused.value.in_language("zh")
        assert is_chinese(told), told


@pytest.mark.parametrize(
    ("said", "read"),
    [("有效", "in force"), (" 已废止 ", "withdrawn"), ("被《新办法》取代", "superseded by 《新办法》"), ("已被新办法取代", "superseded by 新办法"), ("", ""), ("dead", "dead")],
)  # fmt: skip
def test_status_may_be_written_in_chinese(said: str, read: str) -> None:
    assert read_status(said) == read
    assert form_fields([said if name == "status" else "" for name in FIELDS])["status"] == read
    assert read_status(spell_status(read)) == read
