"""Notifications: mentions, and what others gave; told once, to those who may see it, and read."""

from __future__ import annotations

import pytest

from automation import automation, group_of, share, undo
from cuprum.records.people_of_account import add_user


@pytest.fixture
def person(ada) -> dict:
    return ada.post("/people", {"name": "Iris Fontaine", "assignee_id": ada.id})


def log(somebody, person: dict, details: str) -> dict:
    kind = {"category": "user", "id": 0}
    return somebody.post("/activities", {"parent": {"type": "person", "id": person["id"]}, "type": kind, "details": details})


def told(somebody, query: str = "") -> list[dict]:
    return automation(somebody, "GET", f"/notifications{query}")["notifications"]


def sentences(somebody) -> list[str]:
    return [one["text"] for one in told(somebody)]


def test_who_is_mentioned_is_told_once(cuprum, ada, person):
    activity = log(ada, person, "Showed her the @Grace, and @grace: agree on the price.")
    assert activity["details"] == "Showed her the @Grace, and @grace: agree on the price."
    (one,) = told(cuprum.grace)
    assert (one["kind"], one["text"], one["entity"], one["record_id"], one["read_at"]) == (
        "mention", "Ada mentioned you on Iris Fontaine", "person", person["id"], None,
    )  # fmt: skip
    assert one["path"] == f"/people/{person['id']}?entry={activity['id']}#activity-{activity['id']}"
    assert one["actor"] == {"id": ada.id, "name": "Ada"}
    assert one["excerpt"].startswith("Showed her")
    ada.put(f"/activities/{activity['id']}", {"details": "Nothing"})
    ada.put(f"/activities/{activity['id']}", {"details": "Again @Grace"})
    assert len(told(cuprum.grace)) == 1


def test_an_edit_tells_those_who_are_new_in_it(cuprum, ada, person):
    activity = log(ada, person, "No one")
    ada.put(f"/activities/{activity['id']}", {"details": "@Grace and @mallory@harbour.example"})
    assert len(told(cuprum.grace)) == len(told(cuprum.mallory)) == 1


@pytest.mark.parametrize("text", ["grace@grace.example", "@Gracefully", "https://x.example/@grace", "@ Grace", "@Gra\nce", "@@"])
def test_what_only_looks_like_a_mention_tells_nobody(cuprum, ada, person, text):
    log(ada, person, text)
    assert told(cuprum.grace) == []


@pytest.mark.parametrize("text", ["漢字@Grace", "(@GRACE)", "@Gràce's", "@Grace.", "@@Grace"])
def test_a_mention_is_known_by_its_name_whatever_stands_around_it(cuprum, ada, person, text):
    log(ada, person, text)
    assert len(told(cuprum.grace)) == 1


def test_nobody_is_told_of_what_they_wrote_or_may_not_see(cuprum, ada, person):
    share(ada, "people", person["id"], "only_me")
    log(ada, person, "@Ada @Mallory @Grace")
    assert told(ada) == told(cuprum.mallory) == told(cuprum.grace) == []


def test_what_was_hidden_or_deleted_since_is_not_shown_and_not_counted(cuprum, ada, person):
    activity = log(ada, person, "@Grace @Mallory")
    share(ada, "people", person["id"], "individuals", user_ids=[cuprum.grace.id])
    assert automation(cuprum.mallory, "GET", "/notifications") == {"notifications": [], "unread": 0, "next": None}
    assert automation(cuprum.grace, "GET", "/notifications")["unread"] == 1
    ada.delete(f"/activities/{activity['id']}")
    assert automation(cuprum.grace, "GET", "/notifications")["unread"] == 0


def test_who_becomes_the_owner_by_anothers_hand_is_told(cuprum, ada, person):
    task = ada.post("/tasks", {"name": "Ring", "assignee_id": cuprum.grace.id})
    group = group_of(ada, "PUT", f"/people/{person['id']}", {"assignee_id": cuprum.grace.id})
    cuprum.grace.post("/tasks", {"name": "Own", "assignee_id": cuprum.grace.id})
    ada.put(f"/tasks/{task['id']}", {"name": "Ring twice"})
    assert sentences(cuprum.grace) == ["Ada made you the owner of Iris Fontaine", "Ada gave you the task Ring twice"]
    undo(ada, group)
    assert sentences(cuprum.grace) == ["Ada gave you the task Ring twice"]


def test_many_given_at_once_are_told_once(cuprum, ada):
    body = [{"name": f"P{number}", "assignee_id": cuprum.grace.id} for number in range(3)]
    ada.post("/people/bulk_create", {"people": body})
    (one,) = told(cuprum.grace)
    assert (one["text"], one["count"], one["path"]) == ("Ada gave you 3 people", 3, f"/people?assignee_ids={cuprum.grace.id}")


def test_they_are_read_one_by_one_or_up_to_one_and_only_by_whom_they_are_for(cuprum, ada, person):
    for number in range(4):
        log(ada, person, f"{number} @Grace")
    page = automation(cuprum.grace, "GET", "/notifications?limit=3")
    assert (len(page["notifications"]), page["unread"]) == (3, 4)
    (last,) = told(cuprum.grace, f"?limit=3&before={page['next']}")
    first = page["notifications"][0]["id"]
    assert automation(cuprum.mallory, "POST", "/notifications/read", {"ids": [first]}) == {"read": 0}
    assert automation(cuprum.grace, "POST", "/notifications/read", {"ids": [first, first]}) == {"read": 1}
    assert len(told(cuprum.grace, "?unread=true")) == 3
    assert automation(cuprum.grace, "POST", "/notifications/read", {"up_to": page["notifications"][1]["id"]}) == {"read": 3}
    assert last["id"] not in [one["id"] for one in told(cuprum.grace, "?unread=true")]


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": "all"}, {"ids": [None]}, {"ids": [0]}, {"up_to": 2**70}, {"every": 1}])
def test_what_cannot_be_read_is_refused(ada, body):
    automation(ada, "POST", "/notifications/read", body, status=422)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "before=0", f"before={2**70}"])
def test_what_cannot_be_listed_is_refused(ada, query):
    automation(ada, "GET", f"/notifications?{query}", status=422)


def test_a_text_of_nothing_but_signs_is_taken_and_tells_whoever_comes_early(cuprum, ada, person):
    log(ada, person, "@Grace " + "@" * 50_000)
    log(ada, person, "@" * 50_000 + "Mallory")
    assert len(told(cuprum.grace)) == 1
    assert told(cuprum.mallory) == []


def test_of_two_who_share_a_first_name_the_whole_name_decides(cuprum, ada, person):
    cuprum.database.write_now(add_user, email="other@harbour.example", name="Grace Hopper", role="member")
    log(ada, person, "@grace.")
    assert len(told(cuprum.grace)) == 1, "who is called so and nothing else is meant by it"
    log(ada, person, "@Grace Hopper")
    assert len(told(cuprum.grace)) == 1
