"""Convert Lead: a person, and a company and an opportunity when they are wanted."""

from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Outcome, Values
from cuprum.connector.actions.uniform import the_id
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.exchange import Flow
from cuprum.connector.facts import outputs
from cuprum.connector.properties import Property, an_object, record_id, string

if TYPE_CHECKING:
    from cuprum.connector.client import Api


def run(api: "Api[Stepwise]", values: Values) -> Flow[Outcome]:
    details: dict[str, Any] = {name: values[name] for name in ("person", "company", "opportunity") if name in values}
    if values.get("without_company"):
        if "company" in details:
            raise InvalidInput([Problem("without_company", "contradicts the company given", "Without Company")])
        # The empty name is how the wire says "no company at all".
        details["company"] = {"name": ""}
    company = details.get("company", {})
    if "id" in company and "name" in company:
        raise InvalidInput([Problem("company", "take an id or a name, not both", "Company")])
    answer = yield from api.leads.convert(values["id"], details)
    return Outcome(answer, {kind: answer.get(kind) for kind in ("person", "company", "opportunity")})


ACTION = Action(
    name="convertLead",
    title="Convert Lead",
    description="Converts a lead into a person, a company and an opportunity.",
    method="POST",
    call="POST /leads/{id}/convert",
    run=run,
    properties=(
        the_id("lead"),
        an_object(
            "person",
            string("name", "Name", "The lead's name when left out."),
            record_id("contact_type_id", "Contact Type ID", source="contact_types"),
            record_id("assignee_id", "Assignee ID", source="users"),
            label="Person",
        ),
        an_object(
            "company",
            record_id("id", "ID", "An existing company.", source="companies"),
            string("name", "Name", "An existing company of that name, else a new one."),
            Property("exact_match", "Exact Match", "BOOLEAN", "Take only a company of exactly that name."),
            label="Company",
            description="The lead's company when left out.",
        ),
        Property("without_company", "Without Company", "BOOLEAN", "Make and link no company."),
        an_object(
            "opportunity",
            string("name", "Name"),
            record_id("pipeline_id", "Pipeline ID", source="pipelines"),
            record_id("pipeline_stage_id", "Stage ID", source="pipeline_stages", depends_on=("opportunity.pipeline_id",)),
            Property("monetary_value", "Monetary Value", "NUMBER"),
            record_id("assignee_id", "Assignee ID", source="users"),
            label="Opportunity",
            description="None is made when left out.",
        ),
    ),
    output=tuple(an_object(kind, *outputs(kind), label=kind.capitalize()) for kind in ("person", "company", "opportunity")),
)
