"""The saved views of a list: opened, pinned, saved from what is shown now, renamed, shared and deleted."""

from __future__ import annotations

from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.records import saved_views
from cuprum.records.saved_views import SavedView
from cuprum.records.work import Work
from cuprum.web.list_state import VIEW, ListState
from cuprum.web.list_views import address_of
from cuprum.web.pages.list_filter.view import record_beside
from cuprum.web.visit import GoTo, Page, Visit

_ON = "1"


def views_page(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    record = record_beside(visit)
    state = ListState.behind(visit, record)
    saved = saved_views.views_on(work, record.entity)
    words = {
        "record": record, "back": state.address, "views": [(one, address_of(one)) for one in saved], "trouble": trouble,
        "now": next((one for one in saved if str(one.id) == state.view_id), None), "users": work.vocabulary.words["user"],
        "typed": visit.fields, "path": f"/{record.plural}/views",
    }  # fmt: skip
    return Page("list_views/list_views.html", words, part="panel", status=trouble.status if trouble else 200)


def open_view(work: Work, visit: Visit) -> GoTo:
    return GoTo(address_of(_asked(work, visit)), done="")


def save_view(work: Work, visit: Visit) -> GoTo:
    record = record_beside(visit)
    state = ListState.behind(visit, record)
    # What cannot be read now could not be read later.
    _ = state.where
    is_shared = visit.fields.get("is_shared") == _ON
    name = saved_views.name_of(visit.fields.get("name"))
    work.group.label = f"View “{name}” saved"
    view_id = saved_views.save(work, record.entity, name, state.path, state.kept, is_shared=is_shared)
    return GoTo(address_of(saved_views.view_of(work, record.entity, view_id)))


def change_view(work: Work, visit: Visit) -> GoTo:
    """What the button says: pin and unpin are everybody's own, the rest is for the owner or an admin."""
    view, state = _asked(work, visit, lock=True), ListState.behind(visit, record_beside(visit))
    what = visit.fields.get("do")
    match what:
        case "pin" | "unpin":
            saved_views.pin(work, view.id, is_pinned=what == "pin")
            return GoTo(state.address, done="")
        case "delete":
            work.group.label = f"View “{view.name}” deleted"
            saved_views.remove(work, view)
            return GoTo(state.with_(**{VIEW: None}) if state.view_id == str(view.id) else state.address)
        case "update":
            work.group.label = f"View “{view.name}” changed"
            saved_views.change(work, view, path=state.path, query=state.kept)
        case "rename":
            work.group.label = f"View “{view.name}” renamed"
            saved_views.change(work, view, name=visit.fields.get("name"), is_shared=visit.fields.get("is_shared") == _ON)
        case _:
            raise Invalid(Problem("do", "choose what to do with the view"))
    return GoTo(state.address if what == "rename" else address_of(_asked(work, visit)))


def _asked(work: Work, visit: Visit, *, lock: bool = False) -> SavedView:
    return saved_views.view_of(work, record_beside(visit).entity, visit.id, lock=lock)
