"""Bulk create and update: any number of records, ten a request, each with its own outcome."""

from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.actions.uniform import plural, the_id
from cuprum.connector.custom_fields import with_custom_fields
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import CopperError
from cuprum.connector.exchange import Flow, Wait, can_repeat
from cuprum.connector.facts import inputs, optional
from cuprum.connector.properties import Property, an_array, an_object, record_id, string
from cuprum.connector.resources.base import Record, as_number

if TYPE_CHECKING:
    from cuprum.connector.client import Api

AT_ONCE = 10
# Bulk calls are limited to three a second (part1 §4).
PAUSE_SECONDS = 0.34


def bulk_create(entity: str) -> Action:
    return bulk(entity, "create", an_object("", *inputs(entity)))


def bulk_update(entity: str) -> Action:
    return bulk(entity, "update", an_object("", the_id(entity), *map(optional, inputs(entity))))


def bulk(entity: str, verb: str, item: Property) -> Action:
    def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
        part: Any = api.records_of(entity)
        send = getattr(part, f"bulk_{verb}")
        bodies: list[Record] = []
        for one in values["items"]:
            bodies.append((yield from with_custom_fields(api, entity, one)))
        answers: list[Record] = []
        results: list[Record] = []
        for start in range(0, len(bodies), AT_ONCE):
            if start:
                yield Wait(PAUSE_SECONDS)
            try:
                answered = yield from send(bodies[start : start + AT_ONCE])
            except CopperError as trouble:
                # As an error it would be tried again from the start, and what is made by now be made twice.
                if not start or verb == "update" or (yield from can_repeat(api._session)):
                    raise
                results += not_done(bodies[start:], trouble)
                break
            answers += answered
            results += map(result_of, answered)
        failed = sum(not one["success"] for one in results)
        return Outcome(answers, {"results": results, "succeeded": len(results) - failed, "failed": failed})

    title = plural(entity).capitalize()
    return Action(
        name=f"bulk{verb.capitalize()}{title}",
        title=f"Bulk {verb.capitalize()} {title}",
        description=f"{verb.capitalize()}s any number of {plural(entity)}, ten a request; each has its own outcome.",
        method="POST",
        call=f"POST /{plural(entity)}/bulk_{verb}",
        properties=(an_array("items", item, label=title, description=f"The {plural(entity)}.", required=True),),
        output=(
            an_array("results", an_object("", record_id("id"), Property("success", type="BOOLEAN"), string("error"))),
            Property("succeeded", type="INTEGER"),
            Property("failed", type="INTEGER"),
        ),
        run=run,
        entity=entity,
    )


def not_done(bodies: list[Record], trouble: CopperError) -> list[Record]:
    """The outcomes of the ten that met trouble and of those that were not sent after them."""
    said = [str(trouble) if place < AT_ONCE else f"not sent: {trouble}" for place in range(len(bodies))]
    return [{"id": one.get("id"), "success": False, "error": why} for one, why in zip(bodies, said, strict=True)]


def result_of(answer: Record) -> Record:
    """A failed item has `success: false` and, on create, no id."""
    failed = answer.get("success") is False or as_number(answer.get("id")) is None
    return {"id": answer.get("id"), "success": not failed, "error": why(answer.get("message")) if failed else None}


def why(message: Any) -> str:
    if not isinstance(message, dict):
        return str(message or "failed")
    return "; ".join(f"{name}: {', '.join(str(one.get('error')) for one in errors)}" for name, errors in message.items())
