"""Merge: several people, companies or leads become one, and all that belonged to the others is its own from then on.

The others go to the trash as deletions go, so that undo brings them back with what was theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, Field
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.interactions import count_interactions
from cuprum.records.links_between import pointing_at
from cuprum.records.merged_values import merged
from cuprum.records.related import End, remove_relation, store_relation
from cuprum.records.state import State
from cuprum.records.stored import stored
from cuprum.records.trash import discard, part_from, points_at
from cuprum.records.visible import visible, visible_even_in_trash
from cuprum.records.work import Work
from cuprum.records.write import apply
from cuprum.storage.account_tables import follow, merged_into, relation
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.rows import to_columns
from cuprum.storage.tables import TABLES

MERGEABLE = ("person", "company", "lead")
MOST_AT_ONCE = 20
_LONGEST_LABEL = 300


@dataclass(frozen=True)
class Wish:
    """Which records become which one; `chosen` as `merged_values.merged` takes it."""

    entity: str
    winner_id: int
    loser_ids: Sequence[int]
    chosen: Mapping[str, int]


def preview(work: Work, wish: Wish) -> dict[str, Any]:
    """What a merge would do: `values` of the record by wire name, and how much would move to it by entity (`moves`), in so far
    as the actor may see it. Raises what `merge_part` raises."""
    records = _records(work, wish)
    values = merged(work, wish.entity, records, wish.chosen)
    return {"records": records, "values": values, "moves": belongings(work, wish.entity, wish.loser_ids)}


def label_of(work: Work, wish: Wish) -> str:
    """Which records become which one, by their names. Raises what `merge_part` raises."""
    winner, *losers = (one["name"] or f"{wish.entity} {one['id']}" for one in _records(work, wish))
    return f"{', '.join(losers)} merged into {winner}"[:_LONGEST_LABEL]


def merge_part(work: Work, place: dict[str, Any], **asked: Any) -> bool:
    """Let as much as fits in one short transaction move to the one that `asked`, a `Wish`, names, and after the last of it merge;
    then True. `place["moved"]` tells how many records of each entity moved.

    Raises NotFound, and Forbidden unless the actor may change the one and delete the others.
    """
    wish = Wish(**asked)
    records = _records(work, wish)
    entity, winner = wish.entity, records[0]
    values = merged(work, entity, records, wish.chosen)
    moved: dict[str, int] = place.setdefault("moved", {})

    def move(other: str, field: Field, some: dict[int, State]) -> None:
        _move(work, wish, other, field, some)
        moved[other] = moved.get(other, 0) + len(some)

    if not part_from(work, entity, wish.loser_ids, move):
        return False
    _move_relations(work, wish)
    _move_followers(work, wish)
    # Their unique values are free once they are in the trash.
    discard(work, entity, wish.loser_ids)
    for loser_id in wish.loser_ids:
        row = {"entity": entity, "record_id": loser_id, "into_id": wish.winner_id}
        # One that was merged before and taken out of the trash by itself has a row still.
        work.execute(delete(merged_into).where(merged_into.c.entity == entity, merged_into.c.record_id == loser_id))
        work.execute(insert(merged_into).values(**row))
        work.group.record(merged_into.name, loser_id, "new", {}, row)
    changed = {name: value for name, value in values.items() if value != winner[name]}
    apply(work, ENTITIES[entity], winner, changed, kind="merge")
    count_interactions(work, entity, wish.winner_id)
    return True


def went_to(work: Work, entity: str, record_id: int) -> int | None:
    """The living record that a merged one is part of now, if the actor may see it."""
    seen = {record_id}
    while True:
        into = select(merged_into.c.into_id).where(merged_into.c.entity == entity, merged_into.c.record_id == record_id)
        following = work.execute(into).scalar()
        if following is None or following in seen:
            break
        record_id = following
        seen.add(record_id)
    records = TABLES[entity]
    found = select(records.c.id).where(records.c.id == record_id, visible(work.actor, entity))
    return work.execute(found).scalar() if len(seen) > 1 else None


@dataclass(frozen=True)
class Merged:
    """One that became part of another: when, and in which group of changes, by whose undo it is taken out again."""

    id: int
    name: str
    at: int
    group: str


def merged_from(work: Work, entity: str, record_id: int) -> list[Merged]:
    """Those that became part of a record, the latest first, as far as the actor might have seen them."""
    records = TABLES[entity]
    # First, and by itself: asked all at once, SQLite looks through every change there is.
    of_it = select(merged_into.c.record_id).where(merged_into.c.entity == entity, merged_into.c.into_id == record_id)
    ids = work.execute(of_it).scalars().all()
    if not ids:
        return []
    parts = (
        select(records.c.id, records.c.name, change_group.c.at, change.c.group_id)
        .join_from(records, change, and_(change.c.entity == entity, change.c.record_id == records.c.id))
        .join(change_group, change_group.c.id == change.c.group_id)
        .where(records.c.id.in_(ids), change.c.kind == "delete", change_group.c.undone_by.is_(None))
        .where(records.c.deleted_at.is_not(None), visible_even_in_trash(work.actor, entity))
        .order_by(change.c.seq.desc())
        .limit(MOST_AT_ONCE)
    )
    found: dict[int, Merged] = {}
    for row in work.execute(parts):
        # The last deletion is that of the merge.
        found.setdefault(row.id, Merged(row.id, row.name or "", row.at, row.group_id))
    return list(found.values())


def _records(work: Work, wish: Wish) -> list[dict[str, Any]]:
    """The values of all of them, the winner's first, locked in the order of their ids."""
    found = {record_id: stored(work, wish.entity, record_id) for record_id in sorted({wish.winner_id, *wish.loser_ids})}
    may(work.actor, "update", wish.entity, found[wish.winner_id])
    for loser_id in wish.loser_ids:
        may(work.actor, "delete", wish.entity, found[loser_id])
    for name, record_id in wish.chosen.items():
        if record_id not in found:
            raise Invalid(Problem(name, f"{record_id} is none of the records that are merged"))
    return [found[wish.winner_id], *(found[loser_id] for loser_id in wish.loser_ids)]


def belongings(work: Work, entity: str, ids: Sequence[int]) -> dict[str, int]:
    """How much belongs to these records, by entity, of what the actor may see: it moves where they are merged away."""
    moves: Counter[str] = Counter()
    for other, field in pointing_at(entity):
        records = TABLES[other]
        pointing = points_at(field, records, entity, list(ids))
        seen = select(func.count()).select_from(records).where(pointing, visible(work.actor, other))
        moves[other] += work.execute(seen).scalar_one()
    moves["relation"] = len({frozenset((end, other)) for end, other in _relations(work, entity, ids)})
    return {name: count for name, count in moves.items() if count}


def _move(work: Work, wish: Wish, other: str, field: Field, some: dict[int, State]) -> None:
    """What names a loser names the winner, also where the actor may not see it."""
    records = TABLES[other]
    is_link = not isinstance(next(iter(some.values())).values[field.name], dict)
    now = wish.winner_id if is_link else {"id": wish.winner_id, "type": wish.entity}
    columns = to_columns(ENTITIES[other], {field.name: now, "date_modified": work.now})
    moving = update(records).where(records.c.id.in_(some))
    work.execute(moving.values(**columns, version=records.c.version + 1))
    for one in some.values():
        work.group.record(other, one.id, "update", {field.name: one.values[field.name]}, {field.name: now})


def _relations(work: Work, entity: str, ids: Sequence[int]) -> list[tuple[End, End]]:
    """The relations of these records, their own end first."""
    found: list[tuple[End, End]] = []
    either = or_(
        and_(relation.c.entity == entity, relation.c.record_id.in_(ids)),
        and_(relation.c.other_entity == entity, relation.c.other_id.in_(ids)),
    )
    for row in work.execute(select(relation).where(either)):
        ends = (row.entity, row.record_id), (row.other_entity, row.other_id)
        found.append(ends if ends[0][0] == entity and ends[0][1] in ids else ends[::-1])
    return found


def _move_relations(work: Work, wish: Wish) -> None:
    winner = (wish.entity, wish.winner_id)
    losers = {(wish.entity, loser_id) for loser_id in wish.loser_ids}
    for end, other in _relations(work, wish.entity, wish.loser_ids):
        remove_relation(work, end, other)
        if other not in losers and other != winner:
            store_relation(work, winner, other)


def _move_followers(work: Work, wish: Wish) -> None:
    of_entity = select(follow.c.user_id).where(follow.c.entity == wish.entity)
    already = set(work.execute(of_entity.where(follow.c.record_id == wish.winner_id)).scalars())
    theirs = set(work.execute(of_entity.where(follow.c.record_id.in_(list(wish.loser_ids)))).scalars())
    for user_id in sorted(theirs - already):
        row = {"entity": wish.entity, "user_id": user_id, "record_id": wish.winner_id}
        work.execute(insert(follow).values(**row))
        work.group.record(follow.name, wish.winner_id, "new", {}, row)
