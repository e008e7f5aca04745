"""Starts the runs of workflows: for each event that concerns a binding one run, however often it is tried."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cuprum.automation.starting import Beginning, Starter
from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.hearing import concerns
from cuprum.automation.triggers.lease import LEASE_SECONDS, Holder, is_gone
from cuprum.automation.workflow_file import BadWorkflow
from cuprum.automation.zone import zone_of_account
from cuprum.kit.errors import NotFound, Unavailable
from cuprum.storage.database import Database

log = logging.getLogger("cuprum.triggers")

# What another process writes into the ledger is found by looking.
LOOK_AGAIN_SECONDS = 0.5
# An event may wait some seconds for the run that perhaps caused it: others need not.
AT_ONCE = 4
PAGE = 100
TRY_AGAIN_SECONDS = 30.0


class Dispatcher:
    """One for a server. The place of a binding moves once the runs of its events are noted; their ids come from the events,
    so what is tried again after a crash starts nothing twice."""

    def __init__(self, database: Database, starter: Callable[[], Starter], holder: Holder) -> None:
        self._database, self._starter, self._holder = database, starter, holder
        self._news = threading.Event()
        self._busy: set[int] = set()
        self._not_before: dict[int, float] = {}

    def wake(self) -> None:
        self._news.set()

    def run(self, stop: threading.Event) -> None:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="dispatch") as threads:
            while not stop.is_set():
                self._news.clear()
                try:
                    for binding in self._database.read_now(bindings.with_news):
                        if binding.id not in self._busy and time.monotonic() > self._not_before.get(binding.id, 0):
                            self._busy.add(binding.id)
                            threads.submit(self._serve, binding, stop)
                except Unavailable as trouble:
                    log.warning("triggers wait: %s", trouble)
                self._news.wait(LOOK_AGAIN_SECONDS)

    def _serve(self, binding: Binding, stop: threading.Event) -> None:
        more = False
        try:
            if is_gone(binding.holder, binding.held_until) or binding.holder == self._holder.name:
                more = self._start_runs(binding, stop)
        except BadWorkflow as bad:
            log.error("workflow %s cannot start, its events wait: %s", binding.workflow_id, bad)
            self._not_before[binding.id] = time.monotonic() + TRY_AGAIN_SECONDS
            self._database.write_now(bindings.change, binding.id, error=str(bad))
        except NotFound:
            log.debug("workflow %s was removed", binding.workflow_id)
        except Unavailable as trouble:
            log.warning("workflow %s waits: %s", binding.workflow_id, trouble)
        except Exception:
            log.exception("the events of workflow %s wait", binding.workflow_id)
            self._not_before[binding.id] = time.monotonic() + TRY_AGAIN_SECONDS
        finally:
            self._busy.discard(binding.id)
        if more:
            self._news.set()

    def _start_runs(self, binding: Binding, stop: threading.Event) -> bool:
        """Start the runs of some events; True when there are more."""
        assert binding.workflow_id is not None
        # Another node does nothing twice either, only in vain.
        until = int((time.time() + LEASE_SECONDS) * 1000)
        self._database.write_now(bindings.take, binding.id, self._holder.name, until)
        zone, starter = self._database.read_now(zone_of_account), self._starter()
        place, newest = binding.place, self._database.read_now(ledger.last_seq, binding.pair)
        noted = self._database.read_now(ledger.after, binding.pair, place, binding.id, PAGE)
        for one in noted:
            if stop.is_set():
                break
            if concerns(binding, one.event, zone):
                run_id = f"{binding.workflow_id}/{binding.name}/{one.event.event_id}"
                starter.start_run(binding.workflow_id, Beginning({}, binding.name, one.event.as_json()), run_id)
            place = one.seq
        if not noted:
            # What is left in the ledger is history for others.
            place = newest
        self._database.write_now(bindings.advance, binding, binding.place, place)
        return len(noted) == PAGE
