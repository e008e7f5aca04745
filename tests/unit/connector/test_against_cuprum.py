"""Every action against Cuprum itself, by API key and by OAuth: what the stand-in takes, it takes; outputs are as declared."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from cuprum.connector import Copper, CopperError, errors
from cuprum.connector.catalogue import ACTIONS
from cuprum.storage.account_tables import account
from installation import Installation
from oauth import new_app, signed_in
from unit.connector.output_schema import problems_of
from unit.connector.scenarios import SCENARIOS, World, world_of

BASE = "http://testserver/developer_api/v1"
# Cuprum keeps no files yet; whoever adds them takes this away.
NOT_SERVED = {"attachFile", "listFiles"}
# What takes something away that others need comes last.
ENDINGS = ("unrelate", "unsubscribe", "convert", "delete")


@pytest.fixture(params=["api_key", "oauth"])
def copper(request: pytest.FixtureRequest, cuprum: Installation) -> Copper:
    """Ada, by her key or by an app that she let in."""
    if request.param == "api_key":
        return by_key(cuprum)
    token = new_app(cuprum).tokens(signed_in(cuprum, "ada"))["access_token"]
    return Copper(access_token=token, base_url=BASE, client=cuprum.client, attempts=1)


def by_key(cuprum: Installation) -> Copper:
    own = cuprum.ada.headers
    key, email = own["X-PW-AccessToken"], own["X-PW-UserEmail"]
    return Copper(key=key, email=email, base_url=BASE, client=cuprum.client, attempts=1)


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
        is_known = name in NOT_SERVED and type(error) is errors.FilesNotKept and "keeps no files" in str(error)
        return [] if is_known else [f"{type(error).__name__}: {error}"]
    lacking = [] if "raw" in output else ["raw is missing"]
    also = ["is served now"] if name in NOT_SERVED else []
    return problems_of(output, ACTIONS[name].output) + lacking + also


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/Los_Angeles", "Pacific/Auckland"])
def test_a_day_stays_that_day_in_the_accounts_zone(zone: str, own_cuprum: Installation) -> None:
    version = account.c.vocabulary_version + 1
    own_cuprum.database.write_now(
        lambda db: db.execute(update(account).values(primary_timezone=zone, vocabulary_version=version))
    )
    copper = by_key(own_cuprum)
    copper.custom_field_definitions.create(name="Renewal", data_type="Date", available_on=["task"])
    # The days on which clocks change in one of the three, and a plain one.
    for day in ("2026-03-08", "2026-03-29", "2026-04-05", "2026-09-27", "2026-10-25", "2026-11-01", "2026-07-01"):
        given = {"name": day, "priority": "None", "status": "Open", "due_date": day, "custom_fields": {"Renewal": day}}
        made = copper.act("createTask", given)
        assert made["due_date"][:19] == f"{day}T00:00:00"
        (renewal,) = made["raw"]["custom_fields"]
        assert datetime.fromtimestamp(renewal["value"], ZoneInfo(zone)).date().isoformat() == day
        again = copper.act("updateTask", {"id": made["id"], "due_date": made["due_date"], "custom_fields": {"Renewal": day}})
        assert (again["due_date"], again["raw"]["custom_fields"]) == (made["due_date"], made["raw"]["custom_fields"])
    made = copper.act("createOpportunity", {"name": "Deal", "close_date": "2026-10-25"})
    assert made["close_date"] == "2026-10-25"
