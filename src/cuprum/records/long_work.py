"""Changes to very many records that somebody asks for once: one group, as many short transactions as it takes.

How far it has come is stored with each part: what somebody leaves in the middle is finished by a running server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from cuprum.records.account_settings import change_account_part, reconvert_part
from cuprum.records.merge import Wish, label_of, merge_part
from cuprum.records.stage_removal import remove_stage_part
from cuprum.records.tag_changes import change_tag_part
from cuprum.records.trash import delete_part
from cuprum.records.unfinished import forget, go_on_in, note_progress, progress_of
from cuprum.records.user_changes import deactivate_part, hand_over_part
from cuprum.records.work import Work

# As the kinds of unfinished work.
TAG, HAND_OVER, DEACTIVATION = "tag", "hand-over", "deactivation"
STAGE_REMOVAL, ACCOUNT, RECONVERSION = "stage removal", "account", "reconversion"
DELETION, MERGE = "deletion", "merge"

# Each says whether all is done; its second argument is where it goes on.
_PARTS: dict[str, Callable[..., bool]] = {
    TAG: change_tag_part,
    HAND_OVER: hand_over_part,
    DEACTIVATION: deactivate_part,
    STAGE_REMOVAL: remove_stage_part,
    ACCOUNT: change_account_part,
    RECONVERSION: reconvert_part,
    DELETION: delete_part,
    MERGE: merge_part,
}


@dataclass
class LongWork:
    """`asked` are the arguments of what is done, by name; `place` is whatever its parts tell one another."""

    kind: str
    asked: dict[str, Any]
    label: str
    place: dict[str, Any] = field(default_factory=dict)
    is_begun: bool = False
    is_done: bool = False


def long_work_part(work: Work, group_id: str, so_far: LongWork) -> LongWork:
    """Do as much as fits in one short transaction; callers go on, each time in a new one, until `is_done`.

    Raises what the work itself raises; what was done before that stays, as a group that can be undone.
    """
    stored = progress_of(work.connection, so_far.kind, group_id)
    if stored is None and so_far.is_begun:
        # Somebody else has finished it.
        return replace(so_far, is_done=True)
    now = LongWork(**stored) if stored is not None else replace(so_far, place=dict(so_far.place), is_begun=True)
    now.is_done = not go_on_in(work, group_id, now.label) or _PARTS[now.kind](work, now.place, **now.asked)
    if not now.is_done:
        note_progress(work.connection, now.kind, group_id, asdict(now), work.now, work.actor.user_id or None)
    elif stored is not None:
        forget(work.connection, now.kind, group_id)
    return now


def deletion(entity: str, record_id: int, label: str) -> LongWork:
    """Of one record, which may have very many that point at it."""
    return LongWork(DELETION, {"entity": entity, "record_id": record_id}, label)


def merging(work: Work, wish: Wish) -> LongWork:
    """Of records to which very much may belong; raises what `merge_part` raises."""
    return LongWork(MERGE, asdict(wish), label_of(work, wish))


def is_long_work(kind: str) -> bool:
    return kind in _PARTS


def finish_long_work(work: Work, kind: str, group_id: str) -> bool:
    """For whoever finds it left; True when all is done."""
    return long_work_part(work, group_id, LongWork(kind, {}, "", is_begun=True)).is_done
