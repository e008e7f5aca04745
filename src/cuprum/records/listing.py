"""The records of a list, those that the actor sees and that fit, in windows by key: the last is as near as the first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select

from cuprum.records.conditions import clause_of
from cuprum.records.criteria import Crowd
from cuprum.records.custom_order import custom_order, custom_orders
from cuprum.records.search import narrowed
from cuprum.records.sorting import Order, order_of
from cuprum.records.visible import seen_by, visible, visible_even_in_trash
from cuprum.records.where import Where
from cuprum.records.wire import objects, shape
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

Clause = ColumnElement[bool]


@dataclass(frozen=True)
class Window:
    """Some records in their order as wire objects; `first` counts from 1, and there are more `before` and `after` them or not."""

    records: list[dict[str, Any]]
    total: int
    first: int
    before: bool
    after: bool


@dataclass(frozen=True)
class _Position:
    """Where a record stands in an order: the values of the keys, and whether it is among those without a value."""

    values: tuple[Any, ...]
    is_empty: bool


class Listing:
    """`asked` are parameters of the wire, of which unknown ones are ignored; `ids` narrow it to these, `within` to what
    fits it. Raises Invalid."""

    def __init__(
        self, work: Work, entity: str, asked: Mapping[str, Any], where: Where | None = None, ids: Iterable[int] | None = None,
        within: ColumnElement[bool] | None = None,
    ) -> None:  # fmt: skip
        self.work, self.entity, self.records = work, entity, TABLES[entity]
        where = where or Where()
        custom = custom_orders(entity, work.vocabulary).get(asked.get("sort_by") or "")
        asked = {name: value for name, value in asked.items() if not (custom and name == "sort_by")}
        if where.mentions("converted_at"):
            asked = {"include_converted_leads": "true", **asked}
        clauses, sort_by, descending = narrowed(work, entity, asked)
        self.order: Order = custom_order(entity, custom, descending) if custom else order_of(work, entity, sort_by, descending)
        own = [visible(work.actor, entity), *([clause_of(work, entity, where)] if where else [])]
        if ids is not None:
            own.append(self.records.c.id.in_(list(ids)))
        if within is not None:
            own.append(within)
        # A crowd is found by walking in the order asked for; where nothing else narrows the list, it is counted from its own.
        self._where = own + [one.check if isinstance(one, Crowd) else one for one in clauses]
        alone = clauses[0] if len(clauses) == len(own) == 1 else None
        self._counted = [*own, alone.condition] if isinstance(alone, Crowd) else self._where

    @property
    def total(self) -> int:
        return self._count(self._counted)

    def window(self, size: int, *, after: int | None = None, before: int | None = None) -> Window:
        """Up to `size` records behind the one with the id `after`, or in front of `before`; from the first when it is gone."""
        total = self.total
        at = self._position(after if before is None else before) if after or before else None
        is_backward = at is not None and before is not None
        rows = self._rows(size + 1, at, is_backward) if total else []
        has_more, rows = len(rows) > size, rows[:size]
        if is_backward:
            rows.reverse()
        first = self._place_of(rows, total, at, is_backward)
        return Window(
            objects(self.work, self.entity, [row[: -len(self.order.keys)] for row in rows]), total, first,
            before=has_more if is_backward else at is not None and first > 1, after=is_backward or has_more,
        )  # fmt: skip

    def after(self, position: tuple[Any, ...] | None, size: int) -> tuple[list[dict[str, Any]], tuple[Any, ...] | None]:
        """The records that follow a position, and the position of the last of them: for whoever walks through all of them."""
        at = _Position(position, position[0] is None or (self.order.is_text and position[0] == "")) if position else None
        rows = self._rows(size, at, is_backward=False)
        keys = len(self.order.keys)
        return objects(self.work, self.entity, [row[:-keys] for row in rows]), tuple(rows[-1][-keys:]) if rows else None

    def ids_above(self, record_id: int, most: int) -> list[int]:
        """Of the next records by id, whatever the order."""
        found = select(self.records.c.id).where(*self._where, self.records.c.id > record_id)
        return list(self.work.execute(found.order_by(self.records.c.id).limit(most)).scalars())

    def _count(self, where: Sequence[Clause]) -> int:
        return self.work.execute(select(func.count()).select_from(self.records).where(*where)).scalar_one()

    def _position(self, record_id: int | None) -> _Position | None:
        # A record that was deleted since, or that does not fit any more, still has its place.
        found = select(*self.order.keys).where(
            self.records.c.id == record_id, visible_even_in_trash(self.work.actor, self.entity)
        )
        row = self.work.execute(found).one_or_none()
        return None if row is None else _Position(tuple(row), row[0] is None or (self.order.is_text and row[0] == ""))

    def _rows(self, most: int, at: _Position | None, is_backward: bool) -> list[Row[Any]]:
        """Part after part of the order: those with a value, and those without, each of which an index can be walked for."""
        rows: list[Row[Any]] = []
        parts = [(part, at) for part in self._parts()]
        if is_backward:
            parts.reverse()
        if at is not None:
            # Parts that lie on the near side of the position have been seen.
            own = next(place for place, (part, _) in enumerate(parts) if part[1] == at.is_empty)
            parts = [(part, at if place == own else None) for place, (part, _) in enumerate(parts) if place >= own]
        for (part, is_empty), begin in parts:
            if len(rows) < most:
                rows += self._part(part, is_empty, begin, is_backward, most - len(rows))
        return rows

    def _parts(self) -> list[tuple[list[Clause], bool]]:
        empty, filled = self.order.is_empty, self.order.is_filled
        return [([], False)] if empty is None or filled is None else [([filled], False), ([empty], True)]

    def _part(self, part: list[Clause], is_empty: bool, at: _Position | None, is_backward: bool, most: int) -> list[Row[Any]]:
        keys = self._keys(is_empty)
        descends = self.order.descending != is_backward
        where = [*self._where, *part, *([] if at is None else [self._beyond(at, is_empty, is_backward)])]
        order = [key.desc() if descends else key.asc() for key in keys]
        found = shape(self.work.actor, self.entity).statement.add_columns(*self.order.keys).where(*where).order_by(*order)
        return list(self.work.execute(found.limit(most), seen_by(self.work.actor)).all())

    def _keys(self, is_empty: bool) -> Sequence[ColumnElement[Any]]:
        return self.order.keys[-1:] if is_empty else self.order.keys

    def _beyond(self, at: _Position, is_empty: bool, is_backward: bool) -> Clause:
        keys = self._keys(is_empty)
        values = at.values[-len(keys) :]
        return _past(list(zip(keys, values, strict=True)), upward=self.order.descending == is_backward)

    def _place_of(self, rows: Sequence[Row[Any]], total: int, at: _Position | None, is_backward: bool) -> int:
        """The number of the first row among all: one more than there are before it."""
        if not rows:
            return 0
        if at is None:
            return 1
        values = tuple(rows[0][-len(self.order.keys) :])
        begin = _Position(values, values[0] is None or (self.order.is_text and values[0] == ""))
        empty, filled = self.order.is_empty, self.order.is_filled
        before = self._beyond(begin, begin.is_empty, is_backward=True)
        if empty is not None and filled is not None:
            before = or_(filled, and_(empty, before)) if begin.is_empty else and_(filled, before)
        return self._count([*self._where, before]) + 1


def _past(keys: list[tuple[ColumnElement[Any], Any]], *, upward: bool) -> Clause:
    """Beyond these values in the order of the keys; the outer bound is what an index is entered by."""
    if not keys:
        return false()
    (key, value), *rest = keys
    further = key > value if upward else key < value
    if not rest:
        return further
    bound = key >= value if upward else key <= value
    return and_(bound, or_(further, _past(rest, upward=upward)))
