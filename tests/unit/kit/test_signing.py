"""Webhook signatures, held against the reference library of the standard."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from cuprum.kit.signing import BadSignature, new_secret, sign, signed_headers, verify

NOW = 1_760_000_000
BODY = '{"name":"Zoë"}'.encode()


def test_the_example_of_the_specification_is_signed_as_there():
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_reference_library_accepts_what_we_sign():
    secret, now = new_secret(), int(datetime.now(UTC).timestamp())
    assert Webhook(secret).verify(BODY, signed_headers(secret, "msg_1", now, BODY)) == {"name": "Zoë"}


def test_we_accept_what_the_reference_library_signs():
    secret = new_secret()
    signature = Webhook(secret).sign("msg_1", datetime.fromtimestamp(NOW, UTC), BODY.decode())
    verify(secret, {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(NOW), "Webhook-Signature": signature}, BODY, NOW)


def test_while_a_secret_is_changed_both_the_old_and_the_new_verify():
    old, new = new_secret(), new_secret()
    headers = signed_headers([new, old], "msg_1", NOW, BODY)
    verify(old, headers, BODY, NOW)
    verify(new, headers, BODY, NOW)


def test_the_tolerance_is_five_minutes_either_way():
    secret = new_secret()
    headers = signed_headers(secret, "msg_1", NOW, BODY)
    for now in (NOW - 300, NOW + 300):
        verify(secret, headers, BODY, now)
    for now in (NOW - 301, NOW + 301):
        with pytest.raises(BadSignature, match="tolerance"):
            verify(secret, headers, BODY, now)
    verify(secret, headers, BODY, NOW + 1_000, tolerance_seconds=1_000)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(NOW + 1)},
        {"webhook-timestamp": f" {NOW}"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1" * 5_000},
        {"webhook-timestamp": "١٧٦٠"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,é ,,, v2,abc"},
    ],
)
def test_any_changed_header_is_refused(change):
    secret = new_secret()
    with pytest.raises(BadSignature):
        verify(secret, signed_headers(secret, "msg_1", NOW, BODY) | change, BODY, NOW)


def test_another_body_or_secret_or_missing_headers_are_refused():
    secret = new_secret()
    headers = signed_headers(secret, "msg_1", NOW, BODY)
    with pytest.raises(BadSignature, match="does not match"):
        verify(secret, headers, BODY + b" ", NOW)
    with pytest.raises(BadSignature, match="does not match"):
        verify(new_secret(), headers, BODY, NOW)
    for name in headers:
        with pytest.raises(BadSignature, match="carries no signature"):
            verify(secret, {key: value for key, value in headers.items() if key != name}, BODY, NOW)


def test_any_bytes_can_be_signed():
    secret = new_secret()
    verify(secret, signed_headers(secret, "msg_1", NOW, b"\xff\x00"), b"\xff\x00", NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "whsec_é"])
def test_a_secret_that_is_none_is_an_error_and_not_an_empty_key(secret):
    with pytest.raises(ValueError, match="base64"):
        sign(secret, "msg_1", NOW, BODY)
