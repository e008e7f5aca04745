"""Which role may do what; a refusal names the missing right and who can give it."""

from __future__ import annotations

from typing import Any, Literal

from cuprum.auth.actor import Actor
from cuprum.kit.errors import NoRight

# What one person noted is not for others to rewrite.
_PERSONAL = ("activity",)

Verb = Literal["create", "read", "update", "delete", "share", "undo", "manage"]


def may(actor: Actor, verb: Verb, entity: str, record: dict[str, Any] | None = None) -> None:
    """Raises NoRight unless the actor may. What they may not even see never comes this far (`records/visible.py`)."""
    if actor.is_admin:
        return
    match verb:
        case "update" if entity in _PERSONAL:
            _only_theirs(actor, verb, entity, record)
        case "create" | "read" | "update":
            return
        case "delete" | "share":
            _only_theirs(actor, verb, entity, record)
        case "undo":
            raise NoRight("You may undo only what you did yourself. Ask an admin to undo this.")
        case "manage":
            raise NoRight(f"You may not change {entity.replace('_', ' ')}: that is for admins. Ask an admin of the account.")


def _only_theirs(actor: Actor, verb: Verb, entity: str, record: dict[str, Any] | None) -> None:
    if record is None or not _is_theirs(actor, record):
        raise NoRight(
            f"You may not {verb} this {entity}: that is for its owner, whoever created it, or an admin. "
            f"Ask an admin, or become its owner."
        )


def _is_theirs(actor: Actor, record: dict[str, Any]) -> bool:
    owner = record.get("assignee_id", record.get("user_id"))
    return owner is None or actor.user_id in (owner, record.get("created_by"))
