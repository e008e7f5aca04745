"""Calls from outside: they start workflows whose trigger is a webhook, and wake runs that wait for one."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.api.answers import json_answer
from cuprum.api.call import Call, read_call
from cuprum.api.state import State
from cuprum.entities.reading import LARGEST_ID
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, Forbidden, Gone, Malformed, NotFound, Unavailable
from cuprum.kit.forms import pairs

if TYPE_CHECKING:
    from cuprum.automation.workflows import Kept

# The automations are imported where they are used: parsers and the connector would double the time that a start takes.

VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
# A caller who awaits the workflow is told after so long that it goes on without them.
USUAL_SECONDS, LONGEST_SECONDS = 60.0, 300.0
# At first often, for most answers come soon.
_LOOK_AGAIN_SECONDS = 0.02, 0.5
# What a sender calls a message that it may send again: ours by Standard Webhooks, and the header that APIs have agreed on.
_NAMES_OF_A_CALL = ("webhook-id", "idempotency-key")
_SECRET = ("authorization", "cookie", "x-csrf-token", "proxy-authorization")


class Awaits(CuprumError):
    """The workflow takes longer than its caller was to wait."""

    status = 504


def routes() -> list[Route]:
    return [
        Route("/hooks/workflows/resume/{packed}/{mark}", resume, methods=VERBS),
        Route("/hooks/workflows/{id}/{mark}", start, methods=VERBS),
    ]


async def start(request: Request) -> Response:
    """Note the run, then answer: at once, or with what the workflow says."""
    from cuprum.automation.node_types import AT_ONCE, AWAITED

    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)
    kept, trigger = await asyncio.to_thread(_called, state, call)
    given = trigger.get("parameters") or {}
    if trigger["type"] != AT_ONCE:
        _check_token(call, given.get("csrfToken"))
    run_id = await asyncio.to_thread(_start, state, kept, trigger["name"], call)
    if trigger["type"] != AWAITED:
        return Response(status_code=200)
    seconds = _milliseconds(given.get("timeout")) / 1000
    ends, pause = time.monotonic() + seconds, _LOOK_AGAIN_SECONDS[0]
    while time.monotonic() < ends:
        if (said := await state.database.read(_answer_of, run_id)) is not None:
            return said
        await asyncio.sleep(pause)
        pause = min(pause * 1.2, _LOOK_AGAIN_SECONDS[1])
    raise Awaits(f"The workflow has not answered within {seconds:g} seconds; it goes on (run {run_id}).")


async def resume(request: Request) -> Response:
    """Wake the run that waits behind this address; the first call counts."""
    state: State = request.app.state.cuprum
    call = await read_call(request, state.settings.max_body_bytes)
    await asyncio.to_thread(_resume, state, call)
    return json_answer({"resumed": True})


def _called(state: State, call: Call) -> tuple[Kept, dict[str, Any]]:
    """The workflow and the trigger behind the address; a wrong address and a disabled workflow look alike."""
    from cuprum.automation import doors, workflows
    from cuprum.automation.node_types import WEBHOOKS

    nobody = NotFound("No enabled workflow listens at this address")
    if (number := call.parameters["id"]) != str(int(number) if number.isascii() and number.isdecimal() else "") or (
        int(number) > LARGEST_ID
    ):
        raise nobody
    try:
        kept = state.database.read_now(workflows.by_id, int(number))
    except NotFound:
        raise nobody from None
    listening = {one["name"]: one for one in kept.workflow.get("triggers") or [] if one["type"] in WEBHOOKS}
    name = doors.is_start(state.settings, kept.id, listening, call.parameters["mark"])
    if name is None or not kept.enabled:
        raise nobody
    return kept, listening[name]


def _start(state: State, kept: Kept, trigger: str, call: Call) -> str:
    from cuprum.automation.starting import Beginning

    named = next((call.headers[name] for name in _NAMES_OF_A_CALL if call.headers.get(name)), None)
    # A message that its sender repeats starts one run.
    run_id = f"{kept.id}/{trigger}/{hashlib.sha256(named.encode()).hexdigest()[:32]}" if named else None
    started = state.starter().start_run(kept.id, Beginning({}, trigger, _said(call)), run_id)
    assert started
    return started


def _resume(state: State, call: Call) -> None:
    from cuprum.automation import doors, history
    from cuprum.jobs import NoSuchRun

    found = doors.read_resume(state.settings, call.parameters["packed"], call.parameters["mark"])
    if found is None:
        raise NotFound("Nothing waits at this address")
    engine_run, run_id, place = found
    step = state.database.read_now(history.one_step, run_id, place)
    if step is None or step.state != history.STEP_RUNNING:
        raise Gone("Nothing waits at this address any more")
    _check_token(call, (jsonio.decode(step.input or "{}") or {}).get("csrfToken"))
    if (engine := state.engine()) is None:
        raise Unavailable("The engine is not there yet. Try again shortly.")
    try:
        engine.send(engine_run, place, _said(call), message_id=f"{engine_run}/{place}")
    except NoSuchRun:
        raise Gone("Nothing waits at this address any more") from None


def _answer_of(connection: Any, run_id: str) -> Response | None:
    """What the run answers its caller: the step that is made for it as soon as it is done, else its outputs at the end."""
    from cuprum.automation import history

    step = history.answering_step(connection, run_id)
    if step is not None:
        said = jsonio.decode(step.output)
        body, headers = said["body"], said["headers"]
        if said["responseType"] == "RAW":
            text = body if isinstance(body, str) else jsonio.text(body)
            return Response(text, said["statusCode"], headers, media_type="text/plain")
        if said["responseType"] == "JSON":
            return json_answer(body, said["statusCode"], headers)
        return Response(status_code=said["statusCode"], headers=headers)
    row = history.one_run(connection, run_id)
    if row.state == history.DONE:
        return json_answer(jsonio.decode(row.outputs or "{}"))
    if row.state in (history.FAILED, history.PARKED, history.DISCARDED):
        # What went wrong is for those who may look at the run.
        return json_answer({"success": False, "status": 500, "message": f"The workflow did not succeed (run {run_id})"}, 500)
    return None


def _said(call: Call) -> dict[str, Any]:
    """What the trigger puts out: `method`, `headers` (in lower case), `parameters`, `body`."""
    headers = {name: value for name, value in call.headers.items() if name not in _SECRET}
    return {"method": call.method, "headers": headers, "parameters": call.query, "body": _body(call)}


def _body(call: Call) -> Any:
    if not call.raw.strip():
        return None
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return dict(pairs(call.raw))
    if kind == "application/json" or kind.endswith("+json"):
        return call.json()
    try:
        text = call.raw.decode()
    except UnicodeDecodeError:
        raise Malformed("Malformed request: the body must be JSON, a form or text") from None
    try:
        return jsonio.decode_untrusted(call.raw)
    except Malformed:
        return text


def _check_token(call: Call, expected: Any) -> None:
    if expected in (None, ""):
        return
    if not hmac.compare_digest(call.headers.get("x-csrf-token", "").encode(), str(expected).encode()):
        raise Forbidden("The header X-Csrf-Token does not hold the token of this workflow. Ask whoever made it for the token")


def _milliseconds(given: Any) -> float:
    if isinstance(given, int | float) and not isinstance(given, bool) and given > 0:
        return min(float(given), LONGEST_SECONDS * 1000)
    return USUAL_SECONDS * 1000
