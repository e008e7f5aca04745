"""Who lives, and who has which id."""

import threading
import time
import uuid

import psycopg
import pytest
import sqlalchemy as sa

from cuprum.jobs import NodeTaken
from cuprum.jobs.database import open_postgres, open_sqlite
from cuprum.jobs.identity import AdvisoryIdentity, FileIdentity
from cuprum.jobs.lease import Lease
from cuprum.jobs.tables import create_tables, node
from patience import PATIENCE_SECONDS, wait_until
from require import postgres


class Held:
    """An identity whose lock the test can take away."""

    def __init__(self):
        self.is_held = False

    def acquire(self, wait_seconds):
        self.is_held = True

    def still_held(self):
        return self.is_held

    def release(self):
        self.is_held = False


@pytest.fixture
def database(tmp_path):
    database = open_sqlite(tmp_path / "jobs.db")
    create_tables(database)
    yield database
    database.dispose()


def lease(database, executor_id, identity, **changes):
    options = {"listens": True, "beat_seconds": 0.05, "lease_seconds": 3600, "take_over": lambda living: None}
    return Lease(database, identity, executor_id, **{**options, "lost": lambda: None, **changes})


def living(database, of):
    with database.begin() as connection:
        return sorted(connection.execute(of.living()).scalars())


def test_a_node_lives_while_it_beats_and_is_dead_when_its_lease_is_over(database):
    first, second = lease(database, "first", Held()), lease(database, "second", Held())
    first.enter(0)
    second.enter(0)
    _wait_a_lease(database)
    first.start()
    wait_until(lambda: living(database, first) == ["first"])
    first.leave(work_left=False)
    assert living(database, first) == []


def _wait_a_lease(database):
    with database.begin() as connection:
        connection.execute(sa.update(node).values(beat_at=node.c.beat_at - 3601))


def test_a_node_that_leaves_with_work_in_hand_counts_as_alive_until_its_lease_is_over(database):
    identity = Held()
    leaving = lease(database, "leaving", identity)
    leaving.enter(0)
    leaving.leave(work_left=True)
    assert identity.is_held
    assert living(database, leaving) == ["leaving"]
    _wait_a_lease(database)
    assert living(database, leaving) == []


def test_a_node_whose_row_was_removed_appears_again(database):
    back = lease(database, "back", Held())
    back.enter(0)
    back.start()
    with database.begin() as connection:
        connection.execute(sa.delete(node))
    wait_until(lambda: living(database, back) == ["back"])
    back.leave(work_left=False)


def test_a_node_that_lost_its_lock_for_a_whole_lease_stops_working(database):
    identity, lost, judged = Held(), threading.Event(), []
    losing = lease(database, "losing", identity, lost=lost.set, take_over=judged.append, lease_seconds=0.3)
    losing.enter(0)
    losing.start()
    identity.is_held = False
    assert lost.wait(PATIENCE_SECONDS)
    seen = len(judged)
    time.sleep(0.2)
    assert len(judged) == seen
    losing.leave(work_left=False)


def test_an_id_on_sqlite_belongs_to_one(tmp_path):
    first, second = (FileIdentity(tmp_path / "jobs.db", "home:main") for _ in range(2))
    first.acquire(0)
    with pytest.raises(NodeTaken, match="home:main"):
        second.acquire(0.1)
    FileIdentity(tmp_path / "jobs.db", "home:other").acquire(0)
    first.release()
    second.acquire(0)


@pytest.mark.postgres
def test_an_id_on_postgres_belongs_to_one_and_survives_a_lost_connection():
    server = postgres()
    # The lock is seen by every database of the server, on which other tests may run.
    schema = uuid.uuid4().hex
    database = open_postgres(server, schema=schema)
    first, second = (AdvisoryIdentity(database, schema, "home:main") for _ in range(2))
    first.acquire(0)
    with pytest.raises(NodeTaken, match="home:main"):
        second.acquire(0.1)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() "
            "AND ((classid::bigint << 32) | objid::bigint) = %s",
            [first._key],
        )
    assert first.still_held()
    with pytest.raises(NodeTaken):
        second.acquire(0.1)
    first.release()
    second.acquire(PATIENCE_SECONDS)
    assert not first.still_held()
    second.release()
    database.dispose()
