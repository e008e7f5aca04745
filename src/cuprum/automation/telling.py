"""Tells whoever looks after automations that a run has stopped, or that a connection waits for a new key."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, select

from cuprum.auth.actor import ADMINS
from cuprum.automation import history
from cuprum.kit.uuid7 import uuid7
from cuprum.records.inbox import CONNECTION, RUN, not_needed, tell_more
from cuprum.storage.account_tables import user
from cuprum.storage.automation_tables import workflow
from cuprum.storage.connection_tables import NEEDS_REAUTHORISATION, OK
from cuprum.storage.connection_tables import connection as connections

LONGEST_REASON = 200
_STOPPED = {history.FAILED: "failed", history.PARKED: "is parked"}


def tell_of_run(connection: Connection, run: Any, ended: dict[str, Any]) -> None:
    """Tell the owner of the workflow, or its admins where that is nobody who could help, that a run of it has stopped.

    As long as it is not read, the next that stops the same way is counted with it. A run of no kept workflow has somebody
    who waits for it.
    """
    stopped = _STOPPED.get(ended["state"])
    if stopped is None or run.workflow_id is None:
        return
    owner = connection.execute(select(workflow.c.user_id).where(workflow.c.id == run.workflow_id)).scalar()
    reason = str((ended.get("error") or {}).get("message") or "it cannot go on").replace("\n", " ")
    words = f"The automation {run.name} {stopped}: {reason[:LONGEST_REASON]}{'…' if len(reason) > LONGEST_REASON else ''}"
    for user_id in _who_can_help(connection, owner):
        tell_more(
            connection, RUN, f"{run.workflow_id}/{ended['state']}/{user_id}", f"{run.id} {run.attempt}", user_id,
            at=int(time.time()), words=words, path=f"/automations/runs/{quote(run.id)}",
            path_of_several=f"/automations/runs?workflow={run.workflow_id}&state={ended['state']}",
        )  # fmt: skip


def told_of_state(connection: Connection, name: str, state: str) -> None:
    """Tell the admins that the credentials of a connection are no longer accepted; nobody need read it any more once they are."""
    stem, now = connection.execute(select(connections.c.id).where(connections.c.name == name)).scalar(), int(time.time())
    words = f"The connection {name} needs a new key: what goes through it waits, and goes on by itself once it has one"
    for user_id in _admins(connection):
        key = f"{stem}/{user_id}"
        if state == NEEDS_REAUTHORISATION:
            tell_more(connection, CONNECTION, key, uuid7(), user_id, at=now, words=words, path="/settings/connections")
        elif state == OK:
            not_needed(connection, CONNECTION, key, user_id)


def _who_can_help(connection: Connection, owner: int | None) -> list[int]:
    """Automations are for admins."""
    admins = _admins(connection)
    return [owner] if owner in admins else admins


def _admins(connection: Connection) -> list[int]:
    living = select(user.c.id).where(user.c.role.in_(ADMINS), user.c.disabled_at.is_(None)).order_by(user.c.id)
    return list(connection.execute(living).scalars())
