"""Every difference between SQLite and PostgreSQL stands here."""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    Text,
    TypeDecorator,
    cast,
    collate,
    create_engine,
    event,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.functions import FunctionElement

from cuprum.config import Settings
from cuprum.kit import jsonio
from cuprum.kit.text import fold
from cuprum.storage.own_writes import OwnWrites

SQLITE_NEEDED = (3, 42)


def sqlite_module() -> ModuleType:
    """The SQLite to use: the standard library's, or pysqlite3's where that is too old."""
    if sqlite3.sqlite_version_info >= SQLITE_NEEDED:
        return sqlite3
    from pysqlite3 import dbapi2

    return dbapi2


class PlannedOnce(SQLiteCompiler):
    """Writes the limit out. Given beside the statement, SQLite would plan that anew at each run, to see how much is asked
    for, which can take as long as the search."""

    def limit_clause(self, select: Any, **given: Any) -> str:
        limit, offset = select._limit_clause, select._offset_clause
        if not isinstance(limit, BindParameter):
            return super().limit_clause(select, **given)
        written = f"\n LIMIT {self.process(limit.render_literal_execute(), **given)}"
        return written if offset is None else f"{written} OFFSET {self.process(offset, **given)}"


def sqlite_engine(settings: Settings, *, read_only: bool, size: int) -> Engine:
    """An engine on the home's database file whose transactions say BEGIN themselves."""
    engine = create_engine(
        f"sqlite:///{settings.sqlite_file}",
        module=sqlite_module(),
        pool_size=size,
        max_overflow=0,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": 30, "cached_statements": 512},
        query_cache_size=2000,
    )

    engine.dialect.statement_compiler = PlannedOnce

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        prepare_sqlite(connection, settings)
        if read_only:
            connection.execute("PRAGMA query_only=ON")
            # There are several of them, and the system keeps what they read in any case: with 8 MB each nothing is faster.
            connection.execute("PRAGMA cache_size=-1500")
            record.info["own_writes"] = OwnWrites()

    if not read_only:
        _prepare_writer(engine)
    return engine


def _prepare_writer(engine: Engine) -> None:
    own = OwnWrites()

    @event.listens_for(engine, "connect")
    def watch(connection: Any, record: Any) -> None:
        if own.watch(connection):
            record.info["own_writes"] = own

    def begin(connection: Any) -> None:
        # Deferred transactions that read and then write lock one another out.
        connection.cursor().execute("BEGIN IMMEDIATE")
        own.others = _writes_of_others(connection)

    def roll_back(connection: Any) -> None:
        # What was learned inside goes with it. The pool rolls back once more what has ended already.
        if connection.in_transaction:
            own.note()
        connection.rollback()

    def roll_back_to_savepoint(connection: Connection, name: str) -> None:
        own.note()
        DefaultDialect.do_rollback_to_savepoint(engine.dialect, connection, name)  # type: ignore[arg-type]

    # No listeners to "begin" and "rollback": with one, SQLAlchemy asks for listeners at every statement, which makes each a
    # fifth slower.
    engine.dialect.do_begin = begin  # type: ignore[assignment, method-assign]
    engine.dialect.do_rollback = roll_back  # type: ignore[assignment, method-assign]
    engine.dialect.do_rollback_to_savepoint = roll_back_to_savepoint  # type: ignore[method-assign]


def count_anew(engine: Engine) -> None:
    """After a change of the schema, where somebody had SQLite count its rows: beside indexes that were counted it prefers
    the new one that was not. PostgreSQL counts by itself."""
    if engine.dialect.name != "sqlite":
        return
    with engine.begin() as connection:
        if connection.execute(text("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")).first():
            # So many rows of each index tell enough: the whole of a million people would take a while.
            connection.execute(text("PRAGMA analysis_limit=1000"))
            connection.execute(text("ANALYZE"))


def prepare_sqlite(connection: Any, settings: Settings) -> None:
    """What every connection of ours to a SQLite file is set to."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={settings.sqlite_synchronous}")
    connection.execute("PRAGMA foreign_keys=ON")
    # Every connection has a cache of its own, beside the system's, which all of them share.
    connection.execute("PRAGMA cache_size=-8000")
    connection.execute("PRAGMA journal_size_limit=67108864")
    connection.create_function("folded", 1, _folded, deterministic=True)


def _folded(stored: Any) -> str | None:
    return None if stored is None else fold(str(stored))


def postgresql_engine(settings: Settings, *, size: int) -> Engine:
    url = settings.database_url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=False,
        query_cache_size=2000,
        # Generic plans choose badly for searches whose filters vary: 277 ms against 16.
        connect_args={
            "options": "-c plan_cache_mode=force_custom_plan -c timezone=UTC",
            "application_name": "cuprum",
            # Its own variable, as with every client of PostgreSQL: who is held up for so long does not see that it answers.
            "connect_timeout": os.environ.get("PGCONNECT_TIMEOUT", 5),
        },
    )


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection on which everything is read as it was at the first statement, whatever is written meanwhile."""
    with engine.connect() as connection:
        if is_sqlite(connection):
            # Ended where the connection goes back to its pool, which rolls back.
            connection.exec_driver_sql("BEGIN")
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def insert(connection: Connection, into: Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(into) if is_sqlite(connection) else postgresql.insert(into)


def locked(connection: Connection, statement: Any, of: Table | None = None) -> Any:
    """The statement with its rows locked until the commit, or those of one table; SQLite has one writer anyway."""
    return statement if is_sqlite(connection) else statement.with_for_update(of=of)


def taking(connection: Connection, statement: Any) -> Any:
    """The statement with its rows locked, leaving out those that another process has taken."""
    return statement if is_sqlite(connection) else statement.with_for_update(skip_locked=True)


def remembered(connection: Connection, what: str) -> dict[Any, Any]:
    """What this connection remembers of callers or subscriptions: for as long as nobody wrote to them, which only SQLite
    tells cheaply. A reader hears of every commit, the writer of those of others and of what it wrote itself."""
    info, version = connection.info, None
    if own := info.get("own_writes"):
        others = own.others or _writes_of_others(connection.connection.driver_connection)
        version = (others, own.count)
    if version is None or info.get("remembered_as_of") != version:
        info.update(remembered_as_of=version, remembered=defaultdict(dict))
    return info["remembered"][what]


def _writes_of_others(connection: Any) -> int:
    """A number that is another one after others have committed something."""
    return connection.execute("PRAGMA data_version").fetchone()[0]


def lock_word(connection: Connection, word: str) -> None:
    """Wait for whoever holds this word, and hold it until the commit; SQLite has one writer anyway."""
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:word, 0))"), {"word": word})


class OwnTransaction(FunctionElement[int]):
    """The id of the transaction that a statement is part of; 0 on SQLite, which has one writer."""

    type = BigInteger()
    inherit_cache = True


@compiles(OwnTransaction)
def _own_transaction(element: Any, compiler: Any, **_: Any) -> str:
    return "pg_current_xact_id()::text::bigint"


@compiles(OwnTransaction, "sqlite")
def _only_transaction(element: Any, compiler: Any, **_: Any) -> str:
    return "0"


class TextList(TypeDecorator[Any]):
    """A list of texts as one value of a statement."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else postgresql.ARRAY(Text))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return jsonio.text(value) if dialect.name == "sqlite" else list(value)


class Among(FunctionElement[bool]):
    """`Among(column, texts)`: true where the column is one of the texts. An `IN` with a parameter for each would be written
    anew at every run, which takes longer than a look-up by key."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Among:
        # It compares already: SQLite would look at every row for one where the answer `= 1`.
        return self


@compiles(Among)
def _among_array(element: Any, compiler: Any, **_: Any) -> str:
    column, texts = map(compiler.process, element.clauses)
    return f"{column} = ANY({texts})"


@compiles(Among, "sqlite")
def _among_json(element: Any, compiler: Any, **_: Any) -> str:
    column, texts = map(compiler.process, element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"


def oldest_open_transaction(connection: Connection) -> int:
    """Transactions of this id or a later one may still write changes; whoever follows the log reads below it, in the order
    of `(transaction, seq)`: a sequence number alone says nothing, since it may be drawn early and committed late."""
    if is_sqlite(connection):
        return 1
    horizon = connection.execute(_HORIZON).one()
    if horizon.hidden:
        return horizon.oldest
    # Transaction ids in the view have 32 bits and go round.
    running = (xid + (horizon.following - xid + _HALF >> 32 << 32) for xid in horizon.running or ())
    return min([horizon.following, *running])


_HALF = 1 << 31
# The snapshot's own lower end would wait for every other database of the server; ours alone can write our log. The snapshot
# comes first: what begins after it has a later id. Where another role hides what it runs, the lower end has to do.
_HORIZON = text("""
    WITH horizon AS MATERIALIZED (SELECT pg_current_snapshot() AS known)
    SELECT pg_snapshot_xmax(known)::text::bigint AS following, pg_snapshot_xmin(known)::text::bigint AS oldest,
      (SELECT array_agg(backend_xid::text::bigint) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_xid IS NOT NULL) AS running,
      EXISTS (SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND query = '<insufficient privilege>') AS hidden
    FROM horizon
""")


def database_bytes(connection: Connection) -> int:
    if is_sqlite(connection):
        sizes = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
        return next(sizes) * next(sizes)
    return connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()


def name_contains(connection: Connection, records: Table, folded: str) -> ColumnElement[bool]:
    """True where the record's `name_key` has the folded text (three letters or more) anywhere in it."""
    if is_sqlite(connection):
        name = f"{records.name}_fts"
        phrase = '"' + folded.replace('"', '""') + '"'
        return records.c.id.in_(
            select(literal_column("rowid")).select_from(table(name)).where(literal_column(name).op("MATCH")(phrase))
        )
    return records.c.name_key.like(_pattern(folded), escape="\\")


def is_crowd(connection: Connection, found: Select[Any]) -> bool:
    """Whether a select finds so much that SQLite should not begin with it: it takes what stands in an `IN (SELECT …)` for
    25 rows. PostgreSQL knows better by itself."""
    return is_sqlite(connection) and connection.execute(found.limit(1).offset(CROWD)).first() is not None


CROWD = 1_000


def is_few(connection: Connection, total: int) -> bool:
    """Whether so many records between two bounds are to be found first, and put in order then. SQLite takes a bound for a
    fourth of all records, and would walk through these in the order asked for until the page is full. PostgreSQL knows better."""
    return is_sqlite(connection) and total <= CROWD


def as_check(key: ColumnElement[int]) -> ColumnElement[int]:
    """A key by which no record is looked up: a condition on it is only checked, on records found otherwise."""
    return key + 0


def key_contains(key: ColumnElement[str], folded: str, *, at_start: bool = False) -> ColumnElement[bool]:
    """True where a folded column without an index of its own has the text anywhere in it, or begins with it."""
    return key.like(_pattern(folded)[at_start:], escape="\\")


def folded_text(connection: Connection, stored: ColumnElement[str]) -> ColumnElement[str]:
    """Text that has no folded twin, without case and marks; null where it is."""
    if is_sqlite(connection):
        return func.folded(stored, type_=Text())
    plain = func.translate(stored, "ŁłĐđØøĦħŦŧı", "llddoohhtti")
    bare = func.regexp_replace(func.normalize(plain, literal_column("NFKD")), "[\u0300-\u036f]", "", "g")
    return func.btrim(func.regexp_replace(func.lower(bare), r"\s+", " ", "g"), type_=Text())


def part_of_json(connection: Connection, stored: ColumnElement[str], name: str) -> ColumnElement[str]:
    """The text that stands under a name of the object in a JSON column; null where there is none."""
    if is_sqlite(connection):
        return func.json_extract(stored, f'$."{name}"', type_=Text())
    return cast(stored, postgresql.JSONB)[name].astext


def first_item(connection: Connection, stored: ColumnElement[str], item: str) -> ColumnElement[Any]:
    """`item` of the first object in a column that holds a JSON list, in small letters; null where the list is empty."""
    if is_sqlite(connection):
        return func.lower(func.json_extract(stored, f"$[0].{item}"))
    return func.lower(collate(cast(stored, postgresql.JSONB)[0][item].astext, "C"))


def whole_number_in(connection: Connection, stored: ColumnElement[str], name: str) -> ColumnElement[Any]:
    """The whole number that stands under a name of the object in a JSON column; null where there is none."""
    if is_sqlite(connection):
        return func.json_extract(stored, f"$.{name}")
    return cast(cast(stored, postgresql.JSONB)[name].astext, BigInteger)


def _pattern(folded: str) -> str:
    escaped = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
