"""Fixtures that every test may ask for; each test that asks for `cuprum` runs on both databases."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import require
from homes import Home, empty_home
from installation import Installation, Template
from migrated_homes import MigratedHomes
from patience import PATIENCE_SECONDS
from watched_selects import watching

# A stall of some seconds while a connection is made would be taken for a PostgreSQL that does not answer.
os.environ.setdefault("PGCONNECT_TIMEOUT", str(PATIENCE_SECONDS))


def pytest_collection_finish() -> None:
    """What all tests share stays: to look through it again and again would take a third of their time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    server = require.postgres() if request.param == "postgresql" else None
    made = Template(request.param, tmp_path_factory.mktemp("template"), server)
    yield made
    made.remove()


@pytest.fixture
def cuprum(template: Template, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation whose API answers in this process; no select for a member goes round `visible`."""
    with template.copy(tmp_path / "home") as installation, watching() as went_round:
        installation.went_round = went_round
        yield installation
    assert not went_round, "\n\n".join(went_round)


@pytest.fixture
def ada(cuprum: Installation):
    """The owner of the account."""
    return cuprum.ada


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MigratedHomes]:
    made = MigratedHomes(tmp_path_factory.mktemp("homes"))
    yield made
    made.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, homes: MigratedHomes, tmp_path: Path) -> Iterator[Home]:
    """An installation without an account, for commands and servers in processes of their own."""
    with homes.home(request.param, tmp_path / "home") as made:
        yield made


@pytest.fixture
def sqlite_home(homes: MigratedHomes, tmp_path: Path) -> Iterator[Home]:
    with homes.home("sqlite", tmp_path / "home") as made:
        yield made


@pytest.fixture
def postgresql_home(homes: MigratedHomes, tmp_path: Path) -> Iterator[Home]:
    with homes.home("postgresql", tmp_path / "home") as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """One where nothing is yet, not even the folder."""
    with empty_home(request.param, tmp_path / "home") as made:
        yield made
