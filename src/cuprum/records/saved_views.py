"""Saved views of lists: private to whoever saved them or shared with everybody, and pinned by each for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update

from cuprum.entities import reading
from cuprum.kit.errors import Invalid, NoRight, NotFound, Problem, Refused
from cuprum.records.work import Work
from cuprum.storage.dialect import insert, locked
from cuprum.storage.rows import inserted_id
from cuprum.storage.view_tables import saved_view, saved_view_pin

ENTITY = "saved_view"
NO_VIEW = "There is no such view, or somebody keeps it to themselves."
_LONGEST_NAME, _LONGEST_QUERY, _MOST = 80, 16_000, 500


@dataclass(frozen=True)
class SavedView:
    """`path` and `query` are where it is looked at; `may_change` says whether the one who asks may change it."""

    id: int
    entity: str
    owner_id: int
    name: str
    path: str
    query: str
    is_shared: bool
    is_pinned: bool
    may_change: bool


def views_on(work: Work, entity: str) -> list[SavedView]:
    """Their own and those that others share, by name."""
    found = _views(work).where(saved_view.c.entity == entity, _seen(work))
    return [_view(work, row) for row in work.execute(found.order_by(func.lower(saved_view.c.name), saved_view.c.id))]


def view_of(work: Work, entity: str, view_id: int, *, lock: bool = False) -> SavedView:
    """Raises NotFound also for what somebody else keeps to themselves."""
    if lock:
        work.execute(locked(work.connection, select(saved_view.c.id).where(saved_view.c.id == view_id)))
    found = _views(work).where(saved_view.c.id == view_id, saved_view.c.entity == entity, _seen(work))
    row = work.execute(found).one_or_none()
    if row is None:
        raise NotFound(NO_VIEW)
    return _view(work, row)


def save(work: Work, entity: str, name: Any, path: str, query: str, *, is_shared: bool) -> int:
    """Save a view under a name; raises Invalid."""
    mine = select(func.count()).select_from(saved_view).where(saved_view.c.owner_id == work.actor.user_id)
    if work.execute(mine).scalar_one() >= _MOST:
        raise Refused(f"You have {_MOST} saved views already. Delete some first.")
    values = {"name": name_of(name), "path": path, "query": _query(query), "is_shared": is_shared, "entity": entity}
    values |= {"owner_id": work.actor.user_id, "date_created": work.now, "date_modified": work.now}
    view_id = inserted_id(work.connection, saved_view, values)
    work.group.record(ENTITY, view_id, "new", {}, values)
    pin(work, view_id, is_pinned=True)
    return view_id


def change(work: Work, view: SavedView, **values: Any) -> None:
    """Change its name, state or who sees it; raises Forbidden, Invalid."""
    _may_change(work, view)
    if "name" in values:
        values["name"] = name_of(values["name"])
    if "query" in values:
        values["query"] = _query(values["query"])
    changed = {name: value for name, value in values.items() if value != getattr(view, name)}
    if not changed:
        return
    work.execute(update(saved_view).where(saved_view.c.id == view.id).values(**changed, date_modified=work.now))
    work.group.record(ENTITY, view.id, "update", {name: getattr(view, name) for name in changed}, changed)


def remove(work: Work, view: SavedView) -> None:
    _may_change(work, view)
    before = dict(work.execute(select(saved_view).where(saved_view.c.id == view.id)).mappings().one())
    work.execute(delete(saved_view_pin).where(saved_view_pin.c.view_id == view.id))
    work.execute(delete(saved_view).where(saved_view.c.id == view.id))
    del before["id"]
    work.group.record(ENTITY, view.id, "delete", before, {})


def pin(work: Work, view_id: int, *, is_pinned: bool) -> None:
    """Each pins for themselves."""
    own = {"user_id": work.actor.user_id, "view_id": view_id}
    if is_pinned:
        work.execute(insert(work.connection, saved_view_pin).values(own).on_conflict_do_nothing())
    else:
        pins = saved_view_pin.c
        work.execute(delete(saved_view_pin).where(pins.user_id == own["user_id"], pins.view_id == view_id))


def name_of(given: Any) -> str:
    """The name of a view as it is kept; raises Invalid."""
    try:
        name = " ".join((reading.text(given, _LONGEST_NAME) or "").split())
    except PydanticCustomError as refusal:
        raise Invalid(Problem("name", refusal.message(), refusal.type)) from None
    if not name:
        raise Invalid(Problem("name", "can't be blank", "blank"))
    return name


def _views(work: Work) -> Any:
    mine = and_(saved_view_pin.c.view_id == saved_view.c.id, saved_view_pin.c.user_id == work.actor.user_id)
    return select(saved_view, saved_view_pin.c.view_id.label("pin")).outerjoin(saved_view_pin, mine)


def _seen(work: Work) -> ColumnElement[bool]:
    return or_(saved_view.c.is_shared, saved_view.c.owner_id == work.actor.user_id)


def _view(work: Work, row: Row[Any]) -> SavedView:
    # Who sees another's view sees it because it is shared.
    may_change = row.owner_id == work.actor.user_id or work.actor.is_admin
    return SavedView(
        row.id, row.entity, row.owner_id, row.name, row.path, row.query, row.is_shared, row.pin is not None, may_change
    )


def _may_change(work: Work, view: SavedView) -> None:
    if not view.may_change:
        owner = work.vocabulary.words["user"].get(view.owner_id, {}).get("name", "somebody else")
        raise NoRight(
            f"You may not change the view “{view.name}”: that is for {owner}, who shares it, or an admin. "
            f"Save it as a view of your own instead."
        )


def _query(query: str) -> str:
    if len(query) > _LONGEST_QUERY:
        raise Refused("This view has too many conditions to be saved.")
    return query
