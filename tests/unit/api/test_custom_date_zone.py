"""The zone of custom dates: midnight of the account's zone on the wire, or of `CUPRUM_DATE_ZONE`; the day never moves."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError
from sqlalchemy import update

from cuprum.config import Settings
from cuprum.records.custom_values import day_seconds, read_day
from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import account
from custom_fields import create, define, entries, values_of

ZONES = ["America/Los_Angeles", "Europe/Lisbon", "Pacific/Auckland"]
# The days before, of and after both clock changes of 2026 in each of the three zones.
DAYS = [
    "3/7/2026", "3/8/2026", "3/9/2026", "3/28/2026", "3/29/2026", "3/30/2026", "4/4/2026", "4/5/2026", "4/6/2026",
    "9/26/2026", "9/27/2026", "9/28/2026", "10/24/2026", "10/25/2026", "10/26/2026", "10/31/2026", "11/1/2026", "11/2/2026",
]  # fmt: skip


def live_in(cuprum, zone):
    def move(connection):
        connection.execute(update(account).values(primary_timezone=zone))
        touch_vocabulary(connection)

    cuprum.database.write_now(move)


def midnight(day, zone):
    return int(datetime.strptime(day, "%m/%d/%Y").replace(tzinfo=ZoneInfo(zone)).timestamp())


def test_the_recorded_value_of_copper_comes_back_for_an_account_on_the_pacific(cuprum):
    live_in(cuprum, "America/Los_Angeles")
    field = define(cuprum.ada, "Date")["id"]
    assert values_of(create(cuprum.ada, "lead", {field: "12/15/2020"}))[field] == 1608019200


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_midnight_in_the_accounts_zone_and_sent_back_stays_that_day(cuprum, zone):
    live_in(cuprum, zone)
    ada = cuprum.ada
    fields = {day: define(ada, "Date")["id"] for day in DAYS}
    created = create(ada, "person", {fields[day]: day for day in DAYS})
    values = values_of(created)
    assert values == {fields[day]: midnight(day, zone) for day in DAYS}
    assert values_of(ada.put(f"/people/{created['id']}", {"custom_fields": entries(values)})) == values
    for day in DAYS:
        bounds = {"minimum_value": midnight(day, zone), "maximum_value": midnight(day, zone)}
        filters = [{"custom_field_definition_id": fields[day], **bounds}]
        assert len(ada.post("/people/search", {"custom_fields": filters})) == 1, day


def test_the_zone_of_the_setting_wins_over_the_accounts(template, tmp_path):
    with template.copy(tmp_path / "zoned", date_zone="Pacific/Auckland") as cuprum:
        field = define(cuprum.ada, "Date")["id"]
        created = create(cuprum.ada, "lead", {field: "12/15/2020"})
        assert values_of(created)[field] == midnight("12/15/2020", "Pacific/Auckland")


def test_a_change_of_the_zone_moves_no_stored_day(cuprum):
    field = define(cuprum.ada, "Date")["id"]
    created = create(cuprum.ada, "lead", {field: "7/1/2026"})
    live_in(cuprum, "Pacific/Auckland")
    again = cuprum.ada.get(f"/leads/{created['id']}")
    assert values_of(again)[field] == midnight("7/1/2026", "Pacific/Auckland")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("stored", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_the_first_and_the_last_day_can_be_written_out(stored, zone):
    assert isinstance(day_seconds(stored, zone), int)


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "America/Havana", "Africa/Cairo"])
def test_where_clocks_skip_or_repeat_midnight_the_day_stays(zone):
    for day in ("2018-11-04", "2023-03-12", "2023-11-05", "2023-04-28", "2024-04-26"):
        assert read_day(day_seconds(day, zone), zone) == day


def test_whole_days_of_utc_are_that_day_wherever_the_account_is():
    assert {read_day(18611 * 86_400, zone) for zone in ZONES} == {"2020-12-15"}


def test_a_zone_that_is_none_is_refused_at_the_start():
    with pytest.raises(ValidationError, match="Mars/Olympus is not a time zone"):
        Settings(date_zone="Mars/Olympus")
