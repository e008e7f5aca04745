"""A property: one field of an action's form or of what it returns, as ByteChef's component definitions have them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Form(Enum):
    """How a value travels on the wire when that differs from its declared type."""

    PLAIN = "as it is"
    ID = "a number, shown as a string"
    DAY = "the second at which the day starts in the account's time zone"
    MONTH_DAY_YEAR = "M/D/YYYY"
    INSTANT = "Unix seconds, shown as ISO"
    CUSTOM_FIELDS = "a list of definition ids and values, given by name"


@dataclass(frozen=True)
class Option:
    label: str
    value: str


@dataclass(frozen=True)
class Property:
    """One field. `source` names the look-up that fills its picker (`options.py`); `depends_on` what must be set first."""

    name: str
    label: str = ""
    type: str = "STRING"
    description: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    # Values that are accepted beside the document's own options.
    more_options: tuple[Option, ...] = ()
    depends_on: tuple[str, ...] = ()
    source: str = ""
    properties: tuple["Property", ...] = ()
    items: tuple["Property", ...] = ()
    default: Any = None
    # Of a number.
    least: int | None = None
    form: Form = Form.PLAIN

    def as_json(self) -> dict[str, Any]:
        """The property as plain data; keys that say nothing are left out."""
        said: dict[str, Any] = {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "required": self.required,
            "description": self.description,
        }
        if self.default is not None:
            said["defaultValue"] = self.default
        if self.least is not None:
            said["minValue"] = self.least
        if self.options:
            said["options"] = [{"label": one.label, "value": one.value} for one in self.options]
        if self.more_options:
            said["moreOptions"] = [{"label": one.label, "value": one.value} for one in self.more_options]
        if self.source:
            said["optionsSource"] = self.source
        if self.depends_on:
            said["optionsDependsOn"] = list(self.depends_on)
        if self.properties:
            said["properties"] = [one.as_json() for one in self.properties]
        if self.type == "ARRAY":
            said["items"] = [one.as_json() for one in self.items]
        return said


def options(*pairs: str | tuple[str, str]) -> tuple[Option, ...]:
    """`options("Open", ("Work", "work"))`: a plain word is its own label."""
    return tuple(Option(one, one) if isinstance(one, str) else Option(*one) for one in pairs)


def string(name: str, label: str = "", description: str = "", **more: Any) -> Property:
    return Property(name, label, "STRING", description, **more)


def record_id(name: str, label: str = "", description: str = "", **more: Any) -> Property:
    """An id: given as a number or a numeric string, sent as a number, returned as a string."""
    return Property(name, label, "STRING", description, form=Form.ID, **more)


def an_object(name: str, *properties: Property, label: str = "", description: str = "", **more: Any) -> Property:
    return Property(name, label, "OBJECT", description, properties=properties, **more)


def an_array(name: str, *items: Property, label: str = "", description: str = "", **more: Any) -> Property:
    return Property(name, label, "ARRAY", description, items=items, **more)


def example_of(properties: Iterable[Property]) -> dict[str, Any]:
    """Example parameters, as the documents print them."""
    return {one.name: example_value(one) for one in properties}


def example_value(one: Property) -> Any:
    match one.type:
        case "OBJECT":
            return example_of(one.properties)
        case "ARRAY":
            return [example_value(item) for item in one.items]
        case "DATE":
            return "2021-01-01"
        case "DATE_TIME":
            return "2021-01-01T00:00:00"
        case "INTEGER":
            return 1
        case "NUMBER":
            return 0.0
        case "BOOLEAN":
            return False
    return ""
