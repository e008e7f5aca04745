"""Connections to PostgreSQL that outlive their engine: a new one has yet to learn of every table that it meets, which takes
as long as all the rest of a small test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

from cuprum.config import Settings

# By the address of their database. To any other one connections are made and closed as they always are.
_idle: dict[str, list[psycopg.Connection]] = {}


def keep(url: str) -> list[psycopg.Connection]:
    """From now on those to this database are kept; the ones that nobody uses at the moment."""
    return _idle.setdefault(url, [])


def close(url: str) -> None:
    for connection in _idle.pop(url, []):
        connection.close()


def keeping(make: Callable[..., Engine]) -> Callable[..., Engine]:
    """The same engines, which take a kept connection where there is one, and leave theirs behind."""

    @wraps(make)
    def made(settings: Settings, **further: Any) -> Engine:
        engine = make(settings, **further)
        idle = _idle.get(settings.database_url)
        if idle is not None:
            event.listen(engine, "do_connect", lambda *_: _taken(idle))
            engine.dialect.do_close = lambda connection: _left(idle, connection)  # type: ignore[method-assign]
        return engine

    return made


def _taken(idle: list[psycopg.Connection]) -> psycopg.Connection | None:
    # Several threads take theirs at once.
    try:
        return idle.pop()
    except IndexError:
        return None


def _left(idle: list[psycopg.Connection], connection: psycopg.Connection) -> None:
    # Only one that is like new: the next engine begins its transactions on it.
    if connection.info.transaction_status == TransactionStatus.IDLE and not connection.autocommit:
        idle.append(connection)
    else:
        connection.close()
