"""A form whose work is too long for one transaction: done part after part, all of it one group with one undo."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.kit.errors import CuprumError, Unavailable
from cuprum.kit.uuid7 import uuid7
from cuprum.records.long_work import LongWork, long_work_part
from cuprum.records.unfinished import forget
from cuprum.records.work import Work
from cuprum.web.browser import own_form
from cuprum.web.desk import Again, Endpoint, State, answered, once_more, told, work_of
from cuprum.web.visit import GoTo, Visit, visit_of

# What is to be done, and where the browser goes when it is.
Begun = tuple[LongWork, str]
Begin = Callable[[Work, Visit], Begun]


def does_in_parts(begin: Begin, again: Again | None = None) -> Endpoint:
    """As `does`. What is refused in the middle leaves what was done before it, as a group that can be undone.

    How many records a rule held back is told at the address that the browser goes to.
    """

    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        visit, group_id, begun = visit_of(request, []), uuid7(), None
        try:
            visit = visit_of(request, await own_form(request))
            while begun is None or not begun[0].is_done:
                begun, group = await state.database.write(_worked, state, begin, visit, group_id, begun)
                state.after_commit()
        except CuprumError as trouble:
            # What the database does not take now is done by the server once it does.
            if begun is not None and not isinstance(trouble, Unavailable):
                await state.database.write(forget, begun[0].kind, group_id)
            return await answered(request, visit, once_more(again, trouble) if again and visit.form else told(trouble))
        path = begun[1] + (f"?left={left}" if (left := begun[0].place.get("left")) else "")
        return await answered(request, visit, lambda work, visit: GoTo(path, group))

    return endpoint


def _worked(
    connection: Connection, state: State, begin: Begin, visit: Visit, group_id: str, begun: Begun | None
) -> tuple[Begun, str]:
    """With the group, where anything was changed."""
    work, _ = work_of(connection, state, visit)
    so_far, path = begun or begin(work, visit)
    now = long_work_part(work, group_id, so_far)
    return (now, path), group_id if work.group.is_stored else ""
