"""Upsert Lead: create it unless one matches by name, e-mail or custom field, else update that one."""

from typing import TYPE_CHECKING, Any

from cuprum.connector.actions.action import Action, Values
from cuprum.connector.custom_fields import on_wire, with_custom_fields
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import Invalid, InvalidInput, Problem, SeveralFound
from cuprum.connector.exchange import Flow
from cuprum.connector.facts import inputs, optional, outputs
from cuprum.connector.properties import options, string
from cuprum.connector.resources.base import Record, as_number

if TYPE_CHECKING:
    from cuprum.connector.client import Api

MATCHES = options(("Email", "email"), ("Name", "name"), ("Custom field", "custom"))


def run(api: "Api[Stepwise]", values: Values) -> Flow[Record]:
    by, value, field = (values.pop(name, None) for name in ("match_by", "match_value", "match_custom_field"))
    properties = yield from with_custom_fields(api, "lead", values)
    match by:
        case "custom":
            if not field or value is None:
                raise InvalidInput([Problem("match_custom_field", "needs a field and a value", "Match Custom Field")])
            wanted: Any = (yield from on_wire(api._session, "lead", {field: value}))[0]
        case "name":
            wanted = value or properties.get("name")
            properties.setdefault("name", wanted)
        case _:
            wanted = value or (properties.get("email") or {}).get("email")
            if wanted:
                properties.setdefault("email", {"email": wanted, "category": "work"})
    if not wanted:
        raise InvalidInput([Problem("match_value", f"can't be blank when the lead has no {by}", "Match Value")])
    try:
        return (yield from api.leads.upsert(properties, str(by), wanted))
    except Invalid as refusal:
        if ids := ids_in(refusal.body):
            raise SeveralFound(f"{len(ids)} leads match: {', '.join(map(str, ids))}.", ids, status=422) from refusal
        raise


def ids_in(body: Any) -> list[int]:
    """The ids of the leads that match; the key they stand under is not documented."""
    if not isinstance(body, dict):
        return []
    for value in body.values():
        if isinstance(value, list) and value and all(as_number(one) is not None for one in value):
            return [as_number(one) or 0 for one in value]
    return []


ACTION = Action(
    name="upsertLead",
    title="Upsert Lead",
    description="Creates a new lead if none matches the criteria, else updates the one that does.",
    summary="Create a new lead if it does not match the criteria, else update the lead",
    # What the document says; on the wire it is a PUT.
    method="PATCH",
    call="PUT /leads/upsert",
    run=run,
    entity="lead",
    properties=(
        string("match_by", "Match By", "What makes it the same lead.", required=True, options=MATCHES, default="email"),
        string("match_value", "Match Value", "The value to find; the lead's own e-mail or name when left out."),
        string(
            "match_custom_field",
            "Match Custom Field",
            "Name or ID of the custom field to match by; it must be filterable.",
            depends_on=("match_by",),
            source="custom_field_names",
        ),
        *map(optional, inputs("lead")),
    ),
    output=outputs("lead"),
)
