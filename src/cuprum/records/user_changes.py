"""What an admin changes of a user: the role, whether they may come in, and whose their records are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select, update

from cuprum.auth.actor import ROLES
from cuprum.auth.may import may
from cuprum.auth.sessions import end_sessions
from cuprum.entities import ENTITIES, fields
from cuprum.kit.errors import CuprumError, Forbidden, Invalid, NotFound, Problem, Refused
from cuprum.kit.pace import Pace
from cuprum.records import write
from cuprum.records.people_of_account import disable_user, refuse_last_owner
from cuprum.records.visible import present
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.work import Work
from cuprum.storage.account_tables import user
from cuprum.storage.tables import TABLES

_AT_ONCE = 50


def existing(work: Work, user_id: int) -> Mapping[str, Any]:
    """Raises NotFound."""
    found = work.vocabulary.words["user"].get(user_id)
    if found is None:
        raise NotFound("There is no such user")
    return found


def only_owners_touch_owners(work: Work, role: str | None) -> None:
    """Raises Forbidden for an admin who would make an owner, or change one."""
    if role == "owner" and work.actor.role != "owner":
        raise Forbidden("Only an owner can make somebody an owner, or change one. Ask an owner of the account.")


def role_problems(role: str) -> list[Problem]:
    return [] if role in ROLES else [Problem("role", f"must be one of {', '.join(ROLES)}", "inclusion")]


def change_role(work: Work, user_id: int, role: str) -> None:
    """Raises Refused when it would leave the account without an owner."""
    may(work.actor, "manage", "users")
    if problems := role_problems(role):
        raise Invalid(*problems)
    with vocabulary_change(work):
        found = existing(work, user_id)
        only_owners_touch_owners(work, role)
        only_owners_touch_owners(work, found["role"])
        if found["role"] == role:
            return
        refuse_last_owner(work.connection, user_id)
        work.execute(update(user).where(user.c.id == user_id).values(role=role))
        work.group.record("user", user_id, "update", {"role": found["role"]}, {"role": role})


def deactivate(work: Work, user_id: int) -> None:
    """Let a user in no longer; their sessions end. Raises Refused for the last owner."""
    may(work.actor, "manage", "users")
    with vocabulary_change(work):
        found = existing(work, user_id)
        only_owners_touch_owners(work, found["role"])
        disable_user(work.connection, email=found["email"], group=work.group)
    end_sessions(work.connection, user_id)


def deactivate_part(work: Work, place: dict[str, Any], user_id: int, heir: int | None) -> bool:
    """Let a user in no longer, after their records went to an heir if there is one; True when all is done."""
    may(work.actor, "manage", "users")
    # What cannot be done at the end is not begun.
    only_owners_touch_owners(work, existing(work, user_id)["role"])
    refuse_last_owner(work.connection, user_id)
    if heir and not hand_over_part(work, place, user_id, heir):
        return False
    deactivate(work, user_id)
    return True


def reactivate(work: Work, user_id: int) -> None:
    """Let a user in again, with the password and the keys that they had."""
    may(work.actor, "manage", "users")
    with vocabulary_change(work):
        found = existing(work, user_id)
        only_owners_touch_owners(work, found["role"])
        if found["disabled_at"] is None:
            raise Refused(f"{found['name']} is not deactivated.")
        work.execute(update(user).where(user.c.id == user_id).values(disabled_at=None))
        work.group.record("user", user_id, "update", {"disabled_at": found["disabled_at"]}, {"disabled_at": None})


def owned_by(work: Work, user_id: int) -> dict[str, int]:
    """How many records of each kind are theirs, as far as the actor may see them."""
    counts = {}
    for entity in _owned():
        records = TABLES[entity]
        counted = select(func.count()).where(records.c.assignee_id == user_id, present(work.actor, entity))
        counts[entity] = int(work.execute(counted).scalar_one())
    return counts


def hand_over_part(work: Work, place: dict[str, Any], from_id: int, to_id: int) -> bool:
    """Give as many records to another owner as fit in one short transaction; True when all are.

    `place` says where it goes on, and under `left` how many a rule held back. Raises Invalid for a new owner who is none.
    """
    may(work.actor, "manage", "users")
    found, heir = existing(work, from_id), work.vocabulary.words["user"].get(to_id)
    only_owners_touch_owners(work, found["role"])
    if heir is None or heir["disabled_at"] is not None or to_id == from_id:
        raise Invalid(Problem("to", "must be another active user", "inclusion"))
    pace = Pace()
    for entity, record_id in _theirs(work, from_id, place):
        try:
            with work.group.attempt():
                write.change(work, entity, record_id, {"assignee_id": to_id})
        except CuprumError:
            # A record that breaks a rule of today is not worth keeping the others from their new owner.
            place["left"] = place.get("left", 0) + 1
        place |= {"entity": entity, "after": record_id}
        pace.did()
        if pace.is_over:
            return False
    return True


def _theirs(work: Work, user_id: int, place: dict[str, Any]) -> Iterator[tuple[str, int]]:
    entities = _owned()
    for entity in entities[entities.index(place["entity"]) if "entity" in place else 0 :]:
        records = TABLES[entity]
        after = place["after"] if place.get("entity") == entity else 0
        while True:
            page = select(records.c.id).where(
                records.c.assignee_id == user_id, records.c.id > after, present(work.actor, entity)
            )  # fmt: skip
            ids = work.execute(page.order_by(records.c.id).limit(_AT_ONCE)).scalars().all()
            for after in ids:
                yield entity, after
            if len(ids) < _AT_ONCE:
                break


def _owned() -> list[str]:
    return [entity for entity, record in ENTITIES.items() if any(one.name == "assignee_id" for one in fields(record))]
