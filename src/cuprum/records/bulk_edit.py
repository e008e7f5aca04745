"""One change to many records: one group of changes, as many short transactions as it takes, each record judged for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import update

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError, Invalid
from cuprum.kit.pace import Pace
from cuprum.kit.text import fold
from cuprum.records import trash, write
from cuprum.records.listing import Listing
from cuprum.records.naming import names_of
from cuprum.records.stored import stored
from cuprum.records.unfinished import forget, go_on_in, note_progress, progress_of, told_of
from cuprum.records.where import read_where
from cuprum.records.work import Work
from cuprum.storage.event_tables import change_group

# As the kind of unfinished work.
BULK_EDIT = "bulk edit"
_AT_ONCE = 50
_MOST_REASONS, _MOST_NAMES = 20, 10

EDIT, ADD_TAGS, REMOVE_TAGS, DELETE = "edit", "add tags", "remove tags", "delete"


@dataclass
class BulkEdit:
    """What is done, to which records, and how far it has come.

    `ids` are those chosen, or None for all that fit `asked` and `where`; `body` is that of an update, or `{"tags": […]}`.
    `refused` holds for each reason how many records it kept from it, and some of their names.
    """

    entity: str
    verb: str
    body: dict[str, Any]
    words: str
    asked: dict[str, Any] = field(default_factory=dict)
    where: str = ""
    match: str = ""
    ids: list[int] | None = None
    total: int = 0
    changed: int = 0
    same: int = 0
    after: int = 0
    refused: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_done: bool = False

    @property
    def through(self) -> int:
        return self.changed + self.same + self.refused_count

    @property
    def refused_count(self) -> int:
        return sum(one["count"] for one in self.refused.values())

    @property
    def label(self) -> str:
        record = ENTITIES[self.entity]
        return f"{self.changed} {record.entity if self.changed == 1 else record.plural}: {self.words}"


def begin_bulk_edit(work: Work, edit: BulkEdit) -> BulkEdit:
    """The same with how many records it is about; raises Invalid for a filter that means nothing."""
    return replace(edit, total=_listing(work, edit).total)


def bulk_edit_part(work: Work, group_id: str, so_far: BulkEdit | None = None, *, is_told: bool = False) -> BulkEdit:
    """Do as much as fits in one short transaction; callers go on, each time in a new one, until `is_done`.

    How far it has come is stored with each part: what callers leave in the middle is finished by a running server. With
    `is_told` it stays there for a while when it is done, for a page that asks what came of it.
    """
    progress = progress_of(work.connection, BULK_EDIT, group_id)
    if progress is None and (so_far is None or so_far.through):
        # Somebody else has finished it.
        return replace(so_far, is_done=True) if so_far else BulkEdit("person", EDIT, {}, "", is_done=True)
    edit = BulkEdit(**progress) if progress is not None else replace(so_far) if so_far else None
    assert edit is not None
    if edit.is_done:
        return edit
    edit.is_done = not go_on_in(work, group_id, edit.label)
    if not edit.is_done:
        _do(work, edit)
        work.execute(update(change_group).where(change_group.c.id == group_id).values(label=edit.label))
    if edit.is_done and not is_told:
        forget(work.connection, BULK_EDIT, group_id)
    else:
        note_progress(work.connection, BULK_EDIT, group_id, asdict(edit), work.now, work.actor.user_id)
    return edit


def finish_bulk_edit(work: Work, group_id: str) -> bool:
    """For whoever finds it left; what is done long since is no longer told of."""
    edit = bulk_edit_part(work, group_id)
    if edit.is_done:
        forget(work.connection, BULK_EDIT, group_id)
    return edit.is_done


def bulk_edit_of(work: Work, group_id: str) -> BulkEdit | None:
    """How far one's own has come; None when that is not told any more."""
    progress = told_of(work.connection, BULK_EDIT, group_id, work.actor.user_id)
    return BulkEdit(**progress) if progress is not None else None


def _do(work: Work, edit: BulkEdit) -> None:
    pace, listing, does = Pace(), _listing(work, edit), _VERBS[edit.verb]
    while True:
        ids = listing.ids_above(edit.after, _AT_ONCE)
        for record_id in ids:
            edit.after = record_id
            _do_one(work, edit, record_id, does)
            pace.did()
            if pace.is_over:
                return
        if len(ids) < _AT_ONCE:
            edit.is_done = True
            return


def _do_one(work: Work, edit: BulkEdit, record_id: int, does: Callable[[Work, str, int, dict[str, Any]], None]) -> None:
    before = len(work.group.changes)
    try:
        with work.group.attempt():
            does(work, edit.entity, record_id, edit.body)
    except CuprumError as refusal:
        _note(work, edit, record_id, refusal)
    else:
        if len(work.group.changes) > before:
            edit.changed += 1
        else:
            edit.same += 1


def _note(work: Work, edit: BulkEdit, record_id: int, refusal: CuprumError) -> None:
    reason = "; ".join(f"{one.field} {one.reason}" for one in refusal.problems) if isinstance(refusal, Invalid) else str(refusal)
    if reason not in edit.refused and len(edit.refused) >= _MOST_REASONS:
        reason = next(iter(edit.refused))
    noted = edit.refused.setdefault(reason, {"count": 0, "names": []})
    noted["count"] += 1
    if len(noted["names"]) < _MOST_NAMES:
        noted["names"].append([record_id, names_of(work, [(edit.entity, record_id)]).get((edit.entity, record_id), "")])


def _listing(work: Work, edit: BulkEdit) -> Listing:
    return Listing(work, edit.entity, edit.asked, read_where(edit.where, edit.match), edit.ids)


def _edit(work: Work, entity: str, record_id: int, body: dict[str, Any]) -> None:
    write.change(work, entity, record_id, body)


def _add_tags(work: Work, entity: str, record_id: int, body: dict[str, Any]) -> None:
    write.change(work, entity, record_id, {"tags": [*_tags(work, entity, record_id), *body["tags"]]})


def _remove_tags(work: Work, entity: str, record_id: int, body: dict[str, Any]) -> None:
    gone = {fold(one) for one in body["tags"]}
    write.change(work, entity, record_id, {"tags": [one for one in _tags(work, entity, record_id) if fold(one) not in gone]})


def _tags(work: Work, entity: str, record_id: int) -> list[str]:
    return stored(work, entity, record_id)["tags"]


def _delete(work: Work, entity: str, record_id: int, body: dict[str, Any]) -> None:
    trash.delete(work, entity, record_id)


_VERBS = {EDIT: _edit, ADD_TAGS: _add_tags, REMOVE_TAGS: _remove_tags, DELETE: _delete}
