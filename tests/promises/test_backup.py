"""A backup of a running server, and back: one set, one moment, a new epoch."""

from __future__ import annotations

import sqlite3
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select, text, update

from cuprum.kit import jsonio
from cuprum.records.demo import demo_account
from cuprum.storage.account_tables import account
from cuprum.storage.database import Database
from cuprum.storage.dialect import postgresql_engine
from cuprum.storage.held_word import ENGINE_TABLES, held_word
from cuprum.storage.restore import finish_restore
from homes import Home, key_of
from patience import wait_until


def demo(home: Home) -> None:
    home.ok("migrate")
    database = Database(home.settings)
    demo_account(database)
    database.close()


def asked(home: Home, statement):
    database = Database(home.settings)
    try:
        return database.read_now(lambda connection: connection.execute(statement).scalar())
    finally:
        database.close()


def epoch(home: Home) -> str:
    return asked(home, select(account.c.epoch))


def rename(home: Home, name: str) -> None:
    database = Database(home.settings)
    database.write_now(lambda connection: connection.execute(update(account).values(name=name)))
    database.close()


def changed_manifest(backup: Path, **changes) -> Path:
    other = backup.with_suffix(".other")
    with zipfile.ZipFile(backup) as given, zipfile.ZipFile(other, "w") as made:
        for name in given.namelist():
            body = given.read(name)
            if name == "manifest.json":
                body = jsonio.encode(jsonio.decode(body) | changes)
            made.writestr(name, body)
    return other


def test_what_was_there_comes_back_in_a_new_epoch(home: Home, tmp_path: Path) -> None:
    demo(home)
    former = epoch(home)
    (tmp_path / "backups").mkdir()
    file = Path(home.ok("backup", str(tmp_path / "backups")).strip())
    assert file.parent == tmp_path / "backups"
    assert file.stat().st_mode & 0o777 == 0o600
    rename(home, "Somebody else's")
    assert "Restored" in home.ok("restore", str(file))
    assert asked(home, select(account.c.name)) == "Harbour & Pine"
    assert epoch(home) != former
    assert "WRONG" not in home.ok("doctor")


def test_a_backup_beside_a_writing_server_is_whole_and_has_every_answered_write(home: Home, tmp_path: Path) -> None:
    with home.serve("--demo") as server:
        headers = key_of(home)
        before = server.ask("POST", "/people", headers, {"name": "Before The Backup"}).json()["id"]
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                server.ask("POST", "/people", headers, {"name": "Meanwhile"})

        writing = threading.Thread(target=write)
        writing.start()
        file = tmp_path / "one.backup"
        try:
            home.ok("backup", str(file))
        finally:
            stop.set()
            writing.join()
    home.ok("restore", str(file))
    with home.serve() as server:
        assert server.ask("GET", f"/people/{before}", headers).json()["name"] == "Before The Backup"
        assert "WRONG" not in home.ok("doctor")


def test_a_backup_waits_for_whoever_makes_the_engines_tables(postgresql_home: Home, tmp_path: Path) -> None:
    demo(postgresql_home)
    file = tmp_path / "one.backup"
    engine = postgresql_engine(postgresql_home.settings, size=1)
    asks = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_%_shared%'"
    with ThreadPoolExecutor(1) as apart:
        with held_word(engine, ENGINE_TABLES):
            backup = apart.submit(postgresql_home.run_apart, "backup", str(file))
            wait_until(lambda: asked(postgresql_home, text(asks)))
            assert not backup.done()
        assert backup.result().returncode == 0, backup.result().stderr
    with held_word(engine, ENGINE_TABLES, shared=True):
        # Beside another backup, nothing is waited for.
        postgresql_home.ok("backup", str(file))
    engine.dispose()
    postgresql_home.ok("restore", str(file))


def test_a_running_server_on_sqlite_takes_the_restored_state_and_goes_on(sqlite_home: Home, tmp_path: Path) -> None:
    with sqlite_home.serve("--demo") as server:
        headers = key_of(sqlite_home)
        kept = server.ask("POST", "/people", headers, {"name": "Kept"}).json()["id"]
        file = sqlite_home.ok("backup", str(tmp_path / "one.backup")).strip()
        lost = server.ask("POST", "/people", headers, {"name": "Lost"}).json()["id"]
        pid = server.process.pid
        assert "started again" in sqlite_home.ok("restore", file)
        wait_for(server)
        assert server.ask("GET", f"/people/{kept}", headers).json()["name"] == "Kept"
        assert server.ask("GET", f"/people/{lost}", headers).status_code == 404
        assert server.ask("POST", "/people", headers, {"name": "After"}).status_code == 200
        assert (server.process.pid, server.process.poll()) == (pid, None)
        assert server.stop() == 0


def wait_for(server) -> None:
    def answers() -> bool:
        with suppress(httpx2.TransportError):
            return server.client.get("/healthz").status_code == 200
        return False

    wait_until(answers)


def test_a_running_server_on_postgresql_is_stopped_first(postgresql_home: Home, tmp_path: Path) -> None:
    with postgresql_home.serve("--demo") as server:
        file = postgresql_home.ok("backup", str(tmp_path / "one.backup")).strip()
        assert "Stop every server" in postgresql_home.refused("restore", file)
        assert server.client.get("/healthz").status_code == 200


def test_both_databases_are_one_set(sqlite_home: Home, tmp_path: Path) -> None:
    demo(sqlite_home)
    engine = sqlite3.connect(sqlite_home.folder / "jobs.db")
    engine.execute("CREATE TABLE run (id INTEGER)")
    engine.execute("INSERT INTO run VALUES (1)")
    engine.commit()
    file = sqlite_home.ok("backup", str(tmp_path / "one.backup")).strip()
    engine.execute("INSERT INTO run VALUES (2)")
    engine.commit()
    sqlite_home.ok("restore", file)
    assert engine.execute("SELECT id FROM run").fetchall() == [(1,)]
    engine.close()


def test_a_restore_that_was_killed_half_way_is_finished_by_whoever_comes_next(sqlite_home: Home, tmp_path: Path) -> None:
    demo(sqlite_home)
    file = sqlite_home.ok("backup", str(tmp_path / "one.backup")).strip()
    rename(sqlite_home, "Half way")
    # The state after a kill between the two files: the set still lies ready.
    with zipfile.ZipFile(file) as archive:
        archive.extractall(sqlite_home.folder / "restore")
    assert "ana@harbour.example" in sqlite_home.ok("user", "list")
    assert asked(sqlite_home, select(account.c.name)) == "Harbour & Pine"
    assert not (sqlite_home.folder / "restore").exists()
    finish_restore(sqlite_home.settings)


def test_a_damaged_database_is_replaced(sqlite_home: Home, tmp_path: Path) -> None:
    demo(sqlite_home)
    file = sqlite_home.ok("backup", str(tmp_path / "one.backup")).strip()
    for path in sqlite_home.folder.glob("cuprum.db*"):
        path.write_bytes(b"no database at all" * 1000)
    assert "not a database" in sqlite_home.refused("user", "list")
    sqlite_home.ok("restore", file)
    assert "WRONG" not in sqlite_home.ok("doctor")


def test_what_cannot_be_restored_is_refused_and_nothing_changes(home: Home, tmp_path: Path) -> None:
    demo(home)
    former = epoch(home)
    file = Path(home.ok("backup", str(tmp_path / "one.backup")).strip())
    (tmp_path / "letter.txt").write_text("Dear Ana")
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}["postgresql" if home.database_url else "sqlite"]
    assert "newer Cuprum" in home.refused("restore", str(changed_manifest(file, schema="9999")))
    assert f"a backup of {other}" in home.refused("restore", str(changed_manifest(file, database=other)))
    assert "no backup" in home.refused("restore", str(tmp_path / "letter.txt"))
    assert "No such file" in home.refused("restore", str(tmp_path / "nothing.backup"))
    assert epoch(home) == former


def test_a_damaged_backup_is_refused(sqlite_home: Home, tmp_path: Path) -> None:
    demo(sqlite_home)
    file = Path(sqlite_home.ok("backup", str(tmp_path / "one.backup")).strip())
    other = tmp_path / "flawed.backup"
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(other, "w") as made:
        for name in given.namelist():
            body = bytearray(given.read(name))
            if name == "cuprum.db":
                body[8192:12288] = b"\xff" * 4096
            made.writestr(name, bytes(body))
    assert "damaged" in sqlite_home.refused("restore", str(other))
    assert asked(sqlite_home, select(account.c.name)) == "Harbour & Pine"


def test_a_failed_restore_on_postgresql_leaves_everything(postgresql_home: Home, tmp_path: Path) -> None:
    demo(postgresql_home)
    file = Path(postgresql_home.ok("backup", str(tmp_path / "one.backup")).strip())
    other = tmp_path / "flawed.backup"
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(other, "w") as made:
        for name in given.namelist():
            made.writestr(name, given.read(name) + (b"\nSELECT no_such_function();\n" if name.endswith(".sql") else b""))
    former = epoch(postgresql_home)
    assert "no_such_function" in postgresql_home.refused("restore", str(other))
    assert epoch(postgresql_home) == former
    assert asked(postgresql_home, select(account.c.name)) == "Harbour & Pine"


def test_without_postgresqls_programs_the_cure_is_named(
    postgresql_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Install PostgreSQL's client programs" in postgresql_home.refused("backup", str(tmp_path / "one.backup"))
