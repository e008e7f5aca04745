"""Merging: one record stays with all that belonged to the others, who are told of as an update and deletions; undone whole."""

from __future__ import annotations

import re

import pytest

from automation import automation, feed, share, undo
from cuprum.kit import pace
from cuprum.records.merge import merged_from, went_to
from notifications import notified, subscribe
from plans import plan_of, sent

CALL = {"id": 1, "category": "user"}


@pytest.fixture
def pair(cuprum, ada):
    """Two people who are one, with everything that can hang on the second."""
    company = ada.post("/companies", {"name": "Quill"})["id"]
    winner = ada.post("/people", {"name": "Iris Fontaine", "emails": [mail("iris@quill.example")], "tags": ["Oak"]})["id"]
    loser = ada.post("/people", {
        "name": "I. Fontaine", "emails": [mail("i@quill.example")], "tags": ["oak", "teak"], "title": "Baker",
        "company_id": company, "assignee_id": ada.id,
    })["id"]  # fmt: skip
    about = {"id": loser, "type": "person"}
    ada.post("/tasks", {"name": "Call", "related_resource": about})
    ada.post("/activities", {"parent": about, "type": CALL, "details": "Rang."})
    deal = ada.post("/opportunities", {"name": "Hull", "primary_contact_id": loser})["id"]
    project = ada.post("/projects", {"name": "Refit"})["id"]
    ada.post(f"/people/{loser}/related", {"resource": {"id": project, "type": "project"}})
    cuprum.winner, cuprum.loser, cuprum.deal, cuprum.project = winner, loser, deal, project
    return cuprum


def mail(address):
    return {"email": address, "category": "work"}


def wish(pair, **fields):
    return {"entity": "person", "winner_id": pair.winner, "loser_ids": [pair.loser], "fields": fields}


def belongings(person, record_id):
    about = {"id": record_id, "type": "person"}
    return (
        [one["name"] for one in person.post("/tasks/search", {"related_resource": about})],
        [one["details"] for one in person.post(f"/people/{record_id}/activities", {"activity_types": [CALL]})],
        [one["name"] for one in person.post("/opportunities/search", {"primary_contact_ids": [record_id]})],
        [one["id"] for one in person.get(f"/people/{record_id}/related/projects")],
    )


def test_one_stays_with_the_values_chosen_lists_united_and_all_that_was_the_other_s(pair, ada):
    seen = automation(ada, "POST", "/merge/preview", wish(pair, name=pair.loser))
    assert seen["moves"] == {"activity": 1, "task": 1, "opportunity": 1, "relation": 1}
    assert seen["values"]["name"] == "I. Fontaine"
    names = next(one for one in seen["fields"] if one["field"] == "name")
    assert names["values"] == {str(pair.winner): "Iris Fontaine", str(pair.loser): "I. Fontaine"}
    merged = automation(ada, "POST", "/merge", wish(pair, name=pair.loser))
    assert {name: merged["moved"][name] for name in ("activity", "task", "opportunity")} == {
        "activity": 1, "task": 1, "opportunity": 1
    }  # fmt: skip
    record = merged["record"]
    assert (record["name"], record["last_name"], record["title"], record["company_name"]) == (
        "I. Fontaine", "Fontaine", "Baker", "Quill"
    )  # fmt: skip
    assert [one["email"] for one in record["emails"]] == ["iris@quill.example", "i@quill.example"]
    assert (record["tags"], record["assignee_id"], record["interaction_count"]) == (["Oak", "teak"], ada.id, 1)
    assert belongings(ada, pair.winner) == (["Call"], ["Rang."], ["Hull"], [pair.project])
    assert ada.post("/people/fetch_by_email", {"email": "i@quill.example"})["id"] == pair.winner
    assert ada.refused("GET", f"/people/{pair.loser}", status=404) == "Resource not found"


def test_a_merge_is_undone_with_everything_and_later_edits_stay_and_are_named(pair, ada):
    before = [ada.get(f"/people/{one}") | {"date_modified": 0} for one in (pair.winner, pair.loser)]
    group = automation(ada, "POST", "/merge", wish(pair))["group"]
    undone = undo(ada, group)
    assert undone["conflicts"] == []
    assert [ada.get(f"/people/{one}") | {"date_modified": 0} for one in (pair.winner, pair.loser)] == before
    assert belongings(ada, pair.loser) == (["Call"], ["Rang."], ["Hull"], [pair.project])
    assert belongings(ada, pair.winner) == ([], [], [], [])
    again = undo(ada, undone["group"])
    assert again["conflicts"] == []
    assert belongings(ada, pair.winner) == (["Call"], ["Rang."], ["Hull"], [pair.project])
    ada.put(f"/people/{pair.winner}", {"title": "Miller"})
    conflicts = undo(ada, again["group"])["conflicts"]
    assert [(one["field"], one["now"], one["by"]["name"]) for one in conflicts] == [("title", "Miller", "Ada")]
    assert ada.get(f"/people/{pair.winner}")["title"] == "Miller"
    assert ada.get(f"/people/{pair.loser}")["title"] == "Baker"


def test_subscribers_and_the_feed_hear_an_update_and_a_deletion(pair, ada):
    update, delete = subscribe(ada, "person", "update"), subscribe(ada, "person", "delete")
    cursor = feed(ada, "now")["cursor"]
    automation(ada, "POST", "/merge", wish(pair))
    (told,) = notified(pair, ada, update)
    assert told["ids"] == [pair.winner]
    assert told["updated_attributes"]["title"] == [None, "Baker"]
    assert [one["ids"] for one in notified(pair, ada, delete)] == [[pair.loser]]
    people = [(one["kind"], one["id"]) for one in feed(ada, cursor, entity="person")["changes"]]
    assert people == [("delete", pair.loser), ("merge", pair.winner)]


def test_where_a_merged_record_went_is_known_to_those_who_may_see_it(pair, ada):
    third = ada.post("/people", {"name": "Iris F.", "assignee_id": ada.id})["id"]
    group = automation(ada, "POST", "/merge", wish(pair))["group"]
    automation(ada, "POST", "/merge", {"entity": "person", "winner_id": third, "loser_ids": [pair.winner]})
    assert pair.as_person("mallory", lambda work: went_to(work, "person", pair.loser)) == third
    assert pair.as_person("ada", lambda work: went_to(work, "person", third)) is None
    share(ada, "people", third, "only_me")
    assert pair.as_person("mallory", lambda work: went_to(work, "person", pair.loser)) is None
    assert undo(ada, group)["conflicts"]


def test_what_became_part_of_a_record_is_found_among_its_own_changes(pair, ada):
    group = automation(ada, "POST", "/merge", wish(pair))["group"]

    def found(work):
        with sent() as statements:
            merged = merged_from(work, "person", pair.winner)
        return [(one.id, one.group) for one in merged], [plan_of(work.connection, one) for one in statements]

    merged, plans = pair.as_person("ada", found)
    assert merged == [(pair.loser, group)]
    # Which grow with the years: nothing reads all those of every person. PostgreSQL says by what it searches on the next line.
    assert re.search(r"ix_change_record.*\n?.*record_id", "\n".join(plans))
    assert pair.as_person("ada", lambda work: merged_from(work, "person", pair.loser)) == []


def test_companies_and_leads_are_merged_too(ada):
    first, second = (ada.post("/companies", {"name": "Quill", "email_domain": one})["id"] for one in ("q.example", "r.example"))
    person = ada.post("/people", {"name": "Iris", "company_id": second})["id"]
    body = {"entity": "company", "winner_id": first, "loser_ids": [second], "fields": {"email_domain": second}}
    group = automation(ada, "POST", "/merge", body)["group"]
    assert ada.get(f"/companies/{first}")["email_domain"] == "r.example"
    assert ada.get(f"/people/{person}")["company_id"] == first
    assert undo(ada, group)["conflicts"] == []
    assert [ada.get(f"/companies/{one}")["email_domain"] for one in (first, second)] == ["q.example", "r.example"]
    leads = [ada.post("/leads", {"name": "Iris", "monetary_value": value})["id"] for value in (None, 50)]
    read = automation(ada, "POST", "/merge", {"entity": "lead", "winner_id": leads[0], "loser_ids": leads[1:]})
    assert (read["record"]["monetary_value"], read["record"]["monetary_unit"]) == (50, "EUR")


def test_a_merge_asks_for_the_right_to_delete_and_shows_nothing_unseen(pair, ada):
    told = automation(pair.mallory, "POST", "/merge", wish(pair), status=403)["message"]
    assert told.startswith("You may not delete this person: that is for its owner")
    share(ada, "people", pair.loser, "only_me")
    for path in ("/merge", "/merge/preview"):
        automation(pair.mallory, "POST", path, wish(pair), status=404)
    assert belongings(ada, pair.loser)[0] == ["Call"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"entity": "opportunity"}, "Entity: must be one of"),
        ({"loser_ids": []}, "Loser Ids: must be a list of 1 to 20 ids"),
        ({"loser_ids": [1]}, "Loser Ids: must not name the winner"),
        ({"winner_id": None}, "Winner Id: can't be blank"),
        ({"fields": {"emails": 2}}, "Unrecognized attributes specified: emails"),
        ({"fields": {"name": 7}}, "Name: 7 is none of the records"),
        ({"fields": []}, "Fields: must be an object"),
    ],
)
def test_what_is_no_merge_is_named(ada, change, rule):
    for name in ("One", "Two"):
        ada.post("/people", {"name": name})
    body = {"entity": "person", "winner_id": 1, "loser_ids": [2], "fields": {}, **change}
    assert rule in automation(ada, "POST", "/merge", body, status=422)["message"]


def test_a_merge_that_takes_many_parts_answers_when_all_has_moved_and_is_one_group(ada, monkeypatch):
    winner, loser = (ada.post("/companies", {"name": name})["id"] for name in ("Mill", "The Mill"))
    people = [{"name": f"Iris {number}", "company_id": loser} for number in range(10)]
    ada.post("/people/bulk_create", {"people": people})
    ada.post("/tasks", {"name": "Call", "related_resource": {"id": loser, "type": "company"}})
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0.0)
    with sent() as statements:
        done = automation(ada, "POST", "/merge", {"entity": "company", "winner_id": winner, "loser_ids": [loser]})
    assert len([one for one in statements if one[0].startswith("UPDATE person")]) == 10
    assert done["moved"] == {"person": 10, "task": 1}
    assert len(ada.post("/people/search", {"company_ids": [winner]})) == 10
    assert undo(ada, done["group"])["conflicts"] == []
    assert len(ada.post("/people/search", {"company_ids": [loser]})) == 10
