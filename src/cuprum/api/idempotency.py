"""Writes that come with an `Idempotency-Key` are done once: whoever repeats one within 24 hours gets the first answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, delete, select, update

from cuprum.api.call import Call
from cuprum.kit import jsonio
from cuprum.kit.errors import Refused
from cuprum.kit.secret_box import SecretBox, box_for
from cuprum.records.housekeeping import ANSWERS_KEPT_SECONDS
from cuprum.records.work import Work
from cuprum.storage.dialect import insert
from cuprum.storage.event_tables import idempotency

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# `GET /account` says with this header that the server knows such keys.
ANNOUNCED = "X-Cuprum-Idempotency"

LONGEST_KEY = 255


def once(work: Work, call: Call, answer: Callable[[], bytes | None]) -> bytes | None:
    """The answer of a write, or the one that was given to the same request before; None while a write in parts has none yet.

    It is kept in the write's own transaction: a write that was refused or lost is done anew. Raises Refused where the key
    was used for another request.
    """
    key = _key(call)
    if key is None:
        return answer()
    mine, fingerprint = _row(work, key), _fingerprint(call)
    if not _claim(work, key, fingerprint):
        return _former(work, call, mine, fingerprint)
    if (given := answer()) is None:
        # The last part keeps it; no claim outlives a process that dies before.
        work.execute(delete(idempotency).where(mine))
        return None
    kept = {"headers": call.answer_headers, "body": given.decode()}
    sealed = _box(work).seal(jsonio.text(kept))
    work.execute(update(idempotency).where(mine).values(status=200, answer=sealed))
    return given


def _key(call: Call) -> str | None:
    key = call.headers.get(HEADER.lower())
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise Refused(f"Invalid request: {HEADER} must have 1 to {LONGEST_KEY} characters")
    return key


def _row(work: Work, key: str) -> Any:
    return and_(idempotency.c.user_id == work.actor.user_id, idempotency.c.key == key)


def _fingerprint(call: Call) -> str:
    asked = jsonio.encode([call.method, call.path, sorted(call.query.items())])
    return hashlib.sha256(asked + b"\n" + call.raw).hexdigest()


def _claim(work: Work, key: str, fingerprint: str) -> bool:
    """Whether the key is ours to use; who uses it at this moment is waited for, by the row that both want to insert."""
    # What is too old counts for nothing, whether or not it was tidied up yet.
    old = idempotency.c.at < work.now - ANSWERS_KEPT_SECONDS
    work.execute(delete(idempotency).where(_row(work, key), old))
    row = {"user_id": work.actor.user_id, "key": key, "fingerprint": fingerprint, "status": 0, "answer": "", "at": work.now}
    claim = insert(work.connection, idempotency).values(**row).on_conflict_do_nothing().returning(idempotency.c.key)
    return work.execute(claim).first() is not None


def _former(work: Work, call: Call, mine: Any, fingerprint: str) -> bytes:
    row = work.execute(select(idempotency.c.fingerprint, idempotency.c.answer).where(mine)).one()
    if row.fingerprint != fingerprint:
        raise Refused(f"Invalid request: this {HEADER} was used for another request within 24 hours. Use a new one")
    kept = jsonio.decode(_box(work).open(row.answer))
    call.answer_headers.update(kept["headers"])
    call.answer_headers[REPLAYED] = "true"
    return kept["body"].encode()


def _box(work: Work) -> SecretBox:
    # Some answers show a secret this once: a copy of the database must not show it again.
    return box_for(work.settings.home, work.settings.secret_key)
