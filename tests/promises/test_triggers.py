"""Workflows that triggers start under `serve`: each event once, through disabling, publishing again and kills."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

import forked
from cuprum.automation.connections import Connections
from cuprum.config import Settings
from cuprum.storage.database import Database
from cuprum.storage.trigger_tables import poll_state
from homes import CUPRUM
from installation import Template
from live_server import LiveServer, live_server
from patience import PATIENCE_SECONDS, wait_until
from standin import StandIn
from standin.quirks import Fault


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture(autouse=True)
def left_as_it_was(standin: StandIn) -> Iterator[None]:
    """What one test has the stand-in do, it does for no other."""
    yield
    standin.quirks.faults.clear()
    standin.notifications.held.clear()
    standin.notifications.at_once = False


@pytest.fixture(scope="module")
def server(template: Template, tmp_path_factory: pytest.TempPathFactory, standin: StandIn) -> Iterator[LiveServer]:
    """A server with two connections: `main` leads to itself, `copper` to the stand-in."""
    settings = {"sqlite_synchronous": "NORMAL", "poll_seconds": "0.2", "census_seconds": "0.5", "requests_a_minute": "0"}
    with live_server(template, tmp_path_factory.mktemp("triggered"), **settings) as running:
        connect(running, standin)
        running.start()
        yield running


def connect(server: LiveServer, standin: StandIn) -> None:
    def add(database: Database) -> None:
        stored, key = Connections(database.settings, database), server.headers["X-PW-AccessToken"]
        stored.add_api_key("main", email="ada@harbour.example", key=key, base_url=server.url)
        stored.add_api_key("copper", email=standin.email, key=standin.key, base_url=standin.base_url)

    with_database(server, add)


def with_database(server: LiveServer, act: Callable[[Database], Any]) -> None:
    environment = server.environment
    database = Database(Settings(home=Path(environment["CUPRUM_HOME"]), database_url=environment["CUPRUM_DATABASE_URL"]))
    try:
        act(database)
    finally:
        database.close()


def ours(server: LiveServer, method: str, path: str, body: Any = None, further: dict[str, str] | None = None) -> Any:
    headers = {**server.headers, **(further or {})}
    answer = httpx2.request(method, f"{server.url}/automation/v1{path}", json=body, headers=headers, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def call(server: LiveServer, method: str, path: str, body: Any = None) -> Any:
    with server.client() as client:
        answer = client.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def at_copper(standin: StandIn, method: str, path: str, body: Any = None) -> Any:
    headers = {"X-PW-AccessToken": standin.key, "X-PW-Application": "developer_api", "X-PW-UserEmail": standin.email}
    answer = httpx2.request(method, standin.base_url + path, json=body, headers=headers, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


class Flow:
    """A workflow that says which event started it."""

    def __init__(
        self, server: LiveServer, name: str, trigger: str, connection: str = "main", *,
        tasks: Any = None, says: Sequence[str] = (), **parameters: Any,
    ) -> None:  # fmt: skip
        self.server, self.name = server, name
        self.definition = {
            "label": name,
            "triggers": [{"name": "trigger_1", "type": f"copper/v1/{trigger}", "parameters": parameters}],
            "tasks": tasks or [{"name": "var_1", "type": "var/v1/set", "parameters": {"value": "${trigger_1.event_id}"}}],
            "outputs": [
                {"name": "id", "value": "${trigger_1.record.id}"},
                {"name": "name", "value": "${trigger_1.record.name}"},
                {"name": "event", "value": "${trigger_1.event}"},
                *({"name": one, "value": f"${{trigger_1.{one}}}"} for one in says),
            ],
        }
        self.connection = connection
        self.id = self.publish()["id"]

    def publish(self) -> Any:
        body = {"definition": self.definition, "name": self.name, "connections": {"": self.connection}, "enabled": True}
        return ours(self.server, "POST", "/workflows", body)

    def switch(self, word: str, body: Any = None) -> None:
        ours(self.server, "POST", f"/workflows/{self.id}/{word}", body)

    def runs(self) -> list[Any]:
        """What is done, the oldest first; nothing may have failed."""
        found = ours(self.server, "GET", f"/runs?workflow={self.id}&limit=200")
        assert {one["state"] for one in found} <= {"queued", "running", "done"}, found
        return sorted((one for one in found if one["state"] == "done"), key=lambda one: one["created_at"])

    def until(self, *ids: int) -> list[Any]:
        """The outputs, once the last of these records has started its run; each has started one, and no other has."""
        wait_until(lambda: len(self.runs()) >= len(ids) and {one["outputs"]["id"] for one in self.runs()} >= set(ids))
        outputs = [one["outputs"] for one in self.runs()]
        assert sorted(one["id"] for one in outputs) == sorted(ids)
        return outputs


def company(server: LiveServer, name: str) -> int:
    return call(server, "POST", "/companies", {"name": name})["id"]


def test_an_event_starts_one_run_with_the_whole_record_and_history_starts_none(server: LiveServer):
    company(server, "History")
    flow = Flow(server, "begins now", "companyCreated")
    number = company(server, "Łódź 漢字")
    assert flow.until(number) == [{"id": number, "name": "Łódź 漢字", "event": "created"}]


TWELVE = {
    "companyCreated": ["created"], "companyUpdated": ["updated"], "companyDeleted": ["deleted"],
    "leadCreatedOrUpdated": ["created", "updated"],
    "opportunityCreated": ["created"], "opportunityUpdated": ["updated"], "opportunityDeleted": ["deleted"],
    "personCreated": ["created"], "personCreatedOrUpdated": ["created", "updated"],
    "taskCreated": ["created"], "taskUpdated": ["updated"], "taskDeleted": ["deleted"],
}  # fmt: skip
PLURALS = {"company": "companies", "lead": "leads", "opportunity": "opportunities", "person": "people", "task": "tasks"}


def test_all_twelve_of_the_document_start_runs_at_once(server: LiveServer):
    contact = {"primary_contact_id": call(server, "POST", "/people", {"name": "Contact"})["id"]}
    flows = {trigger: Flow(server, f"twelve {trigger}", trigger) for trigger in TWELVE}
    ids = {}
    for entity, plural in PLURALS.items():
        more = contact if entity == "opportunity" else {}
        ids[entity] = call(server, "POST", f"/{plural}", {"name": "Made", **more})["id"]
        call(server, "PUT", f"/{plural}/{ids[entity]}", {"name": "Named anew"})
        call(server, "DELETE", f"/{plural}/{ids[entity]}")
    for trigger, kinds in TWELVE.items():
        number = next(number for entity, number in ids.items() if trigger.startswith(entity))
        told = [{"id": number, "name": "Made" if kind == "created" else "Named anew", "event": kind} for kind in kinds]
        assert sorted(flows[trigger].until(*[number] * len(kinds)), key=str) == sorted(told, key=str)
    for flow in flows.values():
        flow.switch("disable")


def test_disabling_keeps_the_place_and_skipping_leaves_out_what_happened_meanwhile(server: LiveServer):
    flow, skips = Flow(server, "catches up", "companyCreated"), Flow(server, "skips", "companyCreated")
    first = company(server, "First")
    flow.until(first)
    skips.until(first)
    for one in (flow, skips):
        one.switch("disable")
    meanwhile = [company(server, f"Meanwhile {number}") for number in range(3)]
    flow.switch("enable")
    skips.switch("enable", {"skip": True})
    last = company(server, "Last")
    flow.until(first, *meanwhile, last)
    skips.until(first, last)


def test_a_time_is_replayed_by_new_runs(server: LiveServer):
    flow = Flow(server, "replayed", "companyCreated", filter="=contains(${record.name}, 'Replayed')")
    ids = [company(server, f"Replayed {number}") for number in range(3)]
    company(server, "Left out")
    flow.until(*ids)
    done = forked.run(*CUPRUM, "workflow", "replay", "replayed", "--since", "2020-01-01", env=server.environment, timeout=120)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 3
    flow.until(*ids, *ids)
    # The same over the API, where a key makes what is sent twice count once.
    for _ in range(2):
        again = ours(server, "POST", f"/workflows/{flow.id}/replay", {"since": 0}, {"Idempotency-Key": "once-more"})
        assert len(again["runs"]) == 3
    flow.until(*ids, *ids, *ids)
    assert ours(server, "POST", f"/workflows/{flow.id}/replay", {"since": 0, "until": 1}) == {"runs": []}


def test_a_feed_that_begins_a_new_epoch_is_followed(server: LiveServer):
    """As after a restore of the server that is read."""
    flow = Flow(server, "new epoch", "companyCreated")
    first = company(server, "Before")
    flow.until(first)
    with_database(server, lambda database: database.write_now(lambda db: db.execute(_other_epoch())))
    second = company(server, "After")
    flow.until(first, second)


def _other_epoch() -> Any:
    written = base64.urlsafe_b64encode(b'["00000000-0000-0000-0000-000000000000",0,1]').decode().rstrip("=")
    return update(poll_state).where(poll_state.c.entity == "company").values(feed_cursor=written)


def test_publishing_again_and_again_during_a_burst_loses_nothing(server: LiveServer):
    flow = Flow(server, "published often", "companyCreated")
    done = threading.Event()

    def publish() -> None:
        version = 0
        while not done.wait(0.05):
            version += 1
            flow.definition["description"] = f"Version {version}"
            flow.publish()

    publisher = threading.Thread(target=publish)
    publisher.start()
    ids = [company(server, f"Burst {number}") for number in range(30)]
    done.set()
    publisher.join()
    flow.until(*ids)


def test_a_trigger_that_is_renamed_keeps_its_place(server: LiveServer):
    flow = Flow(server, "renamed", "companyCreated")
    first = company(server, "First")
    flow.until(first)
    flow.switch("disable")
    second = company(server, "Second")
    renamed = flow.definition["triggers"][0]["name"] = "trigger_new"
    flow.definition["tasks"][0]["parameters"]["value"] = "${trigger_new.event_id}"
    for output in flow.definition["outputs"]:
        output["value"] = output["value"].replace("trigger_1", renamed)
    flow.publish()
    flow.until(first, second)


def test_a_filter_watched_fields_and_the_beginning(server: LiveServer):
    old = call(server, "POST", "/tasks", {"name": "Old", "priority": "High"})["id"]
    call(server, "POST", "/tasks", {"name": "Old and low", "priority": "None"})
    everything = Flow(server, "from the beginning", "taskCreated", start_from="beginning", filter="record.priority == 'High'")
    watched = Flow(server, "watched", "taskUpdated", watched=["status"])
    new = call(server, "POST", "/tasks", {"name": "New", "priority": "High"})["id"]
    call(server, "PUT", f"/tasks/{new}", {"details": "Not watched"})
    call(server, "PUT", f"/tasks/{new}", {"status": "Completed"})
    everything.until(old, new)
    assert watched.until(new)[0]["event"] == "updated"


def test_what_a_run_wrote_does_not_start_it_again(server: LiveServer):
    """A run that updates what started it would start itself for ever."""
    tasks = [
        {
            "name": "copper_1",
            "type": "copper/v1/updateTask",
            "parameters": {"id": "${trigger_1.record.id}", "details": "Seen: ${trigger_1.record.details}"},
        }
    ]
    flow = Flow(server, "own echo", "taskUpdated", tasks=tasks)
    number = call(server, "POST", "/tasks", {"name": "Echo"})["id"]
    call(server, "PUT", f"/tasks/{number}", {"details": "By Ada"})
    flow.until(number)
    # What comes later has come by another run: then the echo has been met.
    other = call(server, "POST", "/tasks", {"name": "Other"})["id"]
    call(server, "PUT", f"/tasks/{other}", {"details": "By Ada"})
    flow.until(number, other)
    assert call(server, "GET", f"/tasks/{number}")["details"] == "Seen: By Ada"
    flow.switch("disable")


def test_what_others_write_while_a_run_writes_the_same_record_starts_it_all_the_same(server: LiveServer):
    parameters = {"id": "${trigger_1.record.id}", "details": "${trigger_1.event_id}"}
    tasks = [{"name": "copper_1", "type": "copper/v1/updateTask", "parameters": parameters}]
    flow = Flow(server, "in one second", "taskUpdated", tasks=tasks)
    number = call(server, "POST", "/tasks", {"name": "Often"})["id"]
    for version in range(12):
        call(server, "PUT", f"/tasks/{number}", {"name": f"Version {version}"})
    told = flow.until(*[number] * 12)
    assert {one["name"] for one in told} == {f"Version {version}" for version in range(12)}
    flow.switch("disable")


def test_two_workflows_that_wake_one_another_come_to_rest(server: LiveServer):
    def writing(word: str) -> list[Any]:
        parameters = {"id": "${trigger_1.record.id}", "details": word + "${trigger_1.event_id}"}
        return [{"name": "copper_1", "type": "copper/v1/updateProject", "parameters": parameters}]

    flows = [Flow(server, f"wakes the other {word}", "projectUpdated", tasks=writing(word)) for word in ("A", "B")]
    number = call(server, "POST", "/projects", {"name": "Ping"})["id"]
    call(server, "PUT", f"/projects/{number}", {"details": "By Ada"})

    def at_rest() -> bool:
        runs = [one for flow in flows for one in ours(server, "GET", f"/runs?workflow={flow.id}&limit=200")]
        known = ours(server, "GET", "/changes?entity=project&after=" + cursor)
        return bool(runs) and {one["state"] for one in runs} == {"done"} and not known["changes"]

    wait_until(lambda: max((one["depth"] for flow in flows for one in flow.runs()), default=0) >= 1)
    cursor = ours(server, "GET", "/changes?after=now")["cursor"]
    for _ in range(40):
        if at_rest():
            break
        cursor = ours(server, "GET", "/changes?entity=project&wait=3&after=" + cursor)["cursor"]
    else:
        raise AssertionError("they never end")
    depths = [one["depth"] for flow in flows for one in flow.runs()]
    assert 1 <= max(depths) <= 5
    for flow in flows:
        flow.switch("disable")


def test_a_polled_server_starts_runs_too_and_its_deletions_are_found(server: LiveServer, standin: StandIn):
    before = len(standin.seen)
    created = Flow(server, "at copper", "leadCreatedOrUpdated", "copper")
    deleted = Flow(server, "gone at copper", "companyDeleted", "copper")
    known = at_copper(standin, "POST", "/companies", {"name": "Will go"})["id"]
    wait_for_first_look(standin, before)
    number = at_copper(standin, "POST", "/leads", {"name": "Ada"})["id"]
    later = at_copper(standin, "POST", "/companies", {"name": "Comes and goes"})["id"]
    assert created.until(number)[0]["event"] == "created"
    before = len(standin.seen)
    wait_until(lambda: sum(one.path.endswith("/companies/search") for one in standin.seen[before:]) >= 3)
    at_copper(standin, "DELETE", f"/companies/{known}")
    at_copper(standin, "DELETE", f"/companies/{later}")
    assert {one["name"] for one in deleted.until(known, later)} == {"Will go", "Comes and goes"}


class Meanwhile(Fault):
    """Just before a run's write arrives, the second one, somebody sets another custom field."""

    def __init__(self, standin: StandIn, person_id: int, definition_id: int) -> None:
        super().__init__()
        self.standin, self.person_id, self.definition_id, self.puts = standin, person_id, definition_id, 0

    def fits(self, scope: Any) -> bool:
        self.puts += scope["method"] == "PUT" and scope["path"].endswith(f"/people/{self.person_id}")
        if self.puts > 1:
            record = self.standin.state.records["person"][self.person_id]
            record["custom_fields"] = {**record["custom_fields"], self.definition_id: "North"}
        return False


def test_a_persons_custom_field_that_is_polled_together_with_a_runs_starts_it_all_the_same(server: LiveServer, standin: StandIn):
    # The stand-in is the same for both databases.
    before = len(standin.seen)
    rank, region = (
        at_copper(standin, "POST", "/custom_field_definitions", {"name": name, "data_type": "String", "available_on": ["person"]})
        for name in (f"Rank {before}", f"Region {before}")
    )
    tasks = [
        {
            "name": "copper_1",
            "type": "copper/v1/updatePerson",
            "parameters": {"id": "${trigger_1.record.id}", "custom_fields": {f"Rank {before}": "Seen"}},
        },
    ]
    number = at_copper(standin, "POST", "/people", {"name": "Ada"})["id"]
    flow = Flow(server, "custom at copper", "personUpdated", "copper", tasks=tasks, says=["changed"])
    wait_until(lambda: any(one.path.endswith("/people/search") for one in standin.seen[before:]))
    standin.quirks.faults.append(Meanwhile(standin, number, region["id"]))
    at_copper(standin, "PUT", f"/people/{number}", {"details": "By Ada"})
    told = flow.until(number, number)
    assert told[1]["changed"] == [f"custom_fields.{one['id']}" for one in (rank, region)]
    flow.switch("disable")


def wait_for_first_look(standin: StandIn, before: int) -> None:
    """Before it there were so many requests, by servers of other tests too."""
    wanted = {"leads/search", "companies/search"}
    wait_until(lambda: {one.path.rpartition("/v1/")[2] for one in standin.seen[before:]} >= wanted)


def test_where_a_public_address_is_set_the_other_server_calls(
    template: Template, tmp_path: Path, standin: StandIn, server: LiveServer
):
    # Only a call makes it look in time.
    with live_server(template, tmp_path / "called", poll_seconds="3600", census_seconds="3600") as called:
        called.environment["CUPRUM_PUBLIC_URL"] = called.url
        connect(called, standin)
        called.start()
        tested = command(called, "connection", "test", "copper")
        assert (tested["triggers"]["by"], tested["budget"]["a_minute"]) == ("hooks", 180)
        flow = Flow(called, "called", "personCreatedOrUpdated", "copper")

        def ours_there() -> list[Any]:
            return [one for one in standin.state.subscriptions.values() if one["target"].startswith(called.url)]

        wait_until(lambda: len(ours_there()) == 3)
        standin.notifications.at_once = True
        number = at_copper(standin, "POST", "/people", {"name": "Łódź"})["id"]
        flow.until(number)
        flow.switch("disable")
        wait_until(lambda: not ours_there())


def command(server: LiveServer, *arguments: str) -> Any:
    done = forked.run(*CUPRUM, *arguments, env=server.environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_server_that_is_killed_starts_each_run_once(server: LiveServer):
    flow = Flow(server, "survives", "companyCreated")
    ids = []
    for number in range(2):
        ids += [company(server, f"Kill {number}/{one}") for one in range(5)]
        server.kill()
        server.start()
    ids.append(company(server, "After"))
    flow.until(*ids)
