"""The server under measurement: Cuprum's own application, set up as `cuprum serve` does it, with two routes more."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.app import application
from cuprum.config import Settings
from cuprum.kit.garbage import look_seldom
from cuprum.kit.logs import set_up
from cuprum.storage.writer import Writer


async def empty(request: Request) -> Response:
    return Response(b"{}", media_type="application/json")


class LongestWrite:
    """The longest write transaction since it was last asked for, in seconds, told beside whatever the server notes of it."""

    def __init__(self, writer: Writer) -> None:
        self.seconds, self._noted = 0.0, writer.observe
        writer.observe = self._observe

    def _observe(self, seconds: float) -> None:
        self.seconds = max(self.seconds, seconds)
        self._noted(seconds)

    async def answer(self, request: Request) -> Response:
        seconds, self.seconds = self.seconds, 0.0
        return Response(str(seconds), media_type="application/json")


def serve(port: int, *, with_engine: bool) -> None:
    # Each request writes its line, as under `cuprum serve`.
    set_up(as_json=True)
    app: Any = application(Settings(), with_engine=with_engine)
    longest = LongestWrite(app.state.cuprum.database.writer)
    app.router.routes.insert(0, Route("/empty", empty, methods=["GET"]))
    app.router.routes.insert(0, Route("/longest_write", longest.answer, methods=["GET"]))
    look_seldom()
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False, loop="uvloop", http="httptools")


if __name__ == "__main__":
    serve(int(sys.argv[1]), with_engine="engine" in sys.argv[2:])
