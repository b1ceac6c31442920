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
OLD = "白河市创业扶持暂行规定\n\n第一条 创业补贴每户5000元。\n"
RULES = (
    "白河市创业补贴办法\n\n第一条 登记未满三年的企业可以申请创业补贴。\n\n第二条 创业补贴每户8000元。\n\n"
    "第三条 向政务服务中心提交营业执照，十个工作日内办结。\n\n"
    "第四条 本办法自2023年1月1日起施行，有效期五年。《白河市创业扶持暂行规定》同时废止。\n"
)
ASKED, REFUSED = "校园引才活动走进了多少所高校？", "如何做红烧肉？"
# Each picture: what is asked, whether its first citation is opened, and the browser.
KINDS: dict[str, tuple[str, bool, dict[str, Any]]] = {
    "start": ("", False, {"viewport": {"width": 1000, "height": 700}}),
    "page": (ASKED, False, {"viewport": {"width": 1000, "height": 860}}),
    "article": (ASKED, True, {"viewport": {"width": 1440, "height": 860}}),
    "phone": (ASKED, True, {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True}),
    "dark": (REFUSED, False, {"viewport": {"width": 1000, "height": 860}, "color_scheme": "dark"}),
}
# A correction by a maintainer: each picture shows the step that its name ends with.
CORRECTIONS: dict[str, dict[str, Any]] = {
    "correction-upload": {"viewport": {"width": 1100, "height": 860}},
    "correction-question": {"viewport": {"width": 1100, "height": 860}},
    "correction-delete": {"viewport": {"width": 390, "height": 780}, "has_touch": True},
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
            for name, kind in CORRECTIONS.items() if every is None else ():
                _correct(browser.new_context(locale="zh-CN", reduced_motion="reduce", **kind), address, Path(data), folder, name)
            for width in (390, 1440) if every is not None and every in "correction" else ():
                context = browser.new_context(locale="zh-CN", reduced_motion="reduce", viewport={"width": width, "height": 860})
                _correct(context, address, Path(data), folder, f"correction-{width}")
        browser.close()


def _correct(context: Any, address: str, data: Path, folder: Path, name: str) -> None:
    """An article published with what is known of it, corrected, edited and deleted: a picture of each step, or of the one that is named."""
    page = context.new_page()
    page.goto(address + "maintain/")
    log_in_there(page, "王工", PASSWORD)
    every = name not in CORRECTIONS

    def show(step: str) -> None:
        page.evaluate("document.activeElement.blur()")
        if step and (every or name == f"correction-{step}"):
            page.screenshot(path=folder / (f"{name}-{step}.png" if every else f"{name}.png"), full_page=True)

    def choose(file: str, text: str) -> None:
        page.wait_for_selector("#publish", state="detached")
        (data / file).write_text(text, "utf-8")
        page.set_input_files('#files input[type="file"]', str(data / file))
        page.wait_for_selector("#publish")

    def press(button: str, then: str) -> None:
        page.click(button)
        page.wait_for_selector(then)

    choose("old.txt", OLD)
    press("#publish", "#told .done")
    choose("rules.txt", RULES)
    show("upload")
    page.fill("#file0-publisher input", "白河市人社局")
    press("#publish", "#told .done")
    choose("rules.txt", RULES.replace("8000", "10000").replace("三年", "五年"))
    show("difference")
    page.check("#file0-repeals input")
    press("#publish", "#publish-yes")
    show("question")
    press("#publish-yes", "#told .done")
    show("done")
    press("role=tab[name=文章]", "#articles table")
    for article, title in (("rules", "创业补贴办法"), ("old", "创业扶持暂行规定")):
        page.click("#article input")
        press(f"role=option[name=/{title}/]", "#delete")
        page.wait_for_function("title => document.querySelector('#edit-title input').value.includes(title)", arg=title)
        show("edit" if article == "rules" else "")
        press("#delete", "#article-yes")
        show("delete" if article == "rules" else "")
        press("#article-yes", f"#told >> text=已永久删除{article}")
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
