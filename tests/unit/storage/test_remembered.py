"""What a connection remembers of callers and subscriptions it forgets as soon as they may be others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from cuprum.storage.account_tables import api_key
from cuprum.storage.database import Database
from cuprum.storage.dialect import remembered
from cuprum.storage.event_tables import change_group
from installation import Installation


@pytest.fixture
def other(cuprum: Installation):
    """Another process on the same database."""
    database = Database(cuprum.settings)
    yield database
    database.close()


def note(connection: Connection) -> None:
    remembered(connection, "callers")["ada"] = "known"


def is_known(connection: Connection) -> bool:
    return "ada" in remembered(connection, "callers")


def revoke(connection: Connection) -> None:
    connection.execute(update(api_key).values(revoked_at=1))


def write_a_group(connection: Connection) -> None:
    connection.execute(insert(change_group).values(id="g", at=0, face="test", label="test"))


def fail(connection: Connection) -> None:
    revoke(connection)
    note(connection)
    raise LookupError


def fail_inside(connection: Connection) -> None:
    savepoint = connection.begin_nested()
    note(connection)
    savepoint.rollback()


def after(database: Database, act: Callable[[Connection], Any]) -> bool:
    database.write_now(note)
    try:
        database.write_now(act)
    except LookupError:
        pass
    return database.write_now(is_known)


def test_a_sqlite_writer_remembers_across_writes_of_other_tables(cuprum: Installation):
    assert after(cuprum.database, write_a_group) == cuprum.settings.is_sqlite


@pytest.mark.parametrize("act", [revoke, fail, fail_inside])
def test_it_forgets_what_it_wrote_or_took_back_itself(cuprum: Installation, act: Callable[[Connection], Any]):
    assert not after(cuprum.database, act)


def test_it_forgets_what_another_process_wrote(cuprum: Installation, other: Database):
    assert not after(cuprum.database, lambda _: None) or cuprum.settings.is_sqlite
    cuprum.database.write_now(note)
    other.write_now(write_a_group)
    assert not cuprum.database.write_now(is_known)


def test_a_key_that_was_revoked_a_moment_ago_writes_nothing(cuprum: Installation):
    cuprum.grace.post("/people", {"name": "Elena Costa"})
    cuprum.as_person("ada", lambda work: revoke(work.connection))
    assert cuprum.grace.call("POST", "/people", {"name": "Two"}).status_code == 401


def test_a_change_right_after_a_subscription_is_handed_over(cuprum: Installation):
    cuprum.ada.post("/people", {"name": "Before"})
    hook = {"target": "https://hooks.example/1", "type": "person", "event": "new"}
    cuprum.ada.post("/webhooks", hook)
    cuprum.ada.post("/people", {"name": "After"})
    assert len(cuprum.as_person("ada", _handed_over)) == 1


def _handed_over(work: Any) -> list[Any]:
    from cuprum.storage.event_tables import handoff

    return work.execute(handoff.select()).all()
