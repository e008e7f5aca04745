"""Create Task, as the first document has it, with the related record and custom fields as optional extras."""

from typing import TYPE_CHECKING

from cuprum.connector.actions import parts
from cuprum.connector.actions.action import Action, Values
from cuprum.connector.custom_fields import with_custom_fields
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import Form, Property, an_array, an_object, options, record_id, string
from cuprum.connector.resources.base import Record

if TYPE_CHECKING:
    from cuprum.connector.client import Api


def run(api: "Api[Stepwise]", values: Values) -> Flow[Record]:
    body = yield from with_custom_fields(api, "task", values)
    return (yield from api.tasks.create(body))


ACTION = Action(
    name="createTask",
    title="Create Task",
    description="Creates a new task in Copper.",
    summary="Creates a new task",
    method="POST",
    call="POST /tasks",
    run=run,
    entity="task",
    properties=(
        string("name", "Name", "The name of the task.", required=True),
        record_id("assignee_id", "Assignee ID", "ID of the user to assign the task to.", source="users"),
        Property("due_date", "Due Date", "DATE", "The due date of the task.", form=Form.DAY),
        Property("reminder_date", "Reminder Date", "DATE", "The reminder date of the task.", form=Form.DAY),
        string("details", "Description", "Description of the task."),
        string(
            "priority",
            "Priority",
            "The priority of the task.",
            required=True,
            options=options("None", "Low", "Medium", "High"),
            default="None",
        ),
        an_array("tags", parts.TAG_ITEM, label="Tags", source="tags"),
        string(
            "status",
            "Status",
            "The status of the task.",
            required=True,
            options=options("Open", "Completed"),
            default="Open",
        ),
    ),
    extras=(
        an_object(
            "related_resource",
            record_id("id", "ID", required=True, source="records", depends_on=("related_resource.type",)),
            string(
                "type",
                "Type",
                required=True,
                options=options("lead", "person", "company", "opportunity", "project"),
            ),
            label="Related Record",
            description="The record that the task is about.",
        ),
        parts.CUSTOM_FIELDS,
    ),
    output=(
        parts.ID_OUT,
        string("name"),
        an_object("related_resource", record_id("id"), string("type")),
        record_id("assignee_id"),
        string("due_date", form=Form.DAY),
        string("reminder_date", form=Form.DAY),
        string("completed_date", form=Form.INSTANT),
        string("priority"),
        string("status"),
        string("details"),
        parts.TAGS_OUT,
        an_array("custom_fields"),
        string("date_created", form=Form.INSTANT),
        string("date_modified", form=Form.INSTANT),
    ),
)
