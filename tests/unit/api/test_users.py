"""Users over the API."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import user


def disable(cuprum, person):
    def switch(connection):
        connection.execute(update(user).where(user.c.id == person.id).values(disabled_at=1))
        touch_vocabulary(connection)

    cuprum.database.write_now(switch)


def names(answer):
    return [one["name"] for one in answer.json()]


def test_a_user_has_a_name_an_address_and_teams(cuprum):
    grace = {"id": cuprum.grace.id, "name": "Grace", "email": "grace@harbour.example", "groups": [{"id": 1, "name": "Sales"}]}
    assert cuprum.mallory.get(f"/users/{cuprum.grace.id}") == grace
    assert list(cuprum.mallory.get(f"/users/{cuprum.grace.id}")) == ["id", "name", "email", "groups"]


def test_me_is_whoever_asks(cuprum):
    mallory = cuprum.mallory.get("/users/me")
    assert (mallory["name"], mallory["groups"]) == ("Mallory", [])
    assert cuprum.mallory.get(f"/users/{cuprum.mallory.id}") == mallory


@pytest.mark.parametrize("unknown", ["999", "0", "x", "-1"])
def test_an_unknown_user_is_not_found(ada, unknown):
    assert ada.refused("GET", f"/users/{unknown}", status=404) == "Resource not found"


def test_users_come_in_pages_with_the_total(ada):
    first = ada.call("POST", "/users/search", {"page_number": "1", "page_size": 2})
    second = ada.call("POST", "/users/search?page_size=2&page_number=2")
    beyond = ada.call("POST", "/users/search", {"page_number": 3, "page_size": 2})
    assert [names(first), names(second), names(beyond)] == [["Ada", "Grace"], ["Mallory"], []]
    assert {answer.headers["X-PW-TOTAL"] for answer in (first, second, beyond)} == {"3"}


def test_a_sort_that_is_not_documented_is_tolerated(ada):
    assert len(ada.post("/users/search", {"sort_by": "date_modified", "sort_direction": "desc", "page_size": 500})) == 3


def test_other_keys_are_refused_in_the_body_and_ignored_in_the_query(ada):
    message = ada.refused("POST", "/users/search", {"pageSize": 2, "page_number": 0})
    assert message == (
        "Invalid input: Validation errors: Base: Unrecognized attributes specified: pageSize\n"
        "Page Number: must be between 1 and 2147483648"
    )
    assert len(ada.post("/users/search?pageSize=2")) == 3


def test_a_page_of_nobody_is_refused_with_the_size_that_pages_have(ada):
    message = ada.refused("POST", "/users/search", {"page_size": 0})
    assert message == "Invalid input: Validation errors: Page Size: must be between 1 and 200"


def test_a_disabled_user_is_not_listed_and_still_named(cuprum):
    disable(cuprum, cuprum.grace)
    answer = cuprum.ada.call("POST", "/users/search")
    assert (names(answer), answer.headers["X-PW-TOTAL"]) == (["Ada", "Mallory"], "2")
    assert cuprum.ada.get(f"/users/{cuprum.grace.id}")["name"] == "Grace"
    assert cuprum.grace.call("GET", "/users/me").status_code == 401


def test_there_is_no_list_of_users_by_get(ada):
    assert ada.refused("GET", "/users", status=404) == "not_found"
