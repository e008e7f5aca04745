"""What goes back: JSON as Copper prints it, and errors in the two shapes that its clients read."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from cuprum.kit import jsonio
from cuprum.kit.errors import Ambiguous, BatchTooLarge, CuprumError, NoSuchRoute

# Copper's clients find these under `error`, everything else under `message` (`copper-api/part1.md §3`).
_SHAPE_B = (NoSuchRoute, BatchTooLarge)


def json_bytes(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(value, status, headers, media_type="application/json")


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return json_bytes(jsonio.encode(value), status, headers)


def error_body(error: CuprumError) -> dict[str, Any]:
    if isinstance(error, _SHAPE_B):
        return {"error": str(error)}
    body = {"success": False, "status": error.status, "message": str(error)}
    return body | {"ids": error.ids} if isinstance(error, Ambiguous) and error.ids else body


def error_answer(error: CuprumError) -> Response:
    return json_answer(error_body(error), error.status, error.headers)
