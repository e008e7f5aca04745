"""Whatever somebody fills in is read or refused with its property's name: nothing breaks, and nothing takes long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cuprum.connector import Copper, errors
from cuprum.connector.catalogue import ACTIONS
from cuprum.connector.given import read_given
from cuprum.connector.properties import Property
from cuprum.connector.wire_values import on_wire

ODD: list[Any] = [
    None, "", " ", 0, -1, 1.5, True, float("nan"), float("inf"), 10**20, 1e308, 10**400, "9" * 5000, "1e999999", "NaN", "sNaN",
    "Infinity", "-2", "é", "１７", "²", "1_000", "\x00", "\ud800", "2026-02-30", "13/40/2020", "1/2", "1/2/3/4", "20260101",
    "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00", "2026-01-01T00:00:00", [], {}, [[]],
    [{}], [None], {"a": 1}, {"id": "x", "type": "lead"}, [{"email": ["x"]}],
]  # fmt: skip


def shapes_of(one: Property, odd: Any) -> Iterator[Any]:
    """The value itself, and deeper where the property has parts."""
    yield odd
    for part in one.properties:
        yield {part.name: odd}
    for item in one.items:
        yield [odd]
        for part in item.properties:
            yield [{item.properties[0].name: "x", part.name: odd}]


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_property_reads_or_refuses(name: str) -> None:
    action = ACTIONS[name]
    for one in action.fields:
        for value in (shape for odd in ODD for shape in shapes_of(one, odd)):
            refused: list[str] = []
            try:
                read = read_given((one,), {one.name: value}, clears=action.clears, operation=name)
                for zone in ("America/Los_Angeles", "Pacific/Auckland"):
                    on_wire(read, ZoneInfo(zone))
            except errors.InvalidInput as refusal:
                refused = [problem.field for problem in refusal.problems]
            assert all(field.startswith(one.name) for field in refused), (one.name, value)


def test_half_a_character_is_refused_wherever_it_stands(crm: Copper) -> None:
    crm.custom_field_definitions.create(name="Motto", data_type="String", available_on=["person"])
    for odd in ({"name": "\ud800"}, {"name": "Ada", "custom_fields": {"Motto": "\ud800"}}):
        with pytest.raises(errors.InvalidInput, match="half a character"):
            crm.act("createPerson", odd)
    with pytest.raises(errors.InvalidInput, match="half a character"):
        crm.request("POST", "/people", {"name": "\ud800"})


@pytest.mark.parametrize("name", ["Ælfgifu 株式会社", "محمد", "Zoë\u0308", "🔑 key", "a\u202eb", "x" * 250])
def test_names_of_every_script_come_back_as_they_went(name: str, crm: Copper) -> None:
    made = crm.act("createPerson", {"name": name, "emails": [{"email": "é@例え.jp", "category": "work"}]})
    assert crm.act("getPersonById", {"id": made["id"]})["name"] == name
