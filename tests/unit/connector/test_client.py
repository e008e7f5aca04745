"""The client against the stand-in: errors, retries, lost answers, paging, blocking and awaiting alike."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import httpx2
import pytest

from cuprum.connector import AsyncCopper, Copper, errors
from standin import Fault, StandIn


def test_the_client_loads_no_server_database_or_engine():
    heavy = "starlette uvicorn sqlalchemy alembic psycopg dbos"
    code = f"import sys, cuprum.connector; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"})
    assert done.stdout.strip() == "[]"


def test_the_stand_in_imports_nothing_of_the_product():
    code = "import sys, standin; print([m for m in sys.modules if m.split('.')[0] == 'cuprum'])"
    path = "tests:src"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": path})
    assert done.stdout.strip() == "[]"


def test_both_error_shapes_are_read(standin: StandIn, copper: Copper):
    with pytest.raises(errors.Invalid) as first:
        copper.people.create(nme="Ada")
    assert [(one.field, one.message) for one in first.value.problems] == [("base", "Unrecognized attributes specified: nme")]
    standin.quirks.error_shape = "error"
    with pytest.raises(errors.NotFound) as second:
        copper.people.get(7)
    assert (second.value.status, second.value.message) == (404, "Resource not found")


def test_every_problem_of_a_refusal_is_named(copper: Copper):
    with pytest.raises(errors.Invalid) as caught:
        copper.people.create(company_id="test")
    assert [one.field for one in caught.value.problems] == ["company_id", "name"]


def test_an_unknown_path_is_told_apart_from_a_record_that_is_gone(standin: StandIn, copper: Copper):
    with pytest.raises(errors.NoSuchRoute):
        copper.request("GET", "/people")
    with pytest.raises(errors.NotFound) as gone:
        copper.people.get(1)
    assert type(gone.value) is errors.NotFound


def test_a_wrong_key_is_unauthorized_and_permanent(standin: StandIn):
    with Copper(email=standin.email, key="wrong", base_url=standin.base_url) as copper, pytest.raises(errors.Unauthorized) as no:
        copper.account.get()
    assert no.value.permanent


def test_leads_switched_off_say_so(standin: StandIn, copper: Copper):
    standin.state.account["settings"]["setting_enable_leads"] = False
    with pytest.raises(errors.FeatureOff):
        copper.leads.search()


def waits(standin: StandIn) -> tuple[Copper, list[float]]:
    slept: list[float] = []
    return Copper(email=standin.email, key=standin.key, base_url=standin.base_url, sleep=slept.append), slept


def test_too_many_requests_wait_as_long_as_the_server_asks(standin: StandIn):
    copper, slept = waits(standin)
    standin.quirks.too_many(retry_after="7", times=2)
    with copper:
        assert copper.account.get()["id"] == 70211
    assert len(slept) == 2
    assert all(7 <= one <= 8 for one in slept)


def test_too_many_requests_without_a_hint_back_off_with_jitter(standin: StandIn):
    copper, slept = waits(standin)
    standin.quirks.too_many(times=3)
    with copper:
        copper.people.create(name="Ada")
    assert len(slept) == 3
    assert slept == sorted(slept)
    assert len(standin.state.records["person"]) == 1


def test_a_wait_that_is_too_long_is_handed_to_the_caller(standin: StandIn, copper: Copper):
    standin.quirks.too_many(retry_after="3600")
    with pytest.raises(errors.RateLimited) as caught:
        copper.account.get()
    assert caught.value.retry_after_seconds == 3600
    assert not caught.value.permanent


def test_reads_are_repeated_after_a_lost_answer(standin: StandIn, copper: Copper):
    standin.quirks.drop_answer(path="/account", times=2)
    assert copper.account.get()["name"] == "Harbor Lane Studio"


def test_a_lost_answer_to_a_create_is_unknown_and_never_repeated(standin: StandIn, copper: Copper):
    standin.quirks.drop_answer(method="POST", path="/people")
    with pytest.raises(errors.OutcomeUnknown):
        copper.people.create(name="Ada")
    assert [one.path for one in standin.writes()] == ["/developer_api/v1/people"]
    assert len(standin.state.records["person"]) == 1


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_fault_after_a_create_is_unknown_too(status: int, standin: StandIn, copper: Copper):
    standin.quirks.faults.append(Fault(status, {}, b"<html>bad gateway</html>", method="POST", path="/people"))
    with pytest.raises(errors.OutcomeUnknown) as caught:
        copper.people.create(name="Ada")
    assert caught.value.status == status
    assert len(standin.state.records["person"]) == 1


def test_a_server_that_is_not_ready_did_nothing_so_a_create_is_repeated(standin: StandIn, copper: Copper):
    standin.quirks.answer(503, path="/people")
    assert copper.people.create(name="Ada")["id"]
    assert len(standin.state.records["person"]) == 1


def test_a_refused_connection_was_never_sent(standin: StandIn):
    copper = Copper(email="a@b.c", key="k", base_url="http://127.0.0.1:1", attempts=2, sleep=lambda _: None)
    with copper, pytest.raises(errors.Unreachable, match=r"no answer from 127\.0\.0\.1:1 \(ConnectError") as caught:
        copper.people.create(name="Ada")
    assert not caught.value.permanent


def test_a_server_that_remembers_keys_makes_exactly_one(standin: StandIn, copper: Copper):
    standin.quirks.idempotency = True
    standin.quirks.drop_answer(method="POST", path="/people", times=2)
    made = copper.people.create(name="Ada")
    assert list(standin.state.records["person"]) == [made["id"]]
    keys = {one.headers["idempotency-key"] for one in standin.writes()}
    assert len(keys) == 1


def test_keys_of_one_run_are_the_same_when_it_runs_again(standin: StandIn, copper: Copper):
    standin.quirks.idempotency = True
    first = [copper.keyed("run-1/step-2").people.create(name="Ada") for _ in range(2)]
    assert first[0] == first[1]
    assert {one.headers["idempotency-key"] for one in standin.writes()} == {"run-1/step-2/1"}


def test_an_update_and_a_delete_are_repeated(standin: StandIn, copper: Copper):
    person = copper.people.create(name="Ada")
    standin.quirks.drop_answer(method="PUT")
    assert copper.people.update(person["id"], title="Boss")["title"] == "Boss"
    standin.quirks.drop_answer(method="DELETE")
    assert copper.people.delete(person["id"]) == {"id": person["id"], "is_deleted": True}


def test_a_redirect_is_not_followed_with_the_key(standin: StandIn, copper: Copper):
    standin.quirks.faults.append(Fault(302, {"location": "http://127.0.0.1:9/"}, work_first=False))
    with pytest.raises(errors.BadAnswer):
        copper.account.get()


def people(standin: StandIn, copper: Copper, count: int) -> list[int]:
    return [copper.people.create(name=f"Person {n:03}")["id"] for n in range(count)]


@pytest.mark.parametrize("quirks", [{}, {"short_pages": 3}, {"no_total": True}, {"no_total": True, "short_pages": 1}])
def test_an_iterator_gives_every_row_once_whatever_the_pages_look_like(quirks: dict[str, Any], standin: StandIn, copper: Copper):
    ids = people(standin, copper, 45)
    vars(standin.quirks).update(quirks)
    assert sorted(one["id"] for one in copper.people.each(page_size=10)) == ids


def test_an_iterator_is_not_trapped_by_a_server_that_repeats_a_page(copper: Copper):
    def always_page_one(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=[{"id": 1}, {"id": 2}], headers={"X-PW-TOTAL": "900"})

    with Copper(email="a", key="k", base_url="http://x", transport=httpx2.MockTransport(always_page_one)) as trapped:
        assert [one["id"] for one in trapped.people.each(page_size=2)] == [1, 2]


def test_rows_beyond_reach_are_not_silently_left_out():
    def endless(request: httpx2.Request) -> httpx2.Response:
        number = int(json.loads(request.content)["page_number"])
        rows = [{"id": number * 200 + n} for n in range(200)] if number <= 500 else []
        return httpx2.Response(200, json=rows, headers={"X-PW-TOTAL": "250000"})

    copper = Copper(email="a", key="k", base_url="http://x", transport=httpx2.MockTransport(endless))
    with copper, pytest.raises(errors.BeyondReach):
        list(copper.people.each())


def test_awaiting_does_the_same(standin: StandIn):
    async def story() -> tuple[str, int, list[int]]:
        async with AsyncCopper(access_token="standing-token", base_url=standin.base_url) as copper:
            made = [(await copper.people.create(name=f"P {n}"))["id"] for n in range(5)]
            acted = await copper.act("getPersonById", {"id": made[0]})
            page = await copper.people.search(page_size=2)
            assert [one["id"] async for one in copper.people.each(page_size=2, sort_by="name")] == made
            return acted["name"], page.total or 0, made

    name, total, made = asyncio.run(story())
    assert (name, total, len(made)) == ("P 0", 5, 5)


def test_awaiting_works_over_an_asgi_app_in_this_process(standin: StandIn):
    async def story() -> int:
        transport = httpx2.ASGITransport(app=standin.app)
        async with AsyncCopper(
            email=standin.email, key=standin.key, base_url="http://in-process/developer_api/v1", transport=transport
        ) as copper:
            return int((await copper.account.get())["id"])

    assert asyncio.run(story()) == 70211


def test_a_hundred_calls_at_once_share_one_client(standin: StandIn):
    async def story() -> int:
        async with AsyncCopper(access_token="standing-token", base_url=standin.base_url) as copper:
            made = await asyncio.gather(*(copper.people.create(name=f"P {n}") for n in range(100)))
            return len({one["id"] for one in made})

    assert asyncio.run(story()) == 100


def test_every_resource_speaks_to_its_path(standin: StandIn, copper: Copper):
    definition = copper.custom_field_definitions.create(name="Notes", data_type="String", available_on=["lead"])
    assert copper.custom_field_definitions.get(definition["id"])["name"] == "Notes"
    assert copper.custom_field_definitions.update(definition["id"], name="Note")["name"] == "Note"
    assert copper.custom_field_definitions.delete(definition["id"])["is_deleted"]
    kind = copper.custom_activity_types.create("Site visit", "Phone")
    assert copper.custom_activity_types.update(kind["id"], is_disabled=True)["is_disabled"]
    assert copper.custom_activity_types.get(kind["id"]) == copper.custom_activity_types.all()[0]
    lead, company = copper.leads.create(name="Lea"), copper.companies.create(name="Acme")
    link = copper.related_links.create(
        412, {"id": lead["id"], "entity_type": "lead"}, {"id": company["id"], "entity_type": "company"}
    )
    assert copper.related_links.of("lead", lead["id"])[0]["id"] == link["id"]
    assert len(copper.related_links.delete(link["id"])["ids"]) == 2
    assert copper.field_layouts.of_entity("opportunities", pipeline_id=40)
    assert [one["name"] for one in copper.pipeline_stages.of_pipeline(41)] == ["First Meeting"]
    assert copper.tags.names() == []
    hook = copper.webhooks.create("https://example.org/h", "lead", "new")
    assert copper.webhooks.update(hook["id"], target="https://example.org/i")["target"].endswith("/i")
    assert copper.webhooks.delete(hook["id"]) == {"id": hook["id"]}
    attached = copper.companies.attach(company["id"], 'a "plan".txt', b"bytes\r\n--")
    assert standin.state.uploads.popitem()[1] == b"bytes\r\n--"
    assert copper.companies.file(company["id"], attached["id"])["file_size"] == 9
    assert [one["name"] for one in copper.users.each()] == ["Ada Duarte", "Grace Okafor"]
    assert copper.test().ok


def test_the_test_of_a_connection_says_which_step_failed(standin: StandIn, copper: Copper):
    standin.quirks.answer(401, b'{"error":"unauthorized"}', path="/users/me")
    tested = copper.test()
    assert [(one["step"], one["ok"]) for one in tested.steps] == [("account", True), ("user", False)]
    assert tested.steps[1]["error"] == "Unauthorized"
