"""The endpoint that only people have: find one by e-mail."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads
from cuprum.api.openapi.entities import record_schema
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import closed
from cuprum.api.openapi.shared import COMPUTED
from cuprum.entities import Person, reading
from cuprum.kit.errors import NotFound
from cuprum.records.read import person_by_email
from cuprum.records.request_body import only_keys
from cuprum.records.work import Work


@declares(
    id="fetchPersonByEmail", summary="Find the person with an e-mail address", tag="People", answer=record_schema(Person),
    body=closed({"email": {"type": "string", "format": "email", "description": "Whatever its case."}}), body_required=True,
    query=COMPUTED, refusals=(404,),
)  # fmt: skip
def fetch_by_email(work: Work, call: Call) -> Any:
    body = call.object()
    only_keys(body, ("email",))
    email = {**call.query, **body}.get("email")
    if not isinstance(email, str) or not reading.text(email):
        raise NotFound
    return person_by_email(work, email, computed=call.computed)


def routes() -> list[Route]:
    return [Route("/people/fetch_by_email", reads(fetch_by_email, by_key=True), methods=["POST", "GET"])]
