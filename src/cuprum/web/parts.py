"""A form whose work is too long for one transaction: done part after part, all of it one group with one undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.kit.errors import CuprumError
from cuprum.records.work import Work
from cuprum.web.browser import own_form
from cuprum.web.desk import Again, Endpoint, State, answered, once_more, told, work_of
from cuprum.web.visit import GoTo, Visit, visit_of


@dataclass
class SoFar:
    """What one part tells the next: the group, a word of what was done, and whatever place it keeps."""

    group: str | None = None
    place: dict[str, Any] = field(default_factory=dict)
    path: str | None = None


# Works on until its short transaction is over; sets `path`, where the browser goes on to, when all is done.
Part = Callable[[Work, Visit, SoFar], None]


def does_in_parts(part: Part, again: Again | None = None) -> Endpoint:
    """As `does`. What is refused in the middle leaves what was done before it, as a group that can be undone."""

    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        visit, so_far = visit_of(request, []), SoFar()
        try:
            visit = visit_of(request, await own_form(request))
            while so_far.path is None:
                so_far = await state.database.write(_worked, state, part, visit, so_far)
                state.after_commit()
        except CuprumError as trouble:
            return await answered(request, visit, once_more(again, trouble) if again and visit.form else told(trouble))
        path = so_far.path
        return await answered(request, visit, lambda work, visit: GoTo(path, so_far.group or ""))

    return endpoint


def _worked(connection: Connection, state: State, part: Part, visit: Visit, so_far: SoFar) -> SoFar:
    work, _ = work_of(connection, state, visit)
    if so_far.group:
        work.group.id, work.group.is_stored = so_far.group, True
    # The database may run a transaction again: what came before must not have been touched by the first try.
    following = SoFar(so_far.group, dict(so_far.place))
    part(work, visit, following)
    if work.group.changes:
        following.group = work.group.id
    return following
