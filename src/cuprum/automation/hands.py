"""Does what a run asks for: calls nodes through their connections, and notes every step. One for a process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import Connection

from cuprum.automation import doors, history, telling
from cuprum.automation.budget import ACTION, BULK, Lane
from cuprum.automation.connections import NEEDS_REAUTHORISATION, Connections
from cuprum.automation.expressions import as_text
from cuprum.automation.node_types import ANSWER, COPPER, HTTP, LOGGER
from cuprum.automation.nodes import answer, copper, http
from cuprum.automation.nodes.outcome import NEEDS_REAUTH, TRANSIENT, UNKNOWN, NodeCall, Said, node_trouble
from cuprum.config import Settings
from cuprum.connector import Copper
from cuprum.connector.catalogue import action
from cuprum.connector.errors import OutcomeUnknown, Unauthorized
from cuprum.kit.addresses import AddressRule
from cuprum.kit.errors import Unavailable
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.automation")

# A client knows its token: not for long, since tokens are refreshed when a connection is opened.
CLIENT_KEPT_SECONDS = 60.0
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}


class Notes(Protocol):
    """Where runs and steps are written down."""

    def begin(self, run_id: str, prefix: str) -> dict[str, Any]: ...
    def begin_step(self, run_id: str, step: dict[str, Any]) -> history.Begun: ...
    def note_sent(self, run_id: str, place: str) -> None: ...
    def end_step(self, run_id: str, place: str, said: Said) -> float: ...
    def fail_step(self, run_id: str, place: str, state: str, error: dict[str, Any], *, may_have_happened: bool) -> None: ...
    def handle_step(self, run_id: str, place: str, state: str) -> None: ...
    def finish(self, run_id: str, values: dict[str, Any]) -> None: ...


class StoredNotes:
    """In the database."""

    def __init__(self, database: Database) -> None:
        self._write = database.write_now

    def begin(self, run_id: str, prefix: str) -> dict[str, Any]:
        return self._write(history.begin, run_id, prefix)

    def begin_step(self, run_id: str, step: dict[str, Any]) -> history.Begun:
        return self._write(history.begin_step, run_id, step)

    def note_sent(self, run_id: str, place: str) -> None:
        self._write(history.note_sent, run_id, place)

    def end_step(self, run_id: str, place: str, said: Said) -> float:
        return self._write(history.end_step, run_id, place, said.output, said.wrote, said.group)

    def fail_step(self, run_id: str, place: str, state: str, error: dict[str, Any], *, may_have_happened: bool) -> None:
        self._write(history.fail_step, run_id, place, state, error, may_have_happened=may_have_happened)

    def handle_step(self, run_id: str, place: str, state: str) -> None:
        self._write(history.handle_step, run_id, place, state)

    def finish(self, run_id: str, values: dict[str, Any]) -> None:
        self._write(_finish, run_id, values)


def _finish(connection: Connection, run_id: str, values: dict[str, Any]) -> None:
    run = history.finish(connection, run_id, values)
    if run is not None:
        telling.tell_of_run(connection, run, values)


class Hands:
    """`open_connection` gives a client for the name of a connection, its requests in a lane; `mark` notes that one needs
    re-authorisation."""

    def __init__(
        self,
        settings: Settings,
        notes: Notes,
        open_connection: Callable[[str, Lane], Copper],
        mark: Callable[[str, str], None] = lambda name, state: None,
        *,
        dry: bool = False,
    ) -> None:
        self.notes, self.dry = notes, dry
        self._settings, self._open, self._mark = settings, open_connection, mark
        self._clients: dict[tuple[str, Lane], tuple[float, Copper]] = {}
        self._http: Any = None
        self._lock = threading.Lock()

    def perform(self, call: NodeCall) -> dict[str, Any]:
        """Do what the node says: {"output", "at"}. Raises NodeTrouble, which says what may be tried."""
        try:
            return self._performed(call)
        except Unavailable as error:
            # Our own database does not take the note now.
            raise node_trouble(error) from error

    def resume_address(self, engine_run: str, run_id: str, place: str) -> str:
        """Where somebody outside wakes the run."""
        return self._settings.public_url.rstrip("/") + doors.resume_path(self._settings, engine_run, run_id, place)

    def close(self) -> None:
        for _, client in self._clients.values():
            client.close()
        self._clients.clear()
        if self._http is not None:
            self._http.close()

    def _performed(self, call: NodeCall) -> dict[str, Any]:
        step = {"place": call.place, "node": call.node, "type": call.type, "input": call.input}
        begun = self.notes.begin_step(call.run_id, step)
        if begun.said is not None:
            return begun.said
        try:
            said = self._do(call, begun.sent_at)
        except Exception as error:
            trouble = node_trouble(error)
            # Where the outcome is still unknown, the next attempt looks for it first.
            unknown = isinstance(error, OutcomeUnknown) or trouble.trouble == UNKNOWN
            was_unknown = begun.sent_at is not None and trouble.trouble in (TRANSIENT, NEEDS_REAUTH)
            self.notes.fail_step(
                call.run_id,
                call.place,
                history.STEP_AGAIN,
                {"message": str(trouble), **trouble.data},
                may_have_happened=unknown or was_unknown,
            )
            if trouble.trouble == NEEDS_REAUTH and call.connection:
                self._mark(call.connection, NEEDS_REAUTHORISATION)
            raise trouble from error
        return {"output": said.output, "at": self.notes.end_step(call.run_id, call.place, said)}

    def _do(self, call: NodeCall, sent_at: int | None) -> Said:
        def note_sent() -> None:
            self.notes.note_sent(call.run_id, call.place)

        if call.type.startswith(COPPER):
            if self.dry and not copper.is_read(action(call.type), call.input):
                return copper.shown(call)
            if call.connection is None:
                raise copper.needs_connection(call)
            return self._act(call, call.connection, sent_at, note_sent)
        if call.type in HTTP:
            if self.dry and not http.is_read(call.type):
                return http.shown(call)
            return http.request(call, self._guarded(), sent_at, note_sent)
        if call.type in LOGGER:
            level = call.type.rpartition("/")[2]
            log.log(_LEVELS[level], "%s of run %s: %s", call.node, call.run_id, as_text(call.input.get("text"))[:10_000])
            return Said(None)
        if call.type == ANSWER:
            return answer.answer(call.input)
        # var/v1/set
        return Said(call.input.get("value"))

    def _act(self, call: NodeCall, connection: str, sent_at: int | None, note_sent: Callable[[], None]) -> Said:
        lane = lane_of(action(call.type).name)
        client, was_kept = self._client(connection, lane)
        try:
            return copper.act(call, client, sent_at, note_sent)
        except Unauthorized:
            self._forget(connection, lane)
            # A client that was kept may know a key that has been replaced since.
            if not was_kept:
                raise
        return copper.act(call, self._client(connection, lane)[0], sent_at, note_sent)

    def _client(self, name: str, lane: Lane) -> tuple[Copper, bool]:
        with self._lock:
            opened_at, client = self._clients.get((name, lane), (0.0, None))
            if client is not None and time.monotonic() - opened_at <= CLIENT_KEPT_SECONDS:
                return client, True
            # The former one may be in use by another run; it ends with its last user.
            client = self._open(name, lane)
            self._clients[name, lane] = (time.monotonic(), client)
            return client, False

    def _forget(self, name: str, lane: Lane) -> None:
        with self._lock:
            self._clients.pop((name, lane), None)

    def _guarded(self) -> Any:
        """One for all requests, made with the first: the library takes a fifth of a second to load."""
        from cuprum.kit.outbound import guarded_client

        with self._lock:
            if self._http is None:
                settings = self._settings
                rule = AddressRule(allow_http=settings.webhook_allow_http, allow_private=settings.webhook_allow_private)
                self._http = guarded_client(rule, timeout_seconds=http.LONGEST_SECONDS)
            return self._http


def stored_hands(settings: Settings, database: Database) -> Hands:
    """The hands of an installation: its own connections, its own history."""
    connections = Connections(settings, database)
    return Hands(settings, StoredNotes(database), opener(connections), connections.mark)


def opener(connections: Connections) -> Callable[[str, Lane], Copper]:
    """Opens clients that try once: the run itself tries again, and its waits survive a restart."""
    return lambda name, lane: connections.open(name, attempts=1, lane=lane)


def lane_of(action_name: str) -> Lane:
    return BULK if action_name.startswith("bulk") else ACTION
