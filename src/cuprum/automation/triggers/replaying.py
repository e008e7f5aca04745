"""Events of a time are told to a workflow once more: new runs, that say by their ids which replay they belong to."""

from __future__ import annotations

import secrets
from dataclasses import replace

from cuprum.automation.starting import Beginning, Starter
from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.hearing import concerns
from cuprum.automation.zone import zone_of_account
from cuprum.storage.database import Database

PAGE = 500


def replay(
    database: Database, starter: Starter, workflow_id: int, *, since: int, until: int, name: str | None = None
) -> list[str]:
    """Start a run for each event of these seconds (the server's, both included) that the ledger still has; returns their ids.

    What the workflow has not come to yet is left out: that comes by itself. A replay of the same name starts nothing twice.
    """
    name = name or secrets.token_hex(6)
    zone = database.read_now(zone_of_account)
    started: list[str] = []
    for one in database.read_now(bindings.of_workflow, workflow_id):
        started += _replayed(database, starter, replace(one, start_ms=None), name, zone, range(since, until + 1))
    return started


def _replayed(database: Database, starter: Starter, binding: Binding, name: str, zone: str, seconds: range) -> list[str]:
    started, place = [], 0
    while noted := database.read_now(ledger.after, binding.pair, place, binding.id, PAGE):
        place = noted[-1].seq
        heard = [one.event for one in noted if one.seq <= binding.place and one.event.at in seconds]
        for event in heard:
            if not concerns(binding, event, zone):
                continue
            assert binding.workflow_id is not None
            run_id = f"{binding.workflow_id}/{binding.name}/{event.event_id}/{name}"
            if starter.start_run(binding.workflow_id, Beginning({}, binding.name, event.as_json()), run_id):
                started.append(run_id)
    return started
