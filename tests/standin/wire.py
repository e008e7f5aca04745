"""Reading requests and writing answers: who calls, which body, which status."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .state import Record, Refusal, State, refuse


def state_of(request: Request) -> State:
    state: State = request.app.state.copper
    return state


async def body_of(request: Request) -> Any:
    """The JSON body; a missing one is {}."""
    raw = await request.body()
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except ValueError:
        raise refuse(400, "Invalid JSON") from None


def caller(request: Request) -> Record:
    """The user whose key or token came, or 401."""
    state = state_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme == "Bearer":
        email = state.tokens.get(token)
    else:
        email = state.keys.get(request.headers.get("x-pw-accesstoken", ""))
        if request.headers.get("x-pw-useremail", "").lower() != email:
            email = None
        if request.headers.get("x-pw-application") not in ("developer_api", "developer"):
            email = None
    user = state.user_by_email(email) if email else None
    if user is None:
        raise refuse(401, "Unauthorized")
    return user


def answer(request: Request, data: Any, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(as_quirked(request, data), headers=headers)


def as_quirked(request: Request, data: Any) -> Any:
    return stringified(data) if request.app.state.quirks.string_numbers else data


def stringified(data: Any) -> Any:
    """Every integer as a string: seen on the wire of older accounts."""
    if isinstance(data, dict):
        return {key: stringified(value) for key, value in data.items()}
    if isinstance(data, list):
        return [stringified(one) for one in data]
    return str(data) if isinstance(data, int) and not isinstance(data, bool) else data


async def refused(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, Refusal)
    body = exc.body
    if request.app.state.quirks.error_shape == "error" and "message" in body:
        body = {"error": body["message"]}
    return JSONResponse(body, status_code=exc.status, headers=exc.headers)


async def not_routed(request: Request, exc: Exception) -> Response:
    """An unknown path, or a verb that is not routed."""
    return JSONResponse({"error": "not_found"}, status_code=404)
