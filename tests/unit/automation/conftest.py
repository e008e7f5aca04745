"""A server with its engine, in a process of its own, and a stand-in of Copper beside it: one of each for a whole file of tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cuprum.automation.connections import Connections
from cuprum.config import Settings
from cuprum.storage.database import Database
from homes import Home
from installation import Template
from live_server import LiveServer, live_server
from patience import PATIENCE_SECONDS, wait_until
from standin import StandIn

ENDED = ("done", "failed", "parked", "discarded")


@dataclass
class Working:
    """The server, its database, and Ada and Mallory who call it. `own` and `copper` are connections to itself and the stand-in."""

    server: LiveServer
    home: Home
    settings: Settings
    database: Database
    standin: StandIn
    ada: dict[str, str]
    mallory: dict[str, str]
    client: httpx2.Client

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> httpx2.Response:
        return self.client.request(method, path, json=body, headers=headers or self.ada)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.call(method, f"/automation/v1{path}", body)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def people(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("POST", "/developer_api/v1/people/search", {"name": name}).json()
        return found

    def add(self, workflow: dict[str, Any], **further: Any) -> int:
        return int(self.ask("POST", "/workflows", {"definition": workflow, **further})["id"])

    def start(self, tasks: Any, connection: str = "own", **further: Any) -> str:
        """Start a run of these tasks, or of a whole workflow; its id."""
        workflow = tasks if isinstance(tasks, dict) else {"label": "run", "tasks": tasks}
        body = {"definition": workflow, "connections": {"": connection}, **further}
        return str(self.ask("POST", "/runs", body)["id"])

    def ended(self, run_id: str, attempt: int = 1) -> dict[str, Any]:
        """The run once that attempt has ended."""

        def look() -> Any:
            run = self.ask("GET", f"/runs/{run_id}")
            return run if run["state"] in ENDED and run["attempt"] >= attempt else None

        found: dict[str, Any] = wait_until(look, words=lambda: json.dumps(self.ask("GET", f"/runs/{run_id}")))
        return found

    def run(self, tasks: Any, connection: str = "own", **further: Any) -> dict[str, Any]:
        return self.ended(self.start(tasks, connection, **further))

    def connect(self, name: str) -> None:
        """(Re-)authorise one of the connections."""
        connections = Connections(self.settings, self.database)
        if name == "own":
            mail, key = self.ada["X-PW-UserEmail"], self.ada["X-PW-AccessToken"]
            connections.add_api_key(name, email=mail, key=key, base_url=self.server.url)
        else:
            connections.add_api_key(name, email=self.standin.email, key=self.standin.key, base_url=self.standin.base_url)


@pytest.fixture(scope="module")
def running(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Working]:
    folder = tmp_path_factory.mktemp("working")
    allowed = {"webhook_allow_http": "1", "webhook_allow_private": "1", "log_format": "human"}
    with live_server(template, folder, **allowed) as server, StandIn() as standin:
        settings = Settings(home=Path(server.environment["CUPRUM_HOME"]), database_url=server.environment["CUPRUM_DATABASE_URL"])
        home = Home(settings.home, settings.database_url)
        database = Database(settings)
        ada, mallory = template.headers("ada"), template.headers("mallory")
        with httpx2.Client(base_url=server.url, timeout=PATIENCE_SECONDS, trust_env=False) as client:
            working = Working(server, home, settings, database, standin, ada, mallory, client)
            server.start()
            working.connect("own")
            working.connect("copper")
            yield working
        database.close()


@pytest.fixture
def working(running: Working) -> Working:
    """The stand-in as new, and both connections good."""
    running.standin.reset()
    return running
