"""Text of any length that is read from one snapshot and sent meanwhile, as slowly as the other side takes it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, wait

from sqlalchemy import Connection

from cuprum.storage.database import Database

_PIECE = 65_536


async def read_ahead(database: Database, make: Callable[[Connection], Iterator[str]]) -> AsyncIterator[bytes]:
    """What `make` reads waits in a file until it is taken: a snapshot that is held long keeps SQLite from tidying its log."""
    news, loop, is_left = asyncio.Event(), asyncio.get_running_loop(), False

    def fill(connection: Connection) -> None:
        for text in make(connection):
            waiting.write(text.encode())
            waiting.flush()
            loop.call_soon_threadsafe(news.set)
            if is_left:
                return

    with tempfile.TemporaryFile() as waiting:
        filling: Future[None] = database.begin_snapshot(fill)
        filling.add_done_callback(lambda _: loop.call_soon_threadsafe(news.set))
        taken = 0
        try:
            while True:
                is_whole = filling.done()
                if piece := await asyncio.to_thread(os.pread, waiting.fileno(), _PIECE, taken):
                    taken += len(piece)
                    yield piece
                elif is_whole:
                    filling.result()
                    return
                else:
                    await news.wait()
                    news.clear()
        finally:
            is_left = True
            # One that waits for its turn still is not begun any more.
            if not filling.cancel():
                await asyncio.to_thread(wait, [filling])
