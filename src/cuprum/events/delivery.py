"""Delivers one notification: once in Copper mode, with retries and at last a dead letter in reliable mode."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select, update

from cuprum.jobs import Run, Workflow, exponential
from cuprum.kit import jsonio
from cuprum.kit.secret_box import CannotOpen, SecretBox
from cuprum.kit.signing import signed_headers
from cuprum.storage.database import Database
from cuprum.storage.dialect import lock_word
from cuprum.storage.event_tables import delivery, webhook

if TYPE_CHECKING:
    from cuprum.kit.exchange import Outcome

COPPER, RELIABLE = "copper", "reliable"
# The states of a delivery. `unstarted`: stored, yet no run of the engine has it. `waiting`: for its first attempt or the next.
UNSTARTED, WAITING, SENDING = "unstarted", "waiting", "sending"
DELIVERED, FAILED, DEAD = "delivered", "failed", "dead"
OPEN, ENDED = (UNSTARTED, WAITING, SENDING), (DELIVERED, FAILED, DEAD)
STATES = (*OPEN, *ENDED)

# For what was begun before a crash: whether it arrived nobody knows, and Copper sends at most once.
INTERRUPTED = {"state": FAILED, "attempts": 1, "last_reason": "Interrupted while sending"}

# Copper's ceilings for an account, kept with CUPRUM_COPPER_LIMITS: so many notifications in so many seconds.
COPPER_LIMITS = ((600, 60), (1_800, 600))
LONGEST_WAIT_SECONDS = 86_400

# Trouble of our own (a full disk, a database that restarts) is no attempt: it is waited out, however long it takes.
_WAIT_IT_OUT = exponential(attempts=1_000_000, first_seconds=1, longest_seconds=300)


@dataclass(frozen=True)
class Post:
    """What an attempt needs; made once a process. `client` is a guarded client (`kit/outbound.py`)."""

    database: Database
    client: Callable[[], Any]
    box: Callable[[], SecretBox]
    retries_seconds: tuple[float, ...]
    copper_limits: bool


def run_id(delivery_id: str, run_number: int) -> str:
    """The run that delivers; a delivery that is sent again gets the next number, and its former run ends."""
    return f"{delivery_id}/{run_number}"


def delivery_workflow(post: Post) -> Workflow:
    """The durable workflow `deliver(delivery_id, run_number)`."""

    def deliver(run: Run, delivery_id: str, run_number: int) -> str:
        while True:
            wait = run.step(_attempt, post, delivery_id, run_number, name="attempt", retry=_WAIT_IT_OUT)
            if wait is None:
                return "done"
            run.sleep(wait)

    return Workflow("deliver", deliver)


def _attempt(post: Post, delivery_id: str, run_number: int) -> float | None:
    """Send once and note how it went; the seconds until the next attempt, None when there is none."""
    taken = post.database.write_now(_take, delivery_id, run_number, post.copper_limits)
    if taken is None or isinstance(taken, float):
        return taken
    settled = _settled(taken, _send(post, taken), post.retries_seconds)
    if not post.database.write_now(note, delivery_id, run_number, (SENDING,), settled):
        # Sent again by hand meanwhile: that run goes on with it.
        return None
    return settled.get("wait")


def _take(connection: Connection, delivery_id: str, run_number: int, copper_limits: bool) -> Any:
    """Mark the delivery as being sent and return it; seconds when it has to wait first, None when nothing is left to do."""
    found = connection.execute(_FOUND, {"id": delivery_id}).first()
    if found is None or found.run_number != run_number or found.state in ENDED:
        return None
    now = time.time()
    if found.deleted_at is not None:
        note(connection, delivery_id, run_number, OPEN, {"state": FAILED, "last_reason": "The subscription was deleted"})
        return None
    if found.state == SENDING and found.mode == COPPER:
        note(connection, delivery_id, run_number, (SENDING,), INTERRUPTED)
        return None
    if found.next_attempt_at is not None and found.next_attempt_at > now:
        # A crash came between the note of the last attempt and the engine's checkpoint.
        return float(found.next_attempt_at - now)
    if copper_limits and (wait := _wait_for_limits(connection, int(now))):
        return wait
    sending = {"state": SENDING, "last_attempt_at": int(now), "next_attempt_at": None}
    # Between our look and this, whoever started the run may have noted that it is started.
    former = (found.state,) if found.state == SENDING else (UNSTARTED, WAITING)
    return found if note(connection, delivery_id, run_number, former, sending) else None


_FOUND = (
    select(
        delivery.c.id, delivery.c.body, delivery.c.state, delivery.c.attempts, delivery.c.run_number,
        delivery.c.next_attempt_at, webhook.c.target, webhook.c.headers, webhook.c.mode, webhook.c.signing_secret,
        webhook.c.deleted_at,
    ).join(webhook, webhook.c.id == delivery.c.webhook_id).where(delivery.c.id == bindparam("id"))
)  # fmt: skip


def _wait_for_limits(connection: Connection, now: int) -> float:
    """Seconds until the oldest notification has left each window that is full; 0 where none is."""
    # Without the lock two nodes would each count the other's notification only after their own.
    lock_word(connection, "webhook limits")
    wait = 0
    for most, seconds in COPPER_LIMITS:
        # `>=`: the times are whole seconds, and a window may rather be a second too long than too short.
        window = select(func.count(), func.min(delivery.c.last_attempt_at)).where(delivery.c.last_attempt_at >= now - seconds)
        sent, oldest = connection.execute(window).one()
        if sent >= most:
            wait = max(wait, oldest + seconds + 1 - now)
    return float(wait)


def _send(post: Post, found: Any) -> Outcome:
    # Loaded with the first delivery: the HTTP client takes a fifth of a second of a start.
    from cuprum.kit.exchange import Outcome, exchange

    body = found.body.encode()
    # A subscriber's own headers come after ours, in whatever case they are written.
    headers = {"content-type": "application/json", "user-agent": "Cuprum"}
    headers |= {name.lower(): value for name, value in jsonio.decode(found.headers or "{}").items()}
    if found.mode == RELIABLE:
        try:
            headers |= signed_headers(post.box().open(found.signing_secret), found.id, int(time.time()), body)
        except CannotOpen as trouble:
            return Outcome(status=None, permanent=True, reason=str(trouble), elapsed_seconds=0, may_have_arrived=False)
    return exchange(post.client(), "POST", found.target, content=body, headers=headers)


def _settled(found: Any, outcome: Outcome, retries_seconds: tuple[float, ...]) -> dict[str, Any]:
    """What to note of an attempt; with a `wait` when there is to be another."""
    noted = {"attempts": found.attempts + 1, "last_status": outcome.status, "last_reason": outcome.reason}
    if outcome.succeeded:
        return {**noted, "state": DELIVERED}
    if found.mode == COPPER:
        return {**noted, "state": FAILED}
    if found.attempts >= len(retries_seconds):
        return {**noted, "state": DEAD}
    # A receiver may say when it wants to be asked again.
    wait = max(retries_seconds[found.attempts], min(outcome.retry_after_seconds or 0, LONGEST_WAIT_SECONDS))
    return {**noted, "state": WAITING, "next_attempt_at": int(time.time() + wait), "wait": float(wait)}


def note(connection: Connection, delivery_id: str, run_number: int, former: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Note it unless the delivery has moved on: to another state by another node, or to another run."""
    columns = {name: value for name, value in values.items() if name in delivery.c}
    own = (delivery.c.id == delivery_id, delivery.c.run_number == run_number, delivery.c.state.in_(former))
    return connection.execute(update(delivery).where(*own).values(**columns)).rowcount == 1
