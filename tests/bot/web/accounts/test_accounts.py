"""Accounts, sessions and roles: who is let in where, and who is not."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from typer.testing import CliRunner

from bot.__main__ import app as bot_app
from bot.answering.live import LiveAssistant
from bot.maintain.maintenance import Maintenance
from bot.server import make_app
from bot.settings import ServerSettings, Settings
from bot.web.accounts import sessions
from bot.web.accounts.login import local_path
from bot.web.accounts.users import PART as USERS_PART
from bot.web.accounts.users import USERS, Accounts, Role, User
from index.database import open_database
from index.errors import LiangceError
from tests.support.browsing import log_in
from tests.support.fakes import BigramEncoder

PASSWORD = "open sesame 1"
PAGES = {"accept": "text/html"}


@pytest.fixture
def accounts(settings: Settings) -> Accounts:
    made = Accounts(open_database(settings))
    for name, *roles in (("王工", Role.PUBLISH), ("看客", Role.VIEW), ("评测员", Role.EVALUATE), ("管理员", Role.ADMIN)):
        made.add(name, PASSWORD, roles)
    return made


@pytest.fixture
def work(settings: Settings, assistant: LiveAssistant, encoder: BigramEncoder) -> Maintenance:
    return Maintenance(settings, encoder)


@pytest.fixture
def client(accounts: Accounts, assistant: LiveAssistant, settings: Settings, work: Maintenance) -> TestClient:
    return TestClient(make_app(assistant, settings, work))


def test_roles_rise_and_evaluators_stand_beside() -> None:
    may = {role: {other for other in Role if User("x", frozenset({role})).may(other)} for role in Role}
    assert may == {
        Role.VIEW: {Role.VIEW},
        Role.EDIT: {Role.VIEW, Role.EDIT},
        Role.PUBLISH: {Role.VIEW, Role.EDIT, Role.PUBLISH},
        Role.ADMIN: set(Role),
        Role.EVALUATE: {Role.EVALUATE},
    }


@pytest.mark.parametrize(
    ("name", "maintain", "report", "upload"),
    [("王工", 200, 403, 422), ("看客", 200, 403, 403), ("评测员", 403, 404, 403), ("管理员", 200, 404, 422)],
)
def test_everybody_is_let_in_where_the_role_lets_them(client: TestClient, name: str, maintain: int, report: int, upload: int) -> None:
    entered = log_in(client, name, PASSWORD)
    assert (entered.status_code, entered.headers["location"]) == (303, "/login")
    assert [client.get(path).status_code for path in ("/maintain/", "/report")] == [maintain, report]
    assert client.post("/maintain/gradio_api/upload", content=b"x").status_code in (upload, 400 if upload == 422 else upload)
    assert name in client.get("/login").text


def test_strangers_are_shown_the_way_to_the_login_and_back(client: TestClient) -> None:
    away = client.get("/maintain/", headers=PAGES, follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Fmaintain%2F")
    assert client.get("/maintain/config").status_code == 401
    form = client.get(away.headers["location"], headers={"accept-language": "en"})
    assert ("Log in" if "Log in" in form.text else "", 'value="/maintain/"' if 'value="/maintain/"' in form.text else "") == (
        "Log in",
        'value="/maintain/"',
    )
    assert "登录" in client.get("/login", headers={"accept-language": "zh-CN"}).text
    token = client.cookies["liangce-token"]
    sent = {"name": "王工", "password": PASSWORD, "token": token, "next": "/maintain/"}
    again = client.post("/login", data=sent | {"password": "wrong"})
    assert (again.status_code, 'value="/maintain/"' in again.text, 'value="王工"' in again.text) == (401, True, True)
    assert "evil" not in client.post("/login", data=sent | {"password": "wrong", "next": "//evil.example/"}).text
    assert client.post("/login", data=sent, follow_redirects=False).headers["location"] == "/maintain/"


@pytest.mark.parametrize(
    "given", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "evil", "/a\r\nSet-Cookie: x=y"]
)
def test_login_leads_nowhere_else(given: str) -> None:
    assert local_path(given) == ""
    assert local_path("/maintain/?a=b") == "/maintain/?a=b"


def test_what_changes_something_needs_the_token_and_our_own_page(client: TestClient) -> None:
    log_in(client, "王工", PASSWORD)
    path, body = "/maintain/gradio_api/queue/join", {"data": [], "fn_index": 0, "session_hash": "x"}
    assert client.post(path, json=body).status_code == 200
    for headers in (
        {"x-liangce-token": "guessed"},
        {"x-liangce-token": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ):
        assert client.post(path, json=body, headers=headers).status_code == 403, headers
    assert client.post(path, json=body, headers={"origin": "http://testserver"}).status_code == 200
    assert client.post("/logout", data={"token": "guessed"}).status_code == 403
    assert client.post("/login", data={"name": "王工", "password": PASSWORD, "token": "guessed"}).status_code == 403


def test_cookies_are_kept_from_other_sites_and_from_scripts(client: TestClient) -> None:
    set_cookies = log_in(client, "王工", PASSWORD).headers.get_list("set-cookie")
    session, device = (next(each for each in set_cookies if each.startswith(name)) for name in ("liangce-session", "liangce-device"))
    for cookie in (session, device):
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
    client.base_url = "https://testserver"
    assert all("Secure" in each for each in log_in(client, "王工", PASSWORD).headers.get_list("set-cookie"))


def test_pages_behind_the_login_are_not_kept_and_use_nothing(
    accounts: Accounts, assistant: LiveAssistant, settings: Settings, work: Maintenance
) -> None:
    own = settings.model_copy(update={"server": ServerSettings(hsts_days=2)})
    client = TestClient(make_app(assistant, own, work), base_url="https://testserver")
    assert log_in(client, "王工", PASSWORD).headers["cache-control"] == "no-store"
    for path in ("/maintain/", "/maintain/config", "/login"):
        headers = client.get(path).headers
        assert (headers["cache-control"], headers["x-frame-options"]) == ("no-store", "DENY")
        assert "camera=()" in headers["permissions-policy"]
        assert headers["strict-transport-security"] == "max-age=172800"
    assert "strict-transport-security" not in TestClient(make_app(assistant, own, work)).get("/").headers, "without HTTPS it says nothing"


def test_session_ends_with_logging_out_the_password_the_account_or_time(
    client: TestClient, accounts: Accounts, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_in() -> bool:
        return client.get("/maintain/").status_code == 200

    data = ["--data", str(settings.data)]
    log_in(client, "王工", PASSWORD)
    assert is_in()
    client.post("/logout", data={"token": client.cookies["liangce-token"]})
    assert not is_in()
    log_in(client, "王工", PASSWORD)
    assert CliRunner().invoke(bot_app, ["user", "password", "王工", *data], input="another one 2\n").exit_code == 0
    assert not is_in()
    log_in(client, "王工", "another one 2")
    assert is_in()

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(hours=settings.server.session_hours, minutes=1)

    with monkeypatch.context() as patched:
        patched.setattr(sessions, "datetime", Later)
        assert not is_in()
    assert is_in()
    assert CliRunner().invoke(bot_app, ["user", "remove", "王工", *data]).exit_code == 0
    assert not is_in()


def test_role_of_an_account_counts_at_once(client: TestClient, accounts: Accounts) -> None:
    log_in(client, "王工", PASSWORD)
    accounts.remove("王工")
    accounts.add("王工", PASSWORD, [Role.EVALUATE])
    assert client.get("/maintain/").status_code == 403


def test_passwords_and_sessions_are_kept_as_hashes_only(client: TestClient, accounts: Accounts, settings: Settings) -> None:
    import sqlalchemy as sa

    log_in(client, "王工", PASSWORD)
    kept = open_database(settings).rows(USERS_PART, sa.select(USERS.c.hash))
    assert len({row.hash for row in kept}) == 4, "the same password, each with salt of its own"
    assert all(row.hash.startswith("$argon2id$") for row in kept)
    open_database(settings).close()
    held = b"".join(path.read_bytes() for path in settings.data.glob("records.sqlite*"))
    for secret in (PASSWORD, client.cookies["liangce-session"], client.cookies["liangce-device"]):
        assert secret.encode() not in held
    assert (settings.data / "records.sqlite").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("", PASSWORD, "cannot be a name"),
        ("a\nb", PASSWORD, "cannot be a name"),
        ("x" * 41, PASSWORD, "cannot be a name"),
        ("王工", PASSWORD, "is taken"),
        ("新人", "short", "8 to 200"),
    ],
)
def test_account_that_will_not_do_is_refused(accounts: Accounts, name: str, password: str, said: str) -> None:
    with pytest.raises(LiangceError, match=said):
        accounts.add(name, password, [Role.VIEW])


def test_commands_make_list_and_refuse(settings: Settings, tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "own")]

    def run(*words: str, given: str = "") -> tuple[int, str]:
        done = CliRunner().invoke(bot_app, ["user", *words, *data], input=given)
        return done.exit_code, done.output

    assert run("add", "李工", "--role", "publish", "--role", "evaluate", given=f"{PASSWORD}\n")[0] == 0
    assert run("add", "代理", "--by-proxy")[0] == 0
    assert run("list")[1].startswith("代理  view  made ")
    assert "李工  evaluate publish  made " in run("list")[1]
    assert run("add", "李工", given=f"{PASSWORD}\n")[0] == 2
    code, said = run("add", "张工", "--role", "king", given=f"{PASSWORD}\n")
    assert (code, "there is no role 'king'" in said) == (2, True)
    assert run("remove", "无名")[0] == 2


def test_shared_password_lets_in_until_there_is_an_account(
    assistant: LiveAssistant, settings: Settings, work: Maintenance, caplog: pytest.LogCaptureFixture
) -> None:
    own = settings.model_copy(
        update={"server": ServerSettings(maintainer_password=SecretStr(PASSWORD), report_password=SecretStr("another 12"))}
    )
    client = TestClient(make_app(assistant, own, work))
    with caplog.at_level(logging.WARNING):
        assert log_in(client, "王工", PASSWORD).status_code == 303
    assert "make accounts with python -m bot user add NAME" in caplog.text
    assert [client.get(path).status_code for path in ("/maintain/", "/report")] == [200, 403]
    reader = TestClient(client.app)
    log_in(reader, "评测员", "another 12")
    assert [reader.get(path).status_code for path in ("/maintain/", "/report")] == [403, 404]
    changed = settings.model_copy(update={"server": ServerSettings(maintainer_password=SecretStr("changed 123"))})
    restarted = TestClient(make_app(assistant, changed, work), cookies=dict(client.cookies))
    assert restarted.get("/maintain/").status_code == 401, "the password was changed"
    Accounts(open_database(settings)).add("李工", PASSWORD, [Role.ADMIN])
    assert client.get("/maintain/").status_code == 401
    assert log_in(client, "王工", PASSWORD).status_code == 401


def test_proxy_names_who_is_logged_in_with_it(accounts: Accounts, assistant: LiveAssistant, settings: Settings, work: Maintenance) -> None:
    own = settings.model_copy(update={"server": ServerSettings(user_header="X-Remote-User", trusted_proxies="10.0.0.1")})
    accounts.add("SSO", None, [Role.VIEW])
    app = make_app(assistant, own, work)
    behind, straight = TestClient(app, client=("10.0.0.1", 1)), TestClient(app, client=("192.0.2.66", 1))
    assert behind.get("/maintain/", headers={"X-Remote-User": "SSO"}).status_code == 200
    assert behind.get("/maintain/", headers={"X-Remote-User": "王工".encode().decode("latin-1").encode("latin-1")}).status_code == 200
    assert behind.get("/maintain/", headers={"X-Remote-User": "stranger"}).status_code == 401
    assert straight.get("/maintain/", headers={"X-Remote-User": "王工".encode()}).status_code == 401
    assert log_in(straight, "SSO", "").status_code in (401, 422), "who has no password cannot log in by one"


def test_changes_by_the_page_name_the_account_and_need_its_role(client: TestClient, accounts: Accounts, work: Maintenance) -> None:
    from types import SimpleNamespace

    from bot.maintain.tabs.articles import Articles

    handlers = Articles(work)

    def by(user: User | None) -> Any:
        return SimpleNamespace(state=SimpleNamespace(user=user), username=user and user.name)

    for user in (accounts.find("看客"), accounts.find("评测员"), None):
        *_, (notice, *_) = handlers.do(by(user), "withdraw", "garden")
        assert "“publish”" in notice
    assert work.audit() == []
    *_, (notice, *_) = handlers.do(by(accounts.find("王工")), "withdraw", "garden")
    assert "已撤下" in notice
    assert [(entry.who, entry.what) for entry in work.audit()] == [("王工", "withdraw")]


def test_time_is_kept_in_one_zone() -> None:
    assert sessions._iso(datetime(2026, 1, 1, tzinfo=UTC)).endswith("+00:00")
