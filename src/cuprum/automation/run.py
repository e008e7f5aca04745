"""The durable workflows: a run, and an item of an `each`. Their names and arguments stay, for open runs outlive an upgrade."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from cuprum.automation import history
from cuprum.automation.hands import Hands
from cuprum.automation.interpreter import interpret
from cuprum.automation.order import Order, while_unavailable
from cuprum.jobs import Queue, Run, Workflow

log = logging.getLogger("cuprum.automation")

RUN, ITEM, QUEUE = "automation", "automation item", "automation"
# A run mostly waits for others; beyond this the rest waits in the queue.
RUNS_AT_ONCE = 16
QUEUES = [Queue(QUEUE, node_concurrency=RUNS_AT_ONCE)]


def automation_workflows(hands: Callable[[], Hands], *, first_retry_seconds: float = 1.0) -> list[Workflow]:
    """`automation(order)` and `automation item(order)`; the hands are made with the first run."""
    once = functools.cache(hands)

    def walk(run: Run, order: dict[str, Any]) -> dict[str, Any]:
        try:
            return interpret(run, Order(**order), once(), ITEM, first_retry_seconds)
        except Exception as error:
            # A mistake of ours must not leave a run that says it is running for ever.
            log.exception("run %s broke", order["run_id"])
            told = {"error": type(error).__name__, "message": str(error), "class": "permanent", "node": "", "place": ""}
            return {"state": history.FAILED, "error": told}

    def automation(run: Run, order: dict[str, Any]) -> dict[str, Any]:
        ended = walk(run, order)
        run.step(once().notes.finish, order["run_id"], ended, name="finish", retry=while_unavailable)
        return ended

    return [Workflow(RUN, automation), Workflow(ITEM, walk)]


def engine_id(run_id: str, attempt: int) -> str:
    """What the engine calls an attempt of a run."""
    return run_id if attempt == 1 else f"{run_id}~{attempt}"
