"""The database beside the index: one writer, old files taken in once, a full disk, and later changes of its tables."""

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.web.feedback import Feedback, add_feedback, read_feedback
from index import journal
from index.database import FILE, METADATA, Database, Part, made_by, open_database
from index.errors import CallError, RecordsError
from index.journal import note, read_audit
from index.settings import IndexSettings

GIVEN = Feedback(time="2026-05-01T08:00:00+00:00", question="渔港几点开门", answer="六点。[1]", refused=False, verdict="up")
TOP = Path(__file__).resolve().parents[2]


def given(question: str) -> Feedback:
    return GIVEN.model_copy(update={"question": question})


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    database = Database(tmp_path / "data")
    assert (read_audit(database), read_feedback(database)) == ([], [])
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    add_feedback(Database(tmp_path / "data"), GIVEN)
    found = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()}
    assert FILE in found
    assert set(found.values()) == {0o600}


def test_old_files_are_taken_in_once_with_what_a_full_disk_glued(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first, second, third = (given(text).model_dump_json() for text in ("一", "二", "三"))
    old = tmp_path / "feedback.jsonl"
    lines = [first, second[:30] + third, "nothing", first]
    old.write_text("\n".join(lines) + "\n", "utf-8")
    (tmp_path / "audit.jsonl").write_text(
        json.dumps({"time": "2026", "who": "王工", "what": "add", "articles": ["a"], "version": "v1"}) + "\n"
    )
    database = Database(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert [entry.question for entry in read_feedback(database)] == ["一", "三", "一"]
    assert "2 lines" in caplog.text
    assert not old.exists()
    assert (tmp_path / "feedback.jsonl.unread").read_text("utf-8").splitlines() == [second[:30], "nothing"]
    assert [(entry.who, entry.articles) for entry in read_audit(database)] == [("王工", ("a",))]
    old.write_text(f"{first}\n{second}\n{first}\n", "utf-8")  # as after a crash before it was removed, and a line more
    assert [entry.question for entry in read_feedback(Database(tmp_path))] == ["一", "三", "一", "二"]


def test_old_file_stays_where_it_cannot_be_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feedback.jsonl").write_text(f"{GIVEN.model_dump_json()}\nnothing\n", "utf-8")
    (tmp_path / "feedback.jsonl.unread").mkdir()
    with pytest.raises(RecordsError, match="cannot be used"):
        read_feedback(Database(tmp_path))
    (tmp_path / "feedback.jsonl.unread").rmdir()
    assert read_feedback(Database(tmp_path)) == [GIVEN]


def test_full_database_is_said_and_keeps_nothing_by_halves(tmp_path: Path) -> None:
    database = Database(tmp_path)
    add_feedback(database, GIVEN)
    sa.event.listen(database._engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count = 1"))
    database.close()
    with pytest.raises(RecordsError, match="disk is full"):
        add_feedback(database, given("长" * 9000))
    with pytest.raises(RecordsError, match=r"publish was done \(live: version v000002\).*disk is full"):
        note(database, "王工", "publish", ["a" * 200] * 40, "v000002")
    assert read_feedback(Database(tmp_path)) == [GIVEN]


FILLING = """
import sys
from pathlib import Path
from bot.web.feedback import Feedback, add_feedback, read_feedback
from index.database import Database
from index.errors import RecordsError
kept, database, data = 0, Database(Path(sys.argv[1])), Path(sys.argv[1])
def given(n): return Feedback(time="t", question=f"{n}", answer="长" * 900, refused=False, verdict="up")
add_feedback(database, given(kept)); kept += 1
(data / "filler").write_bytes(b"x" * 700_000)
try:
    while True:
        add_feedback(database, given(kept)); kept += 1
except RecordsError as error:
    assert error.code == "records-full", error
assert [entry.question for entry in read_feedback(database)] == [str(n) for n in range(kept)]
(data / "filler").unlink()
add_feedback(database, given(kept))
assert [entry.question for entry in read_feedback(Database(data))] == [str(n) for n in range(kept + 1)]
print("kept", kept)
"""


def test_full_disk_is_said_and_what_was_kept_stays(tmp_path: Path) -> None:
    mounted = f'mount -t tmpfs -o size=1m tmpfs "{tmp_path}" && exec "{sys.executable}" -c "$0" "{tmp_path}"'
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    done = subprocess.run(["unshare", "-rm", "sh", "-c", mounted, FILLING], cwd=TOP, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) > 10


def test_writers_of_two_processes_and_many_threads_wait_for_each_other(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from index.database import Database; from index.journal import note\n" \
        "for n in range(30): note(Database(Path(sys.argv[1])), 'other', str(n), [], '')"  # fmt: skip
    other = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=TOP)
    database = Database(tmp_path)
    threads = [threading.Thread(target=lambda: [note(database, "own", str(n), [], "") for n in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait(60) == 0
    found = [entry.who for entry in read_audit(database)]
    assert (found.count("own"), found.count("other")) == (40, 30)


def test_what_fails_within_a_transaction_keeps_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path)

    def fail() -> None:
        with database.writing(journal.PART) as connection:
            connection.execute(sa.insert(journal.AUDIT).values(time="", who="", what="", articles=[], version=""))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert read_audit(database) == []


def test_later_step_is_taken_by_a_database_that_was_made_before_it(tmp_path: Path) -> None:
    table = sa.Table("later", METADATA, sa.Column("a", sa.Integer))
    try:
        first = Part("later", (made_by(table),))
        with Database(tmp_path).writing(first) as connection:
            connection.execute(sa.insert(table).values(a=1))
        both = Part(
            "later", (*first.steps, lambda connection: connection.exec_driver_sql("ALTER TABLE later ADD COLUMN b INTEGER DEFAULT 7"))
        )
        for _ in range(2):
            assert Database(tmp_path).rows(both, sa.select(table.c.a, sa.literal_column("b"))) == [(1, 7)]
        with pytest.raises(RecordsError, match=r"newer version of this program \(its part 'later'\)"):
            Database(tmp_path).rows(first, sa.select(table))
    finally:
        METADATA.remove(table)


def test_setting_names_another_place(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.sqlite"
    settings = IndexSettings(data=tmp_path / "data", database=SecretStr(f"sqlite:///{elsewhere}"))
    add_feedback(open_database(settings), GIVEN)
    assert read_feedback(open_database(settings)) == [GIVEN]
    assert elsewhere.is_file()
    assert not (tmp_path / "data" / FILE).exists()


@pytest.mark.parametrize("address", ["nonsense", "oracle9://a:secret@b/c", "sqlite://secret@x/y"])
def test_address_that_is_none_is_told_without_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(CallError, match="LIANGCE_DATABASE is no address") as told:
        open_database(IndexSettings(data=tmp_path, database=SecretStr(address)))
    assert "secret" not in str(told.value)
