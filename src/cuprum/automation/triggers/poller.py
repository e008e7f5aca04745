"""Polls one entity through one connection, as long as the lease on it is ours."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from cuprum.automation.budget import HOOK, IMPORT, POLL, Lane
from cuprum.automation.connections import NEEDS_REAUTHORISATION, OK, needs_reauthorisation
from cuprum.automation.triggers import asking, bindings, feed_look, hooks, inbox, ledger, search_look
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.clients import Clients
from cuprum.automation.triggers.contact import FEED, note_contact
from cuprum.automation.triggers.hooks import Hooks
from cuprum.automation.triggers.inbox import Waiting
from cuprum.automation.triggers.lease import Holder, LeaseLost, Pair, claim, release, save
from cuprum.automation.triggers.look import Look, milliseconds, server_second
from cuprum.config import Settings
from cuprum.connector.errors import CopperError, RateLimited
from cuprum.connector.polling import notification
from cuprum.kit.errors import NotFound, Unavailable
from cuprum.kit.secret_box import box_for
from cuprum.storage.database import Database
from cuprum.storage.trigger_tables import poll_state

log = logging.getLogger("cuprum.triggers")

UNAUTHORISED = 401
# A feed is read with a wait as long as this; a server that is asked to end waits no longer for it.
FEED_WAIT_SECONDS = 2
# How soon another takes over where a holder gives up its lease, and how often the lease is renewed at the least.
LOOK_AGAIN_SECONDS = 1.0
RENEWED_EVERY_SECONDS = 5.0
# Notifications come in bursts: one look answers all of a while.
DEBOUNCE_SECONDS = 2.0
STILL_LONG_ENOUGH_MS = 8_000
CONTACT_EVERY_MS = 3_600_000
LONGEST_BACKOFF_SECONDS = 300.0
ASK_WHETHER_AUTHORISED_SECONDS = 60.0


class Poller:
    """`turn` is one look, and returns the seconds until the next; `noticed` is called when the ledger may have more.

    With `hooks` it asks the server to call us, and looks when it does.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clients: Clients,
        pair: Pair,
        holder: Holder,
        noticed: Callable[[], None] = lambda: None,
        hooks: Hooks | None = None,
    ) -> None:
        self._settings, self._database, self._clients = settings, database, clients
        self._pair, self._holder, self._noticed, self._hooks = pair, holder, noticed, hooks
        self._box = box_for(settings.home, settings.secret_key)
        self._bell = threading.Event()
        # Somebody who starts the program again has perhaps mended what made the last one wait.
        self._may_go_on = True

    def wake(self) -> None:
        """Something came for it, or it is to end."""
        self._bell.set()

    def run(self, stop: threading.Event) -> None:
        """Poll until told to stop; whatever goes wrong is tried again."""
        while not stop.is_set():
            self._bell.clear()
            try:
                wait_seconds = self.turn()
            except Unavailable as trouble:
                log.warning("%s of %s: %s", self._pair.entity, self._pair.connection, trouble)
                wait_seconds = RENEWED_EVERY_SECONDS
            except NotFound:
                # The connection was removed.
                return
            except Exception:
                log.exception("polling %s of %s stumbled; it goes on soon", self._pair.entity, self._pair.connection)
                wait_seconds = RENEWED_EVERY_SECONDS
            if not stop.is_set():
                self._bell.wait(wait_seconds)
        try:
            self._database.write_now(release, self._pair, self._holder)
        except Unavailable as trouble:
            log.warning("the lease of %s stays until it is over: %s", self._pair.entity, trouble)

    def turn(self) -> float:
        state = self._claimed()
        if state is None:
            return LOOK_AGAIN_SECONDS
        wait_ms = (state.backoff_until or 0) - milliseconds()
        if wait_ms > 0 and not self._may_go_on and not self._is_authorised_again(state):
            return min(RENEWED_EVERY_SECONDS, wait_ms / 1000)
        self._may_go_on = False
        try:
            wait_seconds = self._look(state)
        except LeaseLost:
            return LOOK_AGAIN_SECONDS
        except CopperError as trouble:
            return self._trouble(state, trouble)
        if state.errors:
            self._recovered(state)
        return wait_seconds

    def _claimed(self) -> Any:
        row = self._database.read_now(_state, self._pair)
        if row and row.holder == self._holder.name and row.held_until - milliseconds() > STILL_LONG_ENOUGH_MS:
            return row
        return self._database.write_now(claim, self._pair, self._holder)

    def _look(self, state: Any) -> float:
        told = self._database.read_now(inbox.waiting, self._pair, self._box)
        copper = self._clients.get(self._pair.connection, _lane(state, told))
        one = Look(self._database, self._pair, self._holder, copper, state)
        listening = self._database.read_now(bindings.of_pair, self._pair)
        if state.source is None or milliseconds() - (state.contact_at or 0) > CONTACT_EVERY_MS or self._was_moved(state):
            origin = self._clients.connections.one(self._pair.connection).base_url
            one.write(note_contact, copper.changes.announced(), origin, listening)
            return 0
        wants_history = next((listener for listener in listening if listener.history_from is not None), None)
        if state.source == FEED:
            is_done = feed_look.look(one, 0 if wants_history else FEED_WAIT_SECONDS)
            give_history, wait_seconds = feed_look.give_history, 0.0
        else:
            is_done, wait_seconds = self._search(one, listening, told)
            give_history = search_look.give_history
        if is_done:
            wait_seconds = min(wait_seconds, asking.look(one, listening, self._settings.poll_seconds))
        self._noticed()
        if is_done and wants_history and state.is_seeded:
            give_history(one, wants_history)
            return 0
        return wait_seconds

    def _search(self, one: Look, listening: list[Binding], told: Waiting) -> tuple[bool, float]:
        """Whether everything was read, and the seconds until the next look."""
        state, settings, now = one.state, self._settings, milliseconds()
        if self._hooks and self._hooks.are_due(state):
            self._hooks.verify(one)
        due = (state.polled_at or 0) + (
            min(DEBOUNCE_SECONDS, settings.poll_seconds) if told.ids else settings.poll_seconds
        ) * 1000
        if state.sweep or now >= due:
            if not self._sweep(one, told):
                return False, 0
            due = now + settings.poll_seconds * 1000
        if state.is_seeded and self._needs_census(listening):
            census_due = (state.census_at or 0) + settings.census_seconds * 1000
            if state.census or now >= census_due:
                census_waits = self._count(one)
                if not census_waits:
                    return True, 0
                census_due = milliseconds() + census_waits * 1000
            due = min(due, census_due)
        return True, min(RENEWED_EVERY_SECONDS, max(0.0, (due - milliseconds()) / 1000))

    def _count(self, one: Look) -> float:
        """Go on with a census; the seconds that it waits for its turn. What was modified is looked for meanwhile."""
        try:
            search_look.take_census(replace(one, copper=self._clients.get(self._pair.connection, IMPORT)))
        except RateLimited as trouble:
            return max(LOOK_AGAIN_SECONDS, trouble.retry_after_seconds or 0)
        return 0

    def _sweep(self, one: Look, told: Waiting) -> bool:
        """Read what was modified, and look after what notifications say is gone; True when it is read to the end."""
        before = self._database.read_now(ledger.last_seq, self._pair)
        if not search_look.look(one, None if told.ids or not one.state.is_seeded else self._settled(one.state)):
            return False
        if one.state.sweep or not one.state.is_seeded:
            # What was told meanwhile may lie behind us: another sweep follows.
            return True
        for record_id in told.deleted:
            search_look.confirm(one, record_id, "hook")
        if told.ids:
            one.write(lambda connection, pair, state: inbox.remove(connection, told))
        elif self._database.read_now(hooks.are_active, self._pair):
            self._count_missed(one, before)
        return True

    def _settled(self, state: Any) -> int:
        """The last second to read; nothing bounds what is told of, which has happened, nor the first sweep, which tells nothing:
        what it left out would seem to have happened after it."""
        return server_second(state) - int(self._settings.settle_seconds)

    def _count_missed(self, one: Look, before: int) -> None:
        kinds = self._database.read_now(ledger.kinds_since, self._pair, before)
        counts = {event: kinds[kind] for event, kind in notification.KINDS.items() if kind in kinds}
        if counts:
            log.warning("%s of %s changed, and no hook said so: %s", self._pair.entity, self._pair.connection, counts)
            one.write(hooks.note_missed, counts)

    def _needs_census(self, listening: list[Binding]) -> bool:
        # Nothing else finds deletions there, nor activities that speak of an earlier day.
        return self._pair.entity == "activity" or any(one.trigger.kind == "Instant" for one in listening)

    def _is_authorised_again(self, state: Any) -> bool:
        return bool(state.error_status == UNAUTHORISED and self._clients.connections.one(self._pair.connection).state == OK)

    def _was_moved(self, state: Any) -> bool:
        return bool(state.origin != self._clients.connections.one(self._pair.connection).base_url)

    def _trouble(self, state: Any, trouble: CopperError) -> float:
        """Note it, and wait: as long as asked to, else longer with every failure."""
        errors = state.errors + 1
        if needs_reauthorisation(trouble):
            seconds = ASK_WHETHER_AUTHORISED_SECONDS
            self._clients.connections.mark(self._pair.connection, NEEDS_REAUTHORISATION)
        else:
            seconds = min(LONGEST_BACKOFF_SECONDS, 2.0 ** min(errors, 9)) * random.uniform(0.5, 1.0)
            seconds = max(seconds, trouble.retry_after_seconds or 0)
        if errors == 1:
            log.warning("%s of %s cannot be polled: %s", self._pair.entity, self._pair.connection, trouble)
        values = {"errors": errors, "error": str(trouble), "error_status": trouble.status}
        until = milliseconds() + int(seconds * 1000)
        self._database.write_now(_note_trouble, self._pair, self._holder, **values, backoff_until=until)
        return min(RENEWED_EVERY_SECONDS, seconds)

    def _recovered(self, state: Any) -> None:
        log.info("%s of %s is polled again", self._pair.entity, self._pair.connection)
        values = {"errors": 0, "error": None, "error_status": None, "backoff_until": None}
        self._database.write_now(_note_trouble, self._pair, self._holder, **values)
        connections = self._clients.connections
        if connections.one(self._pair.connection).state == NEEDS_REAUTHORISATION:
            connections.mark(self._pair.connection, OK)


def _lane(state: Any, told: Waiting) -> Lane:
    if told.ids:
        return HOOK
    return POLL if state.is_seeded or state.source is None else IMPORT


def _state(connection: Connection, pair: Pair) -> Any:
    return connection.execute(select(poll_state).where(*_is(pair))).first()


def _note_trouble(connection: Connection, pair: Pair, holder: Holder, **values: Any) -> None:
    if connection.execute(select(poll_state.c.holder).where(*_is(pair))).scalar() == holder.name:
        save(connection, pair, **values)


def _is(pair: Pair) -> tuple[Any, Any]:
    return poll_state.c.connection_id == pair.connection_id, poll_state.c.entity == pair.entity
