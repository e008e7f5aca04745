"""An import beside a working user: rows a second, how long its write transactions are, and what the user waits meanwhile."""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from itertools import count
from typing import Any

import httpx2

from bench import gen
from bench.client import Client, Request, Times
from bench.workloads import API, new_person

ROWS = 20_000
# One row in so many is of somebody who is there already.
_KNOWN = 20


def measure_import(port: int, admin: dict[str, str], member: dict[str, str], people: int) -> None:
    rows = min(ROWS, people)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=admin, timeout=600) as client:
        job = _uploaded(client, rows, people)
        client.get("/longest_write").raise_for_status()
        user = _User(port, member, people)
        began = time.monotonic()
        client.post(f"/automation/v1/imports/{job}/start").raise_for_status()
        while (now := client.get(f"/automation/v1/imports/{job}").raise_for_status().json())["state"] in ("queued", "running"):
            time.sleep(0.2)
        seconds = time.monotonic() - began
        longest = client.get("/longest_write").raise_for_status().json()
        read, write = user.ends()
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in now["counts"].items() if number)
    print(
        f"\nimport of {rows:,} people: {rows / seconds:,.0f} rows/s ({counts}), longest write transaction {longest * 1000:.0f} ms"
    )
    print(f"{'another user meanwhile':36}{'p50 ms':>9}{'p99 ms':>9}")
    for name, times in (("page of 20", read), ("create", write)):
        print(f"{name:36}{times.milliseconds(0.5):9.2f}{times.milliseconds(0.99):9.2f}", flush=True)


def _uploaded(client: httpx2.Client, rows: int, people: int) -> int:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("Name", "Email", "Phone", "Title", "City", "Tags", "Owner"))
    for row in range(rows):
        one = gen.person(row if row % _KNOWN == 0 else people + 1_000_000 + row)
        tags = ",".join(map(gen.tag, one["tags"]))
        writer.writerow(
            (one["name"], one["email"], one["phone"], one["title"], one["city"], tags, gen.user(one["user"])["email"])
        )
    headers = {"Content-Type": "text/csv"}
    path = "/automation/v1/imports?entity=person&file_name=bench.csv&matches=overwrite"
    return int(client.post(path, content=text.getvalue().encode("utf-8-sig"), headers=headers).raise_for_status().json()["id"])


class _User:
    """Reads a list and creates a record, ten times a second, until it `ends`."""

    def __init__(self, port: int, headers: dict[str, str], people: int) -> None:
        self._port, self._headers, self._people = port, headers, people
        self._read: list[float] = []
        self._write: list[float] = []
        self._stops = threading.Event()
        self._thread = threading.Thread(target=self._works)
        self._thread.start()

    def ends(self) -> tuple[Times, Times]:
        self._stops.set()
        self._thread.join()
        return Times(sorted(self._read), 1), Times(sorted(self._write), 1)

    def _works(self) -> None:
        client = Client(self._port, self._headers)
        for number in count():
            page: dict[str, Any] = {"page_size": 20, "page_number": number % 50 + 1, "sort_by": "name"}
            self._read.append(_seconds(client, Request("POST", f"{API}/people/search", page)))
            self._write.append(_seconds(client, Request("POST", f"{API}/people", new_person(self._people))))
            if self._stops.wait(0.1):
                break
        client.close()


def _seconds(client: Client, request: Request) -> float:
    began = time.perf_counter()
    json.loads(client.send(request))
    return time.perf_counter() - began
