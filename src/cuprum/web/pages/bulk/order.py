"""What the form of a list orders to be done with its rows: with which, and what."""

from __future__ import annotations

from typing import Any

from cuprum.entities import reading
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.records.bulk_edit import ADD_TAGS, DELETE, EDIT, REMOVE_TAGS, BulkEdit
from cuprum.records.work import Work
from cuprum.web.facts import Fact, facts_of
from cuprum.web.given import body_of
from cuprum.web.list_state import ListState
from cuprum.web.pages.list_export.view import MOST_PICKED, ids_in
from cuprum.web.pages.list_filter.view import record_beside
from cuprum.web.shown import Shown
from cuprum.web.visit import Visit

ON = "1"
_OWNER = "assignee_id"
# The names of a record say which one it is.
_NOT_IN_BULK = ("name", "first_name", "middle_name", "last_name", "emails", "email", "email_domain")


def order_of(work: Work, visit: Visit, what: str) -> BulkEdit:
    record, state = record_beside(visit), ListState.behind(visit, record_beside(visit))
    verb, body, words = _change(work, visit, what)
    asked = {name: value for name, value in state.asked.items() if not name.startswith("sort_")}
    where = state.where
    match = "any" if where.is_any else ""
    return BulkEdit(record.entity, verb, body, reading.shown(words), asked, str(where), match, selected(visit))


def _change(work: Work, visit: Visit, what: str) -> tuple[str, dict[str, Any], str]:
    """The verb, its body, and what it is called."""
    match what:
        case "delete":
            return DELETE, {}, "deleted"
        case "tag" | "untag":
            tags = [tag for tag in map(str.strip, visit.fields.get("tags", "").split(",")) if tag]
            if not tags:
                raise Invalid(Problem("tags", "can't be blank", "blank"))
            named = ", ".join(f"“{tag[:40]}”" for tag in tags[:5])
            words = f"tagged {named}" if what == "tag" else f"no longer tagged {named}"
            return (ADD_TAGS if what == "tag" else REMOVE_TAGS), {"tags": tags}, words
        case "edit" | "assign":
            fact = fact_of_form(work, visit)
            if fact is None:
                raise Invalid(Problem("field", "choose a field", "blank"))
            body = body_of(work, [fact], visit.form, Shown.of(work, visit.languages))
            return EDIT, body, f"{fact.label.lower()} {_set_to(fact, body)}"
    raise NotFound


def _set_to(fact: Fact, body: dict[str, Any]) -> str:
    value = body.get(fact.name)
    if fact.definition:
        value = body["custom_fields"][0]["value"]
    if value in (None, "", [], False):
        return "cleared"
    # A number of a record, or a value of many parts, says nothing in a line.
    if isinstance(value, list | dict) or fact.control in ("record", "reference", "instant"):
        return "changed"
    return f"set to {fact.words.get(value, value)}"


def selected(visit: Visit) -> list[int] | None:
    """The ids of the rows, or None for all that fit the list. Raises Invalid where there are none."""
    if visit.fields.get("all") == ON:
        return None
    ids = ids_of(visit)
    if not ids:
        raise Invalid(Problem("rows", "select at least one", "blank"))
    return ids


def ids_of(visit: Visit) -> list[int] | None:
    """Those of this window, and those picked on others before; None for all that fit the list."""
    if visit.fields.get("all") == ON:
        return None
    given = [part for name, value in visit.form if name in ("id", "kept") for part in value.split(",") if part]
    picked = list(dict.fromkeys(given))
    if len(picked) > MOST_PICKED:
        raise Invalid(Problem("rows", f"{MOST_PICKED:,} can be picked by hand at most: narrow the list and take all that fit"))
    return ids_in(",".join(picked))


def facts_on(work: Work, visit: Visit) -> list[Fact]:
    return [one for one in facts_of(work, record_beside(visit).entity, {}) if one.name not in _NOT_IN_BULK]


def fact_of_form(work: Work, visit: Visit) -> Fact | None:
    name = _OWNER if visit.parameters["what"] == "assign" else visit.fields.get("field")
    return next((one for one in facts_on(work, visit) if one.name == name), None)
