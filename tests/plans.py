"""How the databases would answer statements that were really sent: for tests that promise an index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

Statement = tuple[str, Any]


@contextmanager
def sent() -> Iterator[list[Statement]]:
    """The statements and parameters that go to a database within the block."""
    statements: list[Statement] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        statements.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan_of(connection: Connection, statement: Statement) -> str:
    if connection.dialect.name == "sqlite":
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1]))
    # A few rows are looked through and sorted sooner than an index is read, unless that costs much.
    for way in ("sort", "seqscan", "bitmapscan"):
        connection.exec_driver_sql(f"SET enable_{way} = off")
    try:
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement[0]}", statement[1]))
    finally:
        for way in ("sort", "seqscan", "bitmapscan"):
            connection.exec_driver_sql(f"RESET enable_{way}")
