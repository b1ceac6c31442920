"""That whatever goes wrong at the maintainers' page is told in Chinese: each bad file, each mistake, each refused or failed change."""

import json
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from bot.maintain import render
from bot.maintain.maintenance import Maintenance
from bot.maintain.page import _audit
from bot.maintain.tabs.articles import Articles
from bot.maintain.tabs.publish import row_of
from bot.maintain.tabs.versions import Versions
from bot.maintain.uploads import MOST, Seen
from bot.settings import Settings
from index.build import build
from index.database import FILE, open_database
from index.documents import Status
from index.errors import LiangceError, SourceError
from index.plan import BuildRequest
from index.settings import FileSettings
from index.stored.manifest import FORMAT
from index.stored.versions import require_live
from index.text.split import SplitSettings
from tests.support.bad_files import bad_files, bomb, places
from tests.support.chinese import is_chinese
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

FILES = [*bad_files(), ("bomb.docx", bomb(60_000_000))]
AN_HTML_DATE = "<meta name=PubDate content=2023-13-45><p>正文。</p>"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", files=FileSettings(unpacked_megabytes=50))


@pytest.fixture
def work(settings: Settings, encoder: BigramEncoder) -> Maintenance:
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings())
    return Maintenance(settings, encoder)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceError]:
    """What is wrong with each bad file, all of them looked at once: each takes a process of its own to be read."""
    folder = tmp_path_factory.mktemp("in")
    for name, content in FILES:
        (folder / name).write_bytes(content)
    places(folder)
    (folder / "out").unlink()  # a link to a folder, which no browser can send
    work = Maintenance(Settings(data=folder / "data", files=FileSettings(unpacked_megabytes=50)), BigramEncoder())
    files = sorted(path for path in folder.iterdir() if path.name != "data")
    groups = [files[start : start + MOST] for start in range(0, len(files), MOST)]
    return {seen.file: seen.problem for group in groups for seen in work.look(group) if seen.problem}


@pytest.mark.parametrize("name", [name for name, _ in FILES], ids=repr)
def test_bad_file_is_told_in_chinese(name: str, seen: dict[str, SourceError]) -> None:
    problem = seen[name]
    assert is_chinese(problem.in_language("zh")), problem.in_language("zh")
    shown = row_of(Seen(name, problem=problem))["problem"]
    assert str(problem) not in shown
    assert f"不能收录：{render.plain_html(problem.in_language('zh'))}" in shown


def test_place_that_is_no_file_is_told_in_chinese(seen: dict[str, SourceError]) -> None:
    others = {name: problem for name, problem in seen.items() if name not in dict(FILES)}
    assert {"link.txt", "dangling.txt", "loop.txt", "pipe.txt", "line-100MB.txt", "huge.pdf"} <= set(others)
    for problem in others.values():
        assert is_chinese(problem.in_language("zh")), problem.in_language("zh")


def front(**said: str) -> str:
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in said.items()) + "---\n正文。\n"


@pytest.mark.parametrize(
    ("name", "content", "given", "told"),
    [
        ("a.txt", GARDEN, {"published": "someday"}, "填写的说明里的“发布日期”不对（现在是“someday”）：应当是真实的日期，写成2023、2023-05或2023-05-30。"),
        ("a.txt", GARDEN, {"effective": "2023-02-30"}, "填写的说明里的“生效日期”不对（现在是“2023-02-30”）：应当是真实的日期"),
        ("a.txt", GARDEN, {"status": "dead"}, "填写的说明里的“状态”不对（现在是“dead”）：应当写“in force”（有效）"),
        ("a.txt", GARDEN, {"effective": "2024", "expires": "2023"}, "填写的说明不对：失效日期“2023”早于生效日期“2024”，请改正其中一个。"),
        ("a.txt", GARDEN, {"id": "a b"}, "填写的说明里的“编号”不对（现在是“a b”）：只能用汉字、字母、数字"),
        ("a.txt", GARDEN, {"id": "长" * 121}, "1到120个字。"),
        ("a.md", front(published="someday"), {}, "文件开头的说明里的“发布日期”不对（现在是“someday”）"),
        ("a.md", front(status="dead"), {}, "文件开头的说明里的“状态”不对（现在是“dead”）"),
        ("a.md", "---\na:b\n---\n正文。\n", {}, "文件开头的说明不对（读出来是“str”）。每行应当像“title: 标题”这样写。"),
        ("a.md", "---\ntitle: [\n---\n正文。\n", {}, "文件开头的说明读不了（程序记录：“while parsing"),
        ("a.md", '---\ntitle: "标\\ud800题"\n---\n正文。\n', {}, "文件开头的说明里的“标题”不对（现在是“标\\ud800题”）：里面有残缺的字符，请重新输入。"),
        ("a.html", AN_HTML_DATE, {}, "文档自带的属性里的“发布日期”不对（现在是“2023-13-45”）"),
        ("---.txt", GARDEN, {}, "文件名里没有汉字、字母或数字，无法做成编号。请改名，或者填写“编号”。"),
        ("a" * 130 + ".txt", GARDEN, {}, "文件名有130个字，做编号最多120个字。请改短，或者填写“编号”。"),
        ("a.exe", GARDEN, {}, "不认识这种文件。只收以这些结尾的文件：.txt"),
        ("a  b.txt", "", {}, "文件是空的，应当有文章的文字。请换一份再试。"),
    ],
)  # fmt: skip
def test_mistake_in_what_is_said_of_a_file_is_told_in_chinese(
    work: Maintenance, tmp_path: Path, name: str, content: str, given: dict[str, str], told: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    problem: LiangceError | None
    try:
        problem = work.look([tmp_path / name], [given] if given else [])[0].problem
    except LiangceError as error:
        problem = error
    assert problem is not None
    message = problem.in_language("zh")
    assert told in message
    assert is_chinese(message), message


def two(tmp_path: Path, *names: str) -> list[Path]:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(HARBOUR, "utf-8")
    return [tmp_path / name for name in names]


@pytest.mark.parametrize(
    ("do", "told"),
    [
        (lambda work, folder: work.publish([], [], "王工"), "还没有选文件。请先选文件。"),
        (lambda work, folder: work.publish([folder / "a.txt"] * 31, [], "王工"), "一次最多30个文件，这里有31个。"),
        (lambda work, folder: work.draft([], [], "王工"), "还没有选文件。请先选文件。"),
        (lambda work, folder: work.edit("nowhere", {}, "王工"), "没有编号是“nowhere”的文章，可能别人已经移除。"),
        (lambda work, folder: work.edit("garden", {"expires": "soon"}, "王工"), "填写的说明里的“失效日期”不对（现在是“soon”）"),
        (lambda work, folder: work.delete("nowhere", "王工"), "没有编号是“nowhere”的文章，可能别人已经移除。"),
        (lambda work, folder: work.publish(two(folder, "a.txt", "x/a.txt"), [], "王工"), "a.txt：编号“a”与这次选的另一个文件相同。"),
        (lambda work, folder: work.publish([folder / "gone.txt"], [], "王工"), "没有文件或文件夹“gone.txt”，可能已经移走。请重新选择。"),
        (lambda work, folder: work.publish([folder / "[a]*.txt"], [], "王工"), "没有叫“[a]*.txt”的文章。"),
        (lambda work, folder: work.restate("nowhere", Status.WITHDRAWN, "王工"), "没有编号是“nowhere”的文章，可能别人已经移除。"),
        (lambda work, folder: work.roll_back("v000009", "王工"), "没有版本“v000009”，可能已被清理；现有“v000001”。"),
    ],
)  # fmt: skip
def test_refused_call_is_told_in_chinese(work: Maintenance, tmp_path: Path, do: Callable[[Maintenance, Path], object], told: str) -> None:
    with pytest.raises(LiangceError) as refused:
        do(work, tmp_path)
    assert told in render.refused(refused.value)
    assert is_chinese(refused.value.in_language("zh"))


@pytest.mark.parametrize("who", [True, False])
def test_lock_that_is_held_is_told_in_chinese(work: Maintenance, settings: Settings, who: bool) -> None:
    if who:
        holder = {
            "process": os.getpid(),
            "host": socket.gethostname(),
            "since": "2023-05-30T08:00:00+00:00",
            "command": "python -m index add x",
        }
        (settings.index / "writer.json").write_text(json.dumps(holder), "utf-8")
    with FileLock(settings.index / "writer.lock"), pytest.raises(LiangceError) as refused:
        work.restate("garden", Status.WITHDRAWN, "王工")
    told = refused.value.in_language("zh")
    assert told.startswith("另一个程序正在修改文章库")
    assert (f"进程{os.getpid()}" in told, "命令“python -m index add x”" in told) == (who, who)
    assert is_chinese(told)


def damage_manifest(settings: Settings) -> None:
    (require_live(settings.index) / "manifest.json").write_text("{", "utf-8")


def damage_pointer(settings: Settings) -> None:
    (settings.index / "CURRENT").write_text("v000009", "utf-8")


def damage_terms(settings: Settings) -> None:
    for path in (require_live(settings.index) / "lexicon").iterdir():
        path.write_bytes(b"x")


def damage_store(settings: Settings) -> None:
    (require_live(settings.index) / "chroma" / "chroma.sqlite3").unlink()


def other_settings(settings: Settings) -> None:
    path = require_live(settings.index) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": 1, "encoder": "another"}), "utf-8")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (damage_manifest, "版本“v000001”的清单读不了"),
        (damage_pointer, "在用的版本“v000009”已经不在"),
        (damage_terms, "文章库的词表读不了"),
        (damage_store, "文章库缺少向量数据"),
        (other_settings, f"与现在的设置不合（存储格式原为“1”，现为“{FORMAT}”；向量模型原为“another”，现为“fake:bigrams”）"),
    ],
)
def test_damaged_index_is_told_in_chinese(work: Maintenance, settings: Settings, damage: Callable[[Settings], None], told: str) -> None:
    damage(settings)
    with pytest.raises(LiangceError) as refused:
        work.restate("garden", Status.WITHDRAWN, "王工")
    assert told in refused.value.in_language("zh")
    assert is_chinese(refused.value.in_language("zh"))


def test_page_shows_the_versions_where_the_live_one_is_damaged(work: Maintenance, settings: Settings) -> None:
    work.restate("garden", Status.WITHDRAWN, "王工")
    damage_pointer(settings)
    open_database(settings).close()
    for file in settings.data.glob(f"{FILE}*"):
        file.unlink()
    (settings.data / FILE).write_bytes(b"no database at all" * 100)
    names, _, articles = Articles(work).listed()
    others, versions = Versions(work).listed()
    audit = _audit(work)
    assert (names.choices, others.choices) == ([], [("v000002", "v000002"), ("v000001", "v000001")])
    assert "王工在本页撤下" in versions
    assert "读不出来：在用的版本“v000009”已经不在" in articles
    assert "读不出来：“records.sqlite”用不了" in audit
    assert is_chinese(re.sub("<[^>]*>", "", articles + audit.replace("&#123;", "")))
