"""Copies of a template database on PostgreSQL. Creating and dropping one waits for the disk, so one is used again:
its rows are put back to what they were, which takes milliseconds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class PostgresCopies:
    """`fill` prepares the template; `copy` lends a database that looks like it."""

    def __init__(self, server: str) -> None:
        self._server = server
        self.template = _new_name()
        self._reused: str | None = None
        self._is_lent = False
        self._on_server(f"CREATE DATABASE {self.template}")

    def url(self, name: str) -> str:
        return f"{self._server.rpartition('/')[0]}/{name}"

    def keep(self) -> None:
        """Remember the template's rows, beside them in a schema of their own."""
        with psycopg.connect(self.url(self.template), autocommit=True) as connection:
            connection.execute("CREATE SCHEMA kept")
            for (table,) in connection.execute(_TABLES).fetchall():
                copied = sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(sql.Identifier(table))
                connection.execute(copied)
            connection.execute(f"CREATE TABLE kept.sequences AS {_SEQUENCES}")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The URL of a database of one's own; nobody may alter its tables."""
        if self._is_lent:
            with self._another() as url:
                yield url
            return
        self._is_lent = True
        try:
            yield self.url(self._fresh())
        finally:
            self._is_lent = False

    @contextmanager
    def _another(self) -> Iterator[str]:
        name = _new_name()
        self._on_server(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        try:
            yield self.url(name)
        finally:
            self._on_server(f"DROP DATABASE {name} WITH (FORCE)")

    def _fresh(self) -> str:
        if self._reused is None:
            self._reused = _new_name()
            self._on_server(f"CREATE DATABASE {self._reused} TEMPLATE {self.template}")
            # Tests kill our server, never PostgreSQL: its own sync to disk promises them nothing.
            self._on_server(f"ALTER DATABASE {self._reused} SET synchronous_commit = off")
        else:
            self._put_back(self.url(self._reused))
        return self._reused

    def _put_back(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute(_OTHERS)
            connection.execute("DROP SCHEMA IF EXISTS jobs CASCADE")
            connection.execute("SET session_replication_role = replica")
            for (table,) in connection.execute(_TABLES).fetchall():
                name = sql.Identifier(table)
                connection.execute(sql.SQL("DELETE FROM public.{}").format(name))
                connection.execute(sql.SQL("INSERT INTO public.{0} SELECT * FROM kept.{0}").format(name))
            for sequence, last in connection.execute("SELECT * FROM kept.sequences").fetchall():
                connection.execute("SELECT setval(%s, %s, %s)", (f'public."{sequence}"', last or 1, last is not None))

    def remove(self) -> None:
        for name in (self._reused, self.template):
            if name:
                self._on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)


def _new_name() -> str:
    return f"cuprum_test_{uuid.uuid4().hex[:12]}"
