"""A coroutine that waits for a write hears how it ended, or lets it go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from cuprum.storage.awaited import Awaited
from cuprum.storage.database import Database
from installation import Template
from patience import PATIENCE_SECONDS


@pytest.fixture
def database(template: Template, tmp_path) -> Iterator[Database]:
    with template.stored_copy(tmp_path / "home") as settings:
        made = Database(settings)
        yield made
        made.close()


def test_it_hears_what_the_work_gave_or_raised(database: Database):
    async def ask() -> None:
        assert await database.write(lambda connection: "done") == "done"
        with pytest.raises(LookupError, match="nothing there"):
            await database.write(lambda connection: _fail("nothing there"))
        assert await asyncio.gather(*(database.write(lambda connection, one=one: one) for one in range(50))) == [*range(50)]

    asyncio.run(ask())


def _fail(why: str) -> None:
    raise LookupError(why)


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_what_nobody_waits_for_any_more_is_not_begun(database: Database):
    gate, done = threading.Event(), []

    async def ask() -> None:
        first = asyncio.ensure_future(database.write(lambda connection: gate.wait(PATIENCE_SECONDS)))
        second = asyncio.ensure_future(database.write(lambda connection: done.append("second")))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        gate.set()
        assert await first
        assert await database.write(lambda connection: "third") == "third"

    asyncio.run(ask())
    assert done == []


def test_what_was_begun_is_done_though_nobody_waits_any_more(database: Database):
    began, gate, done = threading.Event(), threading.Event(), []

    def work(connection: object) -> None:
        began.set()
        gate.wait(PATIENCE_SECONDS)
        done.append("whole")

    async def ask() -> None:
        waiting = asyncio.ensure_future(database.write(work))
        await asyncio.to_thread(began.wait, PATIENCE_SECONDS)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.set()
        assert await database.write(lambda connection: "next") == "next"

    asyncio.run(ask())
    database.writer.close()
    assert done == ["whole"]


def test_an_answer_after_its_loop_has_gone_disturbs_nobody():
    async def make() -> Awaited:
        return Awaited()

    answer = asyncio.run(make())
    answer.set_result("late")
    answer.set_exception(LookupError("late"))
    assert not answer.future.done()
