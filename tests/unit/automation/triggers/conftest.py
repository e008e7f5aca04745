"""The stand-in's account, changed by somebody else, and pollers that look when a test says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cuprum.automation.connections import Connections
from installation import Installation
from polled import Account, Poll, Polled
from standin import StandIn


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def standin(running: StandIn) -> StandIn:
    running.reset()
    return running


@pytest.fixture
def poll(cuprum: Installation, standin: StandIn) -> Iterator[Poll]:
    """A poller of an entity of the stand-in, through the connection `main`."""
    stored = Connections(cuprum.settings, cuprum.database)
    stored.add_api_key("main", email=standin.email, key=standin.key, base_url=standin.base_url)
    made: list[Polled] = []

    def polled(entity: str, **options: Any) -> Polled:
        made.append(Polled(cuprum.settings, cuprum.database, "main", entity, **options))
        return made[-1]

    yield polled
    for one in made:
        one.close()


@pytest.fixture
def account(standin: StandIn) -> Account:
    return Account(standin)
