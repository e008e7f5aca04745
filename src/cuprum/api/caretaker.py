"""The small jobs beside the requests: done each minute, and once more when the server ends."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count

from cuprum.api.state import State
from cuprum.kit.errors import Unavailable
from cuprum.records.housekeeping import ROWS_A_TIME, forget_answers, forget_deliveries, forget_sign_ins
from cuprum.records.purge import purge_all

log = logging.getLogger("cuprum.caretaker")

EVERY_SECONDS = 60

Job = Callable[[State], Awaitable[None]]


@asynccontextmanager
async def caretaker(state: State) -> AsyncIterator[None]:
    """Works for as long as the block lasts."""
    rounds = asyncio.create_task(_rounds(state))
    try:
        yield
    finally:
        rounds.cancel()
        await asyncio.gather(rounds, return_exceptions=True)
        await _quietly(state, _last_used)


async def _rounds(state: State) -> None:
    for minute in count(1):
        await asyncio.sleep(EVERY_SECONDS)
        for job in (_last_used, _answers, _deliveries, _sign_ins):
            await _quietly(state, job)
        # What is kept for days need not go to the minute.
        if minute % 60 == 0:
            await _quietly(state, _trash)


async def _quietly(state: State, job: Job) -> None:
    """What cannot be done now is done in the next round."""
    try:
        await job(state)
    except Unavailable as trouble:
        log.warning("%s: %s", _name(job), trouble)
    except Exception:
        log.exception("%s failed", _name(job))


def _name(job: Job) -> str:
    return getattr(job, "__name__", "job").strip("_")


async def _last_used(state: State) -> None:
    for noted in (state.last_used, state.grants_last_used):
        if noted:
            await state.database.write(noted.flush)


async def _answers(state: State) -> None:
    while await state.database.write(forget_answers, int(time.time())) == ROWS_A_TIME:
        pass


async def _trash(state: State) -> None:
    await asyncio.to_thread(purge_all, state.database, int(time.time()))


async def _deliveries(state: State) -> None:
    while await state.database.write(forget_deliveries, int(time.time())) == ROWS_A_TIME:
        pass


async def _sign_ins(state: State) -> None:
    while await state.database.write(forget_sign_ins, int(time.time())) == ROWS_A_TIME:
        pass
