"""The server under measurement: Cuprum's own application, set up as `cuprum serve` does it, with one empty route more."""

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


async def empty(request: Request) -> Response:
    return Response(b"{}", media_type="application/json")


def serve(port: int) -> None:
    # Each request writes its line, as under `cuprum serve`.
    set_up(as_json=True)
    app: Any = application(Settings())
    app.router.routes.insert(0, Route("/empty", empty, methods=["GET"]))
    look_seldom()
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False, loop="uvloop", http="httptools")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
