"""POST /{collection}/search: filters are ANDed, ids within one list are ORed, and the total travels in X-PW-TOTAL."""

from typing import Any

from .contract import ID_FILTERS, STAMPS, STATUSES, Entity
from .state import Record, State, invalid, unknown_keys
from .validate import integer

ADDRESS_SORTS = {"city": "city", "state": "state", "country": "country", "zip": "postal_code"}
SORT_KEYS = {
    "assigned_to": "assignee_id", "assignee": "assignee_id", "stage": "pipeline_stage_id", "value": "monetary_value",
    "primary_contact": "primary_contact_id", "last_interaction": "date_last_contacted",
}  # fmt: skip


def search(state: State, entity: Entity, query: Record, body: Record, short_by: int = 0) -> tuple[list[Record], int]:
    """One page and the total. Query string and body are merged; numbers may be strings."""
    if unknown := set(body) - entity.search:
        raise unknown_keys(unknown)
    wanted = {key: value for key, value in query.items() if key in entity.search} | body
    rows = [row for row in state.records[entity.name].values() if matches(state, entity, row, wanted)]
    return page_of(in_order(entity, rows, wanted), wanted, short_by)


def page_of(rows: list[Record], wanted: Record, short_by: int = 0) -> tuple[list[Record], int]:
    """A page; `short_by` rows shorter than asked for although more follow, as one client saw."""
    number, size = integer(wanted.get("page_number", 1)), integer(wanted.get("page_size", 20))
    if not number or number < 1 or not size or not 1 <= size <= 200:
        raise invalid("Page Size: must be between 1 and 200")
    size = max(1, size - short_by)
    reachable = rows[:100_000]
    return reachable[(number - 1) * size : number * size], len(rows)


def in_order(entity: Entity, rows: list[Record], wanted: Record) -> list[Record]:
    sort_by = wanted.get("sort_by") or entity.default_sort
    if sort_by not in entity.sorts:
        raise invalid(f"Sort By: {sort_by} is not a valid value")

    def key(row: Record) -> tuple[bool, Any, int]:
        if sort_by in ADDRESS_SORTS:
            value = (row.get("address") or {}).get(ADDRESS_SORTS[sort_by])
        else:
            value = row.get(SORT_KEYS.get(sort_by, sort_by))
        if isinstance(value, str):
            value = value.lower()
        return (value is None, 0 if value is None or isinstance(value, list | dict) else value, row["id"])

    return sorted(rows, key=key, reverse=wanted.get("sort_direction") == "desc")


def matches(state: State, entity: Entity, row: Record, wanted: Record) -> bool:
    if row.get("converted_at") and str(wanted.get("include_converted_leads")).lower() != "true":
        return False
    return all(
        one_matches(state, entity, row, name, value)
        for name, value in wanted.items()
        if value is not None and name not in ("page_number", "page_size", "sort_by", "sort_direction", "fields")
    )


def numbers(value: Any) -> set[int]:
    return {integer(one) or 0 for one in (value if isinstance(value, list) else [value])}


def one_matches(state: State, entity: Entity, row: Record, name: str, value: Any) -> bool:
    if name == "ids":
        return row["id"] in numbers(value)
    if name == "followed":
        return ((entity.name, row["id"]) in state.followed) == (integer(value) == 1)
    if name == "status_ids" and entity.name in STATUSES:
        return STATUSES[entity.name].index(row["status"]) in numbers(value)
    if name in ID_FILTERS:
        held = row.get(ID_FILTERS[name])
        return held in numbers(value) or (held is None and -2 in numbers(value))
    if name.startswith(("minimum_", "maximum_")):
        return in_range(row, name, value)
    match name:
        case "name" | "first_name" | "last_name" | "middle_name" | "company_name" | "title":
            exact = entity.name == "opportunity"
            held = (row.get(name) or "").lower()
            return held == str(value).lower() if exact else str(value).lower() in held
        case "emails":
            wanted = {one.lower() for one in ([value] if isinstance(value, str) else value)}
            held_emails = row["emails"] if "emails" in row else [row["email"]] if row.get("email") else []
            return any(email["email"].lower() in wanted for email in held_emails)
        case "email_domains" | "email_domain":
            return row["email_domain"] in ([value] if isinstance(value, str) else value)
        case "tags":
            wanted_tags = value.get("value", []) if isinstance(value, dict) else value
            return bool(set(wanted_tags) & set(row["tags"]))
        case "city" | "state" | "postal_code" | "country":
            return ((row.get("address") or {}).get(name) or "").lower() == str(value).lower()
        case "statuses":
            return row["status"] in value
        case "priorities":
            return row["priority"] in value
        case "phone_number" | "phone_numbers":
            digits = "".join(c for c in str(value["value"] if isinstance(value, dict) else value) if c.isdigit())
            return any("".join(filter(str.isdigit, one["number"])).endswith(digits) for one in row["phone_numbers"])
        case "opportunity_ids" | "project_ids":
            kind = name.removesuffix("_ids")
            related = row.get("related_resource") or {}
            if related.get("type") == kind and related.get("id") in numbers(value):
                return True
            return any(
                (min(pair), max(pair)) in state.related
                for one in numbers(value)
                for pair in [((kind, one), (entity.name, row["id"]))]
            )
        case "related_resource":
            return (row["related_resource"] or {}).get("id") == integer(value.get("id"))
        case "age":
            return row["date_created"] >= state.now() - (integer(value) or 0)
        case "custom_fields":
            return all(custom_matches(row["custom_fields"], one) for one in value)
    return True


def in_range(row: Record, name: str, value: Any) -> bool:
    edge, _, rest = name.partition("_")
    held = row.get(STAMPS.get(rest, rest))
    if isinstance(held, str) and "/" in held:
        held = close_day(held)
    if held is None:
        return False
    return held >= float(value) if edge == "minimum" else held <= float(value)


def close_day(text: str) -> int:
    from datetime import UTC, datetime

    month, day, year = (int(part) for part in text.split("/"))
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def custom_matches(values: dict[int, Any], wanted: Record) -> bool:
    held = values.get(integer(wanted["custom_field_definition_id"]) or 0)
    if wanted.get("allow_empty") and held in (None, []):
        return True
    if "minimum_value" in wanted or "maximum_value" in wanted:
        if held is None:
            return False
        return float(wanted.get("minimum_value", "-inf")) <= held <= float(wanted.get("maximum_value", "inf"))
    value = wanted.get("value")
    if isinstance(value, list):
        chosen = set(held) if isinstance(held, list) else {held}
        return bool(chosen & numbers(value))
    return held == value
