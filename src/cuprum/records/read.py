"""Single records as they go over the wire."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam

from cuprum.entities import fields_among, kinds
from cuprum.kit.errors import NotFound
from cuprum.kit.text import fold
from cuprum.records.draft import Draft
from cuprum.records.visible import behind_the_scenes, present, seen_by, visible
from cuprum.records.wire import objects, shape
from cuprum.records.wire_values import wire_object
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import email_key, emails_of
from cuprum.storage.prepared import Prepared
from cuprum.storage.tables import TABLES


def one(work: Work, entity: str, record_id: int, *, computed: bool = False) -> dict[str, Any]:
    """The record; raises NotFound for what is gone or not theirs to see."""
    return _only(work, entity, _by_id(work, entity), {"record_id": record_id, **seen_by(work.actor)}, computed)


def as_written(work: Work, entity: str, record_id: int, *, computed: bool = False) -> dict[str, Any]:
    """The record that the actor has just written, even if that took it out of their sight."""
    return _only(work, entity, _written(work, entity), {"record_id": record_id, **seen_by(work.actor)}, computed)


def as_changed(draft: Draft, *, computed: bool = False) -> dict[str, Any]:
    """The same for whoever changed it by a draft: put together of what is in hand, unless more may have changed with it."""
    entity = draft.record.entity
    if computed or _brought_about_more(draft):
        return as_written(draft.work, entity, draft.before["id"], computed=computed)
    # To read it back takes a tenth of the whole update.
    values = {**draft.before, **draft.values, **draft.joined, "date_modified": draft.work.now}
    return wire_object(draft.work, entity, values)


def _brought_about_more(draft: Draft) -> bool:
    """Whether the group has another change, or the record leads to something whose name was not read."""
    changes = draft.work.group.changes
    is_alone = len(changes) == 1 and (changes[0].entity, changes[0].kind) == (draft.record.entity, "update")
    return not is_alone or any(isinstance(one.kind, kinds.LinkTo) for one in fields_among(draft.record, draft.values))


def person_by_email(work: Work, email: str, *, computed: bool = False) -> dict[str, Any]:
    """The person with that address, whatever its case; raises NotFound."""
    return _only(work, "person", _by_email(work), {"email": fold(email), **seen_by(work.actor)}, computed)


def _only(work: Work, entity: str, statement: Prepared, parameters: dict[str, Any], computed: bool) -> dict[str, Any]:
    row = statement.first(work.connection, parameters)
    if row is None:
        raise NotFound
    return objects(work, entity, [row], computed=computed)[0]


# Building a statement costs as much as running it: one for admins and one for members serves everybody.
_built: dict[tuple[str, bool], Prepared] = {}


def _by_id(work: Work, entity: str) -> Prepared:
    key = (entity, work.actor.is_admin)
    if key not in _built:
        found = TABLES[entity].c.id == bindparam("record_id")
        _built[key] = Prepared(shape(work.actor, entity).statement.where(found, present(work.actor, entity)))
    return _built[key]


def _written(work: Work, entity: str) -> Prepared:
    key = (f"{entity} as written", work.actor.is_admin)
    if key not in _built:
        found = shape(work.actor, entity).statement.where(TABLES[entity].c.id == bindparam("record_id"))
        _built[key] = Prepared(behind_the_scenes(found, "whoever wrote a record is answered with it"))
    return _built[key]


def _by_email(work: Work) -> Prepared:
    key = ("email", work.actor.is_admin)
    if key not in _built:
        held = shape(work.actor, "person").statement.join(email_key, email_key.c.record_id == TABLES["person"].c.id)
        addressed = (emails_of("person"), email_key.c.email == bindparam("email"))
        _built[key] = Prepared(held.where(*addressed, visible(work.actor, "person")))
    return _built[key]
