"""The site of nginx in `deploy/`, served for real on a free port of this machine before page processes; and a page as a process of its own:
`python -m tests.support.nginx DATA PORT`."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from bot.answering.live import LiveAssistant
from bot.app import live_assistant, live_search
from bot.maintain.maintenance import Maintenance
from bot.reading.sentence_reader import SentenceReader
from bot.server import make_app
from bot.settings import AnsweringSettings, DoorSettings, RunningSettings, ServerSettings, Settings
from bot.web.api.search import MOST
from bot.web.guarding.connections import server_config
from tests.support.fakes import BigramEncoder

NGINX, OPENSSL = shutil.which("nginx"), shutil.which("openssl")
SITE = Path(__file__).resolve().parents[2] / "deploy" / "nginx-site.conf"
HOST = "zhengce.example.gov.cn"
_WAITS = 120  # seconds for a process to listen


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def write_site(folder: Path, port: int, pages: Sequence[int]) -> Path:
    """The configuration of an nginx that serves the site by TLS at a port, before page processes at others; all that it writes is in `folder`."""
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "key.pem"), "-out", str(folder / "site.pem")]
    subprocess.run([OPENSSL or "openssl", "req", "-x509", "-days", "1", "-subj", f"/CN={HOST}", *key], check=True, capture_output=True)
    site = SITE.read_text("utf-8")
    for wanted, put in (
        (r"listen (?:\[::\]:)?(?:80;|443 ssl;)", ""),
        (r"server_name .*;\n    ssl_", rf"listen 127.0.0.1:{port} ssl;\n    server_name {HOST};\n    ssl_"),
        (r"server_name .*;\n    return", f"listen 127.0.0.1:{free_port()};\n    return"),
        (r"ssl_certificate .*;", f"ssl_certificate {folder}/site.pem;"),
        (r"ssl_certificate_key .*;", f"ssl_certificate_key {folder}/key.pem;"),
        (r"    server 127\.0\.0\.1:7860;", "".join(f"    server 127.0.0.1:{page};" for page in pages)),
    ):
        site, times = re.subn(wanted, put, site)
        assert times, f"the site does not hold {wanted}"
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = f"pid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{site}\n}}\n"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    return folder / "nginx.conf"


@contextmanager
def nginx(configuration: Path, port: int) -> Iterator[str]:
    """The address at which nginx serves by a configuration, without a / at its end."""
    arguments = ["-p", str(configuration.parent), "-c", str(configuration), "-e", str(configuration.with_name("log")), "-g", "daemon off;"]
    with _process([str(NGINX), *arguments], port):
        yield f"https://127.0.0.1:{port}"


@contextmanager
def page_process(data: Path, port: int) -> Iterator[str]:
    """The address of a page over what is indexed in `data`, in a process of its own, as the settings in deploy/ have it behind nginx."""
    with _process([sys.executable, "-m", "tests.support.nginx", str(data), str(port)], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _process(command: list[str], port: int) -> Iterator[None]:
    running = subprocess.Popen(command, cwd=SITE.parents[1])
    try:
        deadline = time.monotonic() + _WAITS
        while not _listens(port):
            assert running.poll() is None, f"{command[0]} ended"
            assert time.monotonic() < deadline, f"{command[0]} does not listen"
            time.sleep(0.1)
        yield
    finally:
        running.terminate()
        running.wait(20)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def settings_of(data: Path, port: int = 0) -> Settings:
    """The settings of a page process behind nginx."""
    return Settings(
        data=data,
        answering=AnsweringSettings(least_probability=0),  # the encoder is no real one
        server=ServerSettings(host="127.0.0.1", port=port or 7860, trusted_proxies="127.0.0.1", hsts_days=30),
        doors=DoorSettings(api="open", public_url=f"https://{HOST}"),
        running=RunningSettings(metrics_path="/metrics", least_free_megabytes=0),
    )


def serve(data: Path, port: int) -> None:
    """Serve a page until the process is told to stop."""
    encoder, settings = BigramEncoder(), settings_of(data, port)
    assistant: LiveAssistant = live_assistant(encoder, settings, SentenceReader)
    assistant.start(0.2)
    app = make_app(assistant, settings, Maintenance(settings, encoder), search=live_search(encoder, settings, MOST))
    uvicorn.Server(server_config(app, settings.server, log_level="error", timeout_graceful_shutdown=1)).run()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
