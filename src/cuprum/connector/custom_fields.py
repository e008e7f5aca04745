"""Custom fields by name and in their types: what a person writes, as the ids and values of the wire."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.exchange import Flow, Session
from cuprum.connector.given import is_blank
from cuprum.connector.given_values import Refusal, boolean_of, iso_or_us_day, number_of, string_of
from cuprum.connector.resources.base import Record, a_list, as_number, ask

if TYPE_CHECKING:
    from cuprum.connector.client import Api


def definitions(session: Session, *, again: bool = False) -> Flow[list[Record]]:
    """The account's definitions; read once, and again when a name is not among them."""
    if again or "definitions" not in session.memory:
        session.memory["definitions"] = a_list((yield from ask(session, "GET", "/custom_field_definitions")))
    found: list[Record] = session.memory["definitions"]
    return found


def with_custom_fields(api: "Api[Stepwise]", entity: str, values: Mapping[str, Any]) -> Flow[dict[str, Any]]:
    """The values with `custom_fields` in the wire's form. Raises InvalidInput naming every field that is not understood."""
    if values.get("custom_fields") is None:
        return dict(values)
    return {**values, "custom_fields": (yield from on_wire(api._session, entity, values["custom_fields"]))}


def on_wire(session: Session, entity: str, given: Any) -> Flow[list[Record]]:
    """`{"Region": "North"}` or the wire's own list, as `[{"custom_field_definition_id", "value"}]`."""
    wanted = pairs(given)
    known = usable(entity, (yield from definitions(session)))
    if any(find(name, known) is None for name, _ in wanted):
        known = usable(entity, (yield from definitions(session, again=True)))
    problems: list[Problem] = []
    sent: list[Record] = []
    for name, value in wanted:
        definition = find(name, known)
        if definition is None:
            names = ", ".join(one["name"] for one in known) or "none"
            problems.append(Problem(f"custom_fields.{name}", f"is not a custom field of a {entity} (there are: {names})"))
            continue
        try:
            sent.append({"custom_field_definition_id": int(definition["id"]), "value": wire_value(definition, value)})
        except Refusal as refusal:
            problems.append(Problem(f"custom_fields.{name}", str(refusal), definition["name"]))
    if problems:
        raise InvalidInput(problems)
    session.custom_fields.update(one["custom_field_definition_id"] for one in sent)
    return sent


def criteria_on_wire(session: Session, entity: str, given: Any) -> Flow[list[Record]]:
    """Custom criteria by name, in the form each type is searched by (part1 §7)."""
    known = usable(entity, (yield from definitions(session)))
    sent: list[Record] = []
    problems: list[Problem] = []
    for name, value in pairs(given):
        definition = find(name, known)
        if definition is None or definition["data_type"] in ("String", "Text", "URL"):
            problems.append(Problem(f"custom_fields.{name}", "cannot be searched by"))
            continue
        try:
            sent.append({"custom_field_definition_id": int(definition["id"])} | criterion(definition, value))
        except Refusal as refusal:
            problems.append(Problem(f"custom_fields.{name}", str(refusal), definition["name"]))
    if problems:
        raise InvalidInput(problems)
    return sent


def criterion(definition: Record, value: Any) -> Record:
    if value is None:
        return {"allow_empty": True}
    if isinstance(value, Mapping):
        return {f"{edge}_value": second_or_number(one) for edge, one in value.items() if edge in ("minimum", "maximum")}
    match definition["data_type"]:
        case "Dropdown" | "MultiSelect":
            return {"value": option_ids(definition, value)}
        case "Date" | "Percentage" | "Currency":
            return {"minimum_value": second_or_number(value), "maximum_value": second_or_number(value)}
    return {"value": wire_value(definition, value)}


def second_or_number(value: Any) -> Any:
    """Custom dates are searched by the second; a written day means its start, UTC."""
    if isinstance(value, str) and "-" in value[1:]:
        day = iso_or_us_day(value.strip()[:10])
        return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return number_of(value)


def pairs(given: Any) -> list[tuple[str, Any]]:
    if isinstance(given, Mapping):
        return [(str(name), value) for name, value in given.items()]
    if isinstance(given, list) and all(isinstance(one, Mapping) for one in given):
        return [(str(one.get("custom_field_definition_id", "")), one.get("value")) for one in given]
    raise InvalidInput([Problem("custom_fields", "must be an object of names and values", "Custom Fields")])


def usable(entity: str, known: list[Record]) -> list[Record]:
    return [one for one in known if entity in (one.get("available_on") or ())]


def find(name: str, known: list[Record]) -> Record | None:
    """By id, by name, by name whatever its case."""
    for one in known:
        if str(one["id"]) == name or one["name"] == name:
            return one
    return next((one for one in known if one["name"].casefold() == name.strip().casefold()), None)


def wire_value(definition: Record, value: Any) -> Any:
    """The value in the definition's type; null and blank clear."""
    kind = definition["data_type"]
    if is_blank(value):
        return [] if kind in ("MultiSelect", "Connect") else None
    return WRITERS.get(kind, lambda _, given: string_of(given))(definition, value)


def option_id(definition: Record, value: Any) -> int:
    choices = definition.get("options") or []
    for one in choices:
        if str(one["id"]) == str(value) or str(one["name"]).casefold() == str(value).strip().casefold():
            return int(one["id"])
    raise Refusal(f"{value!r} is none of {', '.join(str(one['name']) for one in choices)}")


def option_ids(definition: Record, value: Any) -> list[int]:
    return [option_id(definition, one) for one in (value if isinstance(value, list | tuple) else [value])]


def day(definition: Record, value: Any) -> Any:
    """MM/DD/YYYY: the only form of a custom date that names a day without a time zone."""
    if as_number(value) is not None:
        return as_number(value)
    try:
        found = value if isinstance(value, date) else iso_or_us_day(str(value).strip()[:10])
    except ValueError:
        raise Refusal(f"must be a date such as 2026-03-29, not {value!r}") from None
    if isinstance(found, datetime):
        found = found.date()
    return f"{found.month:02}/{found.day:02}/{found.year:04}"


WRITERS: dict[str, Callable[[Record, Any], Any]] = {
    "Dropdown": option_id,
    "MultiSelect": option_ids,
    "Checkbox": lambda _, value: boolean_of(value),
    "Float": lambda _, value: number_of(value),
    "Currency": lambda _, value: number_of(value),
    "Percentage": lambda _, value: number_of(value),
    "Date": day,
    "Connect": lambda _, value: value,
}
