"""Every address under `/automation/v1`: what Cuprum offers beyond Copper's own API."""

from __future__ import annotations

from starlette.routing import Mount, Route

from cuprum.api import (
    changes,
    duplicates,
    grants,
    imports,
    notifications,
    pickers,
    replays,
    reports,
    runs,
    sharing,
    webhooks,
    workflows,
)
from cuprum.api.by_path import ByPath

BASE = "/automation/v1"
CHANGES = BASE + changes.PATH


def automation_api() -> Mount:
    rooms: list[list[Route]] = [
        reports.routes(),
        duplicates.routes(),
        changes.routes(),
        notifications.routes(),
        sharing.routes(),
        grants.routes(),
        webhooks.automation_routes(),
        workflows.routes(),
        pickers.routes(),
        runs.routes(),
        replays.routes(),
        imports.routes(),
    ]
    return Mount(BASE, app=ByPath([route for room in rooms for route in room]))
