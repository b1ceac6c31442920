"""What is deployed: the units of systemd and nginx's site as far as they can be checked here, addresses, and backups that can be put back."""

import re
import shutil
import socket
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.answering.live import LiveAssistant
from bot.app import live_assistant
from bot.reading.sentence_reader import SentenceReader
from bot.server import listen
from bot.settings import Settings
from bot.web.api.keys import KeyStore
from bot.web.feedback import Feedback, add_feedback, read_feedback
from index.database import Database, open_database
from index.errors import CallError
from index.settings import list_settings
from index.stored.locks import only_writer
from tests.support.fakes import BigramEncoder

DEPLOY = Path(__file__).resolve().parents[4] / "deploy"
QUESTION = "新建口袋公园多少处"
GIVEN = Feedback(time="2026-05-01T08:00:00+00:00", question="渔港几点开门", answer="六点。[1]", refused=False, verdict="up")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_units_are_what_systemd_takes(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("liangce*"):
        text = unit.read_text("utf-8").replace("/opt/liangce/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    assert len(units) == 3
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if "liangce" in line]
    assert (done.returncode, told) == (0, [])


def test_units_call_commands_and_settings_that_there_are() -> None:
    for unit in DEPLOY.glob("*.service"):
        (command,) = re.findall(r"^ExecStart=\S+ -m bot (\w+)", unit.read_text("utf-8"), re.MULTILINE)
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
    named = set(re.findall(r"^(LIANGCE_\w+)=", (DEPLOY / "environment").read_text("utf-8"), re.MULTILINE))
    assert named
    assert named <= {setting.variable for setting in list_settings(Settings)}


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_site_is_what_nginx_takes(tmp_path: Path) -> None:
    site = re.sub(r"listen .*;|ssl_certificate.*;", "", (DEPLOY / "nginx-site.conf").read_text("utf-8"))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{site}\n}}\n"
    )
    done = subprocess.run(["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
@pytest.mark.parametrize(("host", "reached"), [("::", ("127.0.0.1", "::1")), ("::1", ("::1",)), ("127.0.0.1", ("127.0.0.1",))])
def test_server_listens_at_addresses_of_both_kinds(host: str, reached: tuple[str, ...]) -> None:
    try:
        listening = listen(host, 0)
    except CallError as error:
        pytest.skip(f"no such address here: {error}")
    with listening:
        for address in reached:
            socket.create_connection((address, listening.getsockname()[1]), timeout=5).close()
        with pytest.raises(CallError, match="cannot serve on"):
            listen(host, listening.getsockname()[1])


READ_ONLY = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
from pydantic import SecretStr
from bot.app import live_assistant
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import AnsweringSettings, DoorSettings, Settings
from tests.support.fakes import BigramEncoder
data, elsewhere = Path(sys.argv[1]), Path(sys.argv[2])
for database, status in ((None, 507), (SecretStr(f"sqlite:///{elsewhere}"), 204)):
    settings = Settings(data=data, database=database, answering=AnsweringSettings(least_probability=0), doors=DoorSettings(api="open"))
    assistant = live_assistant(BigramEncoder(), settings, SentenceReader)
    client = TestClient(make_app(assistant, settings))
    assert client.post("/api/v1/ask", json={"question": sys.argv[3]}).json()["outcome"] == "answered"
    assert client.post("/api/v1/ask", json={"question": "如何做红烧肉"}).status_code == 200
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 200
    given = {"question": "a", "answer": "b", "refused": True, "verdict": "down"}
    assert client.post("/api/v1/feedback", json=given).status_code == status
    assistant.close()
try:
    (data / "x").write_text("")
except OSError:
    print("read-only")
"""


def test_page_is_served_from_a_data_folder_that_it_cannot_write(assistant: LiveAssistant, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    folder.mkdir()
    mounted = f'mount --bind "{settings.data}" "{folder}" && mount -o remount,ro,bind "{folder}"'
    if subprocess.run(["unshare", "-rm", "sh", "-c", mounted], capture_output=True).returncode:
        pytest.skip("no folder can be mounted here")
    command = f'{mounted} && exec "{sys.executable}" -c "$0" "{folder}" "{tmp_path}/elsewhere.sqlite" {QUESTION}'
    done = subprocess.run(["unshare", "-rm", "sh", "-c", command, READ_ONLY], cwd=DEPLOY.parent, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "read-only\n"), done.stderr


def test_backup_is_put_back_with_all_that_was_kept(
    assistant: LiveAssistant, settings: Settings, tmp_path: Path, encoder: BigramEncoder
) -> None:
    add_feedback(open_database(settings), GIVEN)
    keys = KeyStore(settings.data)
    keys.add("程序", ["ask"], 10)  # type: ignore[list-item]
    (settings.data / "settings.toml").write_text('title = "白河"\n', "utf-8")
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "backups"), "--data", str(settings.data)])
    assert done.exit_code == 0, done.output
    keys.close()
    (made,) = (tmp_path / "backups").iterdir()
    assert (str(made), made.stat().st_mode & 0o777) == (done.output.strip(), 0o600)
    back = tmp_path / "back"
    with tarfile.open(made) as packed:
        assert not [name for name in packed.getnames() if name.startswith("/") or ".." in name or name.endswith(("-wal", ".lock"))]
        packed.extractall(back, filter="data")
    assert read_feedback(Database(back)) == [GIVEN]
    assert [key.name for key in KeyStore(back).all()] == ["程序"]
    assert (back / "settings.toml").is_file()
    opened = live_assistant(encoder, settings.model_copy(update={"data": back}), SentenceReader)
    assert (opened.ask(QUESTION).text, opened.version) == (assistant.ask(QUESTION).text, assistant.version)
    opened.close()


def test_backup_waits_for_nobody_and_leaves_no_half_file(assistant: LiveAssistant, settings: Settings, tmp_path: Path) -> None:
    within = CliRunner().invoke(app, ["backup", str(settings.data / "backups"), "--data", str(settings.data)])
    with tarfile.open(within.output.strip()) as packed:
        assert not [name for name in packed.getnames() if "backups" in name]
    with only_writer(settings.index):
        done = CliRunner().invoke(app, ["backup", str(tmp_path / "backups"), "--data", str(settings.data)])
    assert (done.exit_code, "is being written by process" in done.stderr) == (1, True)
    assert list((tmp_path / "backups").iterdir()) == []
    (tmp_path / "file").write_text("", "utf-8")
    done = CliRunner().invoke(app, ["backup", str(tmp_path / "file"), "--data", str(settings.data)])
    assert (done.exit_code, "could not be written into" in done.stderr) == (2, True)
