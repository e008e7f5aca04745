"""What a step that was tried out would write, in the words of its form: labels for keys, names for numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cuprum.automation.node_types import COPPER
from cuprum.automation.offering import names_of
from cuprum.connector.catalogue import ACTIONS
from cuprum.connector.properties import Property
from cuprum.storage.database import Database
from cuprum.web.pages.automations.fields import label_of


def in_words(database: Database, connection: str, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input of an action as somebody reads it; names are asked for through its connection, without one numbers stay."""
    operation = kind.removeprefix(COPPER)
    if operation not in ACTIONS:
        return dict(given)
    properties = ACTIONS[operation].fields
    wanted = [(operation, path, given, value) for path, value in _numbers(properties, given)]
    return _worded(properties, given, names_of(database, connection, wanted) if connection and wanted else {})


def _numbers(properties: Iterable[Property], given: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """(path, number) of whatever is picked by name."""
    for one in properties:
        value, path = given.get(one.name), within + one.name
        if one.properties and isinstance(value, dict):
            yield from _numbers(one.properties, value, f"{path}.")
        elif one.source and str(value).isdecimal():
            yield path, str(value)


def _worded(
    properties: Iterable[Property], given: Mapping[str, Any], names: Mapping[tuple[str, str], str], within: str = ""
) -> Any:
    known = {one.name: one for one in properties}
    worded: dict[str, Any] = {}
    for name, value in given.items():
        one, path = known.get(name), within + name
        label = label_of(one) if one else name
        if one and one.properties and isinstance(value, dict):
            value = _worded(one.properties, value, names, f"{path}.")
        worded[name if label in worded else label] = names.get((path, str(value)), value)
    return worded
