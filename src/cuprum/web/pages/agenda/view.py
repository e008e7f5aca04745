"""The agenda: open tasks by the day when they are due, or by the person who does them; done and put off from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cuprum.entities import Task, field
from cuprum.records import write
from cuprum.records.stored import stored
from cuprum.records.work import Work
from cuprum.web.facts import fact_from
from cuprum.web.lanes import all_days, names_in
from cuprum.web.list_bar import bar_of
from cuprum.web.list_state import ListState, within_of
from cuprum.web.news import followed, linked_from
from cuprum.web.pages.home.view import home
from cuprum.web.pages.record.view import as_plain
from cuprum.web.pages.records_list.view import Filter, asked_of, kept_beside
from cuprum.web.visit import GoTo, Page, Visit
from cuprum.web.ways import AGENDA, ways_to_see

_EVERYBODY = "all"


def agenda(work: Work, visit: Visit) -> Page:
    """Mine, unless the address says whose."""
    live = followed(work, *(linked_from(Task) | {"task"}))
    chosen = visit.query.get("assignee_ids") or str(work.actor.user_id)
    asked = {name: visit.query[name] for name in ("name", "tags") if visit.query.get(name)}
    if chosen != _EVERYBODY:
        asked["assignee_ids"] = chosen
    state, filters = ListState.at_visit(visit, Task), [_owners(work, chosen)]
    within, problems = within_of(work, state)
    lanes = all_days(work, asked_of(Task, asked), within)
    words = {
        "record": Task, "live": live, "lanes": [lane for lane in lanes if lane.total], "names": names_in(work, lanes),
        "path": AGENDA,
        "filters": filters, "words": visit.query.get("name", ""), "tag": visit.query.get("tags", ""),
        "kept": kept_beside(state, filters), "bar": bar_of(work, state, visit, problems),
        "list_ways": ways_to_see(visit, Task), "is_filtered": bool(asked.keys() - {"assignee_ids"} or state.where_text),
        "here": visit.here,
        "users": work.vocabulary.words["user"],
    }  # fmt: skip
    return Page("agenda/agenda.html", words, part="lanes", status=422 if problems else 200)


def _owners(work: Work, chosen: str) -> Filter:
    fact = fact_from(work, field(Task, "assignee_id"), {})
    options = [(_EVERYBODY, "Everybody"), *(option for _, group in fact.choices for option in group), (-2, "Nobody")]
    return Filter("assignee_ids", fact.label, chosen, [(None, options)], is_needed=True)


def complete(work: Work, visit: Visit) -> Page | GoTo:
    task = as_plain(work, "task", visit.id)
    work.group.label = f"{task['name']} completed"
    write.change(work, "task", visit.id, {"status": "Completed"})
    return _shown(work, visit)


def put_off(work: Work, visit: Visit) -> Page | GoTo:
    """Move tasks to tomorrow, each at its time of the day."""
    ids = {
        int(value) for name, value in visit.form if name == "ids" and value.isascii() and value.isdecimal() and len(value) < 19
    }
    tasks = [stored(work, "task", task_id) for task_id in sorted(ids)]
    work.group.label = f"{tasks[0]['name'] if len(tasks) == 1 else f'{len(tasks)} tasks'} put off until tomorrow"
    for task in tasks:
        write.change(work, "task", task["id"], _put_off(work, task))
    return _shown(work, visit)


def _put_off(work: Work, task: Mapping[str, Any]) -> dict[str, Any]:
    """Due tomorrow; a reminder keeps its distance to that."""
    due, reminder = _tomorrow(work, task), task["reminder_date"]
    if reminder is None or not task["due_date"] or (moved := reminder + due - task["due_date"]) <= work.now:
        return {"due_date": due}
    return {"due_date": due, "reminder_date": moved}


def _tomorrow(work: Work, task: Mapping[str, Any]) -> int:
    zone = ZoneInfo(work.vocabulary.account["primary_timezone"])
    due = datetime.fromtimestamp(task["due_date"] or work.now, zone)
    day = (datetime.fromtimestamp(work.now, zone) + timedelta(days=1)).date()
    return int(due.replace(year=day.year, month=day.month, day=day.day).timestamp())


def _shown(work: Work, visit: Visit) -> Page | GoTo:
    """The page that the button stood on, as it is now."""
    there = visit.at(visit.next(AGENDA))
    if not visit.is_part:
        return GoTo(visit.next(AGENDA))
    return home(work, there) if there.path == "/home" else agenda(work, there)
