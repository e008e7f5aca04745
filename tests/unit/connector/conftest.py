"""A stand-in Copper for each test, and clients that call it by API key and by OAuth."""

from collections.abc import Iterator

import httpx2
import pytest

from cuprum.connector import ApiKey, Bearer, Copper
from standin import StandIn


@pytest.fixture(scope="session")
def running() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def standin(running: StandIn) -> StandIn:
    """The stand-in as new."""
    running.reset()
    return running


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    """One for all: making one reads every certificate authority there is."""
    with httpx2.Client(timeout=10) as client:
        yield client


@pytest.fixture
def copper(standin: StandIn, http: httpx2.Client) -> Copper:
    """Ada, by her API key."""
    return Copper(email=standin.email, key=standin.key, base_url=standin.base_url, client=http, sleep=lambda _: None)


@pytest.fixture(params=["api_key", "oauth"])
def either(request: pytest.FixtureRequest, standin: StandIn, http: httpx2.Client) -> Copper:
    """The same calls, once with an API key and once with a token."""
    credentials = ApiKey(standin.email, standin.key) if request.param == "api_key" else Bearer("standing-token")
    return Copper(credentials=credentials, base_url=standin.base_url, client=http, sleep=lambda _: None)
