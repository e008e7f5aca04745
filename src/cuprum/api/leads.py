"""The endpoints that only leads have: upsert and convert (`copper-api/part1.md §10.4, §10.5`)."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import writes
from cuprum.api.openapi.entities import record_schema
from cuprum.api.openapi.lead_verbs import CONVERSION, CONVERTED, UPSERT
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.shared import COMPUTED, WRITTEN
from cuprum.entities import Lead
from cuprum.records import read
from cuprum.records.convert_lead import convert
from cuprum.records.upsert_lead import upsert
from cuprum.records.work import Work


@declares(
    id="upsertLead", summary="Change the lead that fits, or create one", tag="Leads", answer=record_schema(Lead),
    body=UPSERT, body_required=True, query=COMPUTED, answer_headers=WRITTEN,
)  # fmt: skip
def upsert_lead(work: Work, call: Call) -> Any:
    """Find a lead by name, e-mail or custom field and update it, or create it."""
    return read.one(work, "lead", upsert(work, call.object()), computed=call.computed)


@declares(
    id="convertLead", summary="Turn a lead into a person, a company and an opportunity", tag="Leads", answer=CONVERTED,
    body=CONVERSION, query=COMPUTED, answer_headers=WRITTEN,
)  # fmt: skip
def convert_lead(work: Work, call: Call) -> Any:
    """Turn a lead into a person, a company and, where asked, an opportunity."""
    made = convert(work, call.id(), call.object())
    return {entity: read.one(work, entity, record_id, computed=call.computed) for entity, record_id in made.items()}


def routes() -> list[Route]:
    return [
        Route("/leads/upsert", writes(upsert_lead), methods=["PUT", "PATCH", "POST"]),
        Route("/leads/{id}/convert", writes(convert_lead), methods=["POST"]),
    ]
