"""Actions a second through the connector, beside the same requests through the HTTP client that it stands on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2

from bench.client import timed
from bench.workloads import API, new_person
from cuprum.connector import Copper


def measure_actions(port: int, headers: dict[str, str], people: int, seconds: float) -> None:
    url = f"http://127.0.0.1:{port}{API}"
    page = {"page_size": 200, "sort_by": "name", "assignee_ids": [3]}
    copper = Copper(email=headers["X-PW-UserEmail"], key=headers["X-PW-AccessToken"], base_url=url)
    plain = httpx2.Client(headers=headers)

    def send(method: str, path: str, body: Any = None) -> Any:
        return plain.request(method, url + path, json=body).raise_for_status().json()

    print(f"\n{'':36}{'connector':^18}{'HTTP client':^18}\n{'':36}{'/s':>9}{'p50 ms':>9}{'/s':>9}{'p50 ms':>9}{'share':>8}")
    with copper, plain:
        create = (lambda: copper.act("createPerson", new_person(people))), (lambda: send("POST", "/people", new_person(people)))
        _line("createPerson", *create, seconds)
        _line("read by id", lambda: copper.people.get(17), lambda: send("GET", "/people/17"), seconds)
        search = (lambda: copper.people.search(page)), (lambda: send("POST", "/people/search", page))
        _line("page of 200 by owner", *search, seconds)


def _line(name: str, act: Callable[[], Any], send: Callable[[], Any], seconds: float) -> None:
    through, plain = timed(act, seconds), timed(send, seconds)
    share = plain.milliseconds(0.5) / through.milliseconds(0.5)
    print(
        f"{name:36}{through.per_second:9,.0f}{through.milliseconds(0.5):9.2f}"
        f"{plain.per_second:9,.0f}{plain.milliseconds(0.5):9.2f}{share:8.2f}",
        flush=True,
    )
