"""Writes with an `Idempotency-Key` are done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from cuprum.storage.event_tables import idempotency
from cuprum.storage.tables import TABLES


def _call(who, method, path, body=None, key="k-1"):
    return who.call(method, path, body, headers={**who.headers, "Idempotency-Key": key})


def _people(who):
    return [one["name"] for one in who.post("/people/search", {})]


def test_a_repeated_write_is_answered_as_the_first_and_done_once(ada):
    first, second = (_call(ada, "POST", "/people", {"name": "Bob"}) for _ in range(2))
    assert (second.status_code, second.content) == (200, first.content)
    assert second.headers["X-Cuprum-Group"] == first.headers["X-Cuprum-Group"]
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert _people(ada) == ["Bob"]


def test_the_first_answer_stays_although_the_record_has_changed(ada):
    first = _call(ada, "POST", "/people", {"name": "Bob"})
    ada.put(f"/people/{first.json()['id']}", {"name": "Robert"})
    assert _call(ada, "POST", "/people", {"name": "Bob"}).content == first.content


def test_without_a_key_or_with_another_one_a_write_is_done_again(ada):
    for key in ("a", "b"):
        _call(ada, "POST", "/people", {"name": "Bob"}, key)
    ada.post("/people", {"name": "Bob"})
    assert len(_people(ada)) == 3


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/people", {"name": "Cy"}),
        ("POST", "/companies", {"name": "Bob"}),
        ("POST", "/people?custom_field_computed_values=true", {"name": "Bob"}),
        ("DELETE", "/people/1", None),
    ],
)
def test_a_key_belongs_to_one_request(ada, method, path, body):
    _call(ada, "POST", "/people", {"name": "Bob"})
    answer = _call(ada, method, path, body)
    assert answer.status_code == 422
    assert "was used for another request" in answer.json()["message"]
    assert _people(ada) == ["Bob"]


def test_a_key_belongs_to_one_user(cuprum, ada):
    assert (
        _call(ada, "POST", "/people", {"name": "Bob"}).json()["id"]
        != _call(cuprum.grace, "POST", "/people", {"name": "Cy"}).json()["id"]
    )


def test_a_refused_write_may_be_tried_again_with_its_key(ada):
    ada.post("/people", {"name": "Holder", "emails": [{"email": "b@x.example"}]})
    body = {"name": "Bob", "emails": [{"email": "b@x.example"}]}
    assert _call(ada, "POST", "/people", body).status_code == 422
    ada.delete("/people/1")
    answer = _call(ada, "POST", "/people", body)
    assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (200, False)


def test_a_deletion_is_repeated_with_its_answer(ada):
    ada.post("/people", {"name": "Bob"})
    assert [_call(ada, "DELETE", "/people/1").json() for _ in range(2)] == [{"id": 1, "is_deleted": True}] * 2


def test_identical_requests_at_the_same_time_are_done_once(ada):
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: _call(ada, "POST", "/people", {"name": "Bob"}), range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 11
    assert _people(ada) == ["Bob"]


def test_after_a_day_a_key_is_free_again(cuprum, ada):
    _call(ada, "POST", "/people", {"name": "Bob"})
    cuprum.database.write_now(lambda at: at.execute(update(idempotency).values(at=idempotency.c.at - 24 * 3600 - 5)))
    assert _call(ada, "POST", "/companies", {"name": "Acme"}).status_code == 200
    assert cuprum.database.read_now(lambda at: at.execute(select(func.count()).select_from(idempotency)).scalar()) == 1


def test_what_is_kept_is_sealed(cuprum, ada):
    _call(ada, "POST", "/people", {"name": "Bob"})
    kept = cuprum.database.read_now(lambda at: at.execute(select(idempotency.c.answer)).scalar())
    assert kept
    assert "Bob" not in kept


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_a_length(ada, key):
    answer = _call(ada, "POST", "/people", {"name": "Bob"}, key)
    assert (answer.status_code, answer.json()["message"]) == (
        422,
        "Invalid request: Idempotency-Key must have 1 to 255 characters",
    )


def test_searches_do_not_keep_their_answers(cuprum, ada):
    assert _call(ada, "POST", "/people/search", {}).json() == []
    ada.post("/people", {"name": "Bob"})
    assert len(_call(ada, "POST", "/people/search", {}).json()) == 1


def test_the_account_announces_it(ada):
    assert ada.call("GET", "/account").headers["X-Cuprum-Idempotency"] == "1"


def test_a_bulk_call_is_repeated_whole(cuprum, ada):
    body = {"leads": [{"name": "Ada"}, {"name": ""}]}
    assert _call(ada, "POST", "/leads/bulk_create", body).content == _call(ada, "POST", "/leads/bulk_create", body).content
    assert cuprum.database.read_now(lambda at: at.execute(select(func.count()).select_from(TABLES["lead"])).scalar()) == 1
