"""List the activities of one record, newest first."""

from typing import TYPE_CHECKING

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.facts import outputs
from cuprum.connector.properties import Property, an_array, an_object, options, record_id, string
from cuprum.entities import ENTITIES

if TYPE_CHECKING:
    from cuprum.connector.client import Api

PARENTS = options(*((name.capitalize(), name) for name in ENTITIES if name != "activity"))
# Projects and tasks have no list of their own (part2 §2, §3).
OWN_LIST = {"lead", "person", "company", "opportunity"}


def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    kind, number = values.pop("type"), values.pop("id")
    if kind in OWN_LIST:
        part = {"lead": api.leads, "person": api.people, "company": api.companies, "opportunity": api.opportunities}[kind]
        rows = yield from part.activities(number, values)
    else:
        page = yield from api.activities.search({"parent": {"id": number, "type": kind}, **values})
        rows = page.rows
    return Outcome(rows, {"items": rows})


ACTION = Action(
    name="listActivities",
    title="List Activities of a Record",
    description="Lists the activities of a record, newest first; a company's include its people's.",
    method="GET",
    call="POST /{plural}/{id}/activities",
    properties=(
        string("type", "Parent Type", "Type of the record.", required=True, options=PARENTS),
        record_id("id", "Parent ID", "ID of the record.", required=True, source="records", depends_on=("type",)),
        an_array(
            "activity_types",
            an_object("", record_id("id", "ID"), string("category", "Category", options=options("user", "system"))),
            label="Activity Types",
            description="Any of these.",
        ),
        Property("page_number", "Page Number", "INTEGER", "Which page, from 1."),
        Property("page_size", "Page Size", "INTEGER", "Rows a page, at most 200."),
    ),
    output=(an_array("items", an_object("", *outputs("activity"))),),
    run=run,
)
