"""What a subscriber is told: Copper's notification, for whoever may see the record (`copper-api/part2.md §9`)."""

from __future__ import annotations

import re

from automation import automation, group_of, undo
from custom_fields import define, entries, option_ids
from notifications import notified, subscribe

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def told(cuprum, subscription, person=None):
    """The `updated_attributes` of each notification."""
    return [one["updated_attributes"] for one in notified(cuprum, person or cuprum.ada, subscription)]


def test_a_notification_has_copper_s_keys_and_the_secret_among_them(cuprum, ada):
    made = subscribe(ada, "person", "update", secret={"secret": "s3", "key": "k"})
    person = ada.post("/people", {"name": "Ines", "title": "CTO"})
    ada.put(f"/people/{person['id']}", {"title": "CEO"})
    (body,) = notified(cuprum, ada, made)
    assert list(body) == ["ids", "type", "event", "subscription_id", "secret", "key", "updated_attributes", "timestamp"]
    stamp = body.pop("timestamp")
    assert STAMP.fullmatch(stamp)
    assert body == {
        "ids": [person["id"]], "type": "person", "event": "update", "subscription_id": made["id"], "secret": "s3", "key": "k",
        "updated_attributes": {"title": ["CTO", "CEO"]},
    }  # fmt: skip


def test_creations_and_deletions_tell_the_id_and_no_attributes(cuprum, ada):
    new, gone = subscribe(ada, "company", "new"), subscribe(ada, "company", "delete")
    company = ada.post("/companies", {"name": "Quill"})
    ada.put(f"/companies/{company['id']}", {"name": "Quill & Co"})
    ada.delete(f"/companies/{company['id']}")
    for made, event in ((new, "new"), (gone, "delete")):
        (body,) = notified(cuprum, ada, made)
        assert (body["ids"], body["type"], body["event"]) == ([company["id"]], "company", event)
        assert "updated_attributes" not in body


def test_values_are_told_in_the_form_in_which_records_show_them(cuprum, ada):
    made = subscribe(ada, "opportunity", "update")
    contact = ada.post("/people", {"name": "Contact"})["id"]
    deal = ada.post("/opportunities", {"name": "Deal", "primary_contact_id": contact, "monetary_value": 100, "tags": ["a"]})
    changed = ada.put(
        f"/opportunities/{deal['id']}",
        {
            "close_date": "12/31/2026",
            "monetary_value": 2500.5,
            "status": "Won",
            "priority": "High",
            "tags": ["b"],
            "details": "x",
        },
    )
    (attributes,) = told(cuprum, made)
    for name in ("close_date", "monetary_value", "status", "priority", "tags", "details"):
        assert attributes[name] == [deal[name], changed[name]], name
    assert attributes["close_date"] == [None, "12/31/2026"]
    assert attributes["status"] == ["Open", "Won"]


def test_lists_and_addresses_are_told_whole(cuprum, ada):
    made = subscribe(ada, "person", "update")
    person = ada.post("/people", {"name": "Ines"})
    sent = {
        "emails": [{"email": "ines@quill.example", "category": "work"}],
        "address": {"street": "1 Pine", "city": "Porto", "state": None, "postal_code": None, "country": "PT"},
    }
    changed = ada.put(f"/people/{person['id']}", sent)
    assert told(cuprum, made) == [{"emails": [[], changed["emails"]], "address": [person["address"], changed["address"]]}]


def test_custom_fields_are_told_by_definition_and_only_those_that_changed(cuprum, ada):
    region, when, kept = define(ada, "Dropdown"), define(ada, "Date"), define(ada, "String")
    several, amount = define(ada, "MultiSelect"), define(ada, "Currency")
    north, south, _ = option_ids(region)
    first, second, _ = option_ids(several)
    plain, named = subscribe(ada, "person", "update"), subscribe(ada, "person", "update", custom_field_computed_values=True)
    before = {region["id"]: north, kept["id"]: "same", several["id"]: [first]}
    person = ada.post("/people", {"name": "Ines", "custom_fields": entries(before)})
    after = {
        region["id"]: south,
        when["id"]: "12/15/2020",
        kept["id"]: "same",
        several["id"]: [first, second],
        amount["id"]: "9.5",
    }
    ada.put(f"/people/{person['id']}", {"custom_fields": entries(after)})
    day = {str(when["id"]): [None, 1607990400], str(amount["id"]): [None, 9.5]}
    ids = {str(region["id"]): [north, south], str(several["id"]): [[first], [first, second]]}
    names = {str(region["id"]): ["North", "South"], str(several["id"]): [["North"], ["North", "South"]]}
    assert told(cuprum, plain) == [{"custom_fields": ids | day}]
    assert told(cuprum, named) == [{"custom_fields": names | day}]


def test_what_nobody_set_is_not_told(cuprum, ada):
    made = subscribe(ada, "person", "update")
    person = ada.post("/people", {"name": "Ines"})
    ada.put(f"/people/{person['id']}", {"name": "Ines"})
    ada.post(
        "/activities", {"parent": {"type": "person", "id": person["id"]}, "type": {"category": "user", "id": 0}, "details": "x"}
    )
    assert notified(cuprum, ada, made) == []


def test_an_update_notification_is_not_sent_for_what_only_follows(cuprum, ada):
    from cuprum.entities import Opportunity
    from cuprum.records.stored import stored
    from cuprum.records.write import apply

    made = subscribe(ada, "opportunity", "update")
    contact = ada.post("/people", {"name": "Contact"})["id"]
    deal = ada.post("/opportunities", {"name": "Deal", "primary_contact_id": contact})

    def revalue(work):
        apply(work, Opportunity, stored(work, "opportunity", deal["id"]), {"converted_unit": "USD"})

    cuprum.as_person("ada", revalue)
    assert notified(cuprum, ada, made) == []


def test_activities_are_told_as_activity_log(cuprum, ada):
    made = {event: subscribe(ada, "activity_log", event) for event in ("new", "update", "delete")}
    person = ada.post("/people", {"name": "Ines"})
    note = {"parent": {"type": "person", "id": person["id"]}, "type": {"category": "user", "id": 0}, "details": "Hello"}
    activity = ada.post("/activities", note)
    ada.put(f"/activities/{activity['id']}", {"details": "Goodbye"})
    ada.delete(f"/activities/{activity['id']}")
    for event, subscription in made.items():
        (body,) = notified(cuprum, ada, subscription)
        assert (body["ids"], body["type"], body["event"]) == ([activity["id"]], "activity_log", event)
    assert told(cuprum, made["update"]) == [{"details": ["Hello", "Goodbye"]}]


def test_a_group_of_many_records_is_told_in_notifications_of_thirty(cuprum, ada):
    made = subscribe(ada, "person", "update")
    ids = [ada.post("/people", {"name": f"P{number}", "title": "CTO"})["id"] for number in range(65)]
    _retitle(cuprum, ids)
    bodies = notified(cuprum, ada, made)
    assert [len(one["ids"]) for one in bodies] == [30, 30, 5]
    assert [one for body in bodies for one in body["ids"]] == ids
    assert {str(body["updated_attributes"]) for body in bodies} == {str({"title": ["CTO", "CEO"]})}


def test_different_changes_of_one_group_are_told_apart(cuprum, ada):
    made = subscribe(ada, "person", "update")
    ids = [ada.post("/people", {"name": f"P{number}", "title": title})["id"] for number, title in enumerate("aba")]
    _retitle(cuprum, ids)
    bodies = notified(cuprum, ada, made)
    assert [(one["ids"], one["updated_attributes"]["title"]) for one in bodies] == [
        ([ids[0], ids[2]], ["a", "CEO"]),
        ([ids[1]], ["b", "CEO"]),
    ]


def _retitle(cuprum, ids):
    from cuprum.records.write import change

    cuprum.as_person("ada", lambda work: [change(work, "person", one, {"title": "CEO"}) for one in ids])


def test_a_converted_lead_is_told_as_updated_and_what_it_became_as_new(cuprum, ada):
    lead_changed, person_new = subscribe(ada, "lead", "update"), subscribe(ada, "person", "new")
    lead = ada.post("/leads", {"name": "Ines Moura"})
    made = ada.post(f"/leads/{lead['id']}/convert", {})
    (body,) = notified(cuprum, ada, lead_changed)
    assert body["ids"] == [lead["id"]]
    assert [one["ids"] for one in notified(cuprum, ada, person_new)] == [[made["person"]["id"]]]


def test_an_undone_change_is_told_like_any_other(cuprum, ada):
    updated, new = subscribe(ada, "person", "update"), subscribe(ada, "person", "new")
    person = ada.post("/people", {"name": "Ines", "title": "CTO"})
    undo(ada, group_of(ada, "PUT", f"/people/{person['id']}", {"title": "CEO"}))
    assert [one["title"] for one in told(cuprum, updated)] == [["CTO", "CEO"], ["CEO", "CTO"]]
    undo(ada, group_of(ada, "DELETE", f"/people/{person['id']}"))
    assert [one["ids"] for one in notified(cuprum, ada, new)] == [[person["id"]], [person["id"]]]


def test_a_member_hears_only_of_records_that_they_may_see(cuprum, ada):
    made = {event: subscribe(cuprum.mallory, "person", event) for event in ("new", "update", "delete")}
    open_id = ada.post("/people", {"name": "Open"})["id"]
    private_id = ada.post("/people", {"name": "Private", "assignee_id": ada.id})["id"]
    automation(ada, "PUT", f"/people/{private_id}/visibility", {"visibility": "only_me"})
    for one in (open_id, private_id):
        ada.put(f"/people/{one}", {"title": "CEO"})
        ada.delete(f"/people/{one}")
    for event, subscription in made.items():
        heard = [body["ids"] for body in notified(cuprum, cuprum.mallory, subscription)]
        assert heard == [[open_id]], event


def test_a_member_hears_of_the_activities_of_records_that_they_may_see(cuprum, ada):
    made = subscribe(cuprum.mallory, "activity_log", "new")
    heard = []
    for name in ("Open", "Private"):
        person = ada.post("/people", {"name": name, "assignee_id": ada.id})["id"]
        if name == "Private":
            automation(ada, "PUT", f"/people/{person}/visibility", {"visibility": "only_me"})
        note = {"parent": {"type": "person", "id": person}, "type": {"category": "user", "id": 0}, "details": "x"}
        heard.append(ada.post("/activities", note)["id"])
    assert [body["ids"] for body in notified(cuprum, cuprum.mallory, made)] == [[heard[0]]]


def test_nothing_is_told_of_what_came_before_the_subscription_or_after_its_end(cuprum, ada):
    person = ada.post("/people", {"name": "Ines"})
    made = subscribe(ada, "person", "update")
    ada.delete(f"/webhooks/{made['id']}")
    ada.put(f"/people/{person['id']}", {"title": "CEO"})
    undo_of_nothing = subscribe(ada, "person", "update")
    assert notified(cuprum, ada, undo_of_nothing) == []


def test_a_write_that_was_refused_is_not_told(cuprum, ada):
    made = subscribe(ada, "person", "new")
    ada.refused("POST", "/people", {"name": ""})
    assert notified(cuprum, ada, made) == []
