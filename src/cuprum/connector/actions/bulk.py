"""Bulk create and update: any number of records, ten a request, each with its own outcome."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.actions.uniform import plural, the_id
from cuprum.connector.custom_fields import with_custom_fields
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow, Wait
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
        answers: list[Record] = []
        for index, ten in enumerate(tens(values["items"])):
            if index:
                yield Wait(PAUSE_SECONDS)
            bodies: list[Record] = []
            for one in ten:
                bodies.append((yield from with_custom_fields(api, entity, one)))
            answers += yield from send(bodies)
        results = [result_of(one) for one in answers]
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


def tens(items: list[Record]) -> Iterator[list[Record]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def result_of(answer: Record) -> Record:
    """A failed item has `success: false` and, on create, no id."""
    failed = answer.get("success") is False or as_number(answer.get("id")) is None
    return {"id": answer.get("id"), "success": not failed, "error": why(answer.get("message")) if failed else None}


def why(message: Any) -> str:
    if not isinstance(message, dict):
        return str(message or "failed")
    return "; ".join(f"{name}: {', '.join(str(one.get('error')) for one in errors)}" for name, errors in message.items())
