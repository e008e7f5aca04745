"""Watches every select that is made for a member, and notes those that go round the predicate of who may see what.

A select of records passes if each entity table in it is compared by `visible` (`records/visible.py`), where it stands or in
the join that brings it, or is marked `behind_the_scenes` because what it finds goes into no answer.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, FromClause, Join, Select, event
from sqlalchemy.pool import Pool
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ColumnClause
from sqlalchemy.sql.selectable import Exists, SelectState

from cuprum.records.work import Work
from cuprum.storage.prepared import Prepared
from cuprum.storage.tables import TABLES

_ASKING = "asking"
_ENTITIES = {id(table): name for name, table in TABLES.items()}


@contextmanager
def watching() -> Iterator[list[str]]:
    """The selects that went round the predicate, as SQL; empty when all is well."""
    found: list[str] = []

    def look(connection: Any, statement: Any, *_: Any) -> None:
        actor = connection.info.get(_ASKING)
        if actor is not None and not actor.is_admin and isinstance(statement, visitors.Visitable):
            for entity in unguarded(statement):
                found.append(f"{entity} for {actor.name}: {statement}")

    made, first = Work.__init__, Prepared.first

    @functools.wraps(made)
    def make(work: Work, *values: Any, **further: Any) -> None:
        made(work, *values, **further)
        work.connection.info[_ASKING] = work.actor

    def look_first(prepared: Prepared, connection: Any, values: Any) -> Any:
        if connection.dialect.name == "sqlite":
            # SQLAlchemy tells nobody of it.
            look(connection, prepared.statement)
        return first(prepared, connection, values)

    def forget(_: Any, record: Any) -> None:
        record.info.pop(_ASKING, None)

    event.listen(Engine, "before_execute", look)
    event.listen(Pool, "checkin", forget)
    Work.__init__, Prepared.first = make, look_first  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Work.__init__, Prepared.first = made, first  # type: ignore[method-assign]
        event.remove(Engine, "before_execute", look)
        event.remove(Pool, "checkin", forget)


def unguarded(element: Any, around: frozenset[int] = frozenset()) -> Iterator[str]:
    """The entities whose records a statement reads without the predicate; `around` are the tables of enclosing selects."""
    if isinstance(element, Select):
        if element.get_execution_options().get("behind_the_scenes"):
            return
        own = [table for table in _tables(element) if id(table) not in around]
        for table in own:
            entity = _entity(table)
            if entity is not None and not _is_guarded(element, table, entity) and not _is_joined_name(element, table, entity):
                yield entity
        around |= {id(table) for table in own}
    for child in element.get_children():
        # Most of a statement are columns and values, in which no select can be.
        if not isinstance(child, ColumnClause | BindParameter):
            yield from unguarded(child, around)


def _tables(select: Select[Any]) -> Iterator[FromClause]:
    for source in _froms(select):
        yield from _leaves(source)


def _froms(select: Select[Any]) -> list[FromClause]:
    # What `get_final_froms` answers. That compiles the whole statement first, which the tables are not asked from.
    return SelectState(select, None)._get_display_froms()  # type: ignore[arg-type]


def _leaves(source: FromClause) -> Iterator[FromClause]:
    if isinstance(source, Join):
        yield from _leaves(source.left)
        yield from _leaves(source.right)
    else:
        yield source


def _entity(table: FromClause) -> str | None:
    return _ENTITIES.get(id(getattr(table, "element", table)))


def _is_guarded(select: Select[Any], table: FromClause, entity: str) -> bool:
    """Whether the condition of the select asks who may see this table's rows, outside any `or` that would let others by."""
    return any(_asks(condition, table, entity) for condition in _all_of(select.whereclause))


def _all_of(condition: Any) -> Iterator[Any]:
    if getattr(condition, "operator", None) is operators.and_:
        for one in condition.clauses:
            yield from _all_of(one)
    elif getattr(condition, "element", None) is not None and type(condition).__name__ == "Grouping":
        yield from _all_of(condition.element)
    elif condition is not None:
        yield condition


def _asks(condition: Any, table: FromClause, entity: str) -> bool:
    """Whether a condition is the `or` that `visible` makes, with nothing else in it."""
    if getattr(condition, "operator", None) is not operators.or_:
        return False
    ways = [getattr(way, "element", way) if type(way).__name__ == "Grouping" else way for way in condition.clauses]
    if entity == "activity":
        return all(_compares(way, table, "parent_type") and _compares(way, table, "parent_id") for way in ways)
    everybody, owner, shared = ways if len(ways) == 3 else (None, None, None)
    return (
        everybody is not None
        and _compares(everybody, table, "visibility")
        and _compares(owner, table, "assignee_id")
        and _is_share(shared, table)
    )


def _is_share(condition: Any, table: FromClause) -> bool:
    """Whether a condition is that of a shared record: a share exists, and the record is not for its owner alone."""
    limit, share = [*_all_of(condition), None, None][:2]
    return limit is not None and _compares(limit, table, "visibility") and isinstance(share, Exists)


def _compares(condition: Any, table: FromClause, column: str) -> bool:
    wanted = table.c[column]
    return any(
        isinstance(one, BinaryExpression) and any(side is wanted for side in (one.left, one.right))
        for one in visitors.iterate(condition)
    )


def _is_joined_name(select: Select[Any], table: FromClause, entity: str) -> bool:
    """Joined from outside with the predicate beside the id: a link shows the name of what it leads to, if that is seen."""
    return any(
        isinstance(one, Join) and one.isouter and one.right is table
        and any(_asks(condition, table, entity) for condition in _all_of(one.onclause))
        for source in _froms(select)
        for one in visitors.iterate(source)
    )  # fmt: skip
