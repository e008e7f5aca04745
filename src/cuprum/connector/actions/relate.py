"""Relate, unrelate, and list what is related."""

from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import Refused
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import Property, an_array, an_object, options, record_id, string
from cuprum.entities import ENTITIES

if TYPE_CHECKING:
    from cuprum.connector.client import Api

TYPES = options(*((name.capitalize(), name) for name, one in ENTITIES.items() if one.relates_to))
NOT_RELATED = "Resources are not related"


def ends(*, second_required: bool) -> tuple[Property, ...]:
    return (
        string("type", "Type", "Type of the record.", required=True, options=TYPES),
        record_id("id", "ID", "ID of the record.", required=True, source="records", depends_on=("type",)),
        string(
            "related_type",
            "Related Type",
            "Type of the other record.",
            required=second_required,
            options=TYPES,
            depends_on=("type",),
        ),
    )


OTHER = record_id(
    "related_id", "Related ID", "ID of the other record.", required=True, source="records", depends_on=("related_type",)
)
ENDS_OUT = an_object("resource", record_id("id"), string("type"))


def part_of(api: "Api[Stepwise]", entity: str) -> Any:
    return api.records_of(entity)


def run_relate(api: "Api[Stepwise]", values: Values) -> Flow[Any]:
    part = part_of(api, values["type"])
    return (yield from part.relate(values["id"], values["related_type"], values["related_id"]))


def run_unrelate(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    """What is not related any more is as wanted."""
    resource = {"id": values["related_id"], "type": values["related_type"]}
    said = {"removed": True, "already_removed": False, "resource": resource}
    try:
        part = part_of(api, values["type"])
        answer = yield from part.unrelate(values["id"], values["related_type"], values["related_id"])
    except Refused as refusal:
        if NOT_RELATED not in refusal.message:
            raise
        return Outcome(refusal.body, said | {"already_removed": True})
    return Outcome(answer, said)


def run_list(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    rows = yield from part_of(api, values["type"]).related(values["id"], values.get("related_type"))
    return Outcome(rows, {"items": rows})


RELATE = Action(
    name="relateRecords",
    title="Relate Records",
    description="Ties two records to each other.",
    method="POST",
    call="POST /{plural}/{id}/related",
    properties=(*ends(second_required=True), OTHER),
    output=(Property("added", type="BOOLEAN"), ENDS_OUT),
    run=run_relate,
)
UNRELATE = Action(
    name="unrelateRecords",
    title="Unrelate Records",
    description="Unties two records; what is not tied is as wanted.",
    method="DELETE",
    call="DELETE /{plural}/{id}/related",
    properties=(*ends(second_required=True), OTHER),
    output=(Property("removed", type="BOOLEAN"), Property("already_removed", type="BOOLEAN"), ENDS_OUT),
    run=run_unrelate,
)
LIST_RELATED = Action(
    name="listRelatedRecords",
    title="List Related Records",
    description="Lists what a record is tied to.",
    method="GET",
    call="GET /{plural}/{id}/related",
    properties=ends(second_required=False),
    output=(an_array("items", an_object("", record_id("id"), string("type"))),),
    run=run_list,
)
