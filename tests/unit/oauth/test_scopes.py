"""What an app was allowed is all that it may do, at every address of the API."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert
from starlette.routing import Mount, Route

from cuprum.api.automation import automation_api
from cuprum.api.routes import developer_api
from cuprum.auth.digests import hashed
from cuprum.auth.scopes import ALL, AREAS, PREFIX, READ_ONLY, SCOPES, covers, missing, needed
from cuprum.storage.oauth_tables import oauth_app, oauth_grant, oauth_token
from installation import Installation

WORDS = "/account /users /tags /pipelines /pipeline_stages /lead_statuses /customer_sources /loss_reasons /contact_types /activity_types /custom_field_definitions"
# Reads that come by POST.
SEARCHES = re.compile(r"/(search|activities|fetch_by_email|options|samples|preview)$")


def addresses() -> list[tuple[str, str]]:
    """Every verb and address of both APIs, ids filled in."""
    found = []
    for mount in (developer_api(), automation_api()):
        assert isinstance(mount, Mount)
        for route in mount.routes:
            assert isinstance(route, Route)
            path = re.sub(r"\{[^}]*\}", "1", mount.path + route.path)
            found += [(verb, path) for verb in sorted((route.methods or set()) - {"HEAD"})]
    return found


def is_reading(verb: str, path: str) -> bool:
    return verb == "GET" or (verb == "POST" and bool(SEARCHES.search(path)) and not path.endswith("v1/activities"))


def token_for(cuprum: Installation, *scopes: str) -> dict[str, str]:
    """The header of an app that Ada allowed these."""
    token = "token of " + " ".join(scopes)

    def grant(connection) -> None:
        at = {"date_created": 0}
        facts = {"client_id": hashed(token)[:40], "name": "Quay", "kind": "standard", "redirect_uris": [], "scope": ALL}
        app_id = connection.execute(insert(oauth_app).values(**facts, **at).returning(oauth_app.c.id)).scalar_one()
        granted = insert(oauth_grant).values(app_id=app_id, user_id=cuprum.ada.id, scope=" ".join(scopes), **at)
        grant_id = connection.execute(granted.returning(oauth_grant.c.id)).scalar_one()
        row = {"hash": hashed(token), "grant_id": grant_id, "kind": "access", "scope": " ".join(scopes), "issued_at": 0}
        connection.execute(insert(oauth_token).values(**row))

    cuprum.database.write_now(grant)
    return {"Authorization": f"Bearer {token}"}


def test_no_address_answers_without_a_token_or_a_key(cuprum: Installation) -> None:
    for headers in ({}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}):
        for verb, path in addresses():
            answer = cuprum.client.request(verb, path, headers=headers)
            assert answer.status_code == 401, (verb, path, answer.text)


@pytest.mark.parametrize("scope", [f"{PREFIX}people/read_only", READ_ONLY])
def test_who_may_only_look_writes_nowhere(cuprum: Installation, scope: str) -> None:
    headers = token_for(cuprum, scope)
    for verb, path in addresses():
        lacking = missing([scope], path, writing=not is_reading(verb, path))
        answer = cuprum.client.request(verb, path, headers=headers)
        if not is_reading(verb, path):
            assert lacking, (verb, path)
        if lacking:
            assert answer.status_code == 403, (verb, path, answer.status_code, answer.text)
            assert answer.headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{" ".join(lacking)}"'
            assert all(one in answer.json()["message"] for one in lacking)
        else:
            assert answer.status_code not in (401, 403, 500), (verb, path, answer.text)


def test_the_whole_scope_reaches_everything(cuprum: Installation) -> None:
    headers = token_for(cuprum, ALL)
    for verb, path in addresses():
        # Each address is only knocked at: most have nothing under that id, or want a body.
        answer = cuprum.client.request(verb, path, headers=headers)
        assert answer.status_code not in (401, 403, 500), (verb, path, answer.text)
        if (verb, path) == ("DELETE", "/automation/v1/grants/1"):
            # It ended its own.
            headers = token_for(cuprum, ALL, READ_ONLY)


def test_a_scope_of_one_kind_reaches_that_kind_and_the_words(cuprum: Installation) -> None:
    headers = token_for(cuprum, f"{PREFIX}people")
    made = cuprum.client.post("/developer_api/v1/people", json={"name": "Elena Costa"}, headers=headers)
    assert made.status_code == 200
    assert cuprum.client.get(f"/automation/v1/people/{made.json()['id']}/visibility", headers=headers).status_code == 200
    for path in WORDS.split():
        verb, path = ("POST", path + "/search") if path == "/users" else ("GET", path)
        assert cuprum.client.request(verb, f"/developer_api/v1{path}", headers=headers).status_code == 200, path
    assert cuprum.client.post("/developer_api/v1/companies/search", headers=headers).status_code == 403
    assert cuprum.client.post("/developer_api/v1/custom_field_definitions", json={}, headers=headers).status_code == 403
    for path in ("/changes", "/groups", "/workflows", "/runs", "/webhooks", "/grants", "/reports/open_opportunities_by_stage"):
        assert cuprum.client.get(f"/automation/v1{path}", headers=headers).status_code == 403, path


def test_a_conversion_needs_all_that_it_makes(cuprum: Installation) -> None:
    lead = cuprum.ada.post("/leads", {"name": "Lea Drift"})["id"]
    answer = cuprum.client.post(f"/developer_api/v1/leads/{lead}/convert", headers=token_for(cuprum, f"{PREFIX}leads"))
    assert answer.status_code == 403
    for area in ("people", "companies", "opportunities"):
        assert f"{PREFIX}{area}" in answer.json()["message"]
    held = token_for(cuprum, *(PREFIX + area for area in ("leads", "people", "companies", "opportunities")))
    assert cuprum.client.post(f"/developer_api/v1/leads/{lead}/convert", headers=held, json={}).status_code == 200


def test_relating_two_kinds_needs_both(cuprum: Installation) -> None:
    person = cuprum.ada.post("/people", {"name": "Elena Costa"})["id"]
    path = f"/developer_api/v1/people/{person}/related/tasks"
    assert cuprum.client.get(path, headers=token_for(cuprum, f"{PREFIX}people")).status_code == 403
    assert cuprum.client.get(path, headers=token_for(cuprum, f"{PREFIX}people", f"{PREFIX}tasks/read_only")).status_code == 200


def test_what_covers_what() -> None:
    for scope in SCOPES:
        assert covers([ALL], scope)
        assert covers([scope], scope)
        assert covers([scope], ALL) == (scope == ALL)
    for area in AREAS:
        assert covers([READ_ONLY], f"{PREFIX}{area}/read_only")
        assert not covers([READ_ONLY], PREFIX + area)
        assert covers([PREFIX + area], f"{PREFIX}{area}/read_only")
    assert needed("/automation/v1/brand_new", writing=False) == (READ_ONLY,)
    assert needed("/automation/v1/brand_new", writing=True) == (ALL,)


def test_the_change_log_says_which_app_acted_for_whom(cuprum: Installation) -> None:
    cuprum.client.post("/developer_api/v1/people", json={"name": "Elena"}, headers=token_for(cuprum, ALL))
    group = cuprum.client.get("/automation/v1/groups", headers=cuprum.ada.headers).json()["groups"][0]
    assert (group["actor"]["id"], group["via"]) == (cuprum.ada.id, "app Quay")
