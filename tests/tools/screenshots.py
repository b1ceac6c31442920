"""Makes the pictures of the page in README.md and docs/, from the seed article: python -m tests.tools.screenshots [FOLDER] [--every[=PART]]"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings import ServerSettings, Settings
from index.__main__ import SEEDS
from index.build import build
from index.encoding.encoder import load_encoder
from index.plan import BuildRequest
from index.reading.sources import read_path
from tests.support.browsing import ask, log_in_there, ready
from tests.support.served import CHROMIUM, FLAGS, served

PASSWORD = "open sesame 1"
RULES = "# 白河市创业补贴办法\n\n第一条 创业补贴每户8000元。\n\n第二条 登记未满三年的企业可以申请创业补贴。\n"
ASKED, REFUSED = "校园引才活动走进了多少所高校？", "如何做红烧肉？"
# Each picture: what is asked, whether its first citation is opened, and the browser.
KINDS: dict[str, tuple[str, bool, dict[str, Any]]] = {
    "start": ("", False, {"viewport": {"width": 1000, "height": 700}}),
    "page": (ASKED, False, {"viewport": {"width": 1000, "height": 860}}),
    "article": (ASKED, True, {"viewport": {"width": 1440, "height": 860}}),
    "phone": (ASKED, True, {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True}),
    "dark": (REFUSED, False, {"viewport": {"width": 1000, "height": 860}, "color_scheme": "dark"}),
}
# Every outcome and shape at three widths, light and dark, in both languages: for looking at, not for the docs.
OUTCOMES = {
    "start": "", "fact": ASKED, "digest": "小微企业融资有什么支持？", "list": "企业开办有哪些便利？", "related": "开公司有哪些便利？",
    "refused": REFUSED, "said": "着火了，怎么办",
}  # fmt: skip


def main(folder: Path, every: str | None) -> None:
    from playwright.sync_api import sync_playwright

    kinds = KINDS if every is None else {name: kind for name, kind in _every() if every in name}
    with tempfile.TemporaryDirectory() as data, sync_playwright() as play:
        settings = Settings(data=Path(data), server=ServerSettings(maintainer_password=SecretStr(PASSWORD)))
        encoder = load_encoder(settings.encoding.encoder, settings.encoding.model_cache)
        build(BuildRequest(read_path(SEEDS)), settings.index, encoder, settings.passage.split)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(settings, encoder) as address:
            for name, (question, cited, kind) in kinds.items():
                page = browser.new_context(**({"locale": "zh-CN", "reduced_motion": "reduce"} | kind)).new_page()
                page.goto(address)
                ready(page)
                if question:
                    ask(page, question)
                if cited:
                    page.click("#turn-0 a.cite >> nth=0")
                    page.wait_for_selector("#article mark.shown")
                page.evaluate("document.activeElement.blur()")
                page.screenshot(path=folder / f"{name}.png")
                page.context.close()
            if every:
                _correct(browser, address, Path(data), folder)
        browser.close()


def _correct(browser: Any, address: str, data: Path, folder: Path) -> None:
    """An article published with what is known of it, and its correction chosen."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.goto(address + "maintain/")
    log_in_there(page, "王工", PASSWORD)
    for text in (RULES, RULES.replace("8000", "10000")):
        (data / "rules.md").write_text(text, "utf-8")
        page.set_input_files('#files input[type="file"]', str(data / "rules.md"))
        page.wait_for_selector("#publish")
        if text == RULES:
            for field, value in {"publisher": "白河市人社局", "published": "2021-03", "expires": "2027-12-31"}.items():
                page.fill(f"#file0-{field} :is(input, textarea)", value)
            page.click("#publish")
            page.wait_for_selector("#told .done")
    page.wait_for_selector(".changes del")
    page.screenshot(path=folder / "correction.png", full_page=True)
    context.close()


def _every() -> Iterator[tuple[str, tuple[str, bool, dict[str, Any]]]]:
    for width in (390, 768, 1440):
        for scheme in ("light", "dark"):
            for locale in ("zh-CN", "en-GB"):
                kind = {"viewport": {"width": width, "height": 860}, "color_scheme": scheme, "locale": locale}
                for outcome, question in OUTCOMES.items():
                    yield f"{outcome}-{width}-{scheme}-{locale[:2]}", (question, False, kind)
                yield f"cited-{width}-{scheme}-{locale[:2]}", (ASKED, True, kind)


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if not argument.startswith("--every")]
    wanted = next((argument.partition("=")[2] for argument in sys.argv[1:] if argument not in given), None)  # "" is all of them
    main(Path(given[0]) if given else Path(__file__).resolve().parents[2] / "docs" / "pictures", wanted)
