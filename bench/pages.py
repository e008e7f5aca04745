"""Pages of the web face beside the statements that they read, and how many bytes each sends."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bench.bare import Recorder, time_reads
from bench.client import Client, Request, Times, measure
from cuprum.api.state import State
from cuprum.auth.sessions import begin_session
from cuprum.config import Settings
from cuprum.storage.database import Database
from cuprum.web.browser import PLAIN_COOKIE
from cuprum.web.desk import View, work_of
from cuprum.web.news import news
from cuprum.web.pages.board.view import board
from cuprum.web.pages.record.view import show
from cuprum.web.pages.records_list.view import records_list
from cuprum.web.screen import rendered
from cuprum.web.visit import Page, Visit

RECORDED = 20
_random = random.Random(11)


@dataclass(frozen=True)
class Looked:
    """A kind of page: `where` makes an address, with the record's number where there is one."""

    name: str
    view: View
    where: Callable[[], tuple[str, int]]


def measure_pages(settings: Settings, database: Database, port: int, people: int, seconds: float, empty: Times) -> None:
    heads = (("/s", 9), ("p50 ms", 9), ("p99 ms", 9), ("bare p50", 10), ("share", 8), ("of empty", 10))
    sizes = (("statements", 12), ("KB", 7), ("sent", 7))
    print(f"\n{'pages':42}" + "".join(f"{head:>{width}}" for head, width in heads + sizes))
    for name, user_id in (("admin", 1), ("member", 2)):
        secret = database.write_now(begin_session, user_id, "")
        for looked in _looked(people):
            print(f"{looked.name:32}{name:10}{_line(settings, database, port, looked, secret, seconds, empty)}", flush=True)


def _looked(people: int) -> Iterator[Looked]:
    def person() -> tuple[str, int]:
        # Odd ids are for everybody.
        number = 2 * _random.randrange(people // 2) + 1
        return f"/people/{number}", number

    yield Looked("a person", show, person)
    yield Looked("a company", show, lambda: _numbered("/companies"))
    yield Looked(
        "a list of 100 people", records_list, lambda: (f"/people?assignee_ids={_random.randrange(20) + 1}&sort_by=name", 0)
    )
    yield Looked("a board of 200 cards", board, lambda: ("/opportunities/board?pipeline_ids=3", 0))
    yield Looked("is there news?", news, lambda: ("/news?seen=0-0&about=person+company", 0))


def _numbered(start: str) -> tuple[str, int]:
    number = _random.randrange(10_000) + 1
    return f"{start}/{number}", number


def _line(
    settings: Settings, database: Database, port: int, looked: Looked, secret: str, seconds: float, empty: Times
) -> str:  # fmt: skip
    headers = {"Cookie": f"{PLAIN_COOKIE}={secret}", "Accept-Encoding": "gzip"}
    times = measure(port, headers, lambda: Request("GET", looked.where()[0]), 1, seconds)
    recorder, state = Recorder(database), State(settings, database)
    recordings = [recorder.record(_work(state, looked, secret), writing=False) for _ in range(RECORDED)]
    bare = time_reads(settings, recordings, seconds / 2)
    client = Client(port, headers)
    sent = client.send(Request("GET", looked.where()[0]))
    client.close()
    whole = gzip.decompress(sent) if sent else sent
    share, of_empty = bare.milliseconds(0.5) / times.milliseconds(0.5), empty.milliseconds(0.5) / times.milliseconds(0.5)
    return (
        f"{times.per_second:9,.0f}{times.milliseconds(0.5):9.2f}{times.milliseconds(0.99):9.2f}{bare.milliseconds(0.5):10.3f}"
        f"{share:8.2f}{of_empty:10.2f}{len(recordings[-1]):12}{len(whole) / 1000:7.0f}{len(sent) / 1000:7.0f}"
    )


def _work(state: Any, looked: Looked, secret: str) -> Callable[[Connection], Any]:
    address, number = looked.where()
    first = Visit("", {"id": str(number)}, {}, [], is_part=False, secret=secret, is_safe=True, theme=None, density="comfortable",
                  languages="en-GB", hides_starter=False)  # fmt: skip
    visit = first.at(address)

    def work(connection: Connection) -> None:
        own, _ = work_of(connection, state, visit)
        answer = looked.view(own, visit)
        if isinstance(answer, Page):
            rendered(own, visit, answer)

    return work
