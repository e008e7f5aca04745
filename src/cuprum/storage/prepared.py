"""Statements that nearly every request runs, always the same: written by SQLAlchemy once, then sent to SQLite as they are.

What SQLAlchemy does around a run takes several times as long as SQLite does for a row by its key. PostgreSQL's are run by it:
there most of the time goes to the server and back, and lost connections want to be noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from cuprum.storage.dialect import is_sqlite, sqlite_module

Values = Mapping[str, Any]


class Prepared:
    """A statement to be run with values for its parameters, or for the columns that it writes; raises what SQLAlchemy does."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def run(self, connection: Connection, values: Values) -> None:
        if is_sqlite(connection):
            self._send(connection, values)
        else:
            connection.execute(self.statement, values)

    def run_each(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it with each of these values, of which all have the same keys and there is at least one."""
        if is_sqlite(connection):
            written = _written(self.statement, tuple(rows[0]), connection.dialect)
            _sent(connection, written.text, [written.parameters(one) for one in rows], many=True)
        else:
            connection.execute(self.statement, rows)

    def inserted_id(self, connection: Connection, values: Values) -> int:
        """Insert a row and return the id that the database gave it."""
        if is_sqlite(connection):
            return self._send(connection, values).lastrowid
        key = connection.execute(self.statement, values).inserted_primary_key
        assert key is not None
        return key[0]

    def first(self, connection: Connection, values: Values) -> Sequence[Any] | None:
        """The first row that it finds, its values in the order of `columns`."""
        if not is_sqlite(connection):
            return connection.execute(self.statement, values).first()
        row = self._send(connection, values).fetchone()
        if row is not None and (readers := _readers(self.statement, connection.dialect)):
            row = list(row)
            for place, read in readers:
                row[place] = read(row[place])
        return row

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.statement.selected_columns)

    def _send(self, connection: Connection, values: Values) -> Any:
        written = _written(self.statement, tuple(values), connection.dialect)
        return _sent(connection, written.text, written.parameters(values))


def _sent(connection: Connection, text: str, parameters: Any, *, many: bool = False) -> Any:
    """The driver's cursor, with what the statement found."""
    cursor = connection.connection.cursor()
    for told in connection.engine.dispatch.before_cursor_execute:
        told(connection, cursor, text, parameters, None, many)
    try:
        return (cursor.executemany if many else cursor.execute)(text, parameters)
    except sqlite_module().Error as trouble:
        raise DBAPIError.instance(text, parameters, trouble, sqlite_module().Error) from trouble


class _Written:
    """A statement as the driver takes it."""

    def __init__(self, statement: Any, names: tuple[str, ...], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        # These would be worked out at each run.
        anew = compiled.insert_prefetch, compiled.update_prefetch, compiled.post_compile_params, compiled.literal_execute_params
        assert not any(anew), f"cannot be prepared: {compiled}"
        self.text = compiled.string
        self._order = compiled.positiontup
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}
        kinds = ((name, bound.type.dialect_impl(dialect).bind_processor(dialect)) for name, bound in compiled.binds.items())
        self._writers = [(name, write) for name, write in kinds if write]

    def parameters(self, values: Values) -> tuple[Any, ...]:
        given = {**self._fixed, **values}
        for name, write in self._writers:
            given[name] = write(given[name])
        return tuple([given[name] for name in self._order])


_written = lru_cache(maxsize=2_000)(_Written)


@lru_cache(maxsize=2_000)
def _readers(statement: Any, dialect: Dialect) -> list[tuple[int, Callable[[Any], Any]]]:
    """What reads the values of a row that are not taken as they come, by their places."""
    kinds = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns)
    return [(place, read) for place, read in enumerate(kinds) if read]
