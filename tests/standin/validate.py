"""How the stand-in takes a record's body: known keys only, ids as numbers or numeric strings, all problems at once."""

from typing import Any

from .contract import ADDRESS_KEYS, PRIORITIES, STATUSES, Entity
from .state import Record, State, invalid, unknown_keys

LISTS = {"tags", "emails", "phone_numbers", "socials", "websites", "custom_fields"}


def title_case(name: str) -> str:
    return " ".join(word.capitalize() for word in name.split("_"))


def integer(value: Any) -> int | None:
    """A positive integer out of a number or a numeric string; None when it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return int(value)
    return None


def body_for(state: State, entity: Entity, body: Any, *, creating: bool) -> Record:
    """The body in stored form, or a 422 that names every problem."""
    if not isinstance(body, dict):
        raise invalid("Base: body must be an object")
    if unknown := set(body) - set(entity.defaults) - {"custom_activity_type_id"}:
        raise unknown_keys(unknown)
    problems: list[str] = []
    taken: Record = {}
    for key, value in body.items():
        if key not in entity.writable:
            continue
        taken[key] = stored(state, entity, key, value, problems)
    if (creating and not str(taken.get("name") or "").strip()) or ("name" in taken and not taken["name"]):
        problems.append("Name: can't be blank")
    if problems:
        raise invalid(*problems)
    return taken


def stored(state: State, entity: Entity, key: str, value: Any, problems: list[str]) -> Any:
    label = title_case(key)
    if key == "custom_fields":
        return custom_values(state, entity, value or [], problems)
    if value is None:
        return [] if key in LISTS else None
    if key in LISTS and not isinstance(value, list):
        problems.append(f"{label}: must be a list")
        return value
    if key.endswith("_id"):
        number = integer(value)
        if number is None or number < 0:
            problems.append(f"{label}: Invalid value for {label}: IDs must be positive integers: {value}")
        return number
    if key in ("due_date", "reminder_date"):
        if integer(value) is None:
            problems.append(f"{label}: is invalid")
        return integer(value)
    if key == "monetary_value":
        return float(value)
    if key == "status" and entity.name in STATUSES and value not in STATUSES[entity.name]:
        problems.append("Status: is not included in the list")
    if key == "priority" and value not in PRIORITIES:
        problems.append("Priority: is not included in the list")
    if key == "address":
        return {part: value.get(part) for part in ADDRESS_KEYS}
    if key == "related_resource":
        return {"id": integer(value.get("id")), "type": value.get("type")}
    if key == "close_date":
        return unpadded(value, problems)
    return value


def unpadded(value: Any, problems: list[str]) -> str:
    """M/D/YYYY: the wire writes close_date without leading zeros."""
    parts = str(value).split("/")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        problems.append("Close Date: is invalid")
        return str(value)
    return "/".join(str(int(part)) for part in parts)


def custom_values(state: State, entity: Entity, given: list[Record], problems: list[str]) -> dict[int, Any]:
    """Custom values by definition id."""
    values: dict[int, Any] = {}
    for item in given:
        number = integer(item.get("custom_field_definition_id"))
        definition = state.definitions.get(number or 0)
        if definition is None or entity.name not in definition["available_on"]:
            problems.append(f"Custom Fields: unknown definition {item.get('custom_field_definition_id')}")
            continue
        values[definition["id"]] = custom_value(definition, item.get("value"), problems)
    return values


def custom_value(definition: Record, value: Any, problems: list[str]) -> Any:
    options = {option["id"] for option in definition.get("options", ())}
    match definition["data_type"]:
        case "MultiSelect":
            chosen = sorted(integer(one) or 0 for one in value or [])
            if set(chosen) - options:
                problems.append(f"{definition['name']}: is not an option")
            return chosen
        case "Dropdown" if value is not None:
            if integer(value) not in options:
                problems.append(f"{definition['name']}: is not an option")
            return integer(value)
        case "Checkbox":
            return bool(value)
        case "Float" | "Currency" if value is not None:
            return float(value)
        case "Percentage" if value is not None:
            return int(float(value))
        case "Date" if isinstance(value, str) and "/" in value:
            return pacific_midnight(value)
        case "Date" if value is not None:
            return integer(value)
    return value


def pacific_midnight(text: str) -> int:
    """Recorded: custom dates come back as the Unix second of midnight, US Pacific."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    month, day, year = (int(part) for part in text.split("/"))
    return int(datetime(year, month, day, tzinfo=ZoneInfo("America/Los_Angeles")).timestamp())


EMPTY = {"MultiSelect": [], "Checkbox": False, "Connect": []}


def custom_out(state: State, entity: str, values: dict[int, Any], computed: bool) -> list[Record]:
    """All definitions available on the entity, set or not."""
    out: list[Record] = []
    for definition in state.definitions.values():
        if entity not in definition["available_on"]:
            continue
        value = values.get(definition["id"])
        if value is None:
            value = EMPTY.get(definition["data_type"])
        item = {"custom_field_definition_id": definition["id"], "value": value}
        if computed:
            names = {option["id"]: option["name"] for option in definition.get("options", ())}
            item["computed_value"] = [names[one] for one in value] if isinstance(value, list) else names.get(value, value)
        out.append(item)
    return out
