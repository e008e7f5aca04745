"""The stand-in is worth standing in: notifications that come at once, late, never, or from a forger."""

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cuprum.connector import Copper
from patience import PATIENCE_SECONDS
from standin import StandIn


class Hook:
    """An address that remembers what it was sent."""

    def __init__(self) -> None:
        self.received: queue.Queue[tuple[dict[str, str], dict[str, Any]]] = queue.Queue()
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                received.put(({name.lower(): value for name, value in self.headers.items()}, json.loads(body)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_notification_has_the_secret_at_top_level_and_the_headers(standin: StandIn, copper: Copper, hook: Hook):
    standin.notifications.at_once = True
    made = copper.webhooks.create(hook.url, "person", "update", secret={"key": "k"}, headers={"X-Hook": "abc"})
    person = copper.people.create(name="Ada")
    copper.people.update(person["id"], title="Boss")
    headers, body = hook.received.get(timeout=PATIENCE_SECONDS)
    assert headers["x-hook"] == "abc"
    assert body.pop("timestamp").endswith("Z")
    assert body == {
        "ids": [person["id"]], "type": "person", "event": "update", "subscription_id": made["id"], "key": "k",
        "updated_attributes": {"title": [None, "Boss"]},
    }  # fmt: skip


def test_notifications_can_be_late_lost_and_forged(standin: StandIn, copper: Copper, hook: Hook):
    copper.webhooks.create(hook.url, "lead", "new")
    copper.leads.create(name="Late")
    assert hook.received.empty()
    assert standin.notifications.send_held() == 1
    hook.received.get(timeout=PATIENCE_SECONDS)
    standin.notifications.lose = True
    copper.leads.create(name="Lost")
    assert standin.notifications.send_held() == 0
    assert standin.notifications.forge(hook.url, {"ids": [1], "type": "lead", "event": "new"}) == 204


def test_it_refuses_what_copper_refuses(standin: StandIn, copper: Copper):
    standin.quirks.allow_http_targets = False
    for method, path, body, words in [
        ("POST", "/webhooks", {"target": "http://x", "type": "lead", "event": "new"}, "Invalid URI For External Request"),
        ("POST", "/webhooks", {"url": "x", "target": "https://x", "event": "new"}, "Unrecognized attributes specified: url"),
        ("POST", "/leads/bulk_create", {"leads": [{"name": "x"}] * 11}, "Request size too large, limit is 10"),
        ("POST", "/people/search", {"pageSize": 5}, "Unrecognized attributes specified: pageSize"),
    ]:
        with pytest.raises(Exception, match=words):
            copper.request(method, path, body)
