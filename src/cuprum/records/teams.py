"""Teams, with whom records are shared: made, renamed, filled and deleted by admins, each change logged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select, update

from cuprum.auth.may import may
from cuprum.entities import ENTITIES
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.kit.text import fold
from cuprum.records.people_of_account import line_problems
from cuprum.records.visible import TEAMS, visible
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.work import Work
from cuprum.storage.account_tables import record_share, team, team_member
from cuprum.storage.rows import inserted_id
from cuprum.storage.tables import TABLES


def create_team(work: Work, name: str, user_ids: Iterable[int]) -> int:
    """Returns the id; raises Invalid with every problem."""
    may(work.actor, "manage", "teams")
    with vocabulary_change(work):
        wanted = _checked(work, None, name, user_ids)
        values = {"name": name.strip()}
        team_id = inserted_id(work.connection, team, values)
        work.group.record(team.name, team_id, "new", {}, values)
        _set_members(work, team_id, set(), wanted)
    return team_id


def change_team(work: Work, team_id: int, name: str, user_ids: Iterable[int]) -> None:
    """Its name, and who is on it from now on; raises NotFound, and Invalid with every problem."""
    may(work.actor, "manage", "teams")
    with vocabulary_change(work):
        before, members = living_team(work, team_id), members_of(work, team_id)
        wanted = _checked(work, team_id, name, user_ids)
        if before["name"] != name.strip():
            work.execute(update(team).where(team.c.id == team_id).values(name=name.strip()))
            work.group.record(team.name, team_id, "update", {"name": before["name"]}, {"name": name.strip()})
        _set_members(work, team_id, members, wanted)


def delete_team(work: Work, team_id: int) -> None:
    """What is shared with it stays so, and nobody sees it by that until an undo brings the team back; raises NotFound."""
    may(work.actor, "manage", "teams")
    with vocabulary_change(work):
        living_team(work, team_id)
        work.execute(update(team).where(team.c.id == team_id).values(archived_at=work.now))
        work.group.record(team.name, team_id, "delete", {"archived_at": None}, {"archived_at": work.now})


def living_team(work: Work, team_id: int) -> dict[str, Any]:
    found = next((one for one in work.vocabulary.living("team") if one["id"] == team_id), None)
    if found is None:
        raise NotFound("There is no such team")
    return dict(found)


def members_of(work: Work, team_id: int) -> set[int]:
    return {user_id for user_id, teams in work.vocabulary.teams_of.items() if team_id in teams}


def shared_with_team(work: Work, team_id: int) -> tuple[dict[str, int], dict[str, int]]:
    """How many records of each kind are shared with a team, and how many of them with no other; as far as the actor sees them."""
    every: dict[str, int] = {}
    alone: dict[str, int] = {}
    others = [f"t{one['id']}" for one in work.vocabulary.living("team") if one["id"] != team_id]
    for entity, record in ENTITIES.items():
        if "assignee_id" in record.model_fields:
            shared = and_(TABLES[entity].c.visibility == TEAMS, _is_shared(entity, [f"t{team_id}"]), visible(work.actor, entity))
            every[entity] = _count(work, entity, shared)
            alone[entity] = _count(work, entity, and_(shared, ~_is_shared(entity, others))) if every[entity] else 0
    return every, alone


def _count(work: Work, entity: str, where: ColumnElement[bool]) -> int:
    return int(work.execute(select(func.count()).select_from(TABLES[entity]).where(where)).scalar_one())


def _is_shared(entity: str, grantees: list[str]) -> ColumnElement[bool]:
    return exists(
        select(record_share.c.record_id).where(
            record_share.c.entity == entity,
            record_share.c.record_id == TABLES[entity].c.id,
            record_share.c.grantee.in_(grantees),
        )
    )


def _checked(work: Work, team_id: int | None, name: str, user_ids: Iterable[int]) -> set[int]:
    problems, wanted, users = line_problems("name", name), set(user_ids), work.vocabulary.words["user"]
    if any(fold(one["name"]) == fold(name) and one["id"] != team_id for one in work.vocabulary.living("team")):
        problems.append(Problem("name", "has already been taken", "taken"))
    if wanted - users.keys():
        problems.append(Problem("user_ids", "must be users of this account"))
    if problems:
        raise Invalid(*problems)
    return wanted


def _set_members(work: Work, team_id: int, present: set[int], wanted: set[int]) -> None:
    for user_id in sorted(wanted - present):
        row = {"team_id": team_id, "user_id": user_id}
        work.execute(insert(team_member).values(row))
        work.group.record(team_member.name, team_id, "new", {}, row)
    for user_id in sorted(present - wanted):
        row = {"team_id": team_id, "user_id": user_id}
        work.execute(delete(team_member).where(team_member.c.team_id == team_id, team_member.c.user_id == user_id))
        work.group.record(team_member.name, team_id, "delete", row, {})
