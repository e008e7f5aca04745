"""Incoming notifications: what is ours is read, what is forged does nothing."""

import json
from typing import Any

import pytest

from cuprum.connector.polling.notification import HEADER, SECRET_KEY, Notification, read_notification

BODY: dict[str, Any] = {
    "ids": [1, "2"],
    "type": "person",
    "event": "update",
    "subscription_id": 7,
    SECRET_KEY: "s" * 43,
    "updated_attributes": {"title": ["CTO", "CEO"]},
    "timestamp": "2026-09-20T11:12:13.084Z",
}


def read(body: dict[str, Any], token: str = "t" * 43) -> Notification | None:
    headers = {HEADER.title(): token}
    return read_notification(json.dumps(body).encode(), headers, secret="s" * 43, token="t" * 43)


def test_a_genuine_notification_is_read():
    assert read(BODY) == Notification("person", "updated", (1, 2), 7, {"title": ["CTO", "CEO"]})


def test_an_activity_has_another_name_on_the_wire():
    found = read({**BODY, "type": "activity_log", "event": "new"})
    assert found
    assert (found.entity, found.kind) == ("activity", "created")


@pytest.mark.parametrize(
    "forged",
    [
        {**BODY, SECRET_KEY: "wrong"},
        {key: value for key, value in BODY.items() if key != SECRET_KEY},
        {**BODY, SECRET_KEY: None},
        {**BODY, "event": "explode"},
        {**BODY, "ids": []},
    ],
)
def test_what_is_forged_or_unreadable_does_nothing(forged: dict[str, Any]):
    assert read(forged) is None


def test_the_token_in_the_header_is_needed_too():
    assert read(BODY, token="") is None
    assert read(BODY, token="wrong") is None


@pytest.mark.parametrize("noise", [b"", b"[]", b"nope", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_noise_does_nothing(noise: bytes):
    assert read_notification(noise, {}, secret="s", token="t") is None
