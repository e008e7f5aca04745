"""Who may see and do what: Ada owns the account, Grace is on her team, Mallory is on none."""

from __future__ import annotations

import pytest

from automation import automation, feed, group_of, share, undo

NOTE = {"type": {"id": 0, "category": "user"}, "details": "Hush."}
SECRET = "Sapphire"
EMAILS = [{"email": "s@secret.example", "category": "work"}]


@pytest.fixture
def secret(cuprum):
    """A person whom only Ada, as an admin, and Grace, as the owner, may see, with a company, a task and a note."""
    grace = cuprum.grace
    company = grace.post("/companies", {"name": f"{SECRET} Ltd", "assignee_id": grace.id, "email_domain": "secret.example"})
    person = grace.post(
        "/people",
        {"name": SECRET, "emails": EMAILS, "tags": ["hush"], "assignee_id": grace.id, "company_id": company["id"]},
    )
    own = {"id": person["id"], "type": "person"}
    task = grace.post("/tasks", {"name": f"Ring {SECRET}", "related_resource": own, "assignee_id": grace.id})
    note = grace.post("/activities", {"parent": own, **NOTE})
    for plural, record in (("companies", company), ("people", person), ("tasks", task)):
        share(grace, plural, record["id"], "only_me")
    return {"person": person, "company": company, "task": task, "activity": note}


def test_what_grace_keeps_to_herself_is_there_for_her_and_for_admins_only(cuprum, secret):
    person = secret["person"]
    for insider in (cuprum.grace, cuprum.ada):
        assert insider.get(f"/people/{person['id']}")["name"] == SECRET
        assert insider.post("/people/fetch_by_email", {"email": EMAILS[0]["email"]})["id"] == person["id"]
    mallory = cuprum.mallory
    for path in (f"/people/{person['id']}", f"/companies/{secret['company']['id']}", f"/tasks/{secret['task']['id']}"):
        for method in ("GET", "PUT", "DELETE"):
            assert mallory.refused(method, path, {"name": "Mine"}, status=404) == "Resource not found"
    mallory.refused("POST", "/people/fetch_by_email", {"email": EMAILS[0]["email"]}, status=404)


@pytest.mark.parametrize("plural", ["people", "companies", "tasks", "activities"])
def test_neither_pages_nor_totals_know_of_it(cuprum, secret, plural):
    found = cuprum.mallory.call("POST", f"/{plural}/search", {})
    assert (found.json(), found.headers["X-PW-TOTAL"]) == ([], "0")
    assert cuprum.grace.call("POST", f"/{plural}/search", {}).headers["X-PW-TOTAL"] == "1"


@pytest.mark.parametrize(
    ("plural", "search"),
    [
        ("people", {"name": SECRET}),
        ("people", {"emails": [EMAILS[0]["email"]]}),
        ("people", {"tags": ["hush"]}),
        ("people", {"ids": [1]}),
        ("companies", {"name": SECRET}),
        ("activities", {"parent": {"id": 1, "type": "person"}}),
    ],
)
def test_no_parameter_of_a_search_finds_it(cuprum, secret, plural, search):
    assert cuprum.mallory.post(f"/{plural}/search", search) == []
    assert len(cuprum.grace.post(f"/{plural}/search", search)) == 1


def test_a_search_by_the_name_of_a_company_does_not_betray_one_unseen(cuprum, secret):
    deal = cuprum.grace.post("/opportunities", {"name": "Flour", "company_id": secret["company"]["id"]})
    assert cuprum.mallory.post("/opportunities/search", {"company_name": SECRET}) == []
    assert cuprum.grace.post("/opportunities/search", {"company_name": SECRET})[0]["id"] == deal["id"]


def test_nobody_links_to_what_they_may_not_see(cuprum, secret):
    mallory, person = cuprum.mallory, secret["person"]
    unseen = mallory.refused("POST", "/people", {"name": "Ivo", "company_id": secret["company"]["id"]})
    nowhere = mallory.refused("POST", "/people", {"name": "Ivo", "company_id": 4711})
    assert unseen.replace(str(secret["company"]["id"]), "4711") == nowhere
    for path, body in (
        ("/activities", {"parent": {"id": person["id"], "type": "person"}, **NOTE}),
        ("/tasks", {"name": "Spy", "related_resource": {"id": person["id"], "type": "person"}}),
        ("/opportunities", {"name": "Spy", "primary_contact_id": person["id"]}),
    ):
        assert SECRET not in mallory.refused("POST", path, body)


def test_an_opportunity_does_not_get_a_company_that_its_author_may_not_see(cuprum, secret):
    cuprum.grace.put(f"/people/{secret['person']['id']}", {"title": "Seer"})
    share(cuprum.grace, "people", secret["person"]["id"], "everyone")
    deal = cuprum.mallory.post("/opportunities", {"name": "Flour", "primary_contact_id": secret["person"]["id"]})
    assert (deal["company_id"], deal["company_name"]) == (None, None)


def test_a_taken_address_or_domain_does_not_say_whose_it_is(cuprum, secret):
    mallory = cuprum.mallory
    for path, body in (
        ("/people", {"name": "Ivo", "emails": EMAILS}),
        ("/companies", {"name": "Spy", "email_domain": "secret.example"}),
    ):
        message = mallory.refused("POST", path, body)
        assert "has already been taken" in message
        assert SECRET not in message


def test_neither_tags_nor_related_items_nor_timelines_know_of_it(cuprum, secret):
    grace, mallory = cuprum.grace, cuprum.mallory
    deal = grace.post("/opportunities", {"name": "Flour", "primary_contact_id": secret["person"]["id"]})
    related = [{"id": secret["person"]["id"], "type": "person"}]
    assert grace.get(f"/opportunities/{deal['id']}/related/people") == related
    assert mallory.get(f"/opportunities/{deal['id']}/related/people") == []
    mallory.refused("GET", f"/people/{secret['person']['id']}/related", status=404)
    mallory.refused("POST", f"/people/{secret['person']['id']}/activities", {}, status=404)
    assert [tag["name"] for tag in grace.get("/tags")] == ["hush"]
    assert mallory.get("/tags") == []


def test_a_company_unseen_is_not_found_by_name_but_made_anew(cuprum, secret):
    made = cuprum.mallory.post("/people", {"name": "Ivo", "company_name": f"{SECRET} Ltd"})
    assert made["company_id"] != secret["company"]["id"]


def test_feed_groups_and_undo_are_silent_about_it(cuprum, secret):
    mallory = cuprum.mallory
    assert feed(mallory)["changes"] == []
    assert automation(mallory, "GET", "/groups")["groups"] == []
    group = group_of(cuprum.grace, "PUT", f"/people/{secret['person']['id']}", {"title": "Seer"})
    automation(mallory, "GET", f"/changes/{group}", status=404)
    automation(mallory, "POST", f"/changes/{group}/undo", status=403)


def test_undo_does_not_reach_what_was_taken_out_of_sight_since(cuprum):
    grace, mallory = cuprum.grace, cuprum.mallory
    person = grace.post("/people", {"name": SECRET, "assignee_id": grace.id})
    group = group_of(mallory, "PUT", f"/people/{person['id']}", {"title": "Spy"})
    share(grace, "people", person["id"], "only_me")
    undone = undo(mallory, group)
    assert undone["group"] is None
    assert undone["conflicts"] == [
        {"entity": "person", "id": person["id"], "field": None, "reason": "is gone, or is not yours to see"}
    ]
    assert grace.get(f"/people/{person['id']}")["title"] == "Spy"
    assert automation(mallory, "GET", f"/changes/{group}")["entries"] == []


def test_a_team_or_a_person_is_let_in_by_name(cuprum):
    ada, grace, mallory = cuprum.ada, cuprum.grace, cuprum.mallory
    person = ada.post("/people", {"name": SECRET, "assignee_id": ada.id})
    path = f"/people/{person['id']}"
    share(ada, "people", person["id"], "teams", team_ids=[1])
    assert grace.get(path)["name"] == SECRET
    mallory.refused("GET", path, status=404)
    share(ada, "people", person["id"], "individuals", user_ids=[mallory.id])
    assert mallory.get(path)["name"] == SECRET
    grace.refused("GET", path, status=404)
    shown = automation(mallory, "GET", f"/people/{person['id']}/visibility")
    assert shown == {"visibility": "individuals", "user_ids": [mallory.id], "team_ids": []}


def test_an_activity_is_as_private_as_what_it_happened_with(cuprum, secret):
    path = f"/activities/{secret['activity']['id']}"
    cuprum.mallory.refused("GET", path, status=404)
    share(cuprum.grace, "people", secret["person"]["id"], "everyone")
    assert cuprum.mallory.get(path)["details"] == "Hush."
    automation(cuprum.grace, "GET", f"{path}/visibility", status=404)


def test_sharing_is_logged_and_undone_like_anything_else(cuprum, secret):
    ada, person = cuprum.ada, secret["person"]
    share(ada, "people", person["id"], "individuals", user_ids=[cuprum.mallory.id])
    cuprum.mallory.get(f"/people/{person['id']}")
    group = automation(ada, "GET", "/groups?limit=1")["groups"][0]
    assert group["counts"] == {"share": 1}
    by = undo(ada, group["id"])["group"]
    cuprum.mallory.refused("GET", f"/people/{person['id']}", status=404)
    assert automation(ada, "GET", f"/people/{person['id']}/visibility")["visibility"] == "only_me"
    undo(ada, by)
    cuprum.mallory.get(f"/people/{person['id']}")


def test_only_the_owner_or_an_admin_shares_or_deletes(cuprum):
    ada, grace, mallory = cuprum.ada, cuprum.grace, cuprum.mallory
    person = grace.post("/people", {"name": "Iris", "assignee_id": grace.id})
    body = {"visibility": "only_me"}
    refusal = automation(mallory, "PUT", f"/people/{person['id']}/visibility", body, status=403)["message"]
    assert "owner" in refusal
    assert "admin" in refusal
    mallory.refused("DELETE", f"/people/{person['id']}", status=403)
    automation(ada, "PUT", f"/people/{person['id']}/visibility", body)
    grace.delete(f"/people/{person['id']}")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "Visibility: must be one of everyone, teams, individuals, only_me"),
        ({"visibility": "secret"}, "Visibility: must be one of"),
        ({"visibility": "teams"}, "Team Ids: can't be blank"),
        ({"visibility": "teams", "team_ids": [99]}, "Team Ids: must be a list of ids of teams"),
        ({"visibility": "everyone", "user_ids": [1]}, "User Ids: must be empty unless"),
        ({"visibility": "only_me", "team": 1}, "Unrecognized attributes specified: team"),
        ({"visibility": ["only_me"]}, "Visibility: must be one of"),
        ({"visibility": "individuals", "user_ids": [True, "1", {}]}, "User Ids: must be a list"),
        ({"visibility": "individuals", "user_ids": [1.5]}, "User Ids: must be a list"),
    ],
)
def test_a_visibility_that_says_nothing_clear_is_refused(ada, body, named):
    person = ada.post("/people", {"name": "Iris", "assignee_id": ada.id})
    assert named in automation(ada, "PUT", f"/people/{person['id']}/visibility", body, status=422)["message"]


def test_a_record_without_an_owner_is_not_hidden_from_everybody(cuprum):
    person = cuprum.grace.post("/people", {"name": "Iris"})
    body = {"visibility": "only_me"}
    refusal = automation(cuprum.grace, "PUT", f"/people/{person['id']}/visibility", body, status=422)["message"]
    assert "assign it first" in refusal


def test_everybody_follows_for_themselves(cuprum):
    ada, grace = cuprum.ada, cuprum.grace
    person = ada.post("/people", {"name": "Iris"})
    assert automation(grace, "PUT", f"/people/{person['id']}/follow") == {"id": person["id"], "followed": True}
    automation(grace, "PUT", f"/people/{person['id']}/follow")
    assert len(grace.post("/people/search", {"followed": 1})) == 1
    assert ada.post("/people/search", {"followed": 1}) == []
    assert automation(grace, "GET", "/groups")["groups"][0]["counts"] == {"new": 1}
    undo(grace, automation(grace, "GET", "/groups")["groups"][0]["id"])
    assert grace.post("/people/search", {"followed": 1}) == []
    automation(grace, "DELETE", f"/people/{person['id']}/follow")


def test_what_one_may_not_see_one_may_not_follow_share_or_restore(cuprum, secret):
    path = f"/people/{secret['person']['id']}"
    for method, further, body in (
        ("PUT", "follow", None), ("DELETE", "follow", None), ("GET", "visibility", None),
        ("PUT", "visibility", {"visibility": "everyone"}), ("POST", "restore", None),
    ):  # fmt: skip
        automation(cuprum.mallory, method, f"{path}/{further}", body, status=404)
