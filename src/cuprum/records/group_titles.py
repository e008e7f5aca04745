"""What a group of changes is called by people: its label, or where that is the request of a program, what it did."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, select

from cuprum.entities import ENTITIES
from cuprum.records.naming import names_of
from cuprum.records.work import Work
from cuprum.storage.event_tables import change, change_group

_REQUEST = re.compile(r"(?P<undo>Undo of )*(?:POST|PUT|PATCH|DELETE) /")
# By the kinds in the log: what comes first is what a group is about, the others came along.
DONE = {
    "merge": "merged", "convert": "converted", "delete": "deleted", "new": "created", "restore": "brought back",
    "share": "shared anew", "update": "changed",
}  # fmt: skip


def titles(work: Work, labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of groups with their labels, by id. Records are named where the actor may see them."""
    found = dict(labels)
    requests = {group: match for group, label in found.items() if (match := _REQUEST.match(label))}
    undoings = [group for group, match in requests.items() if match["undo"]]
    undone = _undone_by(work, undoings) if undoings else {}
    said = _said(work, {undone.get(group, group) for group in requests}) if requests else {}
    for group in requests:
        if (words := said.get(undone.get(group, group))) is not None:
            found[group] = f"Undo of {words}" if group in undone else words
    return found


def _undone_by(work: Work, groups: Iterable[str]) -> dict[str, str]:
    """What each of them took back."""
    found = select(change_group.c.undone_by, change_group.c.id).where(change_group.c.undone_by.in_(list(groups)))
    return {row.undone_by: row.id for row in work.execute(found)}


def _said(work: Work, groups: Iterable[str]) -> dict[str, str]:
    of_what, records = (change.c.group_id, change.c.kind, change.c.entity), change.c.record_id
    counted = select(*of_what, func.count(records.distinct()).label("number"), func.min(records).label("one"))
    rows = work.execute(counted.where(change.c.group_id.in_(list(groups))).group_by(*of_what)).all()
    firsts: dict[str, Row[Any]] = {}
    for row in sorted(rows, key=_rank):
        firsts.setdefault(row.group_id, row)
    names = names_of(work, {(row.entity, row.one) for row in firsts.values() if row.number == 1})
    return {
        group: f"{_what(row, names.get((row.entity, row.one)))} {DONE.get(row.kind, 'changed')}" for group, row in firsts.items()
    }


def _rank(row: Row[Any]) -> tuple[int, int, str]:
    kinds = list(DONE)
    return (kinds.index(row.kind) if row.kind in kinds else len(kinds), -row.number, row.entity)


def _what(row: Row[Any], name: str | None) -> str:
    word = row.entity.replace("_", " ")
    if row.number > 1:
        return f"{row.number} {ENTITIES[row.entity].plural if row.entity in ENTITIES else word + 's'}"
    return name or f"{'An' if word[0] in 'aeiou' else 'A'} {word}"
