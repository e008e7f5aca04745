"""Values of custom fields: read from the wire into their stored form, and laid over the definitions on the way out.

Stored: text as it is; decimals as text; days as YYYY-MM-DD; ticks as booleans; options by id (`part1.md §7`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from cuprum.entities import reading
from cuprum.kit import jsonio
from cuprum.kit.errors import Problem
from cuprum.records.vocabulary import Definition, Vocabulary

SECONDS_A_DAY = 86_400
_PLACES = 10
_MOST_SHOWN = 20


def read_custom(given: Mapping[int, Any], entity: str, vocabulary: Vocabulary, zone: str) -> tuple[dict[int, Any], list[Problem]]:
    """The stored form of wire values by definition id, and every problem found."""
    values, problems = {}, []
    for definition_id, value in given.items():
        definition = vocabulary.definitions.get(definition_id)
        if definition is None or entity not in definition.available_on:
            problems.append(Problem("custom_fields", f"Custom field {definition_id} is not available on {entity}"))
            continue
        try:
            values[definition_id] = _read(definition, value, zone)
        except PydanticCustomError as refusal:
            problems.append(Problem("custom_fields", f"{definition.name} {refusal.message()}"))
    return values, problems


def _read(definition: Definition, value: Any, zone: str) -> Any:
    """The value as it is stored; None where there is none, and an unticked box is none."""
    match definition.data_type:
        case "String" | "URL":
            return reading.text(value, 255) or None
        case "Text":
            return reading.text(value, reading.TEXT_LENGTH) or None
        case "Dropdown":
            return _option(definition, value)
        case "MultiSelect":
            return _options(definition, value) or None
        case "Checkbox":
            return reading.flag(None if value == "" else value) or None
        case "Float" | "Currency":
            return plain_number(value)
        case "Percentage":
            # Fractions are lost on Copper too: 0.34 was sent, 0 came back (`part2.md §6.4`).
            return None if (number := _number(value)) is None else str(int(number))
        case "Date":
            return read_day(value, zone)
    reading.refuse("cannot be written: connect fields are changed through related links")


def plain_number(value: Any) -> str | None:
    """A number as it is stored and compared: `55.5` for 55.5, "55.50" and 5.55e1."""
    number = _number(value)
    # Adding zero takes the sign from a negative zero.
    return None if number is None else f"{(round(number, _PLACES) + 0).normalize():f}"


def _number(value: Any) -> Decimal | None:
    reading.amount(value)  # for its bounds; money has four places, a measured value has more
    return reading.number(value)


def _option(definition: Definition, value: Any) -> int | None:
    if value is None or value == "" or value == []:
        return None
    try:
        option_id = reading.record_id(value, definition.name)
    except PydanticCustomError:
        option_id = None
    if option_id not in definition.living:
        known = ", ".join(f"{one} ({name})" for one, name in islice(definition.living.items(), _MOST_SHOWN))
        reading.refuse(f"has no option {reading.shown(value)}; its options are {known}", "inclusion")
    return option_id


def _options(definition: Definition, value: Any) -> list[int]:
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        value = [value]
    if len(value) > reading.LIST_LENGTH:
        reading.refuse(f"has too many items (maximum is {reading.LIST_LENGTH})", "too_long")
    chosen = {_option(definition, one) for one in value}
    # They come back in the order of the options, not in the order sent.
    return [option_id for option_id in definition.living if option_id in chosen]


_SECONDS = re.compile(r"-?\d{1,12}", re.ASCII)


def read_day(value: Any, zone: str) -> str | None:
    """A whole multiple of 86,400 is that UTC day, `MM/DD/YYYY` that day, other seconds the day in the zone."""
    if isinstance(value, str) and _SECONDS.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value % SECONDS_A_DAY:
        try:
            return datetime.fromtimestamp(value, ZoneInfo(zone)).date().isoformat()
        except (ValueError, OverflowError, OSError):
            reading.refuse("must be a date such as 12/31/2026, or its Unix seconds")
    return reading.day(value)


def first_day(value: Any, zone: str) -> str | None:
    """The first day that begins at or after what a search gives as its least one."""
    day = read_day(value, zone)
    if day is None:
        return None
    seconds = reading.number(value) if not isinstance(value, str) or value.strip().isdecimal() else None
    if seconds is not None and seconds % SECONDS_A_DAY and seconds > day_seconds(day, zone):
        return (min(date.fromisoformat(day), date.max - timedelta(days=1)) + timedelta(days=1)).isoformat()
    return day


def day_seconds(stored: str, zone: str) -> int:
    """Midnight of a stored day in the zone, in Unix seconds; where clocks skip it, the first moment of the day."""
    return int(datetime.combine(date.fromisoformat(stored), time(), ZoneInfo(zone)).timestamp())


def wire_custom(stored: str, definitions: Iterable[Definition], zone: str, *, computed: bool) -> list[dict[str, Any]]:
    """Every definition of the entity with its value, set or not."""
    values = jsonio.decode(stored) if stored != "{}" else {}
    entries = []
    for definition in definitions:
        value = wire_value(definition, values.get(str(definition.id)), zone)
        entry = {"custom_field_definition_id": definition.id, "value": value}
        if computed:
            entry["computed_value"] = computed_value(definition, value)
        entries.append(entry)
    return entries


def wire_value(definition: Definition, value: Any, zone: str) -> Any:
    """One stored value as it goes over the wire; options that were removed since are not there."""
    match definition.data_type:
        case "Dropdown":
            return value if value in definition.living else None
        case "MultiSelect":
            return [option_id for option_id in definition.living if option_id in value] if value else []
        case "Connect":
            return value or []
        case "Checkbox":
            return bool(value)
        case "Float" | "Currency":
            return None if value is None else float(value)
        case "Percentage":
            return None if value is None else int(value)
        case "Date":
            return None if value is None else day_seconds(value, zone)
    return value


def computed_value(definition: Definition, value: Any) -> Any:
    """The option's name for its id, a list of names for several; otherwise the value itself."""
    match definition.data_type, value:
        case "Dropdown", int():
            return definition.living[value]
        case "MultiSelect", list():
            return [definition.living[option_id] for option_id in value]
    return value


def date_zone(configured: str, vocabulary: Vocabulary) -> str:
    return configured or vocabulary.account["primary_timezone"]
