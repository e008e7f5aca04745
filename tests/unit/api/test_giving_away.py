"""Giving a private record away."""

from __future__ import annotations

from automation import share


def test_grace_is_answered_with_the_private_person_she_gives_away(cuprum):
    person = cuprum.grace.post("/people", {"name": "Ada Quill", "assignee_id": cuprum.grace.id})
    share(cuprum.grace, "people", person["id"], "only_me")
    given = cuprum.grace.put(f"/people/{person['id']}", {"assignee_id": cuprum.mallory.id})
    assert given["assignee_id"] == cuprum.mallory.id
    assert cuprum.mallory.get(f"/people/{person['id']}")["name"] == "Ada Quill"
