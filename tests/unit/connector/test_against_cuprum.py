"""Every action against Cuprum itself, by API key and by OAuth: what the stand-in takes, it takes; outputs are as declared."""

from __future__ import annotations

import pytest

from cuprum.connector import ApiKey, Bearer, Copper, CopperError, errors
from cuprum.connector.catalogue import ACTIONS
from installation import Installation
from oauth import new_app, signed_in
from unit.connector.output_schema import problems_of
from unit.connector.scenarios import SCENARIOS, World, world_of

# Cuprum keeps no files yet; whoever adds them takes this away.
NOT_SERVED = {"attachFile", "listFiles"}
# What takes something away that others need comes last.
ENDINGS = ("unrelate", "unsubscribe", "convert", "delete")


@pytest.fixture(params=["api_key", "oauth"])
def copper(request: pytest.FixtureRequest, cuprum: Installation) -> Copper:
    """Ada, by her key or by an app that she let in."""
    if request.param == "api_key":
        own = cuprum.ada.headers
        credentials: ApiKey | Bearer = ApiKey(own["X-PW-UserEmail"], own["X-PW-AccessToken"])
    else:
        credentials = Bearer(new_app(cuprum).tokens(signed_in(cuprum, "ada"))["access_token"])
    return Copper(credentials=credentials, base_url="http://testserver/developer_api/v1", client=cuprum.client, attempts=1)


def test_every_action_does_what_it_says(copper: Copper) -> None:
    # One account for all of them: an installation for each would take a minute.
    world = world_of(copper)
    in_order = sorted(SCENARIOS, key=_turn)
    assert {name: said for name in in_order if (said := trouble_with(name, copper, world))} == {}


def _turn(name: str) -> int:
    return next((place for place, ending in enumerate(ENDINGS, 1) if name.startswith(ending)), 0)


def trouble_with(name: str, copper: Copper, world: World) -> list[str]:
    try:
        output = copper.act(name, SCENARIOS[name].given(world))
    except CopperError as error:
        is_known = name in NOT_SERVED and type(error) is errors.NoSuchRoute
        return [] if is_known else [f"{type(error).__name__}: {error}"]
    lacking = [] if "raw" in output else ["raw is missing"]
    also = ["is served now"] if name in NOT_SERVED else []
    return problems_of(output, ACTIONS[name].output) + lacking + also
