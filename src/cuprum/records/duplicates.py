"""Records that may be one and the same: groups with their reasons and a score, without those that somebody told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, combinations
from typing import Any

from sqlalchemy import select

from cuprum.kit.errors import Invalid, Problem
from cuprum.records.duplicate_keys import MOST_ALIKE, Alike, alike
from cuprum.records.near_names import near
from cuprum.records.state import in_parts
from cuprum.records.stored import must_be_visible
from cuprum.records.visible import seen_by, visible
from cuprum.records.wire import objects, shape
from cuprum.records.work import Work
from cuprum.storage.account_tables import not_duplicate
from cuprum.storage.dialect import insert
from cuprum.storage.tables import TABLES

Pair = tuple[int, int]
# What a further reason adds; nobody is ever sure.
_FURTHER, _SUREST = 5, 99


def duplicates(work: Work, entity: str, limit: int, offset: int = 0) -> dict[str, Any]:
    """Groups, the surest first: `score`, `reasons`, `records` as the wire shows them; `total` says how many groups there are."""
    apart = _told_apart(work, entity)
    signs = [one for one in chain(alike(work, entity), near(work, entity)) if set(_pairs(one.ids)) - apart]
    groups = sorted(_joined(signs, apart), key=lambda group: (-_score(group[1]), group[0]))
    shown = groups[offset : offset + limit]
    records = _records(work, entity, {record_id for ids, _ in shown for record_id in ids})
    return {
        "groups": [
            {
                "score": _score(signs),
                "reasons": [{"reason": one.reason, "value": one.value, "ids": list(one.ids)} for one in signs],
                "records": [records[record_id] for record_id in ids if record_id in records],
            }
            for ids, signs in shown
        ],
        "total": len(groups),
    }


def tell_apart(work: Work, entity: str, ids: Sequence[int]) -> None:
    """Remember that these are as many records as they are ids; raises Invalid, NotFound."""
    if not 2 <= len(set(ids)) <= MOST_ALIKE:
        raise Invalid(Problem("ids", f"must name 2 to {MOST_ALIKE} records"))
    for record_id in ids:
        must_be_visible(work, entity, record_id)
    for one, other in _pairs(ids):
        row = {"entity": entity, "record_id": one, "other_id": other}
        if work.execute(insert(work.connection, not_duplicate).values(**row).on_conflict_do_nothing()).rowcount:
            work.group.record(not_duplicate.name, one, "new", {}, row)


def _pairs(ids: Iterable[int]) -> list[Pair]:
    return list(combinations(sorted(set(ids)), 2))


def _told_apart(work: Work, entity: str) -> set[Pair]:
    pairs = select(not_duplicate.c.record_id, not_duplicate.c.other_id).where(not_duplicate.c.entity == entity)
    return {(row[0], row[1]) for row in work.execute(pairs)}


def _joined(signs: Iterable[Alike], apart: set[Pair]) -> list[tuple[list[int], list[Alike]]]:
    """What hangs together by pairs that nobody told apart: the ids in order, and the signs among them."""
    signs = list(signs)
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for sign in signs:
        for one, other in _pairs(sign.ids):
            if (one, other) not in apart:
                parent[max(root(one), root(other))] = min(root(one), root(other))
    members: dict[int, set[int]] = {}
    of_group: dict[int, list[Alike]] = {}
    for sign in signs:
        linked = {one for pair in _pairs(sign.ids) if pair not in apart for one in pair}
        at = root(min(linked))
        members.setdefault(at, set()).update(linked)
        of_group.setdefault(at, []).append(sign)
    return [(sorted(members[at]), of_group[at]) for at in members]


def _score(signs: Sequence[Alike]) -> int:
    reasons = {one.reason: one.score for one in signs}
    return min(_SUREST, max(reasons.values()) + _FURTHER * (len(reasons) - 1))


def _records(work: Work, entity: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    records = TABLES[entity]
    found: dict[int, dict[str, Any]] = {}
    for some in in_parts(ids):
        statement = shape(work.actor, entity).statement.where(records.c.id.in_(some), visible(work.actor, entity))
        rows = work.execute(statement, seen_by(work.actor)).all()
        found |= {one["id"]: one for one in objects(work, entity, rows)}
    return found
