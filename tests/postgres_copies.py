"""Copies of a template database on PostgreSQL. Creating and dropping one waits for the disk, so one is used again:
its rows are put back to what they were, which takes milliseconds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

import kept_connections

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
# In the database itself: a question for each table would be a hundred ways there and back.
_PUT_BACK = f"""
CREATE FUNCTION kept.put_back(spared integer[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text; last bigint; is_used boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND pid <> ALL (spared);
    DROP SCHEMA IF EXISTS jobs CASCADE;
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR name IN {_TABLES} LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO is_used;
        IF is_used THEN
            EXECUTE format('DELETE FROM public.%I', name);
        END IF;
        IF to_regclass(format('kept.%I', name)) IS NOT NULL THEN
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', name);
        END IF;
    END LOOP;
    FOR name, last IN SELECT * FROM kept.sequences LOOP
        PERFORM setval(format('public.%I', name), coalesce(last, 1), last IS NOT NULL);
    END LOOP;
END $$"""


class PostgresCopies:
    """`fill` prepares the template; `copy` lends a database that looks like it."""

    def __init__(self, server: str) -> None:
        self._server = server
        self.template = _new_name()
        self._reused: str | None = None
        self._is_lent = False
        self._keeper: psycopg.Connection | None = None
        create_database(server, self.template)

    def url(self, name: str) -> str:
        return f"{self._server.rpartition('/')[0]}/{name}"

    def keep(self) -> None:
        """Remember the template's rows, beside them in a schema of their own; of an empty table there is nothing to remember."""
        with psycopg.connect(self.url(self.template), autocommit=True) as connection:
            connection.execute("CREATE SCHEMA kept")
            for (table,) in connection.execute(_TABLES).fetchall():
                named = sql.Identifier(table)
                if connection.execute(sql.SQL("SELECT FROM public.{0} LIMIT 1").format(named)).rowcount:
                    connection.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(named))
            connection.execute(f"CREATE TABLE kept.sequences AS {_SEQUENCES}")
            connection.execute(_PUT_BACK)

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
        create_database(self._server, name, self.template)
        try:
            yield self.url(name)
        finally:
            self._on_server(f"DROP DATABASE {name} WITH (FORCE)")

    def _fresh(self) -> str:
        if self._reused is None:
            self._reused = _new_name()
            create_database(self._server, self._reused, self.template)
        else:
            url = self.url(self._reused)
            # Whatever else is connected was left by a test, and may still write.
            spared = [connection.info.backend_pid for connection in kept_connections.keep(url)]
            self._kept_connection(url).execute("SELECT kept.put_back(%s)", [spared])
        return self._reused

    def _kept_connection(self, url: str) -> psycopg.Connection:
        # A new one would first have to learn of every table, which takes five times as long as to put them back.
        if self._keeper is None or self._keeper.closed:
            self._keeper = psycopg.connect(url, autocommit=True)
            self._keeper.execute("SET client_min_messages = warning")
        return self._keeper

    def remove(self) -> None:
        if self._keeper:
            self._keeper.close()
        if self._reused:
            kept_connections.close(self.url(self._reused))
        for name in (self._reused, self.template):
            if name:
                self._on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)


def create_database(server: str, name: str, template: str = "template1") -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        # Tests kill our server, never PostgreSQL: its own sync to disk promises them nothing.
        connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")


def _new_name() -> str:
    return f"cuprum_test_{uuid.uuid4().hex[:12]}"
