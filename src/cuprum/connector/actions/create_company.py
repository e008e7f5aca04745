"""Create Company, as the first document has it."""

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
    body = yield from with_custom_fields(api, "company", values)
    return (yield from api.companies.create(body))


ACTION = Action(
    name="createCompany",
    title="Create Company",
    description="Creates a new company.",
    summary="Creates a new company",
    method="POST",
    call="POST /companies",
    run=run,
    entity="company",
    properties=(
        string("name", "Name", "The name of the company.", required=True),
        record_id("assignee_id", "Assignee ID", "ID of the user that will be the owner of the company.", source="users"),
        string("email_domain", "Email Domain", "The domain to which email addresses for the company belong."),
        record_id("contact_type_id", "Contact Type ID", "ID of the Contact type for the company.", source="contact_types"),
        string("details", "Details", "Description of the company."),
        parts.phones("company"),
        parts.socials("company"),
        parts.websites("company"),
        parts.address("company"),
        # The document has no full stop here.
        an_array("tags", parts.TAG_ITEM, label="Tags", description="Tags associated with the company", source="tags"),
    ),
    extras=(parts.CUSTOM_FIELDS,),
    output=(
        parts.ID_OUT,
        string("name"),
        parts.ADDRESS_OUT,
        record_id("assignee_id"),
        record_id("contact_type_id"),
        string("details"),
        string("email_domain"),
        parts.PHONES_OUT,
        parts.SOCIALS_OUT,
        parts.TAGS_OUT,
        parts.WEBSITES_OUT,
    ),
)
