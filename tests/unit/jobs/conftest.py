"""One engine on each database; a process has at most one engine, so the databases take turns.

It is gone with the last test of this folder: later ones start engines of their own in this process.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cuprum import jobs
from patience import PATIENCE_SECONDS
from postgres_copies import create_database
from require import postgres

from . import examples


@pytest.fixture(scope="package", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[jobs.Engine]:
    home = tmp_path_factory.mktemp("home")
    if request.param == "sqlite":
        yield from running(home / "jobs.db", home)
        return
    server = postgres()
    name = f"cuprum_jobs_{uuid.uuid4().hex[:8]}"
    create_database(server, name)
    try:
        yield from running(server.rpartition("/")[0] + f"/{name}", home)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def running(database: Path | str, home: Path) -> Iterator[jobs.Engine]:
    engine = jobs.launch(
        database,
        executor_id=jobs.node_id(home, "main"),
        workflows=examples.WORKFLOWS,
        queues=examples.QUEUES,
        park_after_seconds=0.3,
    )
    yield engine
    for gate in examples.gates.values():
        gate.set()
    assert engine.stop(PATIENCE_SECONDS) == []


@pytest.fixture
def name() -> str:
    """A name that no other test uses, for effects and run ids."""
    return uuid.uuid4().hex[:12]
