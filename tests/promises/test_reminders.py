"""A reminder of a task comes once, wherever servers are killed: restarted on SQLite, two beside each other on PostgreSQL."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from installation import Template
from live_server import LiveServer, live_server
from patience import PATIENCE_SECONDS, wait_until

TASKS = 12


def reminders(server: LiveServer) -> list[int]:
    with httpx2.Client(
        base_url=f"{server.url}/automation/v1", headers=server.headers, timeout=PATIENCE_SECONDS, trust_env=False
    ) as api:
        told = api.get("/notifications", params={"limit": 200}).raise_for_status().json()["notifications"]
    return [one["record_id"] for one in told if one["kind"] == "reminder"]


def until(server: LiveServer, many: int) -> list[int]:
    return wait_until(lambda: found if len(found := reminders(server)) >= many else None)


@pytest.mark.chaos
def test_reminders_come_once_wherever_a_server_is_killed(template: Template, tmp_path: Path) -> None:
    # Nodes in different homes share the key of the secrets by a setting.
    with live_server(template, tmp_path / "home", secret_key="a shared phrase") as first:
        servers = [first]
        if template.kind == "postgresql":
            environment = {**first.environment, "CUPRUM_HOME": str(tmp_path / "other"), "CUPRUM_NODE_NAME": "other"}
            servers.append(LiveServer(environment, first.headers, log=tmp_path / "other.log"))
        for server in servers:
            server.start()
        try:
            expected, moved = _tasks(first)
            until(servers[-1], 1)
            first.kill()
            first.start()
            # The one that was moved comes at its new time, which may have passed while no server ran.
            assert sorted(until(first, len(expected) + 1)) == sorted([*expected, moved])
        finally:
            for server in servers[1:]:
                server.kill()


def _tasks(server: LiveServer) -> tuple[list[int], int]:
    """Tasks to be reminded of within seconds; two more are done or deleted before, and one is put off a little."""
    with server.client() as crm:
        owner = crm.get("/users/me").raise_for_status().json()["id"]
        soon = int(time.time()) + 2

        def task(**further: Any) -> int:
            body = {"name": "Ring", "assignee_id": owner, "reminder_date": soon, **further}
            return crm.post("/tasks", json=body).raise_for_status().json()["id"]

        moved, done, deleted = task(reminder_date=soon + 60), task(reminder_date=soon + 60), task(reminder_date=soon + 60)
        task(reminder_date=int(time.time()) - 30 * 86_400)
        expected = [task() for _ in range(TASKS)]
        crm.put(f"/tasks/{done}", json={"status": "Completed", "reminder_date": soon}).raise_for_status()
        crm.put(f"/tasks/{deleted}", json={"assignee_id": None, "reminder_date": soon}).raise_for_status()
        crm.put(f"/tasks/{moved}", json={"reminder_date": soon + 12}).raise_for_status()
        crm.delete(f"/tasks/{deleted}").raise_for_status()
    return expected, moved
