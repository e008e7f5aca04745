"""The apps that a user let in, and their end, under `/automation/v1/grants`."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads, writes
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import ID, SECONDS, TEXT, Named, closed, listed, one_of_words, or_null
from cuprum.api.openapi.shared import WRITTEN
from cuprum.auth.oauth.kinds import KINDS
from cuprum.kit.errors import Refused
from cuprum.records.grants import end_grant, grants
from cuprum.records.work import Work

_GRANT = Named(
    "Grant",
    closed(
        {
            "id": ID,
            "user_id": ID,
            "app": {**TEXT, "description": "The name of the app."},
            "client_id": TEXT,
            "kind": one_of_words(*KINDS),
            "scopes": listed(TEXT),
            "date_created": SECONDS,
            "last_used_at": or_null(SECONDS),
        }
    ),
)
_TAG = "Apps"


@declares(
    id="listGrants",
    summary="List the apps that act for you",
    tag=_TAG,
    answer=listed(_GRANT),
    query={"of": one_of_words("me", "everyone", default="me", description="everyone: of all users, for admins.")},
    refusals=(403,),
)
def list_grants(work: Work, call: Call) -> Any:
    whose = call.query.get("of", "me")
    if whose not in ("me", "everyone"):
        raise Refused("Invalid input: of must be me or everyone")
    return [_shown(row) for row in grants(work, of_everyone=whose == "everyone")]


@declares(
    id="revokeGrant",
    summary="Let an app act for you no longer",
    tag=_TAG,
    answer=closed({"id": ID, "is_deleted": {"const": True}}),
    answer_headers=WRITTEN,
)
def revoke(work: Work, call: Call) -> Any:
    """Its tokens end at once."""
    end_grant(work, call.id())
    return {"id": call.id(), "is_deleted": True}


def _shown(row: Any) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("id", "user_id", "app", "client_id", "kind", "date_created", "last_used_at")}
    return shown | {"scopes": row.scope.split()}


def routes() -> list[Route]:
    return [
        Route("/grants", reads(list_grants), methods=["GET"]),
        Route("/grants/{id}", writes(revoke), methods=["DELETE"]),
    ]
