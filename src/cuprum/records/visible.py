"""Which records an actor may see: a predicate that every statement over records goes through."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, false, or_, select, true
from sqlalchemy.sql.base import Executable

from cuprum.auth.actor import Actor
from cuprum.entities import ENTITIES
from cuprum.storage.account_tables import record_share
from cuprum.storage.dialect import Among, TextList
from cuprum.storage.tables import TABLES

# As the wire names them; the place is what the column holds.
VISIBILITIES = ("everyone", "teams", "individuals", "only_me")
EVERYONE, TEAMS, INDIVIDUALS, ONLY_ME = range(4)

E = TypeVar("E", bound=Executable)


def seen_by(actor: Actor) -> dict[str, object]:
    """The parameters of the predicate, for a statement that was built once for everybody."""
    return {} if actor.is_admin else {"actor_id": actor.user_id, "actor_grantees": actor.grantees}


def visible(actor: Actor, entity: str, records: FromClause | None = None) -> ColumnElement[bool]:
    """True for the living records of `entity` that the actor may see. `records` may be an alias of its table."""
    return _visible(actor, entity) if records is None else _living_and_seen(actor, entity, records)


@lru_cache(maxsize=1_000)
def _visible(actor: Actor, entity: str) -> ColumnElement[bool]:
    # Every search needs it, and building it takes as long as fetching the page.
    return _living_and_seen(actor, entity, TABLES[entity])


def _living_and_seen(actor: Actor, entity: str, records: FromClause) -> ColumnElement[bool]:
    return and_(records.c.deleted_at.is_(None), _seen(actor, entity, records, living=True))


def present(actor: Actor, entity: str) -> ColumnElement[bool]:
    """`visible`, and not a lead that was converted: only a search that asks for those finds them (`part1.md §10.5`)."""
    records = TABLES[entity]
    still = records.c.converted_at.is_(None) if "converted_at" in records.c else true()
    return and_(visible(actor, entity), still)


def visible_even_in_trash(actor: Actor, entity: str, records: FromClause | None = None) -> ColumnElement[bool]:
    """True for the records that the actor may see, or might see if they were not in the trash."""
    return _seen(actor, entity, TABLES[entity] if records is None else records, living=False)


def behind_the_scenes(statement: E, reason: str) -> E:
    """Marks a statement that reads records whoever may see them, because what it finds goes into no answer.

    A test refuses every other select of records that carries no predicate.
    """
    return statement.execution_options(behind_the_scenes=reason)


def _seen(actor: Actor, entity: str, records: FromClause, *, living: bool) -> ColumnElement[bool]:
    if actor.is_admin:
        return true()
    if entity == "activity":
        return _parent_is_seen(actor, records, living=living)
    shared = (
        select(record_share.c.record_id)
        .where(record_share.c.entity == entity, record_share.c.record_id == records.c.id)
        .where(Among(record_share.c.grantee, bindparam("actor_grantees", actor.grantees, TextList)))
    )
    return or_(
        records.c.visibility == EVERYONE,
        records.c.assignee_id == bindparam("actor_id", actor.user_id),
        # What is for its owner alone is shared with nobody: counting need not look for each.
        and_(records.c.visibility != ONLY_ME, exists(shared)),
    )


def _parent_is_seen(actor: Actor, activities: FromClause, *, living: bool) -> ColumnElement[bool]:
    # An activity is as private as the record that it happened with.
    branches = []
    for entity in ENTITIES:
        if entity != "activity":
            parent = TABLES[entity].alias()
            predicate = visible if living else visible_even_in_trash
            seen = select(parent.c.id).where(parent.c.id == activities.c.parent_id, predicate(actor, entity, parent))
            branches.append(and_(activities.c.parent_type == entity, exists(seen)))
    return or_(false(), *branches)
