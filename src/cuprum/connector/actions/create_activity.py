"""Create Activity, as the first document has it; projects and tasks are parents too."""

from typing import TYPE_CHECKING

from cuprum.connector.actions.action import Action, Values
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import Form, Property, an_object, options, record_id, string
from cuprum.connector.resources.base import Record

if TYPE_CHECKING:
    from cuprum.connector.client import Api


def run(api: "Api[Stepwise]", values: Values) -> Flow[Record]:
    # Only activity types of the user category can be written.
    body = {
        "type": {"category": "user", "id": values["activity_type"]},
        "details": values["details"],
        "parent": {"type": values["type"], "id": values["id"]},
    }
    body |= {name: values[name] for name in ("activity_date", "user_id") if name in values}
    return (yield from api.activities.create(body))


ACTION = Action(
    name="createActivity",
    title="Create Activity",
    description="Creates a new activity.",
    method="POST",
    call="POST /activities",
    run=run,
    properties=(
        record_id(
            "activity_type",
            "Activity Type ID",
            "Id of activity type for this activity.",
            required=True,
            source="activity_types",
        ),
        string("details", "Details", "Text body of this activity.", required=True),
        string(
            "type",
            "Parent Type",
            "Parent type to associate this activity with.",
            required=True,
            options=options(("Lead", "lead"), ("Person", "person"), ("Company", "company"), ("Opportunity", "opportunity")),
            more_options=options(("Project", "project"), ("Task", "task")),
            default="person",
        ),
        record_id(
            "id",
            "Parent ID",
            "ID of the parent this activity will be associated with.",
            required=True,
            source="records",
            depends_on=("type",),
        ),
    ),
    extras=(
        Property("activity_date", "Activity Date", "DATE_TIME", "When it happened; now when left out.", form=Form.INSTANT),
        record_id("user_id", "User ID", "ID of the user who did it; the caller when left out.", source="users"),
    ),
    output=(
        record_id("id"),
        an_object("type", string("category"), record_id("id")),
        string("details"),
        an_object("parent", string("type"), record_id("id")),
    ),
)
