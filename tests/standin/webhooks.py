"""Webhook subscriptions, and notifications that can come at once, late, never, or from a forger."""

import json
import threading
import urllib.request
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .state import Record, invalid, refuse, unknown_keys
from .wire import answer, body_of, caller, state_of

TYPES = ("lead", "person", "company", "opportunity", "project", "task", "activity_log")
KEYS = {"target", "type", "event", "secret", "headers", "custom_field_computed_values"}


class Notifications:
    """Each notification waits in `held` unless `at_once`; a test sends, loses or forges them."""

    def __init__(self) -> None:
        self.at_once = False
        self.lose = False
        self.held: list[tuple[str, dict[str, str], Record]] = []

    def take(self, target: str, headers: dict[str, str], body: Record) -> None:
        if self.lose:
            return
        if self.at_once:
            threading.Thread(target=post, args=(target, headers, body), daemon=True).start()
        else:
            self.held.append((target, headers, body))

    def send_held(self) -> int:
        """The late ones go out now; how many."""
        late, self.held = self.held, []
        for target, headers, body in late:
            post(target, headers, body)
        return len(late)

    def forge(self, target: str, body: Record, headers: dict[str, str] | None = None) -> int:
        """What somebody sends who only knows the address; the status it got."""
        return post(target, headers or {}, body)


def post(target: str, headers: dict[str, str], body: Record) -> int:
    """Copper ignores the answer and never retries."""
    request = urllib.request.Request(
        target, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return int(response.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0


def notify(request: Request, kind: str, event: str, ids: list[int], changed: Record | None = None) -> None:
    moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for one in state_of(request).subscriptions.values():
        if (one["type"], one["event"]) != (kind, event):
            continue
        body: Record = {"ids": ids, "type": kind, "event": event, "subscription_id": one["id"], **(one["secret"] or {})}
        if event == "update":
            body["updated_attributes"] = changed or {}
        body["timestamp"] = moment
        request.app.state.notifications.take(one["target"], one["headers"] or {}, body)


def check_target(request: Request, target: Any) -> None:
    schemes = ("https://", "http://") if request.app.state.quirks.allow_http_targets else ("https://",)
    if not str(target).startswith(schemes):
        raise refuse(422, "Invalid input: Invalid URI For External Request")


async def many(request: Request) -> Response:
    caller(request)
    state = state_of(request)
    if request.method == "GET":
        return answer(request, list(state.subscriptions.values()))
    body = await body_of(request)
    if unknown := set(body) - KEYS:
        raise unknown_keys(unknown)
    problems = [f"{key.capitalize()}: can't be blank" for key in ("target", "type", "event") if not body.get(key)]
    if problems:
        raise invalid(*problems)
    check_target(request, body["target"])
    if body["type"] not in TYPES or body["event"] not in ("new", "update", "delete"):
        raise invalid("Type: is not included in the list")
    if len(state.subscriptions) >= 100:
        raise invalid("Base: too many subscriptions")
    made = {
        "id": state.new_id(), "target": body["target"], "type": body["type"], "event": body["event"],
        "secret": body.get("secret"), "headers": body.get("headers"),
        "custom_field_computed_values": bool(body.get("custom_field_computed_values")), "created_at": state.now(),
    }  # fmt: skip
    state.subscriptions[made["id"]] = made
    return answer(request, made)


async def one(request: Request) -> Response:
    caller(request)
    state, number = state_of(request), request.path_params["id"]
    found = state.subscriptions.get(number)
    if found is None:
        raise refuse(404, "Resource not found")
    if request.method == "DELETE":
        del state.subscriptions[number]
        return answer(request, {"id": number})
    if request.method == "PUT":
        body = await body_of(request)
        if unknown := set(body) - (KEYS - {"type", "event"}):
            raise unknown_keys(unknown)
        if "target" in body:
            check_target(request, body["target"])
        found.update(body)
    return answer(request, found)


def routes() -> list[Route]:
    return [
        Route("/webhooks", many, methods=["GET", "POST"]),
        Route("/webhooks/{id:int}", one, methods=["GET", "PUT", "DELETE"]),
    ]
