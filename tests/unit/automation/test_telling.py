"""Runs that stop and connections that want a new key tell the people who can help, once, and show the way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from automation import automation
from cuprum.automation import history, workflows
from cuprum.automation.connections import NEEDS_REAUTHORISATION, OK, Connections
from cuprum.automation.hands import StoredNotes
from cuprum.storage.account_tables import user
from installation import Installation, Person
from unit.automation.conftest import Working

FLOW = {"label": "Welcome", "tasks": [{"name": "var_1", "type": "var/v1/set", "parameters": {"value": "=1 / 0"}}]}
REFUSED = {"state": history.FAILED, "error": {"message": "Name can't be blank", "place": "copper_1", "class": "permanent"}}
AWAY = {"state": history.PARKED, "reason": history.UNAVAILABLE, "error": {"message": "The server is away", "class": "transient"}}


def kept(cuprum: Installation, owner: Person) -> int:
    return cuprum.database.write_now(lambda db: workflows.add(db, FLOW, user_id=owner.id)).id


def stops(cuprum: Installation, workflow_id: int | None, run_id: str, ended: dict[str, Any], attempt: int = 1) -> None:
    """A run that ends so, and is told of its end twice, as after a crash."""

    def begin(db: Any) -> None:
        history.add_run(db, run_id, name="Welcome", arguments={}, workflow_id=workflow_id, depth=0)

    if attempt == 1:
        cuprum.database.write_now(begin)
    else:
        cuprum.database.write_now(lambda db: history.reopen(db, run_id, given=None, repeat=False))
    for _ in range(2):
        StoredNotes(cuprum.database).finish(run_id, ended)


def told(person: Person) -> list[tuple[str, str]]:
    return [(one["text"], one["path"]) for one in automation(person, "GET", "/notifications")["notifications"]]


def test_the_owner_of_the_workflow_is_told_once_where_to_look(cuprum: Installation, ada: Person):
    stops(cuprum, kept(cuprum, ada), "1/trigger_1/x", REFUSED)
    assert told(ada) == [("The automation Welcome failed: Name can't be blank", "/automations/runs/1/trigger_1/x")]
    assert told(cuprum.grace) == []


def test_more_of_the_same_is_counted_until_it_is_read(cuprum: Installation, ada: Person):
    flow = kept(cuprum, ada)
    for number in range(3):
        stops(cuprum, flow, f"run {number}", REFUSED)
    stops(cuprum, flow, "parked", AWAY)
    several = f"/automations/runs?workflow={flow}&state=failed"
    assert told(ada) == [
        ("The automation Welcome is parked: The server is away", "/automations/runs/parked"),
        ("The automation Welcome failed: Name can't be blank (and 2 more)", several),
    ]
    (newest, *_) = automation(ada, "GET", "/notifications")["notifications"]
    automation(ada, "POST", "/notifications/read", {"up_to": newest["id"]})
    stops(cuprum, flow, "run 2", REFUSED, attempt=2)
    assert told(ada)[0] == ("The automation Welcome failed: Name can't be blank", "/automations/runs/run%202")
    assert automation(ada, "GET", "/notifications")["unread"] == 1


def test_where_the_owner_cannot_help_every_admin_is_told(cuprum: Installation, ada: Person):
    grace, mallory = cuprum.grace, cuprum.mallory
    flow = kept(cuprum, mallory)
    cuprum.database.write_now(lambda db: db.execute(update(user).where(user.c.id == grace.id).values(role="admin")))
    stops(cuprum, flow, "one", REFUSED)
    assert [len(told(one)) for one in (ada, grace, mallory)] == [1, 1, 0]


def test_what_is_done_and_what_somebody_waits_for_tells_nobody(cuprum: Installation, ada: Person):
    stops(cuprum, kept(cuprum, ada), "done", {"state": history.DONE, "outputs": {}})
    stops(cuprum, None, "by hand", REFUSED)
    assert told(ada) == []


def test_a_connection_that_wants_a_new_key_is_told_once_and_not_any_more_when_it_works(cuprum: Installation, ada: Person):
    stored = Connections(cuprum.settings, cuprum.database)
    stored.add_api_key("main", email="ada@harbour.example", key="x", base_url="https://crm.example/developer_api/v1")
    for _ in range(2):
        stored.mark("main", NEEDS_REAUTHORISATION)
    words = "The connection main needs a new key: what goes through it waits, and goes on by itself once it has one"
    assert told(ada) == [(words, "/settings/connections")]
    assert told(cuprum.grace) == []
    stored.mark("main", OK)
    assert told(ada) == []
    # What was read stays, and the next time is told anew.
    stored.mark("main", NEEDS_REAUTHORISATION)
    automation(ada, "POST", "/notifications/read", {"ids": [automation(ada, "GET", "/notifications")["notifications"][0]["id"]]})
    stored.add_api_key("main", email="ada@harbour.example", key="y", base_url="https://crm.example/developer_api/v1")
    stored.mark("main", NEEDS_REAUTHORISATION)
    assert len(told(ada)) == 2


def test_a_run_that_is_parked_for_want_of_a_key_tells_of_both(working: Working):
    working.standin.state.keys.clear()
    flow = working.add(
        {"label": "Needs a key", "tasks": [{"name": "copper_1", "type": "copper/v1/listTags"}]}, connections={"": "copper"}
    )
    run = working.ended(working.ask("POST", f"/workflows/{flow}/runs", {})["id"])
    assert (run["state"], run["reason"]) == ("parked", "needs_reauth")
    said = working.ask("GET", "/notifications")["notifications"]
    assert {(one["kind"], one["path"]) for one in said} == {
        ("run", f"/automations/runs/{run['id']}"), ("connection", "/settings/connections")
    }  # fmt: skip
    working.connect("copper")
