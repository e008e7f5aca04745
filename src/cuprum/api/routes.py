"""Every address of Copper's Developer API v1 that we serve."""

from __future__ import annotations

from starlette.routing import Mount, Route

from cuprum.api import (
    activities,
    activity_types,
    bulk,
    custom_field_definitions,
    leads,
    lookups,
    people,
    records,
    related,
    tags,
    users,
    webhooks,
)
from cuprum.api.by_path import ByPath

BASE = "/developer_api/v1"


def developer_api() -> Mount:
    # Fixed paths before `/{plural}/{id}`.
    rooms: list[list[Route]] = [
        activities.routes(),
        bulk.routes(),
        leads.routes(),
        people.routes(),
        lookups.routes(),
        users.routes(),
        tags.routes(),
        activity_types.routes(),
        custom_field_definitions.routes(),
        webhooks.routes(),
        related.routes(),
        records.routes(),
    ]
    return Mount(BASE, app=ByPath([route for room in rooms for route in room]))
