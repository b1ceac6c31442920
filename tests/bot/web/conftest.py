"""What the tests of the web room share: an assistant over three small articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answering.live import LiveAssistant
from bot.app import live_assistant
from bot.reading.sentence_reader import SentenceReader
from bot.settings import AnsweringSettings, Settings
from index.build import build
from index.plan import BuildRequest
from index.text.split import SplitSettings
from tests.support.fakes import GARDEN, BigramEncoder, source

NAMED = "# 红叶计划\n\n青山区推出“红叶计划”，给新办企业租房补贴。\n\n## 申请：办理流程 所需材料\n\n企业向“一站窗口”提交材料，三天办结。\n"
EVIL = "# 恶意<script>\n\n甲乙丙丁计划</script><script>alert(1)</script>发放了九百张卡。"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", answering=AnsweringSettings(least_probability=0))


@pytest.fixture
def assistant(settings: Settings, encoder: BigramEncoder) -> Iterator[LiveAssistant]:
    sources = [source("garden", GARDEN, published="2022-05"), source("named", NAMED), source("evil", EVIL)]
    build(BuildRequest(sources), settings.index, encoder, SplitSettings())
    opened = live_assistant(encoder, settings, SentenceReader)
    yield opened
    opened.close()
