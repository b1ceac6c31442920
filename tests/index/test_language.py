"""In which language the programs speak to whoever calls them, and what stands in the gaps of a message."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import FileError, SourceError
from index.language import Message, language_of_environment, render

TOP = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": ""}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_language_is_that_of_the_terminal(environment: dict[str, str], spoken: str) -> None:
    assert language_of_environment(environment) == spoken


@pytest.mark.parametrize(
    ("lang", "begins", "ends"),
    [
        ("", "error: nothing is indexed in '", "run python -m index build, or name another folder with --data\n"),
        ("en_GB.UTF-8", "error: nothing is indexed in '", "run python -m index build, or name another folder with --data\n"),
        ("zh_CN.UTF-8", "错误：还没有收录文章。请先发布文章，", "用“--data”指明另一个文件夹。\n"),
    ],
)
def test_command_line_reports_an_error_in_the_language_of_lang(tmp_path: Path, lang: str, begins: str, ends: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    command = [sys.executable, "-X", "utf8", "-m", "index", "list", "--data", str(tmp_path)]
    done = subprocess.run(command, cwd=TOP, env={**environment, "LANG": lang}, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr.startswith(begins)
    assert done.stderr.endswith(ends)


def test_bad_files_are_summed_up_in_the_language_of_lang(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "good.txt").write_text("第一条 本办法自公布之日起施行。\n", "utf-8")
    command = [sys.executable, "-X", "utf8", "-m", "index", "preview", str(tmp_path), "--data", str(tmp_path / "data")]
    environment = {**os.environ, "LC_MESSAGES": "zh_CN.UTF-8"}
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert done.stderr.splitlines() == [
        f"错误：“{tmp_path}/empty.txt”：文件是空的，应当有文章的文字。请换一份再试。",
        "1个能用，1个不能用：能用的显示在上面",
    ]


def test_message_within_a_message_speaks_the_same_language() -> None:
    error = FileError(Path("a  b.txt"), SourceError("file-empty"))
    assert str(error) == "'a b.txt' is empty: expected an article's text; take another copy"
    assert error.in_language("zh") == "“a  b.txt”：文件是空的，应当有文章的文字。请换一份再试。"


@pytest.mark.parametrize(
    ("code", "fields", "shown"),
    [
        ("catalogue-missing", {"path": Path("/x/articles.toml"), "names": ["a.txt", "b.txt"]}, "“a.txt”、“b.txt”不在文件夹里"),
        ("parser-memory", {"most": 1 << 30}, "内存超过1073.8MB。"),
        ("file-name-strange", {"character": "\u200b"}, "不能用的符号“\\u200b”。"),
        ("index-unfit", {"differences": [Message("index-differs", part=Message("part.format"), stored=1, wanted=2)] * 2},
         "（存储格式原为“1”，现为“2”；存储格式原为“1”，现为“2”）"),
    ],
)  # fmt: skip
def test_gaps_are_filled_in_the_form_that_the_text_names(code: str, fields: dict[str, object], shown: str) -> None:
    assert shown in render(code, "zh", **fields)


def test_field_may_bear_any_name() -> None:
    assert render("known-wrong", "en", place="x", problem="y") == "x: y"
    assert Message("file-empty", code=1, language=2).in_language("en").startswith("is empty")
