"""Create Person, as the first document has it."""

from typing import TYPE_CHECKING

from cuprum.connector.actions import parts
from cuprum.connector.actions.action import Action, Values
from cuprum.connector.custom_fields import with_custom_fields
from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.properties import an_array, record_id, string
from cuprum.connector.resources.base import Record

if TYPE_CHECKING:
    from cuprum.connector.client import Api


def run(api: "Api[Stepwise]", values: Values) -> Flow[Record]:
    body = yield from with_custom_fields(api, "person", values)
    return (yield from api.people.create(body))


ACTION = Action(
    name="createPerson",
    title="Create Person",
    description="Creates a new person.",
    summary="Creates a new person",
    method="POST",
    call="POST /people",
    run=run,
    entity="person",
    properties=(
        string("name", "Name", "The first and last name of the person.", required=True),
        an_array("emails", parts.EMAIL_ITEM, label="Emails", description="Email addresses belonging to the person."),
        record_id("assignee_id", "Assignee ID", "User ID that will be the owner of the person.", source="users"),
        string("title", "Title", "The professional title of the person."),
        record_id(
            "company_id",
            "Company ID",
            "ID of the primary company with which the person is associated.",
            source="companies",
        ),
        record_id(
            "contact_type_id",
            "Contact Type ID",
            "The unique identifier of the contact type of the person.",
            source="contact_types",
        ),
        string("details", "Details", "Description of the person."),
        parts.phones("person"),
        parts.socials("person"),
        parts.websites("person"),
        parts.address("person"),
        an_array("tags", parts.TAG_ITEM, label="Tags", description="Tags associated with the person.", source="tags"),
    ),
    extras=(parts.CUSTOM_FIELDS,),
    output=(
        parts.ID_OUT,
        string("name"),
        parts.ADDRESS_OUT,
        record_id("assignee_id"),
        record_id("company_id"),
        record_id("contact_type_id"),
        string("details"),
        parts.EMAILS_OUT,
        parts.PHONES_OUT,
        parts.SOCIALS_OUT,
        parts.TAGS_OUT,
        string("title"),
        parts.WEBSITES_OUT,
    ),
)
