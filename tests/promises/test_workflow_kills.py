"""A server is killed with −9 before and after every step of its runs: each step happens once, and every run ends."""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

import forked
from cuprum.automation import history, workflows
from cuprum.automation.connections import Connections
from cuprum.config import Settings
from cuprum.storage.automation_tables import automation_run
from cuprum.storage.database import Database
from cuprum.storage.event_tables import change
from cuprum.storage.tables import TABLES
from installation import Template
from ports import free_port
from standin import StandIn

pytestmark = pytest.mark.chaos

PROGRAM = Path(__file__).with_name("workflow_program.py")
WORKFLOW = {
    "label": "Five steps",
    "inputs": [{"name": "n", "type": "INTEGER", "required": True}],
    "tasks": [
        {"name": "company", "type": "copper/v1/createCompany", "parameters": {"name": "Company ${n}"}},
        {
            "name": "person",
            "type": "copper/v1/createPerson",
            "parameters": {"name": "Person ${n}", "company_id": "${company.id}"},
        },
        {"name": "lead", "type": "copper/v1/createLead", "parameters": {"name": "Lead ${n}"}},
        {
            "name": "task",
            "type": "copper/v1/createTask",
            "parameters": {"name": "Task ${n}", "priority": "High", "status": "Open"},
        },
        {"name": "update", "type": "copper/v1/updatePerson", "parameters": {"id": "${person.id}", "title": "Boss ${n}"}},
    ],
    "outputs": [{"name": "person", "value": "${person.id}"}],
}
PLACES = ("company", "person", "lead", "task", "update")
MOMENTS = ("before the effect", "after the effect", "before the checkpoint", "after the checkpoint")
POINTS = [(place, moment) for place in PLACES for moment in MOMENTS]
CREATED = ("company", "person", "lead", "task")


def plan_of(seed: int) -> list[tuple[str, str]]:
    """The first twenty seeds are every point once; further ones die up to three times, wherever it falls."""
    if seed < len(POINTS):
        return [POINTS[seed]]
    chosen = random.Random(seed)
    return chosen.sample(POINTS, chosen.randint(1, 3))


def seeds() -> int:
    return 200 if os.environ.get("CUPRUM_CHAOS") == "full" else len(POINTS)


@dataclass
class Place:
    """An installation with the workflow in it, and the programs that serve it."""

    settings: Settings
    folder: Path
    port: int
    workflow_id: int

    @contextmanager
    def program(self, runs: dict[str, list[tuple[str, str]]], **further: Any) -> Iterator[forked.Python]:
        plan = {
            "home": str(self.settings.home), "database_url": self.settings.database_url, "port": self.port, "node": "main",
            "workflow_id": self.workflow_id, "runs": runs, **further,
        }  # fmt: skip
        file = self.folder / f"{plan['node']}.json"
        file.write_text(json.dumps(plan))
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        log = (self.folder / f"{plan['node']}.log").open("w")
        process = forked.Python(str(PROGRAM), str(file), env=environment, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            log.close()

    def kills(self, node: str = "main") -> list[str]:
        return (self.folder / f"{node}.killed").read_text().splitlines()

    def log(self, node: str = "main") -> str:
        return (self.folder / f"{node}.log").read_text()[-4000:]

    def read(self, look: Callable[[Connection], Any]) -> Any:
        database = Database(self.settings)
        try:
            return database.read_now(look)
        finally:
            database.close()


@contextmanager
def place_for(template: Template, folder: Path, base_url: str = "", email: str = "", key: str = "") -> Iterator[Place]:
    """The connection is to the installation itself, or to a stand-in of Copper."""
    with template.stored_copy(folder / "home") as settings:
        database, port = Database(settings), free_port()
        own = template.headers("ada")
        Connections(settings, database).add_api_key(
            "main",
            email=email or own["X-PW-UserEmail"],
            key=key or own["X-PW-AccessToken"],
            base_url=base_url or f"http://127.0.0.1:{port}",
        )
        kept = database.write_now(workflows.add, WORKFLOW, connections={"": "main"})
        database.close()
        yield Place(settings, folder, port, kept.id)


def test_no_step_happens_twice_and_none_is_lost(template: Template, tmp_path: Path):
    runs = {f"run-{seed}": plan_of(seed) for seed in range(seeds())}
    with place_for(template, tmp_path) as place:
        with place.program(runs) as process:
            assert process.wait(900) == 0, place.log()
        kills = place.kills()
        assert len(kills) == sum(map(len, runs.values()))
        names, updates = place.read(_made)
        assert place.read(_states) == {history.DONE: len(runs)}
    print(f"{template.kind}: {len(kills)} kills, {len(runs)} runs")
    for entity in CREATED:
        assert names[entity] == Counter(f"{entity.capitalize()} {number}" for number in range(len(runs)))
    assert updates == Counter(f"Boss {number}" for number in range(len(runs)))


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_against_an_api_that_knows_no_keys_it_looks_before_it_repeats(template: Template, tmp_path: Path):
    # The moments between the effect and the last of the two notes of it.
    points = [(place, moment) for place in CREATED for moment in MOMENTS[1:3]]
    runs = {f"run-{seed}": [point] for seed, point in enumerate(points)}
    with StandIn() as standin, place_for(template, tmp_path, standin.base_url, standin.email, standin.key) as place:
        with place.program(runs) as process:
            assert process.wait(300) == 0, place.log()
        assert len(place.kills()) == len(runs)
        for path, name in (("companies", "Company"), ("people", "Person"), ("leads", "Lead"), ("tasks", "Task")):
            # Killed in the middle of sending, a request brings no body, and makes nothing.
            sent = [seen.json for seen in standin.seen if seen.method == "POST" and seen.path.endswith(f"/{path}") and seen.json]
            made = Counter(body["name"] for body in sent)
            assert made == Counter(f"{name} {number}" for number in range(len(runs)))


@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_the_runs_of_a_killed_node_go_on_at_another(template: Template, tmp_path: Path):
    runs = {f"run-{seed}": [("lead", "after the effect")] for seed in range(4)}
    with place_for(template, tmp_path) as place:
        # Longer than a busy machine keeps a living node from its beat.
        lease = {"lease_seconds": 15.0, "waits_for": list(runs)}
        with place.program({}, node="stays", **lease) as stays:
            # They are its own, for they go through no queue; the first that comes so far takes it down with all of them.
            dies = {"node": "dies", "port": free_port(), "own": True, "dies_once": True}
            with place.program(runs, **lease, **dies) as killed:
                assert killed.wait(120) == 0, place.log("dies")
            assert stays.wait(120) == 0, place.log("stays")
        assert len(place.kills("dies")) == 1
        names, updates = place.read(_made)
    for entity in CREATED:
        assert names[entity] == Counter(f"{entity.capitalize()} {number}" for number in range(len(runs)))
    assert updates == Counter(f"Boss {number}" for number in range(len(runs)))


def _made(connection: Connection) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """What there is by name, and how often the log has somebody made a boss."""
    names = {entity: Counter(connection.execute(select(TABLES[entity].c.name)).scalars()) for entity in CREATED}
    edits = connection.execute(select(change.c.after).where(change.c.entity == "person", change.c.kind == "update")).scalars()
    titles = (json.loads(after).get("title") for after in edits)
    return names, Counter(title for title in titles if title)


def _states(connection: Connection) -> dict[str, int]:
    return dict(Counter(connection.execute(select(automation_run.c.state)).scalars()))
