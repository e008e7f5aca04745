"""The inverse of one change of what is not a record: relations, follows, words of the account, users, keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, insert, select, update

from cuprum.auth.may import may
from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.kit.errors import Refused
from cuprum.records import custom_fields
from cuprum.records.conflict import Conflict, changed_since, conflict
from cuprum.records.logged import Entry
from cuprum.records.people_of_account import refuse_last_owner
from cuprum.records.recount import begin_recount
from cuprum.records.sample_stays import IN_USE, is_in_use, is_sample
from cuprum.records.visible import behind_the_scenes
from cuprum.records.vocabulary import WORD_TABLES, read_vocabulary, touch_vocabulary
from cuprum.records.work import Work
from cuprum.storage import account_tables as tables
from cuprum.storage.automation_tables import workflow
from cuprum.storage.column_types import JsonText, Rate
from cuprum.storage.event_tables import change, webhook
from cuprum.storage.oauth_tables import one_time_link
from cuprum.storage.tables import TABLES
from cuprum.storage.view_tables import saved_view

# What everybody may write, as against the account's own words.
_OF_RECORDS = {one.name: one for one in (tables.relation, tables.follow, tables.merged_into, tables.not_duplicate, saved_view)}
# What the vocabulary holds beside its lists.
_OF_ACCOUNT = {one.name: one for one in (tables.account, tables.exchange_rate)}
_OF_TEAMS = {tables.team_member.name: tables.team_member}
_UNDOABLE = (
    _OF_RECORDS | WORD_TABLES | _OF_ACCOUNT | _OF_TEAMS | {one.name: one for one in (tables.api_key, one_time_link, webhook)}
)
_NOT_GIVEN_BACK = (tables.api_key, one_time_link)
# A row with one of these ends by it, and its id stays taken.
_ENDS = ("archived_at", "disabled_at", "revoked_at", "deleted_at")


def undo_row(work: Work, one: Entry, conflicts: list[Conflict]) -> bool:
    """Put back what a change did to a row; what cannot be is added to `conflicts`. True if anything was put back."""
    if one.entity == custom_fields.ENTITY:
        return _undo_definition(work, one, conflicts)
    table = _UNDOABLE.get(one.entity)
    if table is None:
        reason = "its versions bring back what it was" if one.entity == workflow.name else "it is not kept in the database alone"
        conflicts.append(conflict(one, f"cannot be undone: {reason}"))
        return False
    if one.entity not in _OF_RECORDS and one.entity != "webhook":
        may(work.actor, "manage", one.entity)
    key = _key(table, one)
    row = work.execute(select(table).where(key)).mappings().one_or_none()
    if one.kind in ("new", "restore"):
        done = _end(work, one, table, key, row, conflicts)
    elif one.kind == "delete":
        done = _begin(work, one, table, key, row, conflicts)
    else:
        done = _set_back(work, one, table, key, row, conflicts)
    if done and one.entity in WORD_TABLES | _OF_ACCOUNT | _OF_TEAMS:
        touch_vocabulary(work.connection)
        if "is_interaction" in one.after and one.kind == "update":
            work.vocabulary = read_vocabulary(work.connection)
            begin_recount(work, one.record_id)
    return done


def undoable_among(work: Work, groups: Iterable[str]) -> set[str]:
    """Those of the groups that changed something which undo can put back."""
    known = (*ENTITIES, custom_fields.ENTITY, *_UNDOABLE)
    found = select(change.c.group_id).where(change.c.group_id.in_(list(groups)), change.c.entity.in_(known)).distinct()
    return set(work.execute(found).scalars())


def _key(table: Table, one: Entry) -> ColumnElement[bool]:
    values = {"id": one.record_id, **one.before, **one.after}
    return and_(*(column == values[column.name] for column in table.primary_key.columns))


def _end(
    work: Work,
    one: Entry,
    table: Table,
    key: ColumnElement[bool],
    row: Mapping[str, Any] | None,
    conflicts: list[Conflict],
) -> bool:
    end = next((name for name in _ENDS if name in table.c), None)
    if row is None or (end and row[end] is not None):
        return False
    if one.entity in WORD_TABLES and is_sample(work, one.group_id) and is_in_use(work, one.entity, one.record_id):
        conflicts.append(conflict(one, IN_USE))
        return False
    if table is tables.user and (reason := _reason_to_stay(work, row, {"disabled_at": work.now})):
        conflicts.append(conflict(one, reason))
        return False
    work.execute(delete(table).where(key) if end is None else update(table).where(key).values({end: work.now}))
    work.group.record(one.entity, one.record_id, "delete", one.after, {})
    return True


def _reason_to_stay(work: Work, row: Mapping[str, Any], wanted: Mapping[str, Any]) -> str | None:
    """The rules of `user_changes.py`: an undo must not do what its doer could not have done."""
    after = {**row, **wanted}
    if "owner" in (row["role"], after["role"]) and work.actor.role != "owner":
        return "stays: only an owner changes who is an owner, or an owner"
    is_owner_after = after["role"] == "owner" and after["disabled_at"] is None
    if not is_owner_after:
        try:
            refuse_last_owner(work.connection, row["id"])
        except Refused:
            return "stays: an account has an owner"
    return None


def _begin(
    work: Work,
    one: Entry,
    table: Table,
    key: ColumnElement[bool],
    row: Mapping[str, Any] | None,
    conflicts: list[Conflict],
) -> bool:
    end = next((name for name in _ENDS if name in table.c), None)
    if table in _NOT_GIVEN_BACK:
        conflicts.append(conflict(one, "stays as it is: a key or a link that was revoked is not given back"))
        return False
    if table is tables.relation and not all(_is_living(work, one.before[kind], one.before[at]) for kind, at in _BOTH_ENDS):
        conflicts.append(conflict(one, "related records of which one is gone"))
        return False
    if row is not None and (end is None or row[end] is None):
        return False
    if row is None:
        columns = {name: _for_column(table, name, value) for name, value in one.before.items() if name in table.c}
        work.execute(insert(table).values(**({"id": one.record_id} if "id" in table.c else {}) | columns))
    else:
        work.execute(update(table).where(key).values({end: None}))
    work.group.record(one.entity, one.record_id, "restore", {}, one.before)
    return True


# What the log has in place of a secret.
_NOT_LOGGED = "…"
_BOTH_ENDS = (("entity", "record_id"), ("other_entity", "other_id"))


def _is_living(work: Work, entity: str, record_id: int) -> bool:
    if entity not in ENTITIES:
        return False
    records = TABLES[entity]
    living = select(records.c.id).where(records.c.id == record_id, records.c.deleted_at.is_(None))
    return work.execute(behind_the_scenes(living, "is it living")).first() is not None


def _set_back(
    work: Work,
    one: Entry,
    table: Table,
    key: ColumnElement[bool],
    row: Mapping[str, Any] | None,
    conflicts: list[Conflict],
) -> bool:
    if row is None:
        conflicts.append(conflict(one, "was deleted since"))
        return False
    if table in _NOT_GIVEN_BACK and (ended := {"revoked_at", "used_at"} & one.after.keys()):
        conflicts.append(conflict(one, "stays as it is: a key or a link that was revoked or used is not given back", ended.pop()))
        return False
    present = {name: _decoded(table, name, row[name]) for name in one.after if name in table.c}
    wanted = {}
    for name, now in present.items():
        former = one.before.get(name)
        if _NOT_LOGGED in (former, one.after[name]):
            conflicts.append(conflict(one, "is a secret: the log does not keep what it was", name))
        elif now == former:
            continue
        elif now == one.after[name]:
            wanted[name] = former
        else:
            conflicts.append(changed_since(work, one, name, now))
    if not wanted:
        return False
    if table is tables.user and (reason := _reason_to_stay(work, row, wanted)):
        conflicts.append(conflict(one, reason))
        return False
    work.execute(update(table).where(key).values({name: _for_column(table, name, value) for name, value in wanted.items()}))
    work.group.record(one.entity, one.record_id, "update", {name: present[name] for name in wanted}, wanted)
    return True


def _undo_definition(work: Work, one: Entry, conflicts: list[Conflict]) -> bool:
    """A definition is logged whole: what it was by the log, but for attributes that changed since."""
    known = work.vocabulary.definitions.get(one.record_id)
    present = custom_fields.as_logged(known) if known else {}
    wanted = dict(one.before)
    if one.before and one.after:
        if not present:
            conflicts.append(conflict(one, "was deleted since"))
            return False
        for name, now in present.items():
            if one.before.get(name) == one.after.get(name) or now == one.before.get(name):
                wanted[name] = now
            elif now != one.after.get(name):
                conflicts.append(changed_since(work, one, name, now))
                wanted[name] = now
    if wanted == present:
        return False
    if not wanted and is_sample(work, one.group_id) and is_in_use(work, one.entity, one.record_id):
        conflicts.append(conflict(one, IN_USE))
        return False
    custom_fields.put_back(work, one.record_id, wanted)
    return True


def _for_column(table: Table, name: str, value: Any) -> Any:
    return Decimal(value) if isinstance(table.c[name].type, Rate) else value


def _decoded(table: Table, name: str, value: Any) -> Any:
    if isinstance(table.c[name].type, Rate):
        return f"{value.normalize():f}"
    return jsonio.decode(value) if isinstance(table.c[name].type, JsonText) and value is not None else value
