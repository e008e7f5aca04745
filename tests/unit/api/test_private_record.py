"""A private record through every door: what is Ada's alone is known to nobody else, by no answer, count, name or message.

Mallory sees neither the company nor its people and deals; a person of Mallory's works for that company, and a deal of
Mallory's is about it: links that Ada made to what she alone may see.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from automation import automation, feed, group_of, share, undo
from cuprum.connector import ApiKey, Copper
from cuprum.records.notifications import describer
from cuprum.records.vocabulary import VocabularyCache
from cuprum.storage.event_tables import change, change_group
from installation import Installation, Person

SECRET = "Quicksilver"


class Secret:
    """What Ada keeps to herself, and what Mallory has that leads to it."""

    def __init__(self, cuprum: Installation) -> None:
        self.cuprum, ada, mallory = cuprum, cuprum.ada, cuprum.mallory
        self.start = feed(mallory)["cursor"]
        own = {"assignee_id": ada.id}
        self.tag = {"tags": [f"{SECRET} tag"]}
        self.company = ada.post(
            "/companies", {"name": f"{SECRET} Ltd", "email_domain": "quicksilver.example", **own, **self.tag}
        )["id"]
        share(ada, "companies", self.company, "only_me")
        contact = {"name": f"{SECRET} Iris", "company_id": self.company, "emails": [{"email": "iris@quicksilver.example"}]}
        self.person = ada.post("/people", {**contact, **own})["id"]
        share(ada, "people", self.person, "only_me")
        value = {"monetary_value": 1000, "company_id": self.company, "primary_contact_id": self.person}
        self.deal = ada.post("/opportunities", {"name": f"{SECRET} deal", **value, **own})["id"]
        share(ada, "opportunities", self.deal, "only_me")
        parent = {"parent": {"type": "company", "id": self.company}, "type": {"id": 0, "category": "user"}}
        self.note = ada.post("/activities", {**parent, "details": f"{SECRET} note"})["id"]
        self.bob = mallory.post("/people", {"name": "Bob", "assignee_id": mallory.id})["id"]
        ada.put(f"/people/{self.bob}", {"company_id": self.company})
        self.open_deal = mallory.post("/opportunities", {"name": "Open deal", "assignee_id": mallory.id})["id"]
        ada.put(f"/opportunities/{self.open_deal}", {"company_id": self.company, "primary_contact_id": self.person})


@pytest.fixture
def secret(cuprum: Installation) -> Secret:
    return Secret(cuprum)


def test_a_link_to_it_shows_no_name(secret: Secret) -> None:
    for person, name in ((secret.cuprum.ada, f"{SECRET} Ltd"), (secret.cuprum.mallory, None), (secret.cuprum.grace, None)):
        by_id = person.get(f"/people/{secret.bob}")
        [found] = person.post("/people/search", {"name": "Bob"})
        assert (by_id["company_id"], by_id["company_name"], found["company_name"]) == (secret.company, name, name)
        assert person.get(f"/opportunities/{secret.open_deal}")["company_name"] == name
    whole = secret.cuprum.mallory.get(f"/people/{secret.bob}")
    answer = secret.cuprum.mallory.put(f"/people/{secret.bob}", {**whole, "title": "Baker"})
    # Whoever sends a whole record back keeps the link that they cannot follow.
    assert (answer["company_id"], answer["company_name"]) == (secret.company, None)
    assert secret.cuprum.ada.get(f"/people/{secret.bob}")["company_name"] == f"{SECRET} Ltd"


def test_neither_id_nor_search_nor_total_nor_order_tells_of_it(secret: Secret) -> None:
    mallory = secret.cuprum.mallory
    for path in (f"/companies/{secret.company}", f"/people/{secret.person}", f"/opportunities/{secret.deal}"):
        for method, body in (("GET", None), ("PUT", {"details": "x"}), ("DELETE", None)):
            assert mallory.refused(method, path, body, 404) == "Resource not found"
    assert mallory.refused("GET", f"/activities/{secret.note}", status=404)
    assert mallory.refused("POST", f"/companies/{secret.company}/activities", {}, 404)
    for plural, body, visible in (
        ("companies", {}, 0), ("companies", {"ids": [secret.company]}, 0), ("companies", {"tags": secret.tag["tags"]}, 0),
        ("companies", {"email_domains": "quicksilver.example"}, 0), ("people", {"emails": ["iris@quicksilver.example"]}, 0),
        ("people", {"name": SECRET}, 0), ("opportunities", {"company_name": SECRET}, 0), ("opportunities", {"name": SECRET}, 0),
        ("opportunities", {"sort_by": "company_name"}, 1), ("people", {"opportunity_ids": [secret.deal]}, 0),
        ("activities", {"parent": {"type": "company", "id": secret.company}}, 0),
    ):  # fmt: skip
        answer = mallory.call("POST", f"/{plural}/search", body)
        assert (answer.headers["X-PW-TOTAL"], SECRET in answer.text) == (str(visible), False), (plural, body)
    assert mallory.refused("POST", "/people/fetch_by_email", {"email": "iris@quicksilver.example"}, 404) == "Resource not found"
    assert SECRET.lower() not in str(mallory.get("/tags")).lower()
    # An order by a hidden name would tell it letter by letter.
    assert mallory.post("/opportunities", {"name": "Aaa deal", "company_name": "Zzz"})
    assert [one["name"] for one in mallory.post("/opportunities/search", {"sort_by": "company_name"})] == [
        "Aaa deal",
        "Open deal",
    ]


def test_related_items_reports_and_options_leave_it_out(secret: Secret) -> None:
    mallory = secret.cuprum.mallory
    for path in (f"/people/{secret.bob}/related", f"/opportunities/{secret.open_deal}/related"):
        assert secret.company in [one["id"] for one in secret.cuprum.ada.get(path)], path
        assert mallory.get(path) == [], path
    assert mallory.refused("GET", f"/companies/{secret.company}/related", status=404)
    stages = automation(mallory, "GET", "/reports/open_opportunities_by_stage")
    assert (sum(one["count"] for one in stages), sum(one["total"] for one in stages)) == (1, 0)


def test_pickers_and_samples_of_a_connection_show_what_its_user_may_see(secret: Secret) -> None:
    def offered(person: Person) -> str:
        credentials = ApiKey(person.headers["X-PW-UserEmail"], person.headers["X-PW-AccessToken"])
        copper = Copper(credentials=credentials, base_url="http://testserver/developer_api/v1", client=person.client, attempts=1)
        found: list[Any] = [copper.options("createPerson", name) for name in ("company_id", "tags")]
        for entity in ("company", "person", "opportunity"):
            for words in ("", SECRET, SECRET.lower()[:5]):
                found.append(copper.options("createActivity", "id", {"type": entity}, search=words))
            found += [copper.samples(f"{entity}{ending}")["samples"] for ending in ("Created", "Updated", "Deleted")]
        found.append(copper.samples("activityCreated")["samples"])
        return str(found)

    shown = offered(secret.cuprum.mallory)
    assert "Bob" in shown
    assert SECRET.lower() not in shown.lower()
    assert offered(secret.cuprum.ada).count(SECRET) > 10
    # Over Cuprum they go through connections, whose secrets are an admin's.
    asked = {"operation": "createPerson", "property": "company_id", "connection": "main"}
    for path, body in (("/options", asked), ("/samples", {"trigger": "companyCreated", "connection": "main"})):
        answer = secret.cuprum.client.post(f"/automation/v1{path}", json=body, headers=secret.cuprum.mallory.headers)
        assert answer.status_code == 403


def test_a_unique_value_that_it_holds_is_refused_without_its_name(secret: Secret) -> None:
    mallory = secret.cuprum.mallory
    refused = [
        mallory.refused("POST", "/people", {"name": "Ivo", "emails": [{"email": "iris@quicksilver.example"}]}),
        mallory.refused("POST", "/companies", {"name": "Mine", "email_domain": "quicksilver.example"}),
        str(
            mallory.post("/people/bulk_create", {"people": [{"name": "Ivo", "emails": [{"email": "iris@quicksilver.example"}]}]})
        ),
    ]
    assert all("taken" in one and SECRET not in one and str(secret.person) not in one for one in refused), refused


def test_it_cannot_be_linked_to_written_in_bulk_or_named_by_a_link(secret: Secret) -> None:
    mallory = secret.cuprum.mallory
    assert "Company Id" in mallory.refused("POST", "/people", {"name": "Ivo", "company_id": secret.company})
    assert "Parent" in mallory.refused("POST", "/activities", {
        "parent": {"type": "company", "id": secret.company}, "type": {"id": 0, "category": "user"}, "details": "Hello",
    })  # fmt: skip
    [answer] = mallory.post("/companies/bulk_update", {"companies": [{"id": secret.company, "details": "x"}]})
    assert answer["success"] is False
    assert SECRET not in str(answer)
    # A company of that name is another one, since theirs is not known to be there.
    assert mallory.post("/people", {"name": "Ivo", "company_name": f"{SECRET} Ltd"})["company_id"] != secret.company


def test_feed_and_groups_tell_nothing_of_it(secret: Secret) -> None:
    mallory = secret.cuprum.mallory
    told = feed(mallory, secret.start, limit=1000)["changes"]
    assert {one["record"]["name"] for one in told} == {"Bob", "Open deal"}
    assert SECRET not in str(told)
    assert SECRET in str(feed(secret.cuprum.ada, secret.start, limit=1000))
    assert SECRET not in str(automation(mallory, "GET", "/groups?limit=200"))


def test_undoing_what_touched_it_names_no_value(secret: Secret) -> None:
    ada, mallory = secret.cuprum.ada, secret.cuprum.mallory
    shared = mallory.post("/companies", {"name": "Shared", "assignee_id": mallory.id})["id"]
    group = group_of(mallory, "PUT", f"/companies/{shared}", {"details": "before"})
    ada.put(f"/companies/{shared}", {"name": f"{SECRET} II", "details": SECRET, "assignee_id": ada.id})
    share(ada, "companies", shared, "only_me")
    undone = undo(mallory, group)
    assert (undone["undone"], len(undone["conflicts"])) == (0, 1)
    assert SECRET not in str(undone)
    assert SECRET not in str(automation(mallory, "GET", f"/changes/{group}"))


def test_a_webhook_of_somebody_else_hears_nothing_of_it(cuprum: Installation) -> None:
    mallory = cuprum.mallory
    for type_ in ("company", "person", "opportunity"):
        for event in ("new", "update"):
            mallory.post("/webhooks", {"target": "https://hooks.example/x", "type": type_, "event": event})
    secret = Secret(cuprum)
    hidden = {("company", secret.company), ("person", secret.person), ("opportunity", secret.deal)}

    def described(connection: Any) -> list[tuple[int, str]]:
        rows = connection.execute(select(change, change_group.c.at).join(change_group)).all()
        return list(describer(cuprum.settings, VocabularyCache())(connection, rows))

    told = [body for _, body in cuprum.database.read_now(described)]
    assert SECRET not in "".join(told)
    assert any('"type":"person","event":"new"' in body and f'"ids":[{secret.bob}]' in body for body in told)
    assert not [body for body in told for kind, at in hidden if f'"ids":[{at}]' in body and f'"type":"{kind}"' in body]
