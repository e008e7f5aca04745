"""The identical statements through the bare driver: recorded from the application, then run again without it.

A read is run with the parameters it had, all rows fetched. A write is run as one durable transaction of its writing
statements, on a connection with the same settings; what differs from one to the next (uids, addresses, titles, the
record's id) is put in anew each time.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Connection, event
from starlette.routing import Match, Route

from bench.client import Request, Times, timed
from cuprum.api.automation import automation_api
from cuprum.api.call import Call
from cuprum.api.desk import answered
from cuprum.api.routes import developer_api
from cuprum.api.state import State
from cuprum.config import Settings
from cuprum.storage.database import Database
from cuprum.storage.dialect import prepare_sqlite, sqlite_module

Recorded = list[tuple[str, Any, bool]]


@dataclass
class Recorder:
    """Keeps the statements that one piece of work sends to the driver."""

    database: Database

    def record(self, work: Callable[[Connection], Any], *, writing: bool) -> Recorded:
        engine = self.database.writer.engine if writing else self.database.reading
        found: Recorded = []

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
            if not statement.startswith("BEGIN"):
                found.append((statement, parameters, many))

        event.listen(engine, "before_cursor_execute", note)
        try:
            (self.database.write_now if writing else self.database.read_now)(work)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return found


def run(connection: Connection, state: State, request: Request, headers: dict[str, str]) -> Any:
    """What the server does for a request, on this connection; returns the decoded answer."""
    path, _, _ = request.path.partition("?")
    scope = {"type": "http", "method": request.method, "path": path, "root_path": "", "headers": []}
    for route in _routes():
        match, found = route.matches(scope)
        if match is Match.FULL:
            body = b"" if request.body is None else json.dumps(request.body).encode()
            by_name = {name.lower(): value for name, value in headers.items()}
            call = Call(request.method, path, found["path_params"], {}, {}, body, by_name)
            return json.loads(answered(connection, state, found["endpoint"].handler, call))
    raise LookupError(request.path)


@cache
def _routes() -> list[Any]:
    return [route for mount in (developer_api(), automation_api()) for route in _prefixed(mount)]


def _prefixed(mount: Any) -> list[Route]:
    return [Route(mount.path + one.path, one.endpoint, methods=list(one.methods)) for one in mount.routes]


def connect(settings: Settings) -> Any:
    if settings.is_sqlite:
        connection = sqlite_module().connect(str(settings.sqlite_file), isolation_level=None, timeout=30)
        prepare_sqlite(connection, settings)
        return connection
    return psycopg.connect(settings.database_url, autocommit=True, options="-c plan_cache_mode=force_custom_plan")


def time_reads(settings: Settings, recordings: list[Recorded], seconds: float) -> Times:
    connection = connect(settings)
    statements = [[one for one in recorded if _is_its_own(one[0])] for recorded in recordings]
    turns = itertools.cycle(statements)
    return timed(lambda: [connection.execute(text, values).fetchall() for text, values, _ in next(turns)], seconds)


def _is_its_own(statement: str) -> bool:
    """Authentication is ours, not the statement that is measured."""
    return not any(word in statement for word in ("api_key", "vocabulary_version", "FROM session", "FROM team_member"))


def time_writes(
    settings: Settings, recordings: list[tuple[Recorded, int]], another: Callable[[], int] | None, seconds: float
) -> Times:
    """`recordings` are writes with the id of the record that each of them wrote; they are run in turn.

    A change is made to `another` record each time, as the server's are: the same few again and again would lie together in
    the indexes, and cost half the pages. None when the writes create.
    """
    connection = connect(settings)
    begin = "BEGIN IMMEDIATE" if settings.is_sqlite else "BEGIN"
    numbers = itertools.count(time.time_ns())
    turns = itertools.cycle(
        ([one for one in recorded if not one[0].startswith("SELECT")], record_id) for recorded, record_id in recordings
    )

    def transaction() -> None:
        number, (writing, record_id) = next(numbers), next(turns)
        connection.execute(begin)
        new_id = another() if another else record_id
        for text, values, many in writing:
            fresh = _fresh(values, number, record_id, new_id)
            cursor = connection.cursor()
            (cursor.executemany if many else cursor.execute)(text, fresh)
            if another is None and new_id == record_id:
                new_id = cursor.lastrowid if settings.is_sqlite else cursor.fetchone()[0]
        connection.execute("COMMIT")

    return timed(transaction, seconds)


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_TITLE = re.compile(r"\b(t)\d{19}\b", re.IGNORECASE)


def _fresh(values: Any, number: int, record_id: int, new_id: int) -> Any:
    match values:
        case list():
            return [_fresh(one, number, record_id, new_id) for one in values]
        case tuple():
            return tuple(_fresh(one, number, record_id, new_id) for one in values)
        case dict():
            return {name: _fresh(one, number, record_id, new_id) for name, one in values.items()}
        case str():
            # The number stands in the id's last group, so that one group and its changes stay together.
            replaced = _UUID.sub(lambda found: f"{found[0][:14]}{number:022x}"[:36], values)
            replaced = _TITLE.sub(rf"\g<1>{number}", replaced)
            return replaced.replace("@bench.example", f".{number}@bench.example")
        case int() if values == record_id and not isinstance(values, bool):
            return new_id
    return values
