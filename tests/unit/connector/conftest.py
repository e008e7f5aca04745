"""A stand-in Copper for each test, Cuprum beside it, and clients that call them by API key and by OAuth."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from cuprum.connector import ApiKey, Bearer, Copper
from installation import Installation, Template
from patience import PATIENCE_SECONDS
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
    with httpx2.Client(timeout=PATIENCE_SECONDS) as client:
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


@pytest.fixture(scope="session")
def cuprum_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """Cuprum's answers are the same on both databases, which its own tests show; here one of them is enough."""
    made = Template("sqlite", tmp_path_factory.mktemp("cuprum"), None)
    yield made
    made.remove()


@pytest.fixture
def own_cuprum(cuprum_template: Template, tmp_path: Path) -> Iterator[Installation]:
    with cuprum_template.copy(tmp_path / "home") as installation:
        yield installation


@pytest.fixture(params=["stand-in", "cuprum"])
def crm(request: pytest.FixtureRequest) -> Copper:
    """A client of either server: what holds for it holds for every Copper-shaped one."""
    if request.param == "stand-in":
        made: Copper = request.getfixturevalue("copper")
        return made
    ada = request.getfixturevalue("own_cuprum").ada
    credentials = ApiKey(ada.headers["X-PW-UserEmail"], ada.headers["X-PW-AccessToken"])
    return Copper(credentials=credentials, base_url="http://testserver/developer_api/v1", client=ada.client, attempts=1)
