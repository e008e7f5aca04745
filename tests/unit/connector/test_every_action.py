"""Every action, by API key and by OAuth: the requests it sends are the contract's, its output is of its declared types."""

import pytest

from cuprum.connector import Copper
from cuprum.connector.catalogue import ACTIONS
from standin import BASE, StandIn
from unit.connector.output_schema import problems_of
from unit.connector.scenarios import SCENARIOS, world_of


def test_every_action_of_the_catalogue_has_a_scenario():
    assert set(SCENARIOS) == set(ACTIONS)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_action_sends_what_the_contract_says_and_returns_what_it_declares(name: str, standin: StandIn, either: Copper):
    world = world_of(either)
    standin.seen.clear()
    output = either.act(name, SCENARIOS[name].given(world))
    expected = SCENARIOS[name].sent(world)
    assert [(one.method, one.path.removeprefix(BASE)) for one in standin.seen] == [(call, path) for call, path, _ in expected]
    for one, (_, path, body) in zip(standin.seen, expected, strict=True):
        if body is not ...:
            assert one.json == body, path
        assert_headers(one.headers, path, standin)
    assert problems_of(output, ACTIONS[name].output) == []
    assert "raw" in output


def assert_headers(headers: dict[str, str], path: str, standin: StandIn) -> None:
    if path == "/s3/":
        # The key stays at home.
        assert not {"authorization", "x-pw-accesstoken", "x-pw-useremail"} & set(headers)
        assert headers["content-type"].startswith("multipart/form-data; boundary=")
        return
    assert headers["content-type"] == "application/json"
    if "authorization" in headers:
        assert headers["authorization"] == "Bearer standing-token"
        assert not {name for name in headers if name.startswith("x-pw-")}
    else:
        assert headers["x-pw-accesstoken"] == standin.key
        assert headers["x-pw-application"] == "developer_api"
        assert headers["x-pw-useremail"] == standin.email
