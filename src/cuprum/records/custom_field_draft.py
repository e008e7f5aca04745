"""A custom field as a request asks for it: the whole definition as it will be, or every rule that it breaks.

A definition is handled whole, as a dictionary; so it stands in the change log:
`{"name", "data_type", "available_on", "is_filterable", "currency", "options": [{"id", "name", "rank"}]}`, and beside what
the wire knows `is_required` and `place`.
"""

from __future__ import annotations

from typing import Any

from cuprum.entities import ENTITIES, fields, kinds, reading
from cuprum.kit.errors import Invalid, Problem
from cuprum.kit.text import fold
from cuprum.records.attributes import blank, read_attributes

DATA_TYPES = (
    "String", "Text", "Dropdown", "MultiSelect", "Date", "Checkbox", "Float", "URL", "Percentage", "Currency", "Connect",
)  # fmt: skip

# How many options a type must have; the others have none.
LEAST_OPTIONS = {"Dropdown": 1, "MultiSelect": 2}
_MOST_OPTIONS = 1_000
_NAME_LENGTH = 255

# A client may send back a definition that it read.
_ONLY_OURS = ("id", "canonical_name", "connected_id")

AVAILABLE_ON = tuple(
    record.entity for record in ENTITIES.values() if any(isinstance(one.kind, kinds.CustomFields) for one in fields(record))
)


def read_definition(body: Any, before: dict[str, Any] | None, own_currency: str) -> dict[str, Any]:
    """The definition after the request; new options have the id None. Raises Invalid with every problem."""
    values, problems = read_attributes(body, _READERS, _ONLY_OURS)
    refused = {problem.attribute for problem in problems}
    after = {**(before or _NEW), **{name: value for name, value in values.items() if name != "options"}}
    for name in ("name", "data_type"):
        if not after[name] and name not in refused:
            problems.append(blank(name))
    problems += _type_problems(after, before)
    if "currency" not in refused:
        problems += _currency(after, values, own_currency)
    if "options" not in refused:
        problems += _options(after, values, before)
    if problems:
        raise Invalid(*sorted(problems, key=lambda problem: _ORDER.index(problem.attribute)))
    return after


def _available_on(value: Any) -> list[str]:
    words = [value] if isinstance(value, str) else value or []
    if not isinstance(words, list) or not all(isinstance(word, str) and word in AVAILABLE_ON for word in words):
        reading.refuse(f"must be some of {', '.join(AVAILABLE_ON)}", "inclusion")
    return list(dict.fromkeys(words))


def _code(value: Any) -> str | None:
    code = (reading.text(value, 64) or "").strip().upper()
    if code and (len(code) != 3 or not code.isascii() or not code.isalpha()):
        reading.refuse("must be a currency code of three letters such as EUR")
    return code or None


def _list_of_options(value: Any) -> list[dict[str, Any]]:
    """`[{"name"}]`, `[{"id", "name"}]` or bare names; the rank is the place in the list (`part2.md §6.3`)."""
    if value is None:
        return []
    if not isinstance(value, list):
        reading.refuse("must be a list")
    if len(value) > _MOST_OPTIONS:
        reading.refuse(f"has too many items (maximum is {_MOST_OPTIONS})", "too_long")
    return [_option(one) for one in value]


def _option(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, dict) or value.keys() - {"id", "name", "rank"}:
        reading.refuse('each must be an object with "name", and the "id" of an option that is to stay')
    return {"id": reading.record_id(value.get("id"), "Id"), "name": _name(value.get("name"))}


def _name(value: Any) -> str | None:
    return (reading.text(value, _NAME_LENGTH) or "").strip() or None


_READERS = {
    "name": _name,
    "data_type": lambda value: reading.choice(value, DATA_TYPES, nullable=True),
    "available_on": _available_on,
    "is_filterable": lambda value: reading.flag(value) is not False,
    "currency": _code,
    "options": _list_of_options,
}
_ORDER = ("base", *_READERS)
_NEW: dict[str, Any] = {
    "name": None, "data_type": None, "available_on": [], "is_filterable": True, "currency": None, "options": [],
}  # fmt: skip


def _type_problems(after: dict[str, Any], before: dict[str, Any] | None) -> list[Problem]:
    if before and after["data_type"] and after["data_type"] != before["data_type"]:
        return [Problem("data_type", f"can't be changed: the values of this field are {before['data_type']}")]
    if not before and after["data_type"] == "Connect":
        return [Problem("data_type", "Connect fields cannot be created through the API", "inclusion")]
    return []


def _currency(after: dict[str, Any], values: dict[str, Any], own: str) -> list[Problem]:
    if after["data_type"] == "Currency":
        after["currency"] = after["currency"] or own
    elif values.get("currency") and after["data_type"]:
        return [Problem("currency", f"is only for Currency fields, not for {after['data_type']}")]
    return []


def _options(after: dict[str, Any], values: dict[str, Any], before: dict[str, Any] | None) -> list[Problem]:
    given, data_type = values.get("options"), after["data_type"]
    if data_type not in LEAST_OPTIONS:
        return (
            [Problem("options", f"are only for Dropdown and MultiSelect fields, not for {data_type}")]
            if given and data_type
            else []
        )
    if given is None and before:
        return []
    given = given or []
    problems = _kept(given, {option["id"]: option["name"] for option in before["options"]} if before else {})
    names = [fold(option["name"]) for option in given if option["name"]]
    if len(names) < len(given):
        problems.append(Problem("options", "Name can't be blank", "blank"))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        problems.append(Problem("options", f"has the same name twice: {', '.join(twice)}", "taken"))
    least = LEAST_OPTIONS[data_type]
    if len(given) < least:
        problems.append(Problem("options", f"must have at least {least} option{'s' * (least > 1)}", "too_short"))
    after["options"] = [{**option, "rank": rank} for rank, option in enumerate(given)]
    return problems


def _kept(given: list[dict[str, Any]], stood: dict[int, str]) -> list[Problem]:
    """Give the options that stay their ids: named by id, or without one but with the name of an option that is there."""
    ids = [option["id"] for option in given if option["id"] is not None]
    problems = [Problem("options", f"there is no option {one}", "inclusion") for one in ids if one not in stood]
    if len(set(ids)) < len(ids):
        problems.append(Problem("options", "has the same id twice", "taken"))
    free = {fold(name): option_id for option_id, name in stood.items() if option_id not in ids}
    for option in given:
        if option["id"] is None:
            option["id"] = free.pop(fold(option["name"] or ""), None)
        elif option["name"] is None:
            option["name"] = stood.get(option["id"])
    return problems
