"""What maintainers do through the page, and who is let in to do it."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from bot.app import make_assistant
from bot.maintain import previews, render
from bot.maintain.maintenance import SHELF, Maintenance
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import ServerSettings, Settings
from index.build import build
from index.database import Database
from index.documents import Change, Status
from index.errors import CallError, SourceError
from index.journal import AuditEntry, note, read_audit
from index.plan import BuildRequest
from index.reading.sources import read_path
from index.search import Index
from index.stored.versions import require_live
from index.text.clean import clean
from index.text.split import SplitSettings
from index.upkeep import originals as shelf
from index.upkeep.history import Version
from tests.support.browsing import log_in
from tests.support.fakes import GARDEN, HARBOUR, BigramEncoder, source

INDEX = Path(__file__).resolve().parents[3] / "index"
PASSWORD = "open sesame 1"
RULES = "# 白河创业补贴办法\n\n一、对象\n\n登记未满三年的企业可以申请。\n\n二、标准\n\n每户补贴8000元。\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", server=ServerSettings(maintainer_password=SecretStr(PASSWORD)))


@pytest.fixture
def work(settings: Settings, encoder: BigramEncoder) -> Maintenance:
    build(BuildRequest([source("garden", GARDEN)]), settings.index, encoder, SplitSettings())
    return Maintenance(settings, encoder)


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def test_article_is_looked_at_published_withdrawn_and_rolled_back(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    file = write(tmp_path / "sent", "rules.md", RULES)
    (seen,) = work.look([file], [{"publisher": "白河市", "title": ""}])
    assert (seen.change, seen.problem) == ("new", None)
    assert seen.preview is not None
    assert seen.preview.article.meta.publisher == "白河市"
    assert work.audit() == []
    report = work.publish([file], [{"publisher": "白河市", "status": ""}], "王工")
    assert (report.added, report.version) == (("rules",), "v000002")
    assert [article.id for article in work.articles()] == ["garden", "rules"]
    assert work.look([file], [{"publisher": "白河市"}])[0].change == "unchanged"
    assert work.publish([file], [{"publisher": "白河市"}], "王工").version == "v000002"
    work.restate("rules", Status.WITHDRAWN, "李工")
    assert [article.status for article in work.articles()] == ["in force", "withdrawn"]
    (kept,) = read_path(settings.data / SHELF)
    assert (kept.meta.id, kept.meta.publisher, kept.meta.status) == ("rules", "白河市", Status.WITHDRAWN)
    assert work.roll_back("v000002", "李工") == "v000002"
    assert [article.status for article in work.articles()] == ["in force", "in force"]
    told = [(entry.who, entry.what, entry.articles, entry.version) for entry in work.audit()]
    assert told == [
        ("李工", "rollback", (), "v000002"),
        ("李工", "withdraw", ("rules",), "v000003"),
        ("王工", "publish", (), "v000002"),
        ("王工", "publish", ("rules",), "v000002"),
    ]
    assert "page: publish by 王工" in [version.command for version in work.versions()]


def test_nothing_is_changed_that_cannot_be_noted_beside_the_originals(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    file = write(tmp_path / "sent", "rules.md", RULES)
    work.publish([file], [], "王工")
    (settings.data / SHELF / "articles.toml").write_text("[[article", "utf-8")
    for change in (
        lambda: work.restate("rules", Status.WITHDRAWN, "王工"),
        lambda: work.publish([write(tmp_path, "b.txt", HARBOUR)], [], "王工"),
    ):
        with pytest.raises(SourceError, match="not valid TOML"):
            change()
    assert [version.name for version in work.versions()] == ["v000002", "v000001"]


def test_bad_file_keeps_all_out(work: Maintenance, settings: Settings, tmp_path: Path) -> None:
    files = [write(tmp_path / "sent", "rules.md", RULES), write(tmp_path / "sent", "empty.txt", "")]
    assert [bool(upload.problem) for upload in work.look(files)] == [False, True]
    with pytest.raises(SourceError, match=r"^empty\.txt: is empty"):
        work.publish(files, [], "王工")
    with pytest.raises(CallError, match="no file is given"):
        work.publish([], [], "王工")
    assert "expected a date" in str(work.look(files, [{"published": "someday"}])[0].problem)
    other = write(tmp_path / "again", "rules.md", RULES + "\n三、期限\n\n一年。\n")
    assert "has the id 'rules'" in str(work.look([files[0], other])[1].problem)
    assert [article.id for article in work.articles()] == ["garden"]
    assert not (settings.data / SHELF).exists()
    with pytest.raises(CallError, match="there is no article 'nowhere'"):
        work.restate("nowhere", Status.WITHDRAWN, "王工")
    assert work.audit() == []


def test_shelf_keeps_one_original_of_an_article(tmp_path: Path) -> None:
    first, second = write(tmp_path / "sent", "a.txt", GARDEN), write(tmp_path / "sent", "b.md", HARBOUR)
    shelf.put(tmp_path / "shelf", "garden", first, {"title": '说"法"'})
    shelf.put(tmp_path / "shelf", "harbour", second, {})
    shelf.put(tmp_path / "shelf", "garden", second, {"status": "superseded by 新办法"})
    shelf.restate(tmp_path / "shelf", "harbour", Status.WITHDRAWN)
    shelf.restate(tmp_path / "shelf", "nowhere", Status.WITHDRAWN)
    found = {original.meta.id: original.meta for original in read_path(tmp_path / "shelf")}
    assert {path.name for path in (tmp_path / "shelf").iterdir()} == {"garden.md", "harbour.md", "articles.toml"}
    assert (found["garden"].status, found["garden"].superseded_by) == (Status.SUPERSEDED, "新办法")
    assert found["harbour"].status is Status.WITHDRAWN


def test_preview_marks_what_the_cleaner_changed_and_escapes_the_rest() -> None:
    source_text = "责编 张三\n正文<script>,在这里断\n开了。"
    changes = [
        Change("editors' line", 1, removed="责编 张三"),
        Change("half-width punctuation", 2, removed=",", inserted="，"),
        Change("broken sentence", 3, moved="开了。"),
    ]
    shown = previews.marked(source_text, changes)
    assert '<li value="1"><del title="责编行">责编 张三</del></li>' in shown
    assert "正文&lt;script&gt;,在这里断 <small>［半角标点 <del>,</del><ins>，</ins>］</small>" in shown
    assert '<span class="moved" title="接上断开的句子">开了。</span>' in shown
    assert "还有1行没有显示" in previews.marked("行\n" * previews._MOST_LINES, [])


@pytest.fixture
def client(work: Maintenance, settings: Settings, encoder: BigramEncoder) -> TestClient:
    index = Index.open(require_live(settings.index))
    return TestClient(make_app(make_assistant(index, encoder, settings, SentenceReader), settings, work))


def test_nothing_behind_the_password_is_served_without_it(client: TestClient) -> None:
    for path in ("/maintain", "/maintain/", "/maintain/gradio_api/queue/join", "/maintain/gradio_api/upload", "/maintain/config"):
        for method in ("GET", "POST"):
            assert client.request(method, path).status_code == 401, path
    log_in(client, "王工", PASSWORD)
    entered = client.get("/maintain/")
    assert entered.status_code == 200
    assert "Content-Security-Policy" in entered.headers
    assert "/page/signed.js" in entered.text
    assert client.post("/gradio_api/upload").status_code == 403
    assert client.post("/maintain/gradio_api/queue/join", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_without_a_password_there_is_no_such_page(work: Maintenance, settings: Settings, encoder: BigramEncoder) -> None:
    index = Index.open(require_live(settings.index))
    plain = Settings(data=settings.data)
    client = TestClient(make_app(make_assistant(index, encoder, plain, SentenceReader), plain, work))
    assert "maintain/" not in client.get("/config").text
    assert client.get("/maintain/").status_code == 404


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("page: publish by 王工", "王工在本页发布"),
        ("page: reinstate by by x", "by x在本页恢复"),
        ("python -m index add a.txt --data d", "命令行收录（python -m index add a.txt --data d）"),
        ("liangce-index withdraw a --undo", "命令行恢复（liangce-index withdraw a --undo）"),
        ("other", "other"),
    ],
)
def test_origin_of_a_version_is_told_in_chinese(command: str, shown: str) -> None:
    version = Version("v000001", True, "2023-05-30", command, "", 1, 1)
    assert f">{shown}</td>" in render.versions([version])
    assert f">{render._origin(command)}</td>" in render.audit_table([AuditEntry(time="", who="", what=command)])


def test_deed_of_many_articles_says_how_many(tmp_path: Path) -> None:
    note(database := Database(tmp_path), "王工", "publish", [f"a{n}" for n in range(250)], "v000001")
    assert ">发布，共250篇</td>" in render.audit_table(read_audit(database))


def test_every_rule_and_step_has_a_chinese_name() -> None:
    paths = [path for room in ("text", "reading") for path in (INDEX / room).rglob("*.py")]
    sources = {path.relative_to(INDEX).as_posix(): path.read_text("utf-8") for path in paths}
    rules = {found for text in sources.values() for found in re.findall(r'(?:\.note|\.drop|left_out\.append\()\(?"([^"]+)"', text)}
    rules |= set(re.findall(r'return "([a-z ]+)"', sources["reading/formats/html.py"]))
    steps = {found for path in (INDEX).rglob("*.py") for found in re.findall(r'steps\(.*, "([a-z ]+)"', path.read_text("utf-8"))}
    assert {"editors' line", "hidden text", "running head"} <= rules <= {rule for rule in rules if render.word_for(f"rule.{rule}", "")}
    assert {"cutting words", "writing articles"} <= steps <= {step for step in steps if render.word_for(f"step.{step}", "")}
    assert {change.rule for change in clean("责编 张三\n正文,正文。").changes} <= rules
