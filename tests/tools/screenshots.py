"""Makes the pictures of the page in README.md and docs/, from the seed article: python -m tests.tools.screenshots [FOLDER]"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.settings import Settings
from index.__main__ import SEEDS
from index.build import build
from index.encoding.encoder import load_encoder
from index.plan import BuildRequest
from index.reading.sources import read_path
from tests.support.served import CHROMIUM, FLAGS, served

ASKED, REFUSED = "校园引才活动走进了多少所高校？", "区里明年给新能源车补贴多少？"
KINDS: dict[str, dict[str, Any]] = {
    "page": {"viewport": {"width": 1000, "height": 860}},
    "article": {"viewport": {"width": 1440, "height": 860}},
    "phone": {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True},
    "dark": {"viewport": {"width": 1000, "height": 860}, "color_scheme": "dark"},
}


def main(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as data, sync_playwright() as play:
        settings = Settings(data=Path(data))
        encoder = load_encoder(settings.encoding.encoder, settings.encoding.model_cache)
        build(BuildRequest(read_path(SEEDS)), settings.index, encoder, settings.passage.split)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(settings, encoder) as address:
            for name, kind in KINDS.items():
                page = browser.new_context(locale="zh-CN", reduced_motion="reduce", **kind).new_page()
                page.goto(address)
                page.fill("#question", REFUSED if name == "dark" else ASKED)
                page.keyboard.press("Enter")
                page.wait_for_selector("#turn-0 .tools")
                if name in ("article", "phone"):
                    page.click("#turn-0 a.cite >> nth=0")
                    page.wait_for_selector("#article mark.shown")
                page.evaluate("document.activeElement.blur()")
                page.screenshot(path=folder / f"{name}.png")
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "docs" / "pictures")
