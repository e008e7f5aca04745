"""`cuprum watch` beside a server: nothing lost, no history, and a place that survives a kill."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cuprum.automation.connections import Connections
from cuprum.config import Settings
from cuprum.storage.database import Database
from homes import Home
from installation import Template
from live_server import LiveServer, live_server
from patience import wait_until
from watches import Watch, watching

names = count(1)


@pytest.fixture(scope="module")
def server(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server that its own connection `main` leads to."""
    with live_server(template, tmp_path_factory.mktemp("watched"), sqlite_synchronous="NORMAL") as running:
        running.start()
        connect(running, "main", running.headers["X-PW-AccessToken"])
        yield running


def connect(server: LiveServer, name: str, key: str) -> None:
    with_connections(server, lambda stored: stored.add_api_key(name, email="ada@harbour.example", key=key, base_url=server.url))


def with_connections(server: LiveServer, act: Any) -> Any:
    environment = server.environment
    database = Database(Settings(home=Path(environment["CUPRUM_HOME"]), database_url=environment["CUPRUM_DATABASE_URL"]))
    try:
        return act(Connections(database.settings, database))
    finally:
        database.close()


def call(server: LiveServer, method: str, path: str, body: Any = None) -> Any:
    with server.client() as client:
        answer = client.request(method, path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def watch(server: LiveServer, trigger: str, name: str = "", connection: str = "main") -> Any:
    named = ("--name", name) if name else ()
    return watching(server.environment, trigger, "--connection", connection, *named)


def test_every_kind_of_event_is_a_line_with_the_whole_record_and_what_was_before_is_no_event(server: LiveServer):
    old = call(server, "POST", "/projects", {"name": "History"})["id"]
    with (
        watch(server, "projectCreated") as created,
        watch(server, "projectUpdated") as updated,
        watch(server, "projectDeleted") as deleted,
    ):
        for one in (created, updated, deleted):
            one.ready()
        number = call(server, "POST", "/projects", {"name": "Łódź 漢字", "details": "First"})["id"]
        call(server, "PUT", f"/projects/{number}", {"status": "Completed"})
        call(server, "PUT", f"/projects/{old}", {"details": "Second"})
        call(server, "DELETE", f"/projects/{number}")
        (line,) = created.until(1)
        assert (line["event"], line["entity"], line["id"], line["record"]["name"]) == ("created", "project", number, "Łódź 漢字")
        first, second = updated.until(2)
        assert (first["id"], first["changed"], first["previous"]) == (number, ["status"], {"status": "Open"})
        assert (first["record"]["status"], first["record"]["details"]) == ("Completed", "First")
        assert (second["id"], second["previous"]) == (old, {"details": None})
        (gone,) = deleted.until(1)
        assert (gone["id"], gone["record"]["status"], gone["record"]["details"]) == (number, "Completed", "First")
        assert len({one["event_id"] for one in (line, first, second, gone)}) == 4
        assert (created.end(), updated.end(signal.SIGINT), deleted.end()) == (0, 0, 0)


def test_what_is_no_change_is_a_line_too(server: LiveServer, tmp_path: Path):
    """A due date set to a moment gone by, one that has passed before, and a record that is followed and no longer."""
    environment = {**server.environment, "CUPRUM_POLL_SECONDS": "0.5"}
    given = tmp_path / "given.json"
    given.write_text('{"entity": "task", "start_from": "beginning"}')
    long_ago = call(server, "POST", "/tasks", {"name": "Long ago", "due_date": 1_700_000_000})["id"]

    def watched(trigger: str, *further: str) -> Any:
        return watching(environment, trigger, "--connection", "main", "--name", "asked", *further)

    with (
        watched("taskOverdue") as overdue,
        watched("recordFollowed", "--input", str(given)) as followed,
        watched("recordUnfollowed", "--input", str(given)) as unfollowed,
    ):
        for one in (overdue, followed, unfollowed):
            one.ready()
        number = call(server, "POST", "/tasks", {"name": "Call Łódź", "due_date": 1_700_000_000})["id"]
        assert [(one["event"], one["id"], one["record"]["name"]) for one in overdue.until(1)] == [
            ("overdue", number, "Call Łódź")
        ]
        follow(server, "PUT", long_ago)
        assert [(one["event"], one["id"], one["record"]["name"]) for one in followed.until(1)] == [
            ("followed", long_ago, "Long ago")
        ]
        follow(server, "DELETE", long_ago)
        assert [(one["event"], one["id"], one["changed"]) for one in unfollowed.until(1)] == [("unfollowed", long_ago, [])]
        assert len(overdue.lines) == len(followed.lines) == 1


def follow(server: LiveServer, method: str, number: int) -> None:
    with server.client() as client:
        answer = client.request(method, f"{server.url}/automation/v1/tasks/{number}/follow")
    assert answer.status_code == 200, answer.text


def test_a_watch_that_was_killed_goes_on_where_it_was(server: LiveServer):
    told: list[dict[str, Any]] = []
    ids = []
    for kill in range(3):
        with watch(server, "taskCreated", "killed") as one:
            if kill == 0:
                one.ready()
            ids += [call(server, "POST", "/tasks", {"name": f"Task {next(names)}"})["id"] for _ in range(4)]
            one.until(1)
            one.end(signal.SIGKILL)
            told += one.lines
        ids.append(call(server, "POST", "/tasks", {"name": "While nobody looks"})["id"])
    with watch(server, "taskCreated", "killed") as one:
        known = {line["id"] for line in told}
        wait_for_all(one, known, ids)
        told += one.lines
        assert one.end() == 0
    assert sorted({line["id"] for line in told}) == ids
    # A kill between the line and the commit of its place repeats that one line.
    assert len(told) <= len(ids) + 3
    assert len({line["event_id"] for line in told}) == len(ids)


def wait_for_all(one: Watch, known: set[int], ids: list[int]) -> None:

    wait_until(lambda: known | {line["id"] for line in one.lines} >= set(ids))


def test_two_of_one_name_are_refused_and_another_name_has_a_place_of_its_own(server: LiveServer):
    with watch(server, "leadCreatedOrUpdated", "twice") as first, watch(server, "leadCreatedOrUpdated", "other") as other:
        first.ready()
        other.ready()
        with watch(server, "leadCreatedOrUpdated", "twice") as second:
            assert second.code() == 1
            assert "--name" in second.told
        number = call(server, "POST", "/leads", {"name": "Ada"})["id"]
        assert (first.until(1)[0]["id"], other.until(1)[0]["id"]) == (number, number)
        assert first.until(1)[0]["event_id"] == other.until(1)[0]["event_id"]


def test_a_key_that_is_not_accepted_is_said_and_marks_the_connection(server: LiveServer):
    connect(server, "stale", "0" * 64)
    with watch(server, "personCreated", connection="stale") as one:
        assert one.code() == 1
        assert "needs re-authorisation" in one.told
    assert with_connections(server, lambda stored: stored.one("stale").state) == "needs_reauth"


def test_a_key_that_is_taken_back_is_said_and_a_new_one_goes_on(server: LiveServer):
    connect(server, "renewed", server.headers["X-PW-AccessToken"])
    with watch(server, "personCreated", connection="renewed") as one:
        one.ready()
        connect(server, "renewed", "0" * 64)

        wait_until(lambda: "needs re-authorisation" in one.told)
        number = call(server, "POST", "/people", {"name": "Meanwhile"})["id"]
        connect(server, "renewed", server.headers["X-PW-AccessToken"])
        assert one.until(1)[0]["id"] == number


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("personCreate", "--connection", "main"), "personCreated"),
        (("ownerChanged", "--connection", "main"), "Record Type"),
        (("personCreated", "--connection", "main", "--name", ""), "--name"),
    ],
)
def test_wrong_usage_is_said(sqlite_home: Home, arguments: tuple[str, ...], said: str):
    assert said in sqlite_home.refused("watch", *arguments, code=2)
