"""The fields of a step's form: made of the catalogue's properties and what stands in the file."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cuprum.automation.expressions import is_formula
from cuprum.connector.given import is_blank
from cuprum.connector.properties import Form, Property
from cuprum.entities import ENTITIES

_LONG = ("details", "body", "text", "filter", "expression")
# What fields are described as being of.
_ENTITIES = " ".join(ENTITIES)
# What most people fill in though nothing demands it.
_USUAL = ("match_value", "email", "emails", "assignee_id", "due_date", "related_resource")
_OF_NO_MEANING = {"the", "a", "an", "of", "for", "in", "new", "existing", "copper"}
_YES = (("", ""), ("true", "Yes"), ("false", "No"))

Names = Mapping[str, str]
Typed = Mapping[str, list[str]]


@dataclass(frozen=True)
class Field:
    """`control` names the macro; `value` is what its control shows, `raw` what stands in the file.

    `rows` are lists of fields, the last one blank; `source` is where its suggestions come from: (operation, path there).
    """

    path: str
    label: str
    control: str
    value: str = ""
    raw: Any = None
    description: str = ""
    required: bool = False
    type: str = "STRING"
    choices: tuple[tuple[str, str], ...] = ()
    source: tuple[str, str] | None = None
    parts: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    chosen: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return "f-" + re.sub(r"[^\w]+", "-", self.path).strip("-")

    @property
    def is_main(self) -> bool:
        """Whether it is shown at first: the others wait under "More fields"."""
        is_usual = self.path.rpartition(".")[2] in _USUAL
        return is_usual or self.required or not is_blank(self.raw) or bool(self.problems)

    def all(self) -> Iterator[Field]:
        yield self
        for one in (*self.parts, *(one for row in self.rows for one in row)):
            yield from one.all()


def is_expression(value: Any) -> bool:
    return isinstance(value, str) and ("${" in value or is_formula(value) or value.strip() == "=")


def field_of(one: Property, value: Any, path: str, operation: str, names: Names, inner: str = "") -> Field:
    """The field of one property; `inner` is its path among the operation's properties."""
    there = inner or one.name
    common: dict[str, Any] = {
        "label": label_of(one), "raw": copy.deepcopy(value), "required": one.required, "type": one.type,
        "description": " ".join(filter(None, (said_beyond(one.label, _described(one), _ENTITIES), _otherwise(one)))),
    }  # fmt: skip
    has_source = bool(one.source) and one.form is not Form.CUSTOM_FIELDS
    source = (operation, there) if has_source else None
    if is_expression(value) or (isinstance(value, str) and one.type in ("OBJECT", "ARRAY") and value.strip()):
        return Field(path, control="long" if "\n" in str(value) else "text", value=str(value), source=source, **common)
    choices = tuple((option.value, option.label) for option in (*one.options, *one.more_options))
    match one.type:
        case "OBJECT" if one.form is Form.CUSTOM_FIELDS or not one.properties:
            return _pairs(one, value, path, operation, common)
        case "OBJECT":
            held = value if isinstance(value, dict) else {}
            parts = tuple(
                field_of(part, held.get(part.name), f"{path}.{part.name}", operation, names, f"{there}.{part.name}")
                for part in one.properties
            )
            if not one.required and is_blank(held):
                # Of a group that may be left out nothing is needed.
                parts = tuple(replace(part, required=False) for part in parts)
            # Copper asks for the type of a record before the record.
            return Field(path, control="group", parts=tuple(sorted(parts, key=lambda part: part.path.endswith(".id"))), **common)
        case "ARRAY" if choices:
            ticked = value if isinstance(value, list) else [] if value is None else [value]
            return Field(path, control="ticks", choices=choices, chosen=tuple(str(item) for item in ticked), **common)
        case "ARRAY" if one.items and (value is None or isinstance(value, list)):
            return Field(path, control="rows", rows=tuple(_rows(one, value or [], path, operation, names, there)), **common)
        case "ARRAY":
            return Field(path, control="json", value=_json(value), **common)
        case "BOOLEAN":
            return Field(path, control="choice", value=_text(value), choices=_YES[1:], **common)
    if choices:
        return Field(path, control="choice", value=_text(value), choices=choices, **common)
    if one.type == "ANY" and not isinstance(value, str | None):
        return Field(path, control="json" if isinstance(value, dict | list) else "text", value=_json(value), **common)
    control = "long" if one.name in _LONG or "\n" in _text(value) else "text"
    return Field(path, control=control, value=_named(_text(value), names.get(f"{path}={value}")), source=source, **common)


def _described(one: Property) -> str:
    """The catalogue's words, which speak of ids where people choose by name."""
    if not one.source:
        return one.description
    return re.sub(r"^User ID ", "The user ", re.sub(r"^ID of the ", "The ", one.description))


def _otherwise(one: Property) -> str:
    """What counts when an optional field is left blank."""
    if one.required or one.default in (None, "", []):
        return ""
    labels = {option.value: option.label for option in one.options}
    listed = one.default if isinstance(one.default, list) else [one.default]
    return f"When left out: {', '.join(labels.get(str(each), str(each)) for each in listed)}."


def said_beyond(called: str, text: str, of: str = "") -> str:
    """The text, where it says more than what it describes is called: "The name of the task." does not."""
    return text if _stems(text) - _stems(f"{called} {of}") else ""


def _stems(text: str) -> set[str]:
    words = {word.strip(".,:;()").lower() for word in text.split()} - _OF_NO_MEANING
    return {word[:5] if len(word) > 5 else word.removesuffix("s") for word in words if word}


def label_of(one: Property) -> str:
    """The catalogue's: what is chosen by name is not called an id."""
    if one.source and one.label.endswith("ID"):
        return one.label.removesuffix("ID").strip() or "Record"
    return one.label or one.name or "Item"


def _rows(one: Property, value: list[Any], path: str, operation: str, names: Names, inner: str) -> Iterator[tuple[Field, ...]]:
    item = one.items[0]
    for index, held in enumerate([*value, None]):
        here = f"{path}[{index}]"
        if item.properties and isinstance(held, dict | None):
            yield tuple(
                field_of(part, (held or {}).get(part.name), f"{here}.{part.name}", operation, names, f"{inner}.{part.name}")
                for part in item.properties
            )
        else:
            found = field_of(item, held, here, operation, names, inner)
            yield (Field(**{**found.__dict__, "label": one.label, "source": (operation, inner) if one.source else None}),)


def _pairs(one: Property, value: Any, path: str, operation: str, common: dict[str, Any]) -> Field:
    if not isinstance(value, dict | None) or any(isinstance(held, dict) for held in (value or {}).values()):
        return Field(path, control="json", value=_json(value), **common)
    is_custom = one.form is Form.CUSTOM_FIELDS
    rows = []
    for index, (name, held) in enumerate([*(value or {}).items(), ("", None)]):
        named = Field(
            f"{path}#{index}.name", "Name", "text", str(name), name, source=(operation, one.name) if is_custom else None
        )
        source = (operation, f"{one.name}.{name}") if is_custom and name else None
        rows.append((named, Field(f"{path}#{index}.value", "Value", "text", _written(held), held, source=source)))
    return Field(path, control="pairs", rows=tuple(rows), **common)


def _named(text: str, name: str | None) -> str:
    return f"{name} (#{text})" if name and text.isdecimal() else text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _json(value)


def _written(value: Any) -> str:
    return (
        ", ".join(map(_text, value))
        if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value)
        else _text(value)
    )


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2 if isinstance(value, dict | list) else None)
