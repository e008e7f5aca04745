"""Who follows what is no change of the record: a search says which records the user of a connection follows, and two answers
side by side say what is followed since, and what no longer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cuprum.connector.polling.event import Event, Kind, Record
from cuprum.connector.polling.sweep import CREATED, Sweep

FOLLOWED, NOT_FOLLOWED = 1, 2
KEYS = replace(CREATED, more={"followed": FOLLOWED})


def everything_followed() -> Sweep:
    return Sweep(KEYS, 0, 0)


def told(entity: str, kind: Kind, rows: Iterable[tuple[int, Record]], second: int) -> list[Event]:
    """Found in that second: when exactly it was, no server says."""
    return [Event(entity, number, kind, second, f"{kind}-{second}", row) for number, row in rows]
