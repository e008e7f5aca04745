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
from tests.messy_files import messy_file, there_before

ROWS = 20_000
# One row in so many is of somebody who is there already.
_KNOWN = 20


def measure_import(port: int, admin: dict[str, str], member: dict[str, str], people: int) -> None:
    rows = min(ROWS, people)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=admin, timeout=600) as client:
        for kind, upload in (("clean", _clean), ("messy", _messy)):
            _measure(client, port, member, people, f"import of {rows:,} {kind} rows", upload(client, rows, people))


def _measure(client: httpx2.Client, port: int, member: dict[str, str], people: int, name: str, job: int) -> None:
    client.get("/longest_write").raise_for_status()
    user = _User(port, member, people)
    began = time.monotonic()
    client.post(f"/automation/v1/imports/{job}/start").raise_for_status()
    while (now := client.get(f"/automation/v1/imports/{job}").raise_for_status().json())["state"] in ("queued", "running"):
        time.sleep(0.2)
    seconds = time.monotonic() - began
    longest = client.get("/longest_write").raise_for_status().json()
    read, write = user.ends()
    if now["state"] != "done":
        raise RuntimeError(f"{name}: {now['state']}, {now.get('error')}")
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in now["counts"].items() if number)
    speed = f"{now['total'] / seconds:,.0f} rows/s"
    print(f"\n{name}: {speed} ({counts}), longest write transaction {longest * 1000:.0f} ms")
    print(f"{'another user meanwhile':36}{'p50 ms':>9}{'p99 ms':>9}")
    for what, times in (("page of 20", read), ("create", write)):
        print(f"{what:36}{times.milliseconds(0.5):9.2f}{times.milliseconds(0.99):9.2f}", flush=True)


def _clean(client: httpx2.Client, rows: int, people: int) -> int:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("Name", "Email", "Phone", "Title", "City", "Tags", "Owner"))
    for row in range(rows):
        one = gen.person(row if row % _KNOWN == 0 else people + 1_000_000 + row)
        tags = ",".join(map(gen.tag, one["tags"]))
        writer.writerow(
            (one["name"], one["email"], one["phone"], one["title"], one["city"], tags, gen.user(one["user"])["email"])
        )
    return int(_uploaded(client, text.getvalue().encode("utf-8-sig"), "clean")["id"])


def _messy(client: httpx2.Client, rows: int, people: int) -> int:
    """The file of the tests: a twentieth of its rows for each kind of mess, whatever people there are."""
    messy = messy_file(rows, matches="overwrite", owner=gen.user(0)["email"])
    for path, body in there_before(messy):
        client.post(f"{API}{path}", json=body).raise_for_status()
    job = int(_uploaded(client, messy.content, "messy")["id"])
    client.put(f"/automation/v1/imports/{job}", json={"matches": "overwrite", "dates": "dmy"}).raise_for_status()
    return job


def _uploaded(client: httpx2.Client, content: bytes, name: str) -> dict[str, Any]:
    path = f"/automation/v1/imports?entity=person&file_name={name}.csv&matches=overwrite"
    plan: dict[str, Any] = client.post(path, content=content, headers={"Content-Type": "text/csv"}).raise_for_status().json()
    return plan


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
