"""From a browser's request to a piece of work and back: pages are read on a reader, forms are done in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cuprum.auth.sessions import SignedIn, actor_of, note_seen, signed_in
from cuprum.auth.sign_in import SignInLimits
from cuprum.config import Settings
from cuprum.events.log import Group, Listener
from cuprum.jobs import Engine
from cuprum.kit.errors import CuprumError, NoRight, Unauthenticated
from cuprum.records.admins import admins
from cuprum.records.vocabulary import VocabularyCache
from cuprum.records.work import Work
from cuprum.storage.database import Database
from cuprum.web.browser import keep, own_form, secret_of
from cuprum.web.drafts import Draft, ask_to_sign_in
from cuprum.web.packing import packed
from cuprum.web.screen import POLICY, rendered
from cuprum.web.visit import Answer, Download, GoTo, News, Page, Unchanged, Visit, visit_of

if TYPE_CHECKING:
    from cuprum.automation.starting import Starter

View = Callable[[Work, Visit], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


class State(Protocol):
    """What `app.py` hands to the faces, as far as this one needs it."""

    settings: Settings
    database: Database
    vocabulary: VocabularyCache
    listeners: tuple[Listener, ...]
    after_commit: Callable[[], None]
    # None as long as the engine is not there.
    engine: Callable[[], Engine | None]
    workflows_changed: Callable[[], None]

    @property
    def sign_in_limits(self) -> SignInLimits: ...

    def starter(self) -> Starter: ...


class Again(Protocol):
    """Shows the form once more, with what was typed and what is wrong with it."""

    def __call__(self, work: Work, visit: Visit, trouble: CuprumError) -> Answer: ...


def shows(view: View) -> Endpoint:
    """A page for whoever is signed in; GET never writes."""

    async def endpoint(request: Request) -> Response:
        return await answered(request, visit_of(request, []), view)

    return endpoint


def does(view: View, again: Again | None = None, **limits: int) -> Endpoint:
    """A form's work, in a transaction; when it is refused nothing of it is kept and `again` shows the form."""

    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        visit, is_read = visit_of(request, []), False
        try:
            visit, is_read = visit_of(request, await own_form(request, **limits)), True
            ready = await state.database.write(_worked, state, view, visit)
        except Unauthenticated:
            return await signed_out(request, visit)
        except CuprumError as trouble:
            return await answered(request, visit, once_more(again, trouble) if again and is_read else told(trouble))
        state.after_commit()
        return await _response(request, visit, ready)

    return endpoint


def asks(
    act: Callable[[State, Visit], View], again: Again | None = None, *, first: Callable[[Work, Visit], Any], **limits: int
) -> Endpoint:
    """For what speaks with another server or the engine, or writes in transactions of its own: nobody waits for it.

    `first` looks whether somebody may; then `act` works in a thread beside, and what it returns shows the outcome.
    """

    async def endpoint(request: Request) -> Response:
        state: State = request.app.state.cuprum
        visit, is_read = visit_of(request, []), False
        try:
            if request.method == "POST":
                visit, is_read = visit_of(request, await own_form(request, **limits)), True
            await state.database.read(_allowed, state, first, visit)
            view = await asyncio.to_thread(act, state, visit)
        except Unauthenticated:
            return await signed_out(request, visit)
        except CuprumError as trouble:
            return await answered(request, visit, once_more(again, trouble) if again and is_read else told(trouble))
        return await answered(request, visit, view)

    return endpoint


def _allowed(connection: Connection, state: State, first: Callable[[Work, Visit], Any], visit: Visit) -> Any:
    first(work_of(connection, state, visit)[0], visit)


async def answered(request: Request, visit: Visit, view: View) -> Response:
    """The page that a view makes, or one that says what is wrong."""
    state: State = request.app.state.cuprum
    try:
        try:
            ready = await state.database.read(_worked, state, view, visit)
        except Unauthenticated:
            raise
        except CuprumError as trouble:
            ready = await state.database.read(_worked, state, told(trouble), visit)
    except Unauthenticated:
        return await signed_out(request, visit)
    return await _response(request, visit, ready)


def told(trouble: CuprumError) -> View:
    def view(work: Work, visit: Visit) -> Page:
        who_can = admins(work) if isinstance(trouble, NoRight) else ""
        words = {"trouble": trouble, "is_address": False, "who_can": who_can}
        return Page("trouble_page.html", words, part="trouble", status=trouble.status)

    return view


def once_more(again: Again, trouble: CuprumError) -> View:
    return lambda work, visit: again(work, visit, trouble)


def work_of(connection: Connection, state: State, visit: Visit) -> tuple[Work, SignedIn]:
    """The work of whoever is signed in at this browser; raises Unauthenticated."""
    who = signed_in(connection, visit.secret)
    if who is None:
        raise Unauthenticated
    actor = actor_of(connection, who)
    group = Group(connection, actor.user_id, actor.face, actor.via, "", state.listeners)
    return Work(connection, actor, state.vocabulary.at(connection), state.settings, group, group.at), who


@dataclass(frozen=True)
class _Sent:
    """A page as it goes out."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class _Ready:
    """What goes to the browser, and whether it is time to note that its session was used."""

    answer: GoTo | Unchanged | News | Download | _Sent
    is_stale: bool


def _worked(connection: Connection, state: State, view: View, visit: Visit) -> _Ready:
    work, who = work_of(connection, state, visit)
    answer = view(work, visit)
    if isinstance(answer, Page):
        # In the reader's thread: compressing holds up no other thread.
        return _Ready(_Sent(answer.status, *packed(rendered(work, visit, answer), may_pack=visit.may_pack)), who.is_stale)
    if isinstance(answer, Unchanged | News | Download):
        return _Ready(answer, who.is_stale)
    done = work.group.id if answer.done is None and work.group.changes else answer.done
    return _Ready(GoTo(answer.path, done), who.is_stale)


_HEADERS = {
    "Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "HX-Request, Accept-Encoding, Sec-Fetch-Site",
}  # fmt: skip


async def _response(request: Request, visit: Visit, ready: _Ready) -> Response:
    # A page that lies open asks by itself: that is no use of its session.
    if isinstance(ready.answer, Unchanged):
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    if isinstance(ready.answer, News):
        told = {"Cuprum-Seen": ready.answer.seen, "Cache-Control": "no-store"}
        return Response(status_code=200 if ready.answer.is_any else 204, headers=told)
    if ready.is_stale:
        await request.app.state.cuprum.database.write(note_seen, visit.secret)
    if isinstance(ready.answer, GoTo):
        return _gone_to(visit, ready.answer.address)
    if isinstance(ready.answer, Download):
        kept = {"Content-Disposition": f'attachment; filename="{ready.answer.name}"', "Cache-Control": "no-store"}
        return Response(ready.answer.content, 200, kept, f"{ready.answer.media_type}; charset=utf-8")
    sent = ready.answer
    response = HTMLResponse(sent.body, sent.status, _HEADERS | sent.headers)
    return response if visit.secret == secret_of(request) else keep(request, response, visit.secret)


async def signed_out(request: Request, visit: Visit) -> Response:
    """The way to sign in and then on; what was typed into a form goes along."""
    if not visit.form:
        return _gone_to(visit, "/sign-in?next=" + quote(visit.here, safe=""))
    if visit.is_part:
        # The script sends the form once more as a whole page.
        return Response(status_code=401, headers={"HX-Reswap": "none", "Cache-Control": "no-store"})
    return await ask_to_sign_in(request, Draft.of(visit))


def _gone_to(visit: Visit, address: str) -> Response:
    return Response(headers={"HX-Redirect": address}) if visit.is_part else RedirectResponse(address, 303)
