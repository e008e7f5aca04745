"""What every answer has, and what happens when something breaks."""

from __future__ import annotations

import logging

import pytest

from cuprum.api import health
from cuprum.kit.security_headers import HEADERS
from installation import Installation


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics", "/developer_api/v1/people/1", "/nowhere"])
def test_every_answer_keeps_browsers_on_the_safe_side(cuprum: Installation, path: str) -> None:
    headers = cuprum.client.get(path).headers
    for name in HEADERS:
        assert name.decode() in headers
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Request-Id"]


def test_a_request_keeps_the_name_it_came_with_if_that_can_stand_in_a_log(cuprum: Installation) -> None:
    assert cuprum.client.get("/healthz", headers={"X-Request-Id": "order-4711"}).headers["X-Request-Id"] == "order-4711"
    for unfit in ("short", "x" * 65, "two words here", 'quoted"name'):
        assert cuprum.client.get("/healthz", headers={"X-Request-Id": unfit}).headers["X-Request-Id"] != unfit


def test_what_breaks_is_answered_logged_once_and_counted(
    cuprum: Installation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "_answers", lambda connection: 1 / 0)
    with caplog.at_level(logging.ERROR):
        answer = cuprum.client.get("/healthz")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.json()["message"]
    assert "ZeroDivisionError" not in answer.text
    assert [record.getMessage() for record in caplog.records] == ["unexpected error in GET /healthz"]
    assert 'route="/healthz",status="500"} 1.0' in cuprum.client.get("/metrics").text


def test_each_request_is_logged_with_who_asked_and_never_with_a_key(
    cuprum: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="cuprum.request"):
        cuprum.ada.post("/people", {"name": "Elena Costa"})
        cuprum.client.get("/developer_api/v1/people/1?access_token=abc")
    first, second = caplog.records
    assert (first.getMessage(), first.status, first.actor) == ("POST /developer_api/v1/people", 200, cuprum.ada.id)
    assert (second.getMessage(), second.status) == ("GET /developer_api/v1/people/1", 401)
    assert not hasattr(second, "actor")
    assert cuprum.ada.headers["X-PW-AccessToken"] not in caplog.text


def test_options_names_the_verbs_of_an_address(cuprum: Installation) -> None:
    answer = cuprum.ada.call("OPTIONS", "/people/1")
    assert answer.status_code == 204
    assert answer.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
    assert cuprum.client.options("/").headers["Allow"] == "GET, HEAD, OPTIONS"
    assert cuprum.client.options("/nowhere").status_code == 404
