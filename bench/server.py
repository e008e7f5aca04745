"""The server under measurement: Cuprum's own application with one empty route more, as the measure of the least possible."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.app import application
from cuprum.config import Settings


async def empty(request: Request) -> Response:
    return Response(b"{}", media_type="application/json")


def serve(port: int) -> None:
    app: Any = application(Settings())
    app.router.routes.insert(0, Route("/empty", empty, methods=["GET"]))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, loop="uvloop", http="httptools")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
