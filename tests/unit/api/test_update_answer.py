"""An update is answered with the record as it is now, though it is seldom read back: what a look at it shows, key by key."""

from __future__ import annotations

from typing import Any

import pytest

from automation import share
from custom_fields import ENTITIES, create, define, entries, option_ids
from installation import Installation

PLAIN: list[dict[str, Any]] = [
    {"details": "Zwei Zeilen\n“und” mehr ☂", "tags": ["Eins", "zwei"]},
    {"name": "Ñandú Quill"},
    {"details": None, "tags": []},
    {"assignee_id": None},
    {},
]
CONTACT: list[dict[str, Any]] = [
    {
        "phone_numbers": [{"number": "+49 30 1234", "category": "work"}],
        "websites": [{"url": "quill.example", "category": "work"}],
        "socials": [{"url": "https://social.example/@quill", "category": "other"}],
        "address": {"street": "1 Pier", "city": "Porto", "state": None, "postal_code": "4000", "country": "PT"},
    },
    {"phone_numbers": [], "address": None},
]
OWN: dict[str, list[dict[str, Any]]] = {
    "lead": [*CONTACT, {"company_name": "Quill & Co", "monetary_value": 12.5, "title": "Chief"}, {"monetary_value": None}],
    "person": [*CONTACT, {"title": "Chief", "first_name": "Elena"}, {"company_name": "Nobody's"}],
    "company": [*CONTACT, {"email_domain": "quill.example"}],
    "opportunity": [
        {"monetary_value": "1200.25", "close_date": "3/9/2027"},
        {"monetary_value": 7, "win_probability": 40, "priority": "High"},
        # Names of others are theirs: none is taken over.
        {"company_name": "Nobody's", "pipeline_type": "none"},
        {"status": "Won"},
        {"status": "Lost"},
        {"close_date": None, "priority": None, "win_probability": None, "status": None},
    ],
    "project": [{"status": "Completed"}],
    "task": [
        {"due_date": 1_800_000_000, "priority": "High"},
        {"status": "Completed"},
        {"status": "Open", "due_date": None},
        {"priority": None, "status": None},
    ],
}


@pytest.mark.parametrize("entity", list(ENTITIES))
@pytest.mark.parametrize("name", ["ada", "mallory"])
def test_the_answer_to_an_update_is_what_a_look_shows(cuprum: Installation, entity: str, name: str) -> None:
    person = cuprum.people[name]
    text, choice, many = (define(cuprum.ada, kind) for kind in ("String", "Dropdown", "MultiSelect"))
    record = create(cuprum.ada, entity, {text["id"]: "before"})
    path = f"/{ENTITIES[entity]}/{record['id']}"
    company = cuprum.ada.post("/companies", {"name": "Pine"})["id"]
    links = [{"company_id": company}, {"name": "After"}] if entity in ("person", "opportunity") else []
    values = {text["id"]: "after", choice["id"]: option_ids(choice)[0], many["id"]: option_ids(many)[:2]}
    custom = [{"custom_fields": entries(values)}, {"custom_fields": entries({text["id"]: None})}]
    for body in (*PLAIN, *OWN[entity], *links, *custom):
        answer, now = person.put(path, body), cuprum.ada.get(path)
        assert list(answer.items()) == list(now.items()), body


def test_a_company_that_a_member_may_not_see_is_not_named_in_the_answer_to_their_update(cuprum: Installation) -> None:
    company = cuprum.ada.post("/companies", {"name": "Secret Pine", "assignee_id": cuprum.ada.id})["id"]
    share(cuprum.ada, "companies", company, "only_me")
    person = cuprum.ada.post("/people", {"name": "Elena", "company_id": company})["id"]
    answer = cuprum.mallory.put(f"/people/{person}", {"title": "Chief"})
    assert (answer["company_id"], answer["company_name"]) == (company, None)
