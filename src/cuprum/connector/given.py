"""Reading what somebody filled in: blanks left out, ids and dates understood, every problem named at once, no I/O."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.given_values import Refusal, one_value
from cuprum.connector.properties import Form, Property

BLANK = object()
CLEARED = object()


def read_given(
    properties: Sequence[Property], given: Mapping[str, Any], *, clears: bool = False, operation: str = "this operation"
) -> dict[str, Any]:
    """The values that were filled in, by name. With `clears`, null and the empty list mean "clear it" (None, []).

    Blank is: absent, null, an empty or white string, an empty object or list, an item of blanks. Zero and false are
    values. Raises InvalidInput with all problems: blank required properties, unreadable values, unknown names.
    """
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for one in properties:
        value = given.get(one.name)
        if clears and not one.required and is_clearing(one, given):
            read[one.name] = [] if one.type == "ARRAY" else None
            continue
        found = value_of(one, value, problems)
        if found is not BLANK:
            read[one.name] = found
        elif one.required:
            problems.append(Problem(one.name, "can't be blank", one.label))
    problems += unknown_names([one.name for one in properties], given, operation)
    if problems:
        raise InvalidInput(problems)
    return read


def is_clearing(one: Property, given: Mapping[str, Any]) -> bool:
    return one.name in given and (given[one.name] is None or (one.type == "ARRAY" and given[one.name] == []))


def unknown_names(known: Sequence[str], given: Mapping[str, Any], operation: str) -> list[Problem]:
    """A misspelt name would lose what was filled in; an unknown blank says nothing."""
    problems = []
    for name, value in given.items():
        if name not in known and not is_blank(value):
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; is {near[0]} meant?" if near else ""
            problems.append(Problem(name, f"is not a property of {operation}{hint}", name))
    return problems


def is_blank(value: Any) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if isinstance(value, Mapping):
        return all(map(is_blank, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_blank, value))
    return False


def value_of(one: Property, value: Any, problems: list[Problem]) -> Any:
    """The value in Python's form, or BLANK."""
    if is_blank(value):
        return BLANK
    if one.form is Form.CUSTOM_FIELDS:
        return value
    try:
        match one.type:
            case "OBJECT":
                return object_of(one, value, problems)
            case "ARRAY":
                return array_of(one, value, problems)
        return one_value(one, value)
    except Refusal as refusal:
        problems.append(Problem(one.name, str(refusal), one.label))
        return BLANK if not one.required else None


def object_of(one: Property, value: Any, problems: list[Problem]) -> Any:
    if not isinstance(value, Mapping):
        raise Refusal("must be an object")
    if not one.properties:
        return dict(value)
    inner: list[Problem] = []
    read = {part.name: found for part in one.properties if (found := value_of(part, value.get(part.name), inner)) is not BLANK}
    for part in one.properties:
        if part.required and part.name not in read and not inner:
            inner.append(Problem(part.name, "can't be blank", part.label))
    inner += unknown_names([part.name for part in one.properties], value, one.label or one.name)
    problems += [Problem(f"{one.name}.{p.field}", p.message, f"{one.label} {p.label}".strip()) for p in inner]
    return read


def array_of(one: Property, value: Any, problems: list[Problem]) -> Any:
    if not isinstance(value, list | tuple):
        raise Refusal("must be a list")
    if not one.items:
        return list(value)
    item = one.items[0]
    read: list[Any] = []
    for index, given in enumerate(value):
        inner: list[Problem] = []
        # An item whose main value is blank was not filled in, whatever category the form had chosen for it.
        if item.properties and isinstance(given, Mapping) and is_blank(given.get(item.properties[0].name)):
            if any(not is_blank(given.get(key)) for key in given if key not in ("category", "type")):
                inner.append(Problem(item.properties[0].name, "can't be blank", item.properties[0].label))
        elif (found := value_of(item, given, inner)) is not BLANK:
            read.append(found)
        problems += [Problem(f"{one.name}[{index}].{p.field}".rstrip("."), p.message, one.label) for p in inner]
    return read or BLANK
