"""How soon a trigger starts a run, and what waiting costs, with the whole server on its own change feed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2

from cuprum.automation.connections import Connections
from cuprum.config import Settings
from cuprum.storage.database import Database

EVENTS, WATCHED_SECONDS, WORKFLOWS = 30, 10, 100
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def measure_triggers(settings: Settings, environment: dict[str, str], port: int, headers: dict[str, str]) -> None:
    _connect(settings, port, headers)
    command = [sys.executable, "-m", "cuprum.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
            _until(lambda: _answers(client))
            first = _add_workflow(client, "task", "taskCreated")
            waits = _waits_ms(client, first)
            print(f"\ncommit to run start: p50 {waits[len(waits) // 2]:.0f} ms, p99 {waits[-1]:.0f} ms, of {EVENTS} events")
            one = _processor_ms_a_second(process.pid)
            for number in range(1, WORKFLOWS):
                _add_workflow(client, f"task {number}", "taskCreated")
            many = _processor_ms_a_second(process.pid)
            print(f"waiting costs {one:.0f} ms of processor a second with 1 workflow, {many:.0f} with {WORKFLOWS}")
    finally:
        process.terminate()
        process.wait(25)


def _connect(settings: Settings, port: int, headers: dict[str, str]) -> None:
    database = Database(settings)
    Connections(settings, database).add_api_key(
        "bench", email=headers["X-PW-UserEmail"], key=headers["X-PW-AccessToken"], base_url=f"http://127.0.0.1:{port}"
    )
    database.close()


def _add_workflow(client: httpx2.Client, name: str, trigger: str) -> int:
    definition = {
        "label": name,
        "triggers": [{"name": "trigger_1", "type": f"copper/v1/{trigger}", "parameters": {}}],
        "tasks": [{"name": "note_1", "type": "logger/v1/debug", "parameters": {"text": "${trigger_1.event_id}"}}],
    }
    body = {"definition": definition, "name": name, "connections": {"": "bench"}, "enabled": True}
    return client.post("/automation/v1/workflows", json=body).raise_for_status().json()["id"]


def _waits_ms(client: httpx2.Client, workflow: int) -> list[float]:
    """Milliseconds from each answer to the start of its run, sorted; the first event only starts the poller."""
    waits = []
    for number in range(EVENTS + 1):
        client.post("/developer_api/v1/tasks", json={"name": f"Event {number}"}).raise_for_status()
        answered_ms = time.time() * 1000
        runs = _until(lambda known=number: _begun(client, workflow, known + 1))
        waits.append(max(run["started_at"] for run in runs) - answered_ms)
    return sorted(waits[1:])


def _begun(client: httpx2.Client, workflow: int, count: int) -> list[Any]:
    runs = client.get(f"/automation/v1/runs?workflow={workflow}&limit=200").raise_for_status().json()
    begun = [run for run in runs if run["started_at"]]
    return begun if len(begun) >= count else []


def _answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx2.HTTPError:
        return False


def _until(ready: Any) -> Any:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        if found := ready():
            return found
        time.sleep(0.01)
    raise TimeoutError("nothing happened for 60 s")


def _processor_ms_a_second(process: int) -> float:
    # What was just begun comes to rest first.
    time.sleep(WATCHED_SECONDS / 2)
    before = _ticks(process)
    time.sleep(WATCHED_SECONDS)
    return (_ticks(process) - before) / _TICKS_A_SECOND / WATCHED_SECONDS * 1000


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
