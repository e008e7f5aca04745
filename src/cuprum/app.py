"""Puts everything together: one ASGI application."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from cuprum.api import hooks, incoming, oauth
from cuprum.api.answers import error_answer
from cuprum.api.automation import automation_api
from cuprum.api.by_path import ByPath
from cuprum.api.caretaker import caretaker
from cuprum.api.health import health
from cuprum.api.metrics import Metrics
from cuprum.api.observed import Observed
from cuprum.api.openapi.routes import description
from cuprum.api.options import verbs_of
from cuprum.api.routes import developer_api
from cuprum.api.slashes import WithoutTrailingSlash
from cuprum.api.state import State
from cuprum.config import Settings
from cuprum.events.courier import Courier
from cuprum.events.handoff import note_for_webhooks
from cuprum.jobs import Queue, Workflow
from cuprum.kit.errors import CuprumError, NoSuchRoute, Refused
from cuprum.kit.security_headers import SecurityHeaders
from cuprum.records import reminders
from cuprum.records.notifications import describer
from cuprum.storage.database import Database
from cuprum.web import assets, authorize, crm, first_start, one_time_links, sign_in, welcome
from cuprum.web.broken import broken
from cuprum.web.nowhere import is_for_people, nowhere

if TYPE_CHECKING:
    from cuprum.automation.keeper import Keeper
    from cuprum.automation.triggers.service import Triggers


def application(settings: Settings, *, with_engine: bool = False, reachable_at: str = "") -> Starlette:
    """The server for a migrated database; `with_engine` where it is to do durable work too, once in a process.

    `reachable_at` is the address at which other servers can call this one, where somebody has set it.
    """
    state = State(settings, Database(settings), listeners=(note_for_webhooks,))
    if settings.copper_limits:
        # Few want them, and the library takes a while to load.
        from cuprum.api.copper_limits import CopperLimits

        state.limits = CopperLimits()
    metrics = Metrics()
    state.database.writer.observe = metrics.count_transaction
    automations = _Automations(state, reachable_at)
    courier = _courier(settings, state, automations) if with_engine else None
    if courier:
        state.workflows_changed = automations.wake
        state.after_commit = courier.wake
        state.notified = automations.notified
        state.engine = lambda: courier.engine

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if courier:
            courier.start()
        async with caretaker(state):
            yield
        if courier:
            await asyncio.to_thread(automations.stop)
            await asyncio.to_thread(courier.stop)
        state.database.close()

    faces = [developer_api(), automation_api()]
    rooms: list[list[Route]] = [
        description(faces),
        [Route("/healthz", health), Route("/metrics", metrics.answer)],
        incoming.routes(),
        oauth.routes(),
        hooks.routes(),
        authorize.routes(),
        sign_in.routes(),
        first_start.routes(),
        one_time_links.routes(),
        welcome.routes(),
        assets.routes(),
        crm.routes(),
    ]
    app = Starlette(
        routes=[
            *faces,
            Mount("", app=ByPath([route for room in rooms for route in room])),
        ],
        lifespan=lifespan,
        exception_handlers={CuprumError: _refused, PydanticCustomError: _unreadable, HTTPException: _no_route},
    )
    app.state.cuprum = state
    # The last one added sees a request first.
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observed, metrics=metrics, told=_told)
    app.add_middleware(WithoutTrailingSlash)
    return app


class _Automations:
    """Starts with the engine: what it needs takes half a second to load, and no request waits for it."""

    def __init__(self, state: State, reachable_at: str) -> None:
        self._state, self._reachable_at = state, reachable_at
        self._keeper: Keeper | None = None
        self._triggers: Triggers | None = None

    def start(self) -> None:
        from cuprum.automation.keeper import Keeper
        from cuprum.automation.triggers.service import Triggers
        from cuprum.transfer.importing import start_queued

        starter = self._state.starter()
        starter.start_queued()
        start_queued(self._state.database, self._state.engine())
        self._keeper = Keeper(self._state.database, starter, self._state.engine)
        self._keeper.start()
        self._triggers = Triggers(self._state.database, self._state.starter, self._reachable_at)
        self._triggers.start()

    def wake(self) -> None:
        if self._keeper:
            self._keeper.wake()

    def notified(self) -> None:
        if self._triggers:
            self._triggers.notified()

    def stop(self) -> None:
        if self._triggers:
            self._triggers.stop()
        if self._keeper:
            self._keeper.stop()


def _courier(settings: Settings, state: State, automations: _Automations) -> Courier:
    # The engine would load it beside the first requests, and half loaded it trips every statement that they build meanwhile.
    import sqlalchemy.orm  # noqa: F401

    def theirs() -> tuple[list[Workflow], list[Queue]]:
        # With the engine: they load parsers and the connector, which no request waits for.
        from cuprum.automation.hands import stored_hands
        from cuprum.automation.run import QUEUES, automation_workflows
        from cuprum.automation.ticks import tick_workflow
        from cuprum.transfer import importing

        walks = automation_workflows(lambda: stored_hands(settings, state.database))
        imports = importing.import_workflow(state.database, state.listeners, lambda: state.after_commit())
        reminding = reminders.reminder_workflow(state.database)
        queues = [*QUEUES, *importing.QUEUES, *reminders.QUEUES]
        return [*walks, tick_workflow(state.starter), imports, reminding], queues

    return Courier(
        settings,
        state.database,
        describer(settings, state.vocabulary),
        _end,
        also=theirs,
        on_started=automations.start,
    )


def _end() -> None:
    # Whoever keeps the server running starts it again, with its lock or not at all.
    os.kill(os.getpid(), signal.SIGTERM)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, CuprumError)
    return _told(request, error)


def _told(request: Request, error: CuprumError) -> Response:
    return broken(request, error) if is_for_people(request) else error_answer(error)


async def _unreadable(request: Request, error: Exception) -> Response:
    # A single value that `entities/reading.py` refused, outside of a draft or a search that gathers them.
    return error_answer(Refused(f"Invalid input: {error}"))


async def _no_route(request: Request, error: Exception) -> Response:
    if request.method == "OPTIONS" and (verbs := verbs_of(request.app.routes, request.scope)):
        return Response(status_code=204, headers={"Allow": ", ".join(verbs)})
    if request.method == "GET" and is_for_people(request):
        return await nowhere(request)
    # A verb that is not routed answers like a path that is not (`copper-api/part1.md §3`).
    return error_answer(NoSuchRoute())
