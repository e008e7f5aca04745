"""The change feed: every change once, in order, as the record was then, to those who may see it."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import text, update

from automation import automation, feed, group_of, share, undo
from cuprum.storage import account_tables as tables
from cuprum.storage.account_tables import account

SAMPLES = {
    "lead": {"name": "Lea Lind", "email": {"email": "lea@lind.example", "category": "work"}, "monetary_value": 12.5},
    "person": {"name": "Iris Fontaine", "emails": [{"email": "i@mill.example", "category": "work"}], "company_name": "Mill"},
    "company": {"name": "Mill & Sons", "address": {"city": "Porto"}, "websites": [{"url": "mill.example", "category": "work"}]},
    "opportunity": {"name": "Flour", "monetary_value": 100, "close_date": "1/23/2027"},
    "project": {"name": "New oven"},
    "task": {"name": "Ring Iris", "due_date": 1790000000},
}
PLURALS = {"lead": "leads", "person": "people", "company": "companies", "opportunity": "opportunities", "project": "projects",
           "task": "tasks", "activity": "activities"}  # fmt: skip


def test_the_account_announces_the_feed(ada):
    assert ada.call("GET", "/account").headers["X-Cuprum-Changes"] == "/automation/v1/changes"


@pytest.mark.parametrize("entity", SAMPLES)
def test_an_entry_carries_the_record_as_the_api_shows_it(ada, entity):
    made = ada.post(f"/{PLURALS[entity]}", SAMPLES[entity])
    entry = next(one for one in feed(ada)["changes"] if one["entity"] == entity and one["id"] == made["id"])
    assert entry["record"] == made
    assert list(entry["record"]) == list(made)
    assert (entry["kind"], entry["changed"], entry["previous"]) == ("new", [], {})


def test_what_is_joined_may_be_false(cuprum):
    ada, pipeline = cuprum.ada, cuprum.ada.get("/pipelines")[0]["id"]
    cuprum.as_person("ada", lambda work: work.execute(update(tables.pipeline).values(is_revenue=False)))
    made = ada.post("/opportunities", {"name": "Flour", "pipeline_id": pipeline})
    assert made["pipeline_is_revenue"] is False
    assert [one["record"] for one in feed(ada, entity="opportunity")["changes"]] == [made]


def test_a_priority_that_was_taken_away_is_none_as_the_api_shows_it(ada):
    made = ada.post("/opportunities", {"name": "Flour", "priority": "High"})
    cleared = ada.put(f"/opportunities/{made['id']}", {"priority": None})
    assert cleared["priority"] is None
    assert feed(ada, entity="opportunity")["changes"][-1]["record"] == cleared == ada.get(f"/opportunities/{made['id']}")


def test_an_activity_has_its_entry_too(ada):
    person = ada.post("/people", {"name": "Iris"})
    note = {"parent": {"id": person["id"], "type": "person"}, "type": {"id": 0, "category": "user"}, "details": "Rang."}
    made = ada.post("/activities", note)
    assert feed(ada, entity="activity")["changes"][0]["record"] == made


def test_an_entry_shows_the_record_as_it_was_then_and_the_former_values(ada):
    made = ada.post("/people", {"name": "Iris", "title": "Baker"})
    for title in ("Miller", "Mayor"):
        ada.put(f"/people/{made['id']}", {"title": title})
    entries = feed(ada)["changes"]
    assert [one["record"]["title"] for one in entries] == ["Baker", "Miller", "Mayor"]
    assert [one["previous"] for one in entries] == [{}, {"title": "Baker"}, {"title": "Miller"}]
    assert [one["changed"] for one in entries] == [[], ["title"], ["title"]]
    assert entries[0]["record"] == made
    assert entries[2]["actor"] == {"id": ada.id, "name": "Ada"}
    assert len({one["uid"] for one in entries}) == 3


def test_a_deletion_shows_the_record_as_it_last_was(ada):
    made = ada.post("/people", {"name": "Iris", "tags": ["oak"]})
    last = ada.put(f"/people/{made['id']}", {"title": "Miller"})
    ada.delete(f"/people/{made['id']}")
    entry = feed(ada)["changes"][-1]
    assert (entry["kind"], entry["record"]) == ("delete", last)


def test_a_link_that_a_deletion_took_is_told_with_the_name_that_went(ada):
    company = ada.post("/companies", {"name": "Mill"})
    person = ada.post("/people", {"name": "Iris", "company_id": company["id"]})
    ada.delete(f"/companies/{company['id']}")
    entry = next(one for one in feed(ada)["changes"] if one["kind"] == "update")
    assert (entry["id"], entry["previous"]) == (person["id"], {"company_id": company["id"], "company_name": "Mill"})


def test_pages_follow_one_another_without_a_gap_or_a_repetition(ada):
    for number in range(7):
        ada.post("/people", {"name": f"Iris {number}"})
    seen, cursor, more = [], None, True
    while more:
        page = feed(ada, cursor, limit=3)
        seen += [one["record"]["name"] for one in page["changes"]]
        cursor, more = page["cursor"], page["more"]
    assert seen == [f"Iris {number}" for number in range(7)]
    assert feed(ada, cursor)["changes"] == []
    middle = feed(ada)["changes"][3]["cursor"]
    assert [one["record"]["name"] for one in feed(ada, middle)["changes"]] == seen[4:]


def test_entities_that_were_not_asked_for_are_left_out(ada):
    ada.post("/people", {"name": "Iris"})
    ada.post("/leads", {"name": "Lea"})
    ada.post("/tasks", {"name": "Ring"})
    assert [one["entity"] for one in feed(ada, entity="lead,task")["changes"]] == ["lead", "task"]
    assert "person" in automation(ada, "GET", "/changes?entity=persons", status=422)["message"]


def test_who_starts_with_now_sees_no_history(ada):
    ada.post("/people", {"name": "Iris"})
    start = feed(ada, "now")
    assert start["changes"] == []
    ada.post("/people", {"name": "Ivo"})
    assert [one["record"]["name"] for one in feed(ada, start["cursor"])["changes"]] == ["Ivo"]


def test_a_record_that_one_may_not_see_is_not_in_the_feed(cuprum):
    ada, grace, mallory = cuprum.ada, cuprum.grace, cuprum.mallory
    for name, visibility in (("Open", "everyone"), ("Own", "only_me")):
        made = grace.post("/people", {"name": name, "assignee_id": grace.id})
        share(grace, "people", made["id"], visibility)
        note = {"parent": {"id": made["id"], "type": "person"}, "type": {"id": 0, "category": "user"}, "details": name}
        grace.post("/activities", note)
        grace.delete(f"/people/{made['id']}")
    names = {one["record"].get("name") or one["record"]["details"] for one in feed(mallory)["changes"]}
    assert names == {"Open"}
    assert {one["kind"] for one in feed(mallory, entity="person")["changes"]} == {"new", "delete"}
    assert len(feed(ada)["changes"]) == len(feed(grace)["changes"]) > len(feed(mallory)["changes"])


def test_a_cursor_from_before_a_restore_is_refused_with_a_word(cuprum):
    ada = cuprum.ada
    ada.post("/people", {"name": "Iris"})
    cursor = feed(ada)["cursor"]
    cuprum.database.write_now(lambda connection: connection.execute(update(account).values(epoch="another")))
    assert "start without a cursor" in automation(ada, "GET", f"/changes?after={cursor}", status=410)["message"]
    assert [one["record"]["name"] for one in feed(ada)["changes"]] == ["Iris"]


@pytest.mark.parametrize("cursor", ["x", "bm90LWpzb24", "WyJhIl0", "%FF", "💥"])
def test_what_is_no_cursor_is_refused(ada, cursor):
    automation(ada, "GET", f"/changes?after={cursor}", status=422)


def test_who_waits_is_told_as_soon_as_something_happens(ada):
    cursor = feed(ada, "now")["cursor"]
    later = threading.Timer(0.6, lambda: ada.post("/people", {"name": "Iris"}))
    began = time.monotonic()
    later.start()
    answer = feed(ada, cursor, wait=30)
    waited = time.monotonic() - began
    later.join()
    assert [one["record"]["name"] for one in answer["changes"]] == ["Iris"]
    assert 0.5 < waited < 30


def test_who_waits_in_vain_gets_an_empty_answer_in_time(ada):
    began = time.monotonic()
    assert feed(ada, "now", wait=1)["changes"] == []
    assert time.monotonic() - began > 0.9


def test_nothing_appears_behind_a_cursor_while_a_transaction_is_open(cuprum):
    """Two writers at once: the one that began first commits last, and whoever read in between misses neither."""
    if cuprum.settings.is_sqlite:
        # One writer at a time: a change that is not committed yet is later than all that are.
        return
    ada = cuprum.ada
    start = feed(ada, "now")["cursor"]
    engine = cuprum.database.writer.engine
    with engine.connect() as slow, slow.begin():
        slow.execute(text("SELECT pg_current_xact_id()"))
        ada.post("/people", {"name": "Quick"})
        while_open = feed(ada, start)
        assert while_open["changes"] == []
        slow.execute(
            text("INSERT INTO change_group (id, at, face, label) VALUES ('slow', 1, 'api', 'slow')"),
        )
        slow.execute(
            text(
                "INSERT INTO change (uid, group_id, entity, record_id, kind, before, after, transaction) "
                "SELECT 'slow', 'slow', 'person', id, 'update', '{}', '{}', pg_current_xact_id()::text::bigint FROM person"
            )
        )
    assert [one["uid"] == "slow" for one in feed(ada, while_open["cursor"])["changes"]] == [True, False]


def test_an_undo_is_news_like_any_other_change(ada):
    made = ada.post("/people", {"name": "Iris"})
    group = group_of(ada, "DELETE", f"/people/{made['id']}")
    cursor = feed(ada)["cursor"]
    undo(ada, group)
    (entry,) = feed(ada, cursor)["changes"]
    assert (entry["kind"], entry["record"] | {"date_modified": 0}) == ("restore", made | {"date_modified": 0})
