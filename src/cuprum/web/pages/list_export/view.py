"""The records of a list as a CSV file: which columns, then the file itself, sent while it is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from cuprum.kit.errors import CuprumError
from cuprum.records.listing import Listing
from cuprum.records.work import Work
from cuprum.transfer.export import BOM, export_columns, export_lines
from cuprum.web.arrangement import DEFAULT_ORDER
from cuprum.web.desk import State, answered, told, work_of
from cuprum.web.list_columns import all_columns, shown_columns, title_of
from cuprum.web.list_state import ListState
from cuprum.web.pages.list_filter.view import record_beside
from cuprum.web.read_ahead import read_ahead
from cuprum.web.visit import Page, Visit, visit_of

_ON = "1"
MOST_PICKED = 1_000


def export_page(work: Work, visit: Visit) -> Page:
    """How many records, and of which columns. Raises Invalid for a filter that means nothing."""
    record = record_beside(visit)
    state = ListState.behind(visit, record)
    total = _listing(work, state, visit).total
    words = {
        "record": record, "back": state.address, "path": f"/{record.plural}/export.csv", "total": total,
        "ids": visit.query.get("ids", ""), "shown_columns": len(shown_columns(work, record.entity, state.columns)),
        "all_columns": len(all_columns(work, record.entity)),
    }  # fmt: skip
    return Page("list_export/list_export.html", words, part="panel")


async def export(request: Request) -> Response:
    """All of it as it is at this moment; what cannot be read is refused before the first line."""
    state: State = request.app.state.cuprum
    visit = visit_of(request, [])
    try:
        name = await state.database.read(_name, state, visit)
    except CuprumError as trouble:
        return await answered(request, visit, told(trouble))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    lines = read_ahead(state.database, lambda connection: _lines(connection, state, visit))
    return StreamingResponse(lines, media_type="text/csv", headers=headers)


def _name(connection: Connection, state: State, visit: Visit) -> str:
    """Raises what the export would."""
    work, _ = work_of(connection, state, visit)
    record = record_beside(visit)
    _listing(work, ListState.behind(visit, record), visit)
    today = datetime.fromtimestamp(work.now, ZoneInfo(work.vocabulary.account["primary_timezone"])).date()
    return f"{record.plural}-{today.isoformat()}.csv"


def _lines(connection: Connection, state: State, visit: Visit) -> Iterator[str]:
    work, _ = work_of(connection, state, visit)
    record = record_beside(visit)
    of = ListState.behind(visit, record)
    is_whole = visit.query.get("all_columns") == _ON
    known = all_columns(work, record.entity) if is_whole else shown_columns(work, record.entity, of.columns)
    if visit.query.get("bom") == _ON:
        yield BOM
    yield from export_lines(work, _listing(work, of, visit), export_columns((title_of(one), one) for one in known.values()))


def _listing(work: Work, state: ListState, visit: Visit) -> Listing:
    entity = state.record.entity
    asked: dict[str, Any] = DEFAULT_ORDER.get(entity, {}) | state.asked
    return Listing(work, entity, asked, state.where, ids_in(visit.query.get("ids", "")))


def ids_in(text: str) -> list[int] | None:
    """Ids with commas between them; None where there are none, which means all that fit."""
    if not text:
        return None
    return [int(one) for one in text.split(",")[:MOST_PICKED] if one.isascii() and one.isdecimal() and len(one) < 19]
