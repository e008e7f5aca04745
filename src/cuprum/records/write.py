"""Create, update and apply: the way of every record into the database and into the log."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, Record, fields, fields_among, kinds
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.draft import Draft, read_draft
from cuprum.records.inbox import tell_assignee
from cuprum.records.links import check_links
from cuprum.records.rules import RULES
from cuprum.records.stored import stored_and_joined
from cuprum.records.work import Work
from cuprum.storage.lookups import store_lookups
from cuprum.storage.prepared import Prepared
from cuprum.storage.rows import inserted_id, to_columns
from cuprum.storage.tables import TABLES


def create(work: Work, entity: str, body: Any) -> int:
    """Create a record from a request body and return its id; raises Invalid with every problem."""
    may(work.actor, "create", entity)
    draft = read_draft(work, ENTITIES[entity], body)
    return create_from(draft)


def create_from(draft: Draft) -> int:
    rehearse(draft)
    record_id = add(draft.work, draft.record, draft.values)
    RULES[draft.record.entity].follow(draft, record_id)
    tell_assignee(draft, record_id)
    return record_id


def change(work: Work, entity: str, record_id: int, body: Any) -> Draft:
    """Update the attributes in a request body; an attribute that is absent keeps its value. What was written."""
    before, joined = stored_and_joined(work, entity, record_id)
    may(work.actor, "update", entity, before)
    draft = read_draft(work, ENTITIES[entity], body, before)
    draft.joined = joined
    change_from(draft)
    return draft


def change_from(draft: Draft, kind: str = "update") -> None:
    if changed := rehearse(draft):
        draft.values = changed
        apply(draft.work, draft.record, draft.before, changed, kind)
        RULES[draft.record.entity].follow(draft, draft.before["id"])
        tell_assignee(draft, draft.before["id"])


def rehearse(draft: Draft) -> dict[str, Any]:
    """Apply every rule and store nothing but what the draft links to by name; what would change. Raises Invalid."""
    if draft.is_new:
        _defaults(draft)
    _prepare(draft)
    return {name: value for name, value in draft.values.items() if value != draft.before.get(name)}


def _defaults(draft: Draft) -> None:
    for field in fields(draft.record):
        given = draft.values.get(field.name)
        if given is None and not field.kind.read_only and not isinstance(field.kind, kinds.Joined | kinds.CustomFields):
            draft.values[field.name] = field.default


def _prepare(draft: Draft) -> None:
    for field in fields(draft.record) if draft.is_new else fields_among(draft.record, draft.values):
        if field.kind.required and _is_blank(draft.get(field.name)):
            draft.refuse_blank(field.name)
        # A word that always has one of its values falls back to the first when it is cleared.
        if isinstance(field.kind, kinds.Choice) and not field.kind.nullable and draft.values.get(field.name, "") is None:
            draft.values[field.name] = field.default
    check_links(draft)
    RULES[draft.record.entity].prepare(draft)
    draft.check()


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def add(work: Work, record: type[Record], values: Mapping[str, Any]) -> int:
    """Insert a record whose values have passed the rules; log it as new and return its id."""
    kept = {name: value for name, value in values.items() if name != "id"}
    if "date_created" in record.model_fields:
        kept |= {"date_created": work.now, "date_modified": work.now}
    columns = to_columns(record, kept)
    try:
        record_id = inserted_id(work.connection, TABLES[record.entity], {**columns, "created_by": work.actor.user_id})
        store_lookups(work.connection, record, record_id, kept, new=True, later=work.group.later)
    except IntegrityError as clash:
        raise taken(record, clash) from clash
    work.group.record(record.entity, record_id, "new", {}, _logged(record, kept))
    return record_id


def apply(work: Work, record: type[Record], before: Mapping[str, Any], changed: Mapping[str, Any], kind: str = "update") -> None:
    """Store changed values that have passed the rules; log the former ones."""
    record_id = before["id"]
    columns = to_columns(record, {**changed, "date_modified": work.now})
    try:
        # What is gathered may be of this very record.
        work.group.insert_gathered()
        _updating(record.entity).run(work.connection, {**columns, "version": before["version"] + 1, "record_id": record_id})
        store_lookups(work.connection, record, record_id, changed, new=False)
    except IntegrityError as clash:
        raise taken(record, clash) from clash
    former = {name: before.get(name) for name in changed}
    work.group.record(record.entity, record_id, kind, _logged(record, former), _logged(record, changed))


@cache
def _updating(entity: str) -> Prepared:
    # The columns to set are those among the parameters.
    records = TABLES[entity]
    return Prepared(update(records).where(records.c.id == bindparam("record_id")))


def _logged(record: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    left_out = _not_logged(record)
    return {name: value for name, value in values.items() if name not in left_out}


@cache
def _not_logged(record: type[Record]) -> frozenset[str]:
    """Joined names, which are another record's, and the times of writing, which the log's own rows have."""
    joined = {field.name for field in fields(record) if isinstance(field.kind, kinds.Joined)}
    return frozenset(joined | {"date_created", "date_modified"})


def taken(record: type[Record], clash: IntegrityError) -> Exception:
    """Two writers chose the same unique value at once: the second is told as if it had come later."""
    reason = str(clash.orig)
    if "email_key" in reason or "uq_email_key_person" in reason:
        return Invalid(Problem("emails", "has already been taken", "taken"))
    if "email_domain" in reason:
        return Invalid(Problem("email_domain", "has already been taken", "taken"))
    return clash
