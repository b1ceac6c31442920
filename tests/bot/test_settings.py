"""Where settings come from, what is no setting, and how they are listed."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.settings import Settings, contrast
from index.errors import CallError
from index.settings import list_settings, read_settings

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_settings_are_listed_with_what_they_are_for() -> None:
    done = CliRunner().invoke(app, ["settings"])
    assert done.exit_code == 0
    for setting in list_settings(Settings):
        assert setting.info.description
        assert f"{setting.variable}=" in done.output
        assert f"    {setting.info.description}\n" in done.output


def test_docs_hold_the_table_of_all_settings() -> None:
    done = CliRunner().invoke(app, ["settings", "--markdown"])
    assert done.exit_code == 0
    page = (DOCS / "settings.md").read_text("utf-8")
    assert [line for line in page.splitlines() if line.startswith("|")] == done.output.splitlines()


def test_no_setting_has_the_name_of_another() -> None:
    keys = [setting.key for setting in list_settings(Settings)]
    assert len(set(keys)) == len(keys) > 50


def test_stage_takes_what_is_given_then_the_environment_then_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text("llm_tokens = 100\nllm_cache = 100\nllm_retries = 1\n", "utf-8")
    monkeypatch.setenv("LIANGCE_LLM_TOKENS", "200")
    monkeypatch.setenv("LIANGCE_LLM_CACHE", "200")
    monkeypatch.setenv("LIANGCE_PASSAGES", "")  # as good as not set
    settings = read_settings(Settings, data=tmp_path, llm_tokens=300)
    assert (settings.llm.tokens, settings.llm.cache, settings.llm.retries) == (300, 200, 1)
    assert (settings.answering.passages, settings.data) == (8, tmp_path)


def test_wrong_setting_of_a_stage_is_named_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("llm_seconds = -1\n", "utf-8")
    with pytest.raises(CallError, match=re.escape(f"LIANGCE_LLM_SECONDS in {str(file)!r} is wrong: Input should be greater than 0")):
        read_settings(Settings, data=tmp_path)
    monkeypatch.setenv("LIANGCE_LLM_SECONDS", "-2")
    with pytest.raises(CallError, match="LIANGCE_LLM_SECONDS is wrong: Input should be greater than 0"):
        read_settings(Settings, data=tmp_path)
    with pytest.raises(CallError, match="passage sizes 150/250/20 are out of order"):
        read_settings(Settings, data=tmp_path, llm_seconds=3, passage_most=20)


def test_contrast_is_as_wcag_counts_it() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("colour", "#777777", "its contrast to #ffffff is 4.5: expected 4.5 or more"),
        ("colour", "red", "expected a colour such as #0b5c8a"),
        ("colour_dark", "#333333", "its contrast to #14181d"),
        ("logo", "nothing.svg", "expected a file of at most 1 MB"),
        ("root_path", "zhengce", "LIANGCE_ROOT_PATH"),
        ("embed_hosts", "https://a.cn; script-src *", "LIANGCE_EMBED_HOSTS"),
        ("examples", {"a": "no list"}, "LIANGCE_EXAMPLES"),
    ],
)
def test_wrong_setting_is_told(tmp_path: Path, name: str, value: object, message: str) -> None:
    with pytest.raises(CallError, match=re.escape(message)):
        read_settings(Settings, data=tmp_path, **{name: value})


def test_examples_come_from_the_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.toml").write_text('[examples]\n"落户" = ["落户要什么材料？"]\n', "utf-8")
    assert read_settings(Settings, data=tmp_path).page.examples == {"落户": ("落户要什么材料？",)}
    monkeypatch.setenv("LIANGCE_EXAMPLES", '{"公园": ["几点开门？"]}')
    assert read_settings(Settings, data=tmp_path).page.examples == {"公园": ("几点开门？",)}
    monkeypatch.setenv("LIANGCE_EXAMPLES", "公园")
    with pytest.raises(CallError, match="expected JSON"):
        read_settings(Settings, data=tmp_path)
