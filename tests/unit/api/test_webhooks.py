"""Webhook subscriptions: registered, listed, changed and ended as on Copper (`copper-api/part2.md §9`)."""

from __future__ import annotations

from itertools import product

from automation import automation, group_of, undo
from cuprum.kit.uuid7 import uuid7
from cuprum.records.webhooks import EVENTS
from notifications import TARGET, notified, subscribe


def test_a_subscription_comes_back_as_copper_shows_it(ada):
    secret, headers = {"secret": "s3", "key": "k"}, {"X-Hook": "abc"}
    made = subscribe(ada, "lead", "update", secret=secret, headers=headers, custom_field_computed_values=True)
    assert list(made) == ["id", "target", "type", "event", "secret", "headers", "custom_field_computed_values", "created_at"]
    assert made == {
        "id": made["id"], "target": TARGET, "type": "lead", "event": "update", "secret": secret, "headers": headers,
        "custom_field_computed_values": True, "created_at": made["created_at"],
    }  # fmt: skip
    assert ada.get(f"/webhooks/{made['id']}") == made
    assert ada.get("/webhooks") == [made]


def test_every_type_and_event_can_be_subscribed_to(ada):
    wanted = list(product(("lead", "person", "company", "opportunity", "project", "task", "activity_log"), EVENTS))
    made = [subscribe(ada, kind, event) for kind, event in wanted]
    assert [(one["type"], one["event"]) for one in made] == wanted


def test_a_subscription_is_changed_by_what_is_sent(ada):
    made = subscribe(ada, "lead", "new", secret={"a": "1"})
    assert ada.call("PATCH", f"/webhooks/{made['id']}", {"target": f"{TARGET}/2"}).json()["target"] == f"{TARGET}/2"
    changed = ada.put(f"/webhooks/{made['id']}", {"secret": {"b": "2"}})
    assert changed == {**made, "target": f"{TARGET}/2", "secret": {"b": "2"}}
    assert ada.put(f"/webhooks/{made['id']}", changed) == changed, "what was read can be sent back"
    assert ada.put(f"/webhooks/{made['id']}", {}) == changed
    assert ada.put(f"/webhooks/{made['id']}", {"secret": None})["secret"] is None


def test_unsubscribing_answers_the_id_alone_and_then_it_is_gone(ada):
    made = subscribe(ada, "lead", "new")
    assert ada.delete(f"/webhooks/{made['id']}") == {"id": made["id"]}
    assert ada.get("/webhooks") == []
    for verb in ("GET", "PUT", "DELETE"):
        ada.refused(verb, f"/webhooks/{made['id']}", status=404)


def test_a_refusal_names_every_problem_at_once(ada):
    message = ada.refused("POST", "/webhooks", {"type": "boat", "secret": "flat", "headers": {"Host": "x"}, "colour": 1})
    for problem in (
        "Unrecognized attributes specified: colour",
        "Target: can't be blank",
        "Type: must be one of lead, person",
        "Event: can't be blank",
        "Secret: must be an object of texts",
        "Headers: 'Host' cannot be sent as a header",
    ):
        assert problem in message
    assert ada.get("/webhooks") == []


def test_a_body_that_is_no_object_is_refused(ada):
    for body in ([], "text", 7):
        ada.refused("POST", "/webhooks", body, status=400)


UNSENDABLE = (
    {"X Y": "1"}, {"": "1"}, {"X-A": "1\r\nX-B: 2"}, {"X-A": "caf\u00e9"}, {"Webhook-Signature": "1"}, {"X-A": "\u007f"},
    {"Expect": "100-continue"},
)  # fmt: skip


def test_a_header_that_cannot_be_sent_is_refused(ada):
    for headers in UNSENDABLE:
        message = ada.refused("POST", "/webhooks", {"target": TARGET, "type": "lead", "event": "new", "headers": headers})
        assert "cannot be sent as a header" in message, headers


def test_a_secret_may_not_hide_what_the_notification_says(ada):
    for key in ("ids", "type", "event", "subscription_id", "updated_attributes", "timestamp"):
        body = {"target": TARGET, "type": "lead", "event": "new", "secret": {key: "x"}}
        assert f"{key} is a key of the notification itself" in ada.refused("POST", "/webhooks", body)


# Each with the setting that would allow it, if any does.
FORBIDDEN = {
    "http://hooks.example.org/": "CUPRUM_WEBHOOK_ALLOW_HTTP=1",
    "https://127.0.0.1/": "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1",
    "https://[::1]:8443/": "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1",
    "https://localhost/": "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1",
    "https://10.1.2.3/hook": "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1",
    "https://[::ffff:192.168.0.1]/": "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1",
    "https://169.254.169.254/latest/meta-data": "",
    "https://2130706433/": "",
    "https://user:word@hooks.example.org/": "",
    "ftp://hooks.example.org/": "",
    "nonsense": "",
    "https://": "",
}


def test_a_forbidden_target_is_refused_in_copper_s_words_and_the_setting_named(ada):
    made = subscribe(ada, "lead", "new")
    for target, setting in FORBIDDEN.items():
        new = ada.refused("POST", "/webhooks", {"target": target, "type": "lead", "event": "new"})
        changed = ada.refused("PUT", f"/webhooks/{made['id']}", {"target": target})
        for message in (new, changed):
            assert "Invalid URI For External Request" in message, target
            assert setting in message if setting else "CUPRUM_" not in message, target
    assert ada.get("/webhooks") == [made]


def test_an_account_has_at_most_a_hundred_subscriptions(ada):
    first = subscribe(ada, "lead", "new")
    for _ in range(99):
        subscribe(ada, "lead", "new")
    body = {"target": TARGET, "type": "lead", "event": "new"}
    assert "at most 100 webhook subscriptions" in ada.refused("POST", "/webhooks", body)
    ada.delete(f"/webhooks/{first['id']}")
    subscribe(ada, "lead", "new")


def test_members_see_and_change_their_own_subscriptions_only(cuprum):
    of_ada, of_mallory = subscribe(cuprum.ada, "lead", "new"), subscribe(cuprum.mallory, "lead", "new")
    assert cuprum.ada.get("/webhooks") == [of_ada, of_mallory]
    assert cuprum.mallory.get("/webhooks") == [of_mallory]
    assert cuprum.grace.get("/webhooks") == []
    for verb in ("GET", "PUT", "DELETE"):
        cuprum.mallory.refused(verb, f"/webhooks/{of_ada['id']}", status=404)
    for verb, rest in (("GET", "deliveries"), ("POST", "redeliver"), ("POST", "test")):
        automation(cuprum.mallory, verb, f"/webhooks/{of_ada['id']}/{rest}", status=404)
    cuprum.ada.delete(f"/webhooks/{of_mallory['id']}")


def test_the_signing_secret_is_shown_once_and_only_on_our_own_address(ada):
    body = {"target": TARGET, "type": "lead", "event": "new", "mode": "reliable"}
    assert "Unrecognized attributes specified: mode" in ada.refused("POST", "/webhooks", body)
    made = automation(ada, "POST", "/webhooks", body)
    assert made["signing_secret"].startswith("whsec_")
    assert "signing_secret" not in automation(ada, "GET", f"/webhooks/{made['id']}")
    assert made["id"] in [one["id"] for one in automation(ada, "GET", "/webhooks")]
    assert set(ada.get(f"/webhooks/{made['id']}")) == set(made) - {"signing_secret", "mode", "user_id"}


def test_a_subscription_that_becomes_reliable_gets_a_signing_secret(ada):
    made = subscribe(ada, "lead", "new")
    changed = automation(ada, "PUT", f"/webhooks/{made['id']}", {"mode": "reliable"})
    assert (changed["mode"], changed["signing_secret"][:6]) == ("reliable", "whsec_")
    assert "signing_secret" not in automation(ada, "PUT", f"/webhooks/{made['id']}", {"mode": "reliable"})


def test_an_undone_deletion_brings_the_subscription_back_with_its_secrets(ada):
    made = subscribe(ada, "lead", "new", secret={"a": "1"}, headers={"X-A": "1"})
    undo(ada, group_of(ada, "DELETE", f"/webhooks/{made['id']}"))
    assert ada.get("/webhooks") == [made]


def test_a_list_of_deliveries_refuses_what_it_does_not_know(ada):
    made = subscribe(ada, "lead", "new")
    for query in ("state=lost", "limit=0", "limit=x", "limit=201", "before=x"):
        answer = automation(ada, "GET", f"/webhooks/{made['id']}/deliveries?{query}", status=422)
        assert f"Invalid input: {query.partition('=')[0]} must be" in answer["message"]


def test_a_test_is_a_delivery_about_the_latest_record(ada):
    made = automation(ada, "POST", "/webhooks", {"target": TARGET, "type": "lead", "event": "new", "mode": "reliable"})
    assert "no lead yet" in automation(ada, "POST", f"/webhooks/{made['id']}/test", status=422)["message"]
    lead = ada.post("/leads", {"name": "Iris"})
    sent = automation(ada, "POST", f"/webhooks/{made['id']}/test")["delivery"]
    told = {one["id"]: one["body"] for one in automation(ada, "GET", f"/webhooks/{made['id']}/deliveries")}[sent]
    assert (told["ids"], told["test"]) == ([lead["id"]], True)


def test_redelivery_refuses_what_is_no_list_of_its_own_deliveries(ada):
    made = subscribe(ada, "lead", "new")
    for ids in ("all", [1], ["\u0000"], [None]):
        automation(ada, "POST", f"/webhooks/{made['id']}/redeliver", {"ids": ids}, status=422)
    automation(ada, "POST", f"/webhooks/{made['id']}/redeliver", {"ids": [uuid7()]}, status=404)


def test_deliveries_are_listed_page_by_page_newest_first(cuprum, ada):
    made = subscribe(ada, "person", "new")
    ids = [ada.post("/people", {"name": f"P{number}"})["id"] for number in range(5)]
    assert [one["ids"] for one in notified(cuprum, ada, made)] == [[one] for one in ids]
    path = f"/webhooks/{made['id']}/deliveries?limit=2"
    first = automation(ada, "GET", path)
    second = automation(ada, "GET", f"{path}&before={first[-1]['id']}&state=unstarted")
    assert [one["body"]["ids"] for one in first + second] == [[one] for one in reversed(ids[1:])]
    assert set(first[0]) == {
        "id", "at", "body", "state", "attempts", "last_status", "last_reason", "last_attempt_at", "next_attempt_at",
    }  # fmt: skip
