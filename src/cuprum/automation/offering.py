"""What a property's picker offers, asked through a stored connection."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from cuprum.automation.budget import OPTIONS
from cuprum.automation.connections import NEEDS_REAUTHORISATION, Connections, needs_reauthorisation
from cuprum.connector import Copper
from cuprum.connector.errors import CopperError, InvalidInput
from cuprum.connector.options import at, find_property
from cuprum.entities import BY_PLURAL, ENTITIES
from cuprum.kit.errors import CuprumError, Invalid, OtherServer, Problem
from cuprum.storage.database import Database

Answer = TypeVar("Answer")

log = logging.getLogger("cuprum.automation")

# Somebody waits for the page.
MOST_NAMED = 25


def asked_through(database: Database, connection: str, ask: Callable[[Copper], Answer]) -> Answer:
    """What somebody who looks at a page asks; raises Invalid, NotFound, and OtherServer where nobody answers.

    The other server may take its time: not to be called while somebody waits for the database.
    """
    stored = Connections(database.settings, database)
    try:
        # Better told at once than after some more attempts.
        with stored.open(connection, attempts=1, lane=OPTIONS) as copper:
            return ask(copper)
    except InvalidInput as refusal:
        raise Invalid(*(Problem(one.field, one.message) for one in refusal.problems)) from None
    except CopperError as trouble:
        if needs_reauthorisation(trouble):
            stored.mark(connection, NEEDS_REAUTHORISATION)
        raise OtherServer(f"{connection} could not be asked: {trouble.message}") from trouble


def offered(
    database: Database, connection: str, operation: str, path: str, given: Mapping[str, Any], *, search: str = "", page: int = 1
) -> dict[str, Any]:
    """`{"options": [{"label", "value"}], "more"}`; refused as `asked_through` is."""
    return asked_through(
        database, connection, lambda copper: copper.options(operation, path, dict(given), search=search, page=page)
    )


def names_of(
    database: Database, connection: str, wanted: Iterable[tuple[str, str, Mapping[str, Any], str]]
) -> dict[tuple[str, str], str]:
    """The labels of values that were picked before: {(path, value): label} of (operation, path, what else is filled in, value).

    What cannot be found out is left out: a page shows the number then.
    """
    found: dict[tuple[str, str], str] = {}
    offers: dict[tuple[str, str], list[Any]] = {}
    stored = Connections(database.settings, database)
    try:
        with stored.open(connection, attempts=1, lane=OPTIONS) as copper:
            for operation, path, given, value in list(wanted)[:MOST_NAMED]:
                one, _ = find_property(operation, path)
                entity = BY_PLURAL[one.source].entity if one.source in BY_PLURAL else ""
                if one.source == "records" and one.depends_on:
                    entity = str(at(given, one.depends_on[0]))
                if entity in ENTITIES and entity != "activity":
                    found[path, value] = str(copper.act(f"get{entity.capitalize()}ById", {"id": value})["name"])
                    continue
                if (operation, path) not in offers:
                    offers[operation, path] = copper.options(operation, path, dict(given))["options"]
                label = next((offer["label"] for offer in offers[operation, path] if offer["value"] == value), None)
                found |= {(path, value): label} if label else {}
    except (CuprumError, CopperError) as trouble:
        log.debug("names are not told: %s", trouble)
    return found
