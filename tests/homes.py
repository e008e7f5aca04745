"""Installations for commands and servers in processes of their own: a home each, and a database on PostgreSQL."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2
import psycopg

import forked
import require
from cuprum.cli import main
from cuprum.config import Settings
from patience import PATIENCE_SECONDS
from postgres_copies import create_database

CUPRUM = ("-m", "cuprum.cli")


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Home:
    """An installation by its environment. `run` is a command, `serve` a server in a process of its own."""

    folder: Path
    database_url: str = ""
    further: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CUPRUM_")}
        own = {"CUPRUM_HOME": str(self.folder), "CUPRUM_SQLITE_SYNCHRONOUS": "NORMAL", "PYTHONPATH": os.pathsep.join(sys.path)}
        return {**kept, **own, **({"CUPRUM_DATABASE_URL": self.database_url} if self.database_url else {}), **self.further}

    @property
    def settings(self) -> Settings:
        return Settings(home=self.folder, database_url=self.database_url, sqlite_synchronous="NORMAL")

    def run(self, *arguments: str, given: str = "") -> Done:
        """A command, in this process: another one would mostly wait for its imports."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, self.environment, clear=True))
            stack.enter_context(mock.patch.object(sys, "argv", ["cuprum", *arguments]))
            stack.enter_context(mock.patch.object(sys, "stdin", io.StringIO(given)))
            stack.enter_context(redirect_stdout(out))
            stack.enter_context(redirect_stderr(err))
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
        return Done(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())

    def run_apart(self, *arguments: str) -> Done:
        """A command in a process of its own."""
        done = forked.run(*CUPRUM, *arguments, env=self.environment, timeout=PATIENCE_SECONDS)
        return Done(done.returncode, done.stdout, done.stderr)

    def ok(self, *arguments: str, given: str = "") -> str:
        """The standard output of a command that must succeed."""
        done = self.run(*arguments, given=given)
        assert done.returncode == 0, f"cuprum {' '.join(arguments)}: {done.returncode}\n{done.stderr}"
        return done.stdout

    def refused(self, *arguments: str, code: int = 1) -> str:
        """The standard error of a command that must be refused; a refusal is no traceback."""
        # A server sets up the signals and the log of its process.
        done = self.run_apart(*arguments) if arguments[0] == "serve" else self.run(*arguments)
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stderr

    @contextmanager
    def serve(self, *arguments: str, anew: bool = False, **options: Any) -> Iterator[Server]:
        """`anew` starts Python anew for it, as options of `subprocess.Popen` do; else it is forked."""
        server = Server(self, arguments, anew, options)
        try:
            yield server
        finally:
            server.kill()


class Server:
    """A running `cuprum serve` that said it is ready."""

    def __init__(self, home: Home, arguments: tuple[str, ...], anew: bool, options: dict[str, Any]) -> None:
        self.home = home
        command, streams = (*CUPRUM, "serve", "--port", "0", *arguments), {"stdout": forked.PIPE, "stderr": forked.PIPE}
        self.process: Any = (
            # What a program is given as it begins, such as its rights, no fork takes up.
            subprocess.Popen([sys.executable, *command], env=home.environment, text=True, **streams, **options)
            if anew or options
            else forked.Python(*command, env=home.environment, **streams)
        )
        self.log: list[str] = []
        self._reading = threading.Thread(target=self._read_log, daemon=True)
        self._reading.start()
        self.banner = self._until_ready()
        found = re.search(r"http://\S+", self.banner)
        assert found, self.banner
        self.url = found[0]
        self.client = httpx2.Client(base_url=self.url, timeout=PATIENCE_SECONDS)

    def _read_log(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.log.append(line)

    def _until_ready(self) -> str:
        assert self.process.stdout
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                return "".join(lines)
        self.process.wait()
        self._reading.join()
        raise AssertionError(f"the server ended with {self.process.returncode}: {''.join(lines)}{''.join(self.log)}")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stop(self, sig: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(sig)
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def kill(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reading.join()

    def ask(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> httpx2.Response:
        return self.client.request(method, f"/developer_api/v1{path}", headers=headers, json=body)


def key_of(home: Home, email: str = "ana@harbour.example") -> dict[str, str]:
    """The three headers of a user whose key is made for this."""
    key = home.ok("key", "create", email).strip()
    return {"X-PW-AccessToken": key, "X-PW-Application": "developer_api", "X-PW-UserEmail": email}


@contextmanager
def empty_home(kind: str, folder: Path, template: str | None = None) -> Iterator[Home]:
    """Nothing is in it yet, or what the template has on PostgreSQL; its database is dropped when the block ends."""
    if kind == "sqlite":
        yield Home(folder)
        return
    server = require.postgres()
    name = f"cuprum_test_{uuid.uuid4().hex[:12]}"
    create_database(server, name, template or "template1")
    try:
        yield Home(folder, f"{server.rpartition('/')[0]}/{name}")
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
