"""After a write whose answer was lost: look whether it happened, before anybody repeats it.

Copper knows no idempotency key, so the record itself is the mark: one that was created since the call and holds every value
that was sent. Where that cannot decide, nobody guesses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cuprum.connector.catalogue import action
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import NoSuchRoute, NotFound
from cuprum.connector.exchange import Flow
from cuprum.connector.given import read_given
from cuprum.connector.polling.diff import settled
from cuprum.connector.resources.base import Record, as_number
from cuprum.connector.searching import filter_for, is_same
from cuprum.connector.wire_values import declared, for_wire
from cuprum.entities import ENTITIES

if TYPE_CHECKING:
    from cuprum.connector.client import Api

# The server's clock and ours may differ by so much.
CLOCK_SKEW_SECONDS = 120

State = Literal["happened", "did not happen", "undecidable"]


@dataclass(frozen=True)
class Recovery:
    """What became of a write: its output when it happened, candidates when several records could be it."""

    state: State
    output: dict[str, Any] | None = None
    candidate_ids: tuple[int, ...] = ()


UNDECIDABLE = Recovery("undecidable")


def recovered(api: "Api[Stepwise]", operation: str, given: Mapping[str, Any], since: int) -> Flow[Recovery]:
    """What became of `operation` with these parameters, first sent at the Unix second `since`.

    "did not happen" means that repeating is safe. Creations of one record, Create Activity, Convert Lead and Subscribe
    Webhook can be decided; every other action that may make something new is undecidable.
    """
    one = action(operation)
    read = read_given(one.fields, given, clears=one.clears, operation=one.name)
    values = yield from for_wire(api._session, read)
    match one.name:
        case "createActivity":
            found = yield from activities_like(api, values, since)
        case "convertLead":
            return (yield from conversion(api, values["id"]))
        case "subscribeWebhook":
            hooks = yield from api.webhooks.all()
            wanted = {name: values[name] for name in ("target", "type", "event")}
            found = [hook for hook in hooks if all(hook.get(name) == value for name, value in wanted.items())]
        case name if name == f"create{one.entity.capitalize()}" and one.entity in ENTITIES:
            found = yield from records_like(api, one.entity, values, since)
        case _:
            return UNDECIDABLE
    if not found:
        return Recovery("did not happen")
    ids = tuple(as_number(row["id"]) or 0 for row in found)
    if len(found) > 1:
        return Recovery("undecidable", candidate_ids=ids)
    return Recovery("happened", (yield from declared(api._session, one.output, found[0])) | {"raw": found[0]}, ids)


def records_like(api: "Api[Stepwise]", entity: str, values: Mapping[str, Any], since: int) -> Flow[list[Record]]:
    """Records created since the call that hold everything that was sent."""
    wanted = {"minimum_created_date": since - CLOCK_SKEW_SECONDS, **(filter_for(entity, "name", values["name"]) or {})}
    rows = yield from api.records_of(entity).each(wanted)
    return [row for row in rows if created_since(row, since) and holds(row, values)]


def activities_like(api: "Api[Stepwise]", values: Mapping[str, Any], since: int) -> Flow[list[Record]]:
    parent = {"id": values["id"], "type": values["type"]}
    kinds = [{"id": values["activity_type"], "category": "user"}]
    rows = yield from api.activities.each({"parent": parent, "activity_types": kinds})
    return [row for row in rows if created_since(row, since) and row.get("details") == values["details"]]


def created_since(row: Record, since: int) -> bool:
    return (as_number(row.get("date_created")) or 0) >= since - CLOCK_SKEW_SECONDS


def holds(row: Record, values: Mapping[str, Any]) -> bool:
    """Does the record show what was sent? Custom fields and addresses, which servers rewrite, do not count."""
    return all(
        is_same(row.get(name), value) if isinstance(value, list) else settled(row.get(name)) == settled(value)
        for name, value in values.items()
        if name not in ("custom_fields", "address", "close_date", "company_name") and value not in (None, [])
    )


def conversion(api: "Api[Stepwise]", lead_id: int) -> Flow[Recovery]:
    """A converted lead is gone, or says what it became; a deleted one is gone too, so a missing one decides nothing."""
    rows = yield from api.leads.each({"ids": [lead_id], "include_converted_leads": True})
    lead = next((row for row in rows if as_number(row.get("id")) == lead_id), None)
    if lead is None:
        return UNDECIDABLE
    if not lead.get("converted_at"):
        return Recovery("did not happen")
    said: dict[str, Any] = {"person": None, "company": None, "opportunity": None}
    for kind, key in (("person", "converted_contact_id"), ("opportunity", "converted_opportunity_id")):
        if number := as_number(lead.get(key)):
            said[kind] = yield from record_if_there(api, kind, number)
    if said["person"] and (company := as_number(said["person"].get("company_id"))):
        said["company"] = yield from record_if_there(api, "company", company)
    output = yield from declared(api._session, action("convertLead").output, said)
    return Recovery("happened", output | {"raw": said}, (lead_id,))


def record_if_there(api: "Api[Stepwise]", entity: str, number: int) -> Flow[Record | None]:
    try:
        found: Record = yield from api.records_of(entity).get(number)
    except NoSuchRoute:
        raise
    except NotFound:
        return None
    return found
