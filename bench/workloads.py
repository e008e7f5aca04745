"""What is measured: one request maker each, over the benchmark's own records."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import gen
from bench.client import Request

API = "/developer_api/v1"
_unique = itertools.count(time.time_ns())
_random = random.Random(7)


@dataclass(frozen=True)
class Workload:
    """`make` makes a request; `writes` tells whether the answer waits for a commit."""

    name: str
    make: Callable[[], Request]
    writes: bool = False


def new_person(people: int) -> dict[str, Any]:
    """Somebody like one of the benchmark's people, with addresses that nobody has."""
    person = gen.copper("people", gen.person(_random.randrange(people)))
    body = {key: value for key, value in person.items() if not key.startswith("_")}
    addresses = [{"email": f"{kind}{next(_unique)}@bench.example", "category": kind} for kind in ("work", "personal")]
    return body | {"emails": addresses, "company_id": 17, "assignee_id": 2}


def open_person(people: int) -> int:
    """The id of somebody whom everybody may see: odd ids, for the member of the bench sees half of the people."""
    return 2 * _random.randrange(people // 2) + 1


def workloads(people: int) -> list[Workload]:
    def by_email() -> Request:
        return Request("POST", f"{API}/people/fetch_by_email", {"email": gen.person(open_person(people) - 1)["email"]})

    def page(size: int, **filters: object) -> Callable[[], Request]:
        asked = {"page_size": size, "sort_by": "name", **filters}
        return lambda: Request("POST", f"{API}/people/search", asked | {"assignee_ids": [_random.randrange(gen.N_USERS) + 1]})

    def contains() -> Request:
        return Request("POST", f"{API}/people/search", {"name": gen.contains_term(_random.randrange(10_000)), "sort_by": "name"})

    return [
        Workload("create a person", lambda: Request("POST", f"{API}/people", new_person(people)), writes=True),
        Workload("read by id", lambda: Request("GET", f"{API}/people/{open_person(people)}")),
        Workload("find by e-mail", by_email),
        Workload("page of 20 by owner", page(20)),
        Workload("page of 200 by owner", page(200)),
        Workload("page of 20 by owner and tag", page(20, tags=["tag-07"])),
        Workload("page of 200 by owner and tag", page(200, tags=["tag-07"])),
        Workload(
            "update one field",
            lambda: Request("PUT", f"{API}/people/{open_person(people)}", {"title": f"T{next(_unique)}"}),
            writes=True,
        ),
        Workload("name contains", contains),
        Workload("open deals by stage", lambda: Request("GET", "/automation/v1/reports/open_opportunities_by_stage")),
    ]
