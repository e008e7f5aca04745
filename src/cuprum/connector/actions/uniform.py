"""The uniform family: create, get, update, delete one record of any entity, its form read from the definition."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.custom_fields import with_custom_fields
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import NoSuchRoute, NotFound
from cuprum.connector.exchange import Flow
from cuprum.connector.facts import a, changes, inputs, outputs
from cuprum.connector.properties import Property, options, record_id, string
from cuprum.connector.resources.base import Record
from cuprum.entities import ENTITIES

if TYPE_CHECKING:
    from cuprum.connector.client import Api

WHEN_GONE = options(("Fail", "fail"), ("Answer found: false", "answer"))


def create(entity: str, *, summary: str = "") -> Action:
    def run(api: "Api[Stepwise]", values: Values) -> Flow[Record]:
        body = yield from with_custom_fields(api, entity, values)
        return (yield from api.records_of(entity).create(body))

    return Action(
        name=f"create{entity.capitalize()}",
        title=f"Create {entity.capitalize()}",
        description=f"Creates a new {entity}.",
        summary=summary,
        method="POST",
        call=f"POST /{plural(entity)}",
        properties=inputs(entity),
        output=outputs(entity),
        run=run,
        entity=entity,
    )


def get(entity: str, *, summary: str = "") -> Action:
    def run(api: "Api[Stepwise]", values: Values) -> Flow[Record]:
        return (yield from api.records_of(entity).get(values["id"]))

    return Action(
        name=f"get{entity.capitalize()}ById",
        title=f"Get {entity.capitalize()} by ID",
        description=f"Fetches the details of {a(entity)} by ID.",
        summary=summary,
        method="GET",
        call=f"GET /{plural(entity)}/{{id}}",
        properties=(the_id(entity),),
        output=outputs(entity),
        run=run,
        entity=entity,
    )


def update(entity: str, *, summary: str = "") -> Action:
    """Only what was given is sent, null clears, and a list that is added to or removed from is read first."""

    def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
        fails = values.pop("when_gone", "fail") == "fail"
        try:
            changed = yield from change(api, values)
        except NotFound as gone:
            if fails or isinstance(gone, NoSuchRoute):
                raise
            return Outcome(None, {"found": False})
        return Outcome(changed, {"found": True, **changed})

    def change(api: "Api[Stepwise]", values: Values) -> Flow[Record]:
        number = values.pop("id")
        modes = {name: values.pop(name, "replace") for name in [n for n in values if n.endswith("_mode")]}
        body = yield from with_custom_fields(api, entity, values)
        lists = {name.removesuffix("_mode"): mode for name, mode in modes.items() if mode != "replace"}
        if lists:
            before = yield from api.records_of(entity).get(number)
            body |= {n: merged(mode, before.get(n) or [], body[n]) for n, mode in lists.items() if body.get(n)}
        return (yield from api.records_of(entity).update(number, body))

    return Action(
        name=f"update{entity.capitalize()}",
        title=f"Update {entity.capitalize()}",
        description=f"Updates an existing {entity}.",
        summary=summary,
        method="PUT",
        call=f"PUT /{plural(entity)}/{{id}}",
        properties=(
            the_id(entity),
            *changes(entity),
            string("when_gone", "When It Is Gone", "Fail or answer.", options=WHEN_GONE, default="fail"),
        ),
        output=(Property("found", "Found", "BOOLEAN"), *outputs(entity)),
        run=run,
        entity=entity,
        clears=True,
    )


def merged(mode: str, held: list[Any], given: list[Any]) -> list[Any]:
    """Items are the same when their main value is, whatever its case."""
    named = {main_value(one) for one in given}
    if mode == "remove":
        return [one for one in held if main_value(one) not in named]
    there = {main_value(one) for one in held}
    return [*held, *(one for one in given if main_value(one) not in there)]


def main_value(item: Any) -> str:
    if isinstance(item, Mapping):
        item = next(iter([value for key, value in item.items() if key != "category"]), "")
    return str(item).strip().casefold()


def delete(entity: str, *, summary: str = "") -> Action:
    """Deleting what is gone succeeds: what was wanted is the case."""

    def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
        said = {"id": values["id"], "is_deleted": True, "already_deleted": False}
        try:
            raw = yield from api.records_of(entity).delete(values["id"])
        except NoSuchRoute:
            raise
        except NotFound as gone:
            return Outcome(gone.body, said | {"already_deleted": True})
        return Outcome(raw, said)

    return Action(
        name=f"delete{entity.capitalize()}",
        title=f"Delete {entity.capitalize()}",
        description=f"Deletes an existing {entity}.",
        summary=summary,
        method="DELETE",
        call=f"DELETE /{plural(entity)}/{{id}}",
        properties=(the_id(entity),),
        output=(
            record_id("id"),
            Property("is_deleted", type="BOOLEAN"),
            Property("already_deleted", type="BOOLEAN"),
        ),
        run=run,
        entity=entity,
    )


def the_id(entity: str) -> Property:
    return record_id("id", f"{entity.capitalize()} ID", f"ID of the {entity}.", required=True, source=plural(entity))


def plural(entity: str) -> str:
    return ENTITIES[entity].plural
