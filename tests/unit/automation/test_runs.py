"""Runs on a server: tried again, parked, gone on with, given up; and what a run never does twice."""

from __future__ import annotations

from typing import Any

from cuprum.automation import history
from patience import wait_until
from unit.automation.conftest import Working

PERSON = {"name": "person", "type": "copper/v1/createPerson", "parameters": {"name": "Zoë 山田"}}
COMPANY = {"name": "company", "type": "copper/v1/createCompany", "parameters": {"name": "Harbour"}}


def fails(formula: str = "=1 / 0") -> dict[str, Any]:
    return {"name": "breaks", "type": "var/v1/set", "parameters": {"value": formula}}


def created(working: Working, path: str) -> list[Any]:
    return [seen.json for seen in working.standin.seen if seen.method == "POST" and seen.path.endswith(path)]


def test_a_run_shows_the_input_output_and_time_of_every_step(working: Working):
    run = working.run([PERSON, {"name": "says", "type": "logger/v1/info", "parameters": {"text": "made ${person.id}"}}])
    assert run["state"] == "done"
    person, says = run["steps"]
    assert person["input"] == {"name": "Zoë 山田"}
    assert person["output"]["name"] == "Zoë 山田"
    assert says["input"] == {"text": f"made {person['output']['id']}"}
    assert run["created_at"] <= person["started_at"] <= person["finished_at"] <= says["finished_at"] <= run["finished_at"]


def test_what_is_refused_fails_at_once_and_says_why(working: Working):
    task = {"name": "t", "type": "copper/v1/createTask", "parameters": {"name": "Call", "priority": "Urgent", "status": "Open"}}
    run = working.run([task])
    assert (run["state"], run["error"]["class"], run["error"]["place"]) == ("failed", "permanent", "t")
    assert "priority" in run["error"]["message"].lower()
    assert run["steps"][0]["attempts"] == 1


def test_a_limit_is_waited_for_as_the_server_asks(working: Working):
    working.standin.quirks.too_many(retry_after="1", path="/people")
    run = working.run([PERSON], "copper")
    assert run["state"] == "done"
    assert run["steps"][0]["attempts"] == 2
    assert len(working.standin.state.records["person"]) == 1


def test_a_server_that_stays_away_parks_the_run_which_goes_on_later(working: Working):
    working.standin.quirks.answer(503, times=2, path="/people", method="POST")
    run = working.run([COMPANY, {**PERSON, "maxRetries": 1}], "copper")
    assert (run["state"], run["reason"], run["error"]["place"]) == ("parked", "unavailable", "person")
    working.ask("POST", f"/runs/{run['id']}/retry", {})
    assert working.ended(run["id"], 2)["state"] == "done"
    # What was finished is not done again.
    assert len(created(working, "/companies")) == 1


def test_a_lost_answer_leaves_exactly_one_record(working: Working):
    working.standin.quirks.drop_answer(method="POST", path="/people")
    run = working.run([PERSON], "copper")
    assert run["state"] == "done"
    assert len(working.standin.state.records["person"]) == 1
    assert len(created(working, "/people")) == 1


def test_what_never_arrived_is_sent_again(working: Working):
    working.standin.quirks.drop_answer(method="POST", path="/people", work_first=False)
    run = working.run([PERSON], "copper")
    assert run["state"] == "done"
    assert len(working.standin.state.records["person"]) == 1


def test_what_nobody_can_tell_is_parked_and_never_repeated_by_itself(working: Working):
    working.standin.quirks.drop_answer(method="POST", path="/custom")
    call = {"name": "call", "type": "copper/v1/customCall", "parameters": {"method": "POST", "path": "/custom_activity"}}
    run = working.run([call], "copper")
    assert (run["state"], run["reason"]) == ("parked", "ambiguous")
    assert run["steps"][0]["may_have_happened"] is True
    sent = len(working.standin.writes())
    working.ask("POST", f"/runs/{run['id']}/retry", {})
    assert working.ended(run["id"], 2)["reason"] == "ambiguous"
    assert len(working.standin.writes()) == sent
    working.ask("POST", f"/runs/{run['id']}/retry", {"repeat": True})
    working.ended(run["id"], 3)
    assert len(working.standin.writes()) == sent + 1


def test_a_refused_key_parks_until_the_connection_is_authorised_again(working: Working):
    working.standin.quirks.answer(401, b'{"success":false,"status":401,"message":"Unauthorized"}', times=9, path="/people")
    run = working.run([COMPANY, PERSON], "copper")
    assert (run["state"], run["reason"], run["error"]["connection"]) == ("parked", "needs_reauth", "copper")
    assert "copper\tapi_key\tneeds_reauth" in working.home.ok("connection", "list")
    working.standin.quirks.faults.clear()
    working.connect("copper")
    # By itself: nobody asks for it.
    assert working.ended(run["id"], 2)["state"] == "done"
    assert len(created(working, "/companies")) == 1


def test_an_edited_input_takes_the_place_of_the_step_that_failed(working: Working):
    task = {"name": "t", "type": "copper/v1/createTask", "parameters": {"name": "Call", "priority": "Urgent", "status": "Open"}}
    run = working.run([COMPANY, task], "copper")
    working.ask("POST", f"/runs/{run['id']}/retry", {"input": {"name": "Call", "priority": "High", "status": "Open"}})
    ended = working.ended(run["id"], 2)
    assert (ended["state"], ended["steps"][1]["input"]["priority"]) == ("done", "High")
    assert len(created(working, "/companies")) == 1


def test_a_discarded_run_stays_where_it_is(working: Working):
    run = working.run([fails()])
    working.ask("POST", f"/runs/{run['id']}/discard")
    assert working.ask("GET", f"/runs/{run['id']}")["state"] == "discarded"
    assert "discarded" in working.ask("POST", f"/runs/{run['id']}/retry", {}, status=409)["message"]


def test_many_runs_are_retried_or_discarded_at_once(working: Working):
    workflow_id = working.add({"label": "Breaks", "tasks": [fails()]})
    ids = {working.ask("POST", f"/workflows/{workflow_id}/runs", {})["id"] for _ in range(3)}
    for run_id in ids:
        working.ended(run_id)
    assert set(working.ask("POST", "/runs/retry", {"workflow": workflow_id})["done"]) == ids
    for run_id in ids:
        assert working.ended(run_id, 2)["state"] == "failed"
    done = working.ask("POST", "/runs/discard", {"workflow": workflow_id, "state": "failed"})
    assert (set(done["done"]), done["refused"]) == (ids, [])
    again = working.ask("POST", "/runs/discard", {"ids": [*ids, "nobody"]})
    assert {one["id"] for one in again["refused"]} == {*ids, "nobody"}
    assert "ids" in working.ask("POST", "/runs/discard", {}, status=422)["message"]


def test_a_dry_run_reads_and_writes_nothing(working: Working):
    company = working.run([COMPANY])["steps"][0]["output"]["id"]
    before = working.people("Nobody Else")
    tasks = [
        {"name": "found", "type": "copper/v1/getCompanyById", "parameters": {"id": company}},
        {"name": "person", "type": "copper/v1/createPerson", "parameters": {"name": "Nobody Else", "company_id": "${found.id}"}},
        {
            "name": "post",
            "type": "httpClient/v1/post",
            "parameters": {"uri": working.standin.base_url, "body": {"a": "${person.id}"}},
        },
    ]
    body = {"definition": {"label": "dry", "tasks": tasks}, "connections": {"": "own"}}
    shown = working.ask("POST", "/dry-run", body)
    found, person, post = shown["steps"]
    assert shown["state"] == "done"
    assert found["output"]["name"] == "Harbour"
    assert person["output"]["would"] == {"call": "POST /people", "parameters": {"name": "Nobody Else", "company_id": company}}
    assert post["output"]["would"]["body"] == {"a": "0"}
    assert working.people("Nobody Else") == before == []
    assert working.standin.seen == []
    assert shown["steps"][0]["place"] not in str(working.ask("GET", "/runs?limit=1"))


def test_pages_of_runs_go_on_from_the_last_one(working: Working):
    workflow_id = working.add({"label": "Many", "tasks": [{"name": "v", "type": "var/v1/set", "parameters": {"value": 1}}]})
    ids = [working.ask("POST", f"/workflows/{workflow_id}/runs", {})["id"] for _ in range(5)]
    seen: list[str] = []
    while page := working.ask("GET", f"/runs?workflow={workflow_id}&limit=2" + (f"&before={seen[-1]}" if seen else "")):
        seen += [run["id"] for run in page]
    assert sorted(seen) == sorted(ids)
    assert len(seen) == 5
    assert "state must be one of" in working.ask("GET", "/runs?state=odd", status=422)["message"]
    assert "no run" in working.ask("GET", "/runs?before=nobody", status=404)["message"]


def test_the_same_key_starts_one_run(working: Working):
    workflow_id = working.add({"label": "Once", "tasks": [{"name": "v", "type": "var/v1/set", "parameters": {"value": 1}}]})
    headers = {**working.ada, "Idempotency-Key": "the-same"}
    path = f"/automation/v1/workflows/{workflow_id}/runs"
    first, second = (working.call("POST", path, {}, headers).json()["id"] for _ in range(2))
    assert first == second
    assert len(working.ask("GET", f"/runs?workflow={workflow_id}")) == 1


def test_only_admins_see_and_start_runs(working: Working):
    run = working.run([fails()])
    for method, path in (
        ("GET", "/runs"), ("GET", f"/runs/{run['id']}"), ("POST", "/runs"), ("POST", "/runs/retry"), ("POST", "/dry-run"),
        ("POST", f"/runs/{run['id']}/retry"), ("POST", f"/runs/{run['id']}/discard"), ("GET", "/workflows"), ("POST", "/workflows"),
    ):  # fmt: skip
        answer = working.call(method, f"/automation/v1{path}", {} if method == "POST" else None, working.mallory)
        assert (answer.status_code, "Ask an admin" in answer.text) == (403, True), f"{method} {path}: {answer.text}"


def test_a_workflow_that_cannot_start_cannot_be_enabled(working: Working):
    trigger = {"name": "trigger_1", "type": "schedule/v1/everyDay", "parameters": {"hour": 9, "minute": 0}}
    inputs = [{"name": "owner", "type": "STRING", "required": True}]
    workflow = {"label": "Needs an owner", "triggers": [trigger], "inputs": inputs, "tasks": [PERSON]}
    body = {"definition": workflow, "enabled": True, "connections": {"": "nowhere"}}
    assert "there is no connection nowhere" in working.ask("POST", "/workflows", body, status=422)["message"]
    body["connections"] = {"": "own"}
    assert "inputs.owner" in working.ask("POST", "/workflows", body, status=422)["message"]
    kept = working.ask("POST", "/workflows", {**body, "inputs": {"owner": "17"}})
    assert kept["definition"]["inputs"] == [{**inputs[0], "defaultValue": "17"}]
    working.ask("DELETE", f"/workflows/{kept['id']}")


def test_a_schedule_starts_runs_and_stops_when_disabled(working: Working):
    trigger = {
        "name": "trigger_1",
        "type": "schedule/v1/cron",
        "parameters": {"expression": "* * * * * *", "timezone": "Asia/Tokyo"},
    }
    task = {"name": "v", "type": "var/v1/set", "parameters": {"value": "${trigger_1.datetime}"}}
    workflow_id = working.add({"label": "Each second", "triggers": [trigger], "tasks": [task]}, enabled=True)

    def runs() -> list[dict[str, Any]]:
        return [run for run in working.ask("GET", f"/runs?workflow={workflow_id}&limit=200") if run["state"] == "done"]

    wait_until(lambda: len(runs()) >= 2)
    working.ask("POST", f"/workflows/{workflow_id}/disable")
    times = [working.ask("GET", f"/runs/{run['id']}")["steps"][0]["output"] for run in runs()]
    assert len(set(times)) == len(times)
    assert all(time.endswith("+09:00") for time in times)
    working.ask("DELETE", f"/workflows/{workflow_id}")


def test_what_a_run_only_found_is_not_its_own_and_every_record_of_a_bulk_is(working: Working):
    there = working.standin.state
    found = {"name": "found", "type": "copper/v1/findOrCreateCompany", "parameters": {"name": "Harbour"}}
    bulk = {"name": "bulk", "type": "copper/v1/bulkCreateLeads", "parameters": {"items": [{"name": "One"}, {"name": "Two"}]}}
    run = working.run([COMPANY, found, bulk], "copper")
    assert run["state"] == "done"

    def author(entity: str, record: dict[str, Any]) -> Any:
        return working.database.read_now(history.author_of, entity, record["id"], record["date_modified"])

    (company,), leads = there.records["company"].values(), list(there.records["lead"].values())
    assert [author("lead", one).id for one in leads] == [run["id"]] * 2
    assert author("company", company).id == run["id"]
    again = working.run([{**found, "name": "again"}], "copper")
    assert again["steps"][0]["output"]["created"] is False
    assert author("company", company).id == run["id"]
