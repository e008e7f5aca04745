"""Measures a server on the benchmark's records, with the bare driver and an empty route beside it in the same run.

python -m bench [--size 100000] [--seconds 2] [--databases sqlite,postgresql] [--only WORD]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.actions import measure_actions
from bench.bare import Recorder, run, time_reads, time_writes
from bench.client import Client, Request, Times, measure
from bench.imports import measure_import
from bench.load import load
from bench.pages import measure_pages
from bench.triggers import measure_triggers
from bench.workloads import Workload, open_person, workloads
from cuprum.api.state import State
from cuprum.config import Settings
from cuprum.events.handoff import note_for_webhooks
from cuprum.storage.database import Database
from cuprum.storage.migrate import migrate

# Requests of each kind that the bare driver repeats: enough that it does not stay within the same few pages.
RECORDED = 100
POSTGRES = os.environ.get("CUPRUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def main() -> None:
    arguments = _arguments()
    for kind in arguments.databases.split(","):
        with _settings(kind) as settings:
            _bench(kind, settings, arguments)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--only", default="")
    return parser.parse_args()


@contextmanager
def _settings(kind: str) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="cuprum-bench-") as home:
        if kind == "sqlite":
            yield Settings(home=Path(home), database_url="")
            return
        name = f"cuprum_bench_{os.getpid()}"
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
        try:
            yield Settings(home=Path(home), database_url=f"{POSTGRES.rpartition('/')[0]}/{name}")
        finally:
            with psycopg.connect(POSTGRES, autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _bench(kind: str, settings: Settings, arguments: argparse.Namespace) -> None:
    print(f"\n== {kind}")
    migrate(settings)
    database = Database(settings)
    keys = load(database, arguments.size)
    with _server(settings) as (port, started_seconds, process):
        print(f"first answer after {started_seconds:.2f} s")
        empty = measure(port, {}, lambda: Request("GET", "/empty"), 1, arguments.seconds)
        empty8 = measure(port, {}, lambda: Request("GET", "/empty"), 8, arguments.seconds)
        print(f"empty route: {empty.per_second:,.0f}/s with 1 client, {empty8.per_second:,.0f}/s with 8\n")
        print(f"{'':42}{'1 client':^27}{'8 clients':^27}{'bare driver':^18}{'share of bare':>14}{'of empty':>9}")
        print(f"{'':42}{'/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'p50 ms':>9}{'p99 ms':>9}")
        people, seconds = arguments.size, arguments.seconds
        for workload in workloads(people):
            if arguments.only in workload.name:
                for role in ("admin", "member"):
                    _line(settings, database, port, workload, people, role, _headers(keys, role), empty, seconds)
        if arguments.only in "pages":
            measure_pages(settings, database, port, arguments.size, arguments.seconds, empty)
        print(f"\nmemory of the server: {_memory_mb(process.pid):.0f} MB")
        if arguments.only in "actions":
            measure_actions(port, _headers(keys, "admin"), arguments.size, arguments.seconds)
    database.close()
    if arguments.only in "import":
        with _server(settings, "engine") as (port, _, _):
            measure_import(port, _headers(keys, "admin"), _headers(keys, "member"), arguments.size)
    if arguments.only in "steps":
        subprocess.run([sys.executable, "-m", "bench.steps"], env=_environment(settings), check=True)
    if arguments.only in "triggers":
        measure_triggers(settings, _environment(settings), _port() + 1, _headers(keys, "admin"))


def _headers(keys: dict[str, str], role: str) -> dict[str, str]:
    email = {"admin": "user00@example.test", "member": "user01@example.test"}[role]
    return {"X-PW-AccessToken": keys[role], "X-PW-UserEmail": email, "X-PW-Application": "developer_api"}


def _line(
    settings: Settings, database: Database, port: int, workload: Workload, people: int, role: str, headers: dict[str, str],
    empty: Times, seconds: float,
) -> None:  # fmt: skip
    one = measure(port, headers, workload.make, 1, seconds)
    eight = measure(port, headers, workload.make, 8, seconds)
    bare = _bare(settings, database, workload, people, headers, seconds / 2)
    share = bare.milliseconds(0.5) / one.milliseconds(0.5)
    of_empty = empty.milliseconds(0.5) / one.milliseconds(0.5)
    print(
        f"{workload.name:32}{role:10}"
        f"{one.per_second:9,.0f}{one.milliseconds(0.5):9.2f}{one.milliseconds(0.99):9.2f}"
        f"{eight.per_second:9,.0f}{eight.milliseconds(0.5):9.2f}{eight.milliseconds(0.99):9.2f}"
        f"{bare.milliseconds(0.5):9.3f}{bare.milliseconds(0.99):9.3f}{share:14.2f}{of_empty:9.2f}",
        flush=True,
    )


def _bare(
    settings: Settings, database: Database, workload: Workload, people: int, headers: dict[str, str], seconds: float
) -> Times:
    recorder, state = Recorder(database), State(settings, database, listeners=(note_for_webhooks,))
    answer: dict[str, Any] = {}

    def work(connection: Any) -> None:
        answered = run(connection, state, workload.make(), headers)
        answer.update(answered if workload.writes else {})

    # Once unrecorded, for the vocabulary to be read.
    (database.write_now if workload.writes else database.read_now)(work)

    if workload.writes:
        recordings = [(recorder.record(work, writing=True), answer["id"]) for _ in range(RECORDED)]
        another = None if "create" in workload.name else partial(open_person, people)
        return time_writes(settings, recordings, another, seconds)
    return time_reads(settings, [recorder.record(work, writing=False) for _ in range(RECORDED)], seconds)


@contextmanager
def _server(settings: Settings, *further: str) -> Iterator[tuple[int, float, subprocess.Popen[bytes]]]:
    port = _port()
    started = time.monotonic()
    command = [sys.executable, "-m", "bench.server", str(port), *further]
    process = subprocess.Popen(command, env=_environment(settings), stderr=subprocess.DEVNULL)
    try:
        yield port, _first_answer(port, started), process
    finally:
        process.terminate()
        process.wait(20)


def _port() -> int:
    return 8_700 + os.getpid() % 200 * 2


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "CUPRUM_HOME": str(settings.home), "CUPRUM_DATABASE_URL": settings.database_url}


def _first_answer(port: int, started: float) -> float:
    while time.monotonic() - started < 60:
        try:
            Client(port, {}).send(Request("GET", "/empty"))
            return time.monotonic() - started
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server did not answer within 60 s")


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise LookupError("VmRSS")


main()
