"""Copper's own limits, where they are asked for (`copper-api/part1.md §4`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cuprum.api import copper_limits
from installation import Installation, Template


@pytest.fixture
def limited(template: Template, tmp_path: Path) -> Iterator[Installation]:
    with template.copy(tmp_path / "home", copper_limits=True) as installation:
        yield installation


def test_the_181st_call_of_a_minute_is_one_too_many_for_the_whole_account(limited: Installation) -> None:
    for person in (limited.ada, limited.grace) * 90:
        assert person.call("GET", "/account").status_code == 200
    refusal = limited.ada.call("GET", "/account")
    assert refusal.status_code == 429
    assert refusal.json() == {
        "success": False,
        "status": 429,
        "message": "Rate limit exceeded: calls are limited to 180 a minute (CUPRUM_COPPER_LIMITS)",
    }
    assert 1 <= int(refusal.headers["Retry-After"]) <= 60
    assert limited.grace.call("GET", "/account").status_code == 429


def test_strangers_use_up_nothing(limited: Installation) -> None:
    for _ in range(200):
        assert limited.client.get("/developer_api/v1/account").status_code == 401
    assert limited.ada.call("GET", "/account").status_code == 200


def test_the_fourth_bulk_call_of_a_second_is_one_too_many(limited: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    # A second of a loaded machine is short: the test takes a longer one.
    monkeypatch.setattr(copper_limits, "BULK_A_SECOND", copper_limits.RateLimitItemPerSecond(3, 30))
    body = {"people": [{"name": "Elena Costa"}]}
    for _ in range(3):
        assert limited.ada.call("POST", "/people/bulk_create", body).status_code != 429
    refusal = limited.ada.call("POST", "/people/bulk_create", body)
    assert refusal.status_code == 429
    assert "bulk calls are limited to 3 a second" in refusal.json()["message"]
    assert int(refusal.headers["Retry-After"]) >= 1
    assert limited.ada.call("GET", "/account").status_code == 200


def test_a_refused_call_changes_nothing(limited: Installation) -> None:
    for _ in range(180):
        limited.ada.call("GET", "/users/me")
    assert limited.ada.call("POST", "/people", {"name": "Elena Costa"}).status_code == 429
    limited.client.app.state.cuprum.limits = None
    assert limited.ada.call("POST", "/people/search", {}).headers["X-PW-TOTAL"] == "0"


def test_without_the_setting_there_is_no_limit(cuprum: Installation) -> None:
    assert {cuprum.ada.call("GET", "/account").status_code for _ in range(200)} == {200}
