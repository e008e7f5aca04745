"""`cuprum doctor` finds what is wrong, names the cure, and the cure works."""

from __future__ import annotations

import shutil
import time
from contextlib import closing

from sqlalchemy import delete, update

from cuprum.records.demo import demo_account
from cuprum.storage.database import Database
from cuprum.storage.dialect import sqlite_module
from cuprum.storage.event_tables import change_group
from cuprum.storage.lookup_tables import email_key
from cuprum.storage.tables import TABLES
from homes import Home


def demo(home: Home) -> None:
    home.ok("migrate")
    database = Database(home.settings)
    demo_account(database)
    database.close()


def broken(home: Home, *statements) -> None:
    database = Database(home.settings)
    for statement in statements:
        database.write_now(lambda connection, statement=statement: connection.execute(statement))
    database.close()


def test_a_fresh_installation_is_well(home: Home) -> None:
    assert "WRONG" not in home.ok("doctor")


def test_lost_and_wrong_derived_rows_are_found_and_derived_anew(home: Home) -> None:
    demo(home)
    assert "ok     lookups" in home.ok("doctor")
    person = TABLES["person"]
    broken(
        home,
        delete(email_key).where(email_key.c.entity == "person", email_key.c.record_id == 3),
        update(person).where(person.c.id == 5).values(first_name_key="zz"),
        email_key.insert().values(entity="person", email="ghost@nowhere.example", record_id=900),
    )
    done = home.run("doctor")
    assert done.returncode == 1
    assert "WRONG  lookups: 3 records" in done.stdout
    assert "cuprum doctor --rebuild" in done.stdout
    assert "WRONG" not in home.ok("doctor", "--rebuild")


def test_a_full_text_table_that_lost_a_name_is_found_and_made_anew(sqlite_home: Home) -> None:
    from sqlalchemy import text

    demo(sqlite_home)
    broken(
        sqlite_home,
        text("INSERT INTO person_fts(person_fts, rowid, name_key) SELECT 'delete', id, name_key FROM person WHERE id = 2"),
    )
    done = sqlite_home.run("doctor")
    assert done.returncode == 1
    assert "WRONG  full text" in done.stdout
    assert "WRONG" not in sqlite_home.ok("doctor", "--rebuild")


def test_a_clock_that_went_back_is_found(home: Home) -> None:
    demo(home)
    broken(home, update(change_group).values(at=int(time.time()) + 86_400))
    done = home.run("doctor")
    assert done.returncode == 1
    assert "WRONG  clock" in done.stdout


def test_a_home_that_others_may_look_into_is_a_note(sqlite_home: Home) -> None:
    sqlite_home.folder.chmod(0o755)
    assert "note   rights" in sqlite_home.ok("doctor")


def test_a_damaged_file_sends_to_the_backup(sqlite_home: Home) -> None:
    demo(sqlite_home)
    file = sqlite_home.folder / "jobs.db"
    file.write_bytes(b"this is not a database" * 400)
    (sqlite_home.folder / "jobs.db-wal").unlink(missing_ok=True)
    done = sqlite_home.run("doctor")
    assert done.returncode == 1
    assert "WRONG  engine" in done.stdout
    assert "cuprum restore" in done.stdout


def test_what_a_killed_server_left_half_written_is_no_damage(sqlite_home: Home) -> None:
    demo(sqlite_home)
    file, written = sqlite_home.folder / "jobs.db", sqlite_home.folder / "written.db"
    with closing(sqlite_module().connect(written)) as connection:
        connection.execute("CREATE TABLE run (text TEXT)")
        connection.commit()
        # More than it keeps in memory: what was there stands in the journal, half of what is to come in the file.
        connection.execute("PRAGMA cache_size=2")
        connection.executemany("INSERT INTO run VALUES (?)", [("x" * 2_000,)] * 200)
        for end in ("", "-journal"):
            shutil.copy(f"{written}{end}", f"{file}{end}")
    assert "ok     engine" in sqlite_home.ok("doctor")


def test_it_works_beside_a_running_server(home: Home) -> None:
    with home.serve("--demo") as server:
        assert "WRONG" not in home.ok("doctor", "--rebuild")
        assert server.client.get("/healthz").status_code == 200
