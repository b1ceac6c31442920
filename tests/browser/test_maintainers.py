"""The journeys of a maintainer: publishing, correcting, trying, going back, deleting. In a real browser, on a desk and on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answering.outcomes import Refused
from bot.question.admission import Reason
from bot.settings import Settings
from bot.web.feedback import Feedback, add_feedback
from bot.web.running.unanswered import note_unanswered
from index.database import open_database
from tests.support.browsing import MARKS, PHONE, RUNS, log_in_there

pytestmark = MARKS
RULES = f"白河创业补贴办法\n\n登记未满三年的企业,可以申请{RUNS}补贴。\n\n每户补贴8642元。\n\n本办法自2023年1月1日起施行。\n"
DESK = {"viewport": {"width": 1440, "height": 850}}


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def maintainer(address: str, browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The maintainers' page, of whose browser neither language nor zone is China's."""
    context = browser.new_context(locale="en-US", timezone_id="Asia/Shanghai", **request.param)
    page = context.new_page()
    page.set_default_timeout(40_000)
    page.goto(address + "maintain/")
    log_in_there(page, "王工", "open sesame 1")
    page.wait_for_selector("#files")
    yield page
    assert page.evaluate("window.ran") is None
    context.close()


def go(page: Any, name: str) -> None:
    """Open a tab, which on a phone may stand in the menu behind the others."""
    tab = page.get_by_role("tab", name=name, exact=True)
    if tab.count() and tab.first.is_visible():
        tab.first.click()
        return
    page.locator(".overflow-menu > button").click()
    page.locator(".overflow-dropdown button", has_text=name).click()


def choose(page: Any, box: str, name: str) -> None:
    page.click(f"{box} input")
    page.get_by_role("option", name=name).first.click()


def give(page: Any, *files: Path) -> None:
    page.wait_for_selector("#publish", state="detached")  # of the files that were published last
    page.set_input_files('#files input[type="file"]', [str(file) for file in files])
    page.wait_for_selector("#publish")


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def fits(page: Any) -> bool:
    """Whether nothing makes the page wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"))


def test_article_is_published_corrected_and_deleted(maintainer: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    name = "rules-" + request.node.callspec.id.split("-")[-1]
    give(maintainer, written(tmp_path / "a", f"{name}.txt", RULES))
    assert maintainer.input_value("#file0-title input") == "白河创业补贴办法"
    assert RUNS in str(maintainer.text_content(".file .preview"))
    maintainer.click("#file0-take")
    maintainer.wait_for_function("document.querySelector('#file0-effective input').value === '2023-01-01'")
    maintainer.fill("#file0-expires input", "2099-12-31")
    maintainer.click("#look")
    maintainer.wait_for_selector(".preview dd >> text=2099-12-31", state="attached")
    assert maintainer.input_value("#file0-expires input") == "2099-12-31"
    maintainer.click("#publish")
    maintainer.wait_for_selector("#told .done")
    assert "已发布1篇" in maintainer.inner_text("#told")
    give(maintainer, written(tmp_path / "b", f"{name}.txt", RULES.replace("8642", "9642")))
    assert maintainer.input_value("#file0-expires input") == "2099-12-31"
    assert maintainer.inner_text(".changes del") == "8642"
    assert fits(maintainer)
    maintainer.click("#publish")
    maintainer.wait_for_selector("#publish-yes")
    assert "1篇已有的文章会换成新的内容" in maintainer.inner_text("#publish-ask")
    maintainer.click("#publish-yes")
    maintainer.wait_for_selector("#told .done")
    go(maintainer, "文章")
    choose(maintainer, "#article", "白河创业补贴办法")
    maintainer.wait_for_selector("#delete")
    assert maintainer.input_value("#edit-expires input") == "2099-12-31"
    maintainer.fill("#edit-expires input", "2098-12-31")
    maintainer.click("#save")
    maintainer.wait_for_selector(f"text=已修改{name}")
    assert "2098-12-31" in maintainer.inner_text("#articles")
    choose(maintainer, "#article", "白河创业补贴办法")
    maintainer.click("#delete")
    maintainer.wait_for_selector("#article-yes")
    assert "永久删除" in maintainer.inner_text("#article-ask")
    assert fits(maintainer)
    maintainer.click("#article-yes")
    maintainer.wait_for_selector(f"text=已永久删除{name}")
    go(maintainer, "记录")
    maintainer.wait_for_selector("#deeds time")
    assert "王工" in maintainer.inner_text("#deeds")


def test_draft_is_tried_and_going_back_asks(maintainer: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    name = "tried-" + request.node.callspec.id.split("-")[-1]
    file = written(tmp_path, f"{name}.txt", RULES.replace("8642", "7642"))
    give(maintainer, file)
    maintainer.click("#draft")
    maintainer.wait_for_selector("#told .done")
    go(maintainer, "试问")
    maintainer.fill("#trial textarea", "创业补贴每户补多少钱")
    maintainer.click("#try")
    maintainer.wait_for_selector("#tried .sides")
    live, draft = maintainer.locator("#tried .sides > div").all_inner_texts()
    assert ("7642" in live, "7642" in draft) == (False, True)
    assert fits(maintainer)
    go(maintainer, "发布")
    maintainer.click("#publish")
    maintainer.wait_for_selector("text=已发布1篇")
    go(maintainer, "文章")
    choose(maintainer, "#article", "白河创业补贴办法")
    maintainer.click("#withdraw")
    maintainer.wait_for_selector("#article-yes")
    assert "不再用来回答" in maintainer.inner_text("#article-ask")
    maintainer.click("#article-yes")
    maintainer.wait_for_selector(f"text=已撤下{name}")
    go(maintainer, "版本")
    maintainer.click("#version input")
    maintainer.get_by_role("option").first.click()
    maintainer.click("#back")
    maintainer.wait_for_selector("#version-yes")
    assert "这1篇文章变回旧的内容" in maintainer.inner_text("#version-ask")
    maintainer.click("#version-yes")
    maintainer.wait_for_selector("text=已退回")
    go(maintainer, "发布")
    give(maintainer, written(tmp_path, "other.txt", "白河港口新规\n\n夜间装卸实行预约制度。\n"))
    maintainer.click("#publish")
    maintainer.wait_for_selector("#publish-yes")
    assert "现在用的是退回来的" in maintainer.inner_text("#publish-ask")
    maintainer.click("#publish-no")
    go(maintainer, "文章")
    choose(maintainer, "#article", "白河创业补贴办法")
    maintainer.click("#delete")
    maintainer.click("#article-yes")
    maintainer.wait_for_selector(f"text=已永久删除{name}")


def test_questions_and_feedback_are_read_and_made_cases(maintainer: Any, settings: Settings, request: pytest.FixtureRequest) -> None:
    database, kind = open_database(settings), request.node.callspec.id
    for question in [f"{kind}租房补贴怎么申请{RUNS}"] * 2 + [f"{kind}租房补贴怎么申请{RUNS}呢"]:
        note_unanswered(database, Refused(question, Reason.NOT_FOUND, ""))
    given = Feedback(time="2026-11-23T08:00:00+00:00", question=kind + RUNS, answer=RUNS, refused=True, verdict="handed over", comment=RUNS)
    add_feedback(database, given)
    go(maintainer, "没答上的")
    group = maintainer.locator("#gaps label", has_text=f"{kind}租房补贴怎么申请")
    group.wait_for()
    assert "3次" in group.inner_text()
    group.click()
    maintainer.wait_for_selector("#gap li")
    maintainer.click("#gap-case")
    maintainer.wait_for_selector("#gap-notice .done")
    assert fits(maintainer)
    maintainer.click("#gap-close")
    maintainer.wait_for_selector("#gap-notice >> text=已关闭")
    assert group.count() == 0
    go(maintainer, "反馈")
    maintainer.wait_for_selector("#feedback .cards")
    card = maintainer.locator("#feedback .cards > li", has_text=kind).first
    assert RUNS in card.inner_text()
    assert "2026年11月23日 16:00" in card.inner_text()
    assert fits(maintainer)
    choose(maintainer, "#feedback-choice", kind)
    maintainer.click("#feedback-case")
    maintainer.wait_for_selector("#feedback-notice .done")


@pytest.mark.parametrize("maintainer", [DESK], indirect=True)
def test_what_gradio_says_is_chinese(maintainer: Any, tmp_path: Path) -> None:
    assert "将文件拖放到此处" in maintainer.inner_text("#files")
    maintainer.set_input_files('#files input[type="file"]', str(written(tmp_path, "bad.exe", "MZ")))
    maintainer.wait_for_selector("text=不接受这种文件")
    assert "Invalid file type" not in maintainer.inner_text("body")
