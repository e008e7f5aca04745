"""Which records of the sample data stay when it is removed: what somebody works with by now, and what hangs together with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from cuprum.entities import ENTITIES
from cuprum.records.links_between import pointers, pointing_at, target
from cuprum.records.logged import ADDS_OR_ENDS, entries_in_force, entry, is_edit
from cuprum.records.state import in_parts, states_of
from cuprum.records.trash import points_at
from cuprum.records.visible import behind_the_scenes
from cuprum.records.work import Work
from cuprum.storage.account_tables import account, relation
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.lookup_tables import custom_key
from cuprum.storage.tables import TABLES

End = tuple[str, int]

EDITED = "was changed since, and stays"
LINKED = "has something of yours linked to it, and stays"
BELONGS = "belongs to something that stays"
IN_USE = "is in use, and stays"


def sample_group(work: Work) -> str | None:
    """The group of changes that loaded the sample data, as long as it is here."""
    statement = select(change_group.c.id).join(account, account.c.sample_group == change_group.c.id)
    found: str | None = work.execute(statement.where(change_group.c.undone_by.is_(None))).scalar()
    return found


def is_sample(work: Work, group_id: str) -> bool:
    return work.execute(select(account.c.sample_group)).scalar() == group_id


def members(work: Work, group_id: str) -> set[End]:
    """Every record that came with it."""
    made = select(change.c.entity, change.c.record_id).where(change.c.group_id == group_id, change.c.kind == "new")
    return {(row.entity, row.record_id) for row in work.execute(made) if row.entity in ENTITIES}


def staying(work: Work, group_id: str) -> dict[End, str]:
    """Those that stay, each with the reason."""
    ours = members(work, group_id)
    by_entity = {entity: [record_id for kind, record_id in ours if kind == entity] for entity in ENTITIES}
    stays = dict.fromkeys(_linked(work, ours, by_entity), LINKED) | dict.fromkeys(_edited(work, group_id, by_entity), EDITED)
    further = set(stays)
    while further:
        further = {end for end in _points_to(work, further) if end in ours and end not in stays}
        stays |= dict.fromkeys(further, BELONGS)
    return stays


def _edited(work: Work, group_id: str, by_entity: Mapping[str, list[int]]) -> Iterable[End]:
    for entity, ids in by_entity.items():
        for some in in_parts(ids):
            # All of them at once: after an undo of a removal, each of them has changed since.
            of_records = change.c.entity == entity, change.c.record_id.in_(some), change.c.kind.not_in(ADDS_OR_ENDS)
            for row in work.execute(entries_in_force(work, group_id).where(*of_records)):
                if is_edit(entry(row)):
                    yield entity, row.record_id


def _linked(work: Work, ours: set[End], by_entity: Mapping[str, list[int]]) -> Iterable[End]:
    """What a record of somebody's own points at, or is related to."""
    for entity, ids in by_entity.items():
        for other, field in pointing_at(entity):
            records = TABLES[other]
            for some in in_parts(ids):
                statement = select(records).where(points_at(field, records, entity, some), records.c.deleted_at.is_(None))
                column = records.c[f"{field.name}_id"] if f"{field.name}_id" in records.c else records.c[field.name]
                found = work.execute(behind_the_scenes(statement.with_only_columns(records.c.id, column), "what stays"))
                yield from ((entity, pointed) for record_id, pointed in found if (other, record_id) not in ours)
    for row in work.execute(select(relation)):
        ends = [(row.entity, row.record_id), (row.other_entity, row.other_id)]
        if (ends[0] in ours) != (ends[1] in ours):
            yield ends[0] if ends[0] in ours else ends[1]


def _points_to(work: Work, ends: set[End]) -> Iterable[End]:
    for entity in {entity for entity, _ in ends}:
        found = states_of(work, entity, [record_id for kind, record_id in ends if kind == entity], lock=False)
        for state in found.values():
            for field in pointers(entity):
                if (pointed := target(field, state.values.get(field.name))) is not None:
                    yield pointed


def is_in_use(work: Work, table: str, word_id: int) -> bool:
    """Whether a living record has this pipeline, stage or custom field."""
    if table == "custom_field_definition":
        return (
            work.execute(select(custom_key.c.record_id).where(custom_key.c.definition_id == word_id).limit(1)).first() is not None
        )
    name: Any = f"{table}_id"
    for records in TABLES.values():
        if name in records.c:
            using = select(records.c.id).where(records.c[name] == word_id, records.c.deleted_at.is_(None)).limit(1)
            if work.execute(behind_the_scenes(using, "is a word in use")).first() is not None:
                return True
    return False
