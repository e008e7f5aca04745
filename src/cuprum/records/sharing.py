"""Who sees a record, as its owner says, and who follows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from cuprum.auth.may import may
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.records.state import SHARING, states_of, write_state
from cuprum.records.stored import is_visible, stored
from cuprum.records.visible import VISIBILITIES
from cuprum.records.work import Work
from cuprum.storage.account_tables import follow
from cuprum.storage.dialect import insert

# Which list goes with which visibility, its word in the vocabulary, and its letter in `record_share.grantee`.
_LISTS = {"teams": ("team_ids", "team", "t"), "individuals": ("user_ids", "user", "u")}
_KEYS = {"visibility", "user_ids", "team_ids"}


def sharing(work: Work, entity: str, record_id: int) -> dict[str, Any]:
    """`{"visibility", "user_ids", "team_ids"}` of a record; raises NotFound."""
    if not is_visible(work, entity, record_id):
        raise NotFound
    return sharing_in(work, states_of(work, entity, [record_id], lock=False)[record_id].values)


def sharing_in(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    """The same of the values of a record's state (`records/state.py`)."""
    found = {"visibility": values["visibility"]}
    for key, word, letter in reversed(_LISTS.values()):
        # A team that was deleted gives nobody a right any more.
        known = {one["id"] for one in work.vocabulary.living(word)}
        ids = (int(grantee[1:]) for grantee in values["shared_with"] if grantee[0] == letter)
        found[key] = [one for one in ids if one in known]
    return found


def follows(work: Work, entity: str, record_id: int) -> bool:
    """Whether the actor follows the record."""
    own = follow.c.entity == entity, follow.c.user_id == work.actor.user_id, follow.c.record_id == record_id
    return work.execute(select(follow.c.record_id).where(*own)).first() is not None


def share(work: Work, entity: str, record_id: int, body: dict[str, Any]) -> None:
    """Say who sees a record; raises Invalid, NotFound, or Forbidden for the records of others."""
    may(work.actor, "share", entity, stored(work, entity, record_id))
    present = states_of(work, entity, [record_id])[record_id].values
    wanted = _read(work, body, present)
    changed = {name: wanted[name] for name in SHARING if wanted[name] != present[name]}
    if changed:
        write_state(work, entity, record_id, changed)
        work.group.record(entity, record_id, "share", {name: present[name] for name in changed}, changed)


def _read(work: Work, body: dict[str, Any], present: dict[str, Any]) -> dict[str, Any]:
    visibility, problems = body.get("visibility"), []
    if unknown := sorted(body.keys() - _KEYS):
        problems.append(Problem("base", f"Unrecognized attributes specified: {', '.join(unknown)}"))
    if visibility not in VISIBILITIES:
        problems.append(Problem("visibility", f"must be one of {', '.join(VISIBILITIES)}", "inclusion"))
    elif visibility != "everyone" and present.get("assignee_id") is None:
        problems.append(Problem("visibility", "must be everyone while the record has no owner: assign it first"))
    grantees: list[str] = []
    for kind, (key, word, letter) in _LISTS.items():
        given = body.get(key) or []
        known = {one["id"] for one in work.vocabulary.living(word)}
        if not isinstance(given, list) or not all(isinstance(one, int) and one in known for one in given):
            problems.append(Problem(key, f"must be a list of ids of {word}s of this account"))
        elif visibility == kind and not given:
            problems.append(Problem(key, "can't be blank", "blank"))
        elif visibility != kind and given:
            problems.append(Problem(key, f"must be empty unless visibility is {kind}"))
        else:
            grantees += [f"{letter}{one}" for one in dict.fromkeys(given)]
    if problems:
        raise Invalid(*problems)
    return {"visibility": visibility, "shared_with": sorted(grantees)}


def set_following(work: Work, entity: str, record_id: int, *, follows: bool) -> None:
    """Follow a record, or no longer; raises NotFound. Saying it twice is saying it once."""
    if not is_visible(work, entity, record_id):
        raise NotFound
    row = {"entity": entity, "user_id": work.actor.user_id, "record_id": record_id}
    if follows:
        written = work.execute(insert(work.connection, follow).values(**row).on_conflict_do_nothing())
    else:
        own = follow.c.entity == entity, follow.c.user_id == work.actor.user_id, follow.c.record_id == record_id
        written = work.execute(delete(follow).where(*own))
    if written.rowcount:
        kind, before, after = ("new", {}, row) if follows else ("delete", row, {})
        work.group.record("follow", record_id, kind, before, after)
