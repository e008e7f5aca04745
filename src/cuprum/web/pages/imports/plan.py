"""How a file is to be imported: read, its columns mapped, and what becomes of rows that are there already."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError, Invalid
from cuprum.records.work import Work
from cuprum.transfer import imports
from cuprum.transfer.kept_files import kept_file
from cuprum.transfer.plan import CHOICES, KEYS, Plan
from cuprum.transfer.planning import replanned
from cuprum.transfer.sheet import MOST_COLUMNS, Sheet
from cuprum.transfer.targets import Target, targets
from cuprum.web.browser import own_form
from cuprum.web.desk import State, answered, work_of
from cuprum.web.visit import Answer, GoTo, Page, Visit, visit_of

_ENCODINGS = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8 with a mark", "utf-16": "UTF-16", "windows-1252": "Windows, Western Europe",
    "windows-1250": "Windows, Central Europe", "windows-1251": "Windows, Cyrillic", "windows-1253": "Windows, Greek",
    "windows-1254": "Windows, Turkish", "iso-8859-1": "ISO Latin 1", "iso-8859-2": "ISO Latin 2", "mac_roman": "Macintosh",
    "shift_jis": "Japanese (Shift JIS)", "gb18030": "Chinese (GB 18030)", "big5": "Chinese (Big5)", "euc_kr": "Korean (EUC)",
}  # fmt: skip
_WORDS = {
    "delimiter": {",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"},
    "dates": {"dmy": "Day first: 31/12/2026", "mdy": "Month first: 12/31/2026"},
    "decimal": {".": "Point: 1,234.50", ",": "Comma: 1.234,50"},
    "unknown_owner": {"refuse": "Refuse the row", "me": "I am the owner", "nobody": "Nobody is the owner"},
    "unknown_options": {"refuse": "Refuse the row", "create": "Make the option", "leave_out": "Leave the cell out"},
}
_KEYS = {"id": "Id", "email": "E-mail address", "email_domain": "Domain", "name": "Name"}


def plan_page(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Answer:
    """The form, with what was found or chosen, or typed if that was refused."""
    job = imports.one(work.connection, work.actor, visit.id)
    if job.state != imports.PLANNED:
        return GoTo(f"/imports/{job.id}")
    known = targets(job.plan.entity, work.vocabulary)
    now = job.plan.as_json() | (_choices(visit, job.plan, len(job.headers)) if trouble else {})
    columns = now.pop("columns")
    words = {
        "job": job, "plural": ENTITIES[job.plan.entity].plural, "now": now, "groups": _groups(known),
        "words": _WORDS | {"encoding": _encodings(now["encoding"])},
        "columns": list(zip(job.headers, job.samples, columns, strict=True)),
        "left": [header for header, one in zip(job.headers, columns, strict=True) if not one],
        "keys": [(key, _KEYS[key]) for key in KEYS[job.plan.entity]], "may_make_options": work.actor.is_admin,
        "has_owner": "owner" in columns, "has_options": any(_has_options(known[one]) for one in columns if one in known),
        "problems": _problems(trouble),
    }  # fmt: skip
    return Page("imports/plan.html", words, status=trouble.status if trouble else 200)


def _groups(known: dict[str, Target]) -> list[tuple[str, list[Target]]]:
    own = [one for one in known.values() if one.definition is None]
    custom = [one for one in known.values() if one.definition is not None]
    return [("Fields", own), *([("Custom fields", custom)] if custom else [])]


def _has_options(target: Target) -> bool:
    return target.definition is not None and target.definition.data_type in ("Dropdown", "MultiSelect")


def _encodings(now: str) -> dict[str, str]:
    return _ENCODINGS if now in _ENCODINGS else {now: now, **_ENCODINGS}


def _problems(trouble: CuprumError | None) -> list[str]:
    if isinstance(trouble, Invalid):
        return [one.reason if one.attribute == "columns" else f"{one.field} {one.reason}" for one in trouble.problems]
    return [str(trouble)] if trouble else []


async def save_plan(request: Request) -> Response:
    """Read the file as chosen, keep what was chosen, and go on to trying it out; read anew, the columns are shown first."""
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        visit = visit_of(request, await own_form(request, largest=1_000_000, most_fields=MOST_COLUMNS + 50))
        plan, sheet, is_anew = await state.database.read(_replanned, state, visit)
        job = await state.database.write(_kept, state, visit, plan, sheet)
    except CuprumError as trouble:
        return await answered(request, visit, partial(plan_page, trouble=trouble))
    further = "plan" if is_anew or not job.total else "trial"
    return await answered(request, visit, lambda work, visit: GoTo(f"/imports/{job.id}/{further}"))


def _replanned(connection: Connection, state: State, visit: Visit) -> tuple[Plan, Sheet, bool]:
    work, _ = work_of(connection, state, visit)
    job = imports.one(connection, work.actor, visit.id)
    chosen = _choices(visit, job.plan, len(job.headers))
    is_anew = (chosen["encoding"], chosen["delimiter"]) != (job.plan.encoding, job.plan.delimiter)
    # Read another way the file has other columns: those that the form had mean nothing then.
    for name in ("columns", "keys", "dates", "decimal") if is_anew else ("encoding", "delimiter"):
        chosen.pop(name)
    sheet, plan = replanned(work, kept_file(connection, job.uid), job.plan, chosen)
    return plan, sheet, is_anew


def _choices(visit: Visit, plan: Plan, width: int) -> dict[str, Any]:
    """What the form chose, as the API would be told it; what it has not stays as planned."""
    fields = visit.fields
    stays = {name: getattr(plan, name) for name in (*CHOICES, "encoding")}
    chosen: dict[str, Any] = {name: fields.get(name, stands) for name, stands in stays.items()}
    # A field called `matches` would stand in the way of every script that asks the form what it matches.
    chosen["matches"] = fields.get("on_match", plan.matches)
    chosen["columns"] = [fields.get(f"column.{place}", plan.columns[place] or "") or None for place in range(width)]
    chosen["keys"] = [value for name, value in visit.form if name == "keys"]
    return chosen


def _kept(connection: Connection, state: State, visit: Visit, plan: Plan, sheet: Sheet) -> imports.Job:
    return imports.plan_anew(connection, work_of(connection, state, visit)[0].actor, visit.id, plan, sheet)
