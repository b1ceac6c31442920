"""Keys: what is kept of them, what they may do, and the commands that make and remove them."""

import json
import sqlite3
import threading
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.web.api.keys import FILE, KeyStore, Scope, last_day
from index.database import Database
from index.errors import CallError
from index.journal import read_audit


def run(*arguments: str, data: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["key", *arguments, "--data", str(data)])
    return done.exit_code, done.output


def test_key_is_kept_as_a_hash_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    code, made = run("add", "王工的程序", "--scope", "ask", "--per-minute", "7", data=tmp_path)
    assert code == 0
    store = KeyStore(tmp_path)
    found = store.find(made.strip(), date.today())
    assert found is not None
    store.note_use(found, "ask")
    beside = list(tmp_path.glob(f"{FILE}*"))
    assert len(beside) == 3  # the log of what is being written, and its index
    assert {path.stat().st_mode & 0o777 for path in beside} == {0o600}
    assert not any(made.strip().encode() in path.read_bytes() for path in beside)
    assert (found.name, found.scopes, found.per_minute) == ("王工的程序", {Scope.ASK}, 7)
    assert store.find(made.strip() + "x", date.today()) is None
    store.close()


def test_commands_list_what_is_used_and_remove_it(tmp_path: Path) -> None:
    assert run("list", data=tmp_path) == (0, "")
    assert not (tmp_path / FILE).exists()
    made = run("add", "a", "--days", "2", data=tmp_path)[1].strip()
    run("add", "b", data=tmp_path)
    store = KeyStore(tmp_path)
    found = store.find(made, date.today())
    assert found is not None
    for _ in range(3):
        store.note_use(found, "ask")
    store.note_use(found, "search")
    rows = json.loads(run("list", "--json", data=tmp_path)[1])
    assert [(row["name"], row["used"], row["scopes"]) for row in rows] == [("a", 4, sorted(Scope)), ("b", 0, sorted(Scope))]
    assert (rows[0]["ends"], rows[1]["ends"]) == (last_day(2, date.today()), None)
    shown = run("list", data=tmp_path)[1].splitlines()
    assert "used 4 times" in shown[0]
    assert "never used" in shown[1]
    assert run("remove", "a", data=tmp_path)[0] == 0
    assert store.find(made, date.today()) is None
    assert store.uses(found) == []
    store.close()
    entries = [entry.what for entry in read_audit(Database(tmp_path))]
    assert entries == ["key add a", "key add b", "key remove a"]


def test_wrong_call_is_told(tmp_path: Path) -> None:
    run("add", "a", data=tmp_path)
    for arguments, said in (
        (("add", "a"), "there is already a key 'a'"),
        (("add", " "), "' ' is no name for a key"),
        (("remove", "b"), "there is no key 'b'"),
    ):
        code, output = run(*arguments, data=tmp_path)
        assert (code, said in output) == (2, True), output
    assert run("remove", "b", data=tmp_path / "nothing")[0] == 2
    assert run("add", "c", "--scope", "maintain", data=tmp_path)[0] == 2
    assert run("add", "c", "--per-minute", "0", data=tmp_path)[0] == 2


def test_key_ends_with_its_last_day(tmp_path: Path) -> None:
    store = KeyStore(tmp_path)
    key = store.add("a", [Scope.ASK], 60, last_day(1, date(2026, 5, 1)))
    assert store.find(key, date(2026, 5, 1)) is not None
    assert store.find(key, date(2026, 5, 2)) is None
    store.close()


def test_two_programs_that_count_at_once_lose_nothing(tmp_path: Path) -> None:
    stores = [KeyStore(tmp_path), KeyStore(tmp_path)]
    key = stores[0].find(stores[0].add("a", [Scope.ASK], 60), date.today())
    assert key is not None

    def count(store: KeyStore) -> None:
        for _ in range(50):
            store.note_use(key, "ask")

    threads = [threading.Thread(target=count, args=(store,)) for store in stores for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [use.times for use in stores[1].uses(key)] == [200]
    with pytest.raises(CallError, match="already a key"):
        stores[1].add("a", [Scope.ASK], 60)
    for store in stores:
        store.close()


def test_file_is_made_whole_by_whoever_comes_first(tmp_path: Path) -> None:
    stores = [KeyStore(tmp_path) for _ in range(8)]
    threads = [threading.Thread(target=store.add, args=(f"key {n}", [Scope.ASK], 60)) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores[0].all()) == 8
    for store in stores:
        store.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
