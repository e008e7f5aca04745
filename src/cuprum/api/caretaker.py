"""The small jobs beside the requests: done each minute, and once more when the server ends."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import count

from cuprum.api.state import State
from cuprum.kit.errors import CuprumError, Unavailable
from cuprum.records.finishing import finish_part
from cuprum.records.housekeeping import ROWS_A_TIME, forget_answers, forget_deliveries, forget_sign_ins
from cuprum.records.inbox import forget_read
from cuprum.records.purge import purge_all
from cuprum.records.reminders import start_due
from cuprum.records.unfinished import LEFT_AFTER_SECONDS, forget, left
from cuprum.transfer.tidying import drop_a_left_file, forget_plans

log = logging.getLogger("cuprum.caretaker")

EVERY_SECONDS = 60
LOOKS_EVERY_SECONDS = 5

Job = Callable[[State], Awaitable[None]]


@asynccontextmanager
async def caretaker(state: State) -> AsyncIterator[None]:
    """Works for as long as the block lasts."""
    at_work = [asyncio.create_task(_rounds(state)), asyncio.create_task(_finishing(state))]
    try:
        yield
    finally:
        for one in at_work:
            one.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        await _quietly(state, _last_used)


async def _rounds(state: State) -> None:
    for minute in count(1):
        await asyncio.sleep(EVERY_SECONDS)
        for job in (_last_used, _answers, _deliveries, _sign_ins):
            await _quietly(state, job)
        # What is kept for days need not go to the minute.
        if minute % 60 == 0:
            await _quietly(state, _trash)
            await _quietly(state, _left_imports)
            await _quietly(state, _notifications)


async def _finishing(state: State) -> None:
    # Where only one server can be, whatever is found at its start was left.
    waited = 0 if state.settings.is_sqlite else LEFT_AFTER_SECONDS
    while True:
        await _quietly(state, partial(_unfinished, waited=waited))
        waited = LEFT_AFTER_SECONDS
        await _quietly(state, _reminders)
        await asyncio.sleep(LOOKS_EVERY_SECONDS)


async def _unfinished(state: State, waited: int) -> None:
    for one in await state.database.read(left, int(time.time()) - waited):
        try:
            while not await state.database.write(finish_part, one, state.settings, state.listeners):
                state.after_commit()
            log.info("%s %s, which was left in the middle, is finished", one.kind, one.about)
        except Unavailable:
            raise
        except CuprumError as refusal:
            log.error("%s %s was left in the middle and cannot be finished: %s", one.kind, one.about, refusal)
            await state.database.write(forget, one.kind, one.about)
        state.after_commit()


async def _reminders(state: State) -> None:
    await asyncio.to_thread(start_due, state.database, state.engine())


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


async def _notifications(state: State) -> None:
    await state.database.write(forget_read, int(time.time()))


async def _trash(state: State) -> None:
    await asyncio.to_thread(purge_all, state.database, int(time.time()))


async def _deliveries(state: State) -> None:
    while await state.database.write(forget_deliveries, int(time.time())) == ROWS_A_TIME:
        pass


async def _sign_ins(state: State) -> None:
    while await state.database.write(forget_sign_ins, int(time.time())) == ROWS_A_TIME:
        pass


async def _left_imports(state: State) -> None:
    for tidy in (forget_plans, drop_a_left_file):
        while await state.database.write(tidy, int(time.time())):
            pass
