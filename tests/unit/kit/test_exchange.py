"""A call as a value: the status, whether trying again makes sense, and for how long to wait."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from cuprum.kit.addresses import AddressRule
from cuprum.kit.exchange import exchange, exchange_async, is_permanent, retry_after_seconds
from cuprum.kit.outbound import guarded_async_client, guarded_client
from patience import PATIENCE_SECONDS
from ports import free_port
from unit.kit.receiver import answer, receiver, silent

STRICT = AddressRule(allow_http=True)
LENIENT = AddressRule(allow_http=True, allow_private=True)
PATIENT = {"timeout_seconds": PATIENCE_SECONDS, "total_seconds": PATIENCE_SECONDS}


def post_sync(rule, url, client_options=None, **request):
    with guarded_client(rule, **{**PATIENT, **(client_options or {})}) as client:
        return exchange(client, "POST", url, **request)


def post_async(rule, url, client_options=None, **request):
    async def go():
        async with guarded_async_client(rule, **{**PATIENT, **(client_options or {})}) as client:
            return await exchange_async(client, "POST", url, **request)

    return asyncio.run(go())


@pytest.fixture(params=[post_sync, post_async], ids=["sync", "async"])
def post(request):
    return request.param


def test_an_answer_tells_its_status_headers_and_body(post):
    with receiver(answer(201, b"made", X_Id="7")) as there:
        began = time.monotonic()
        outcome = post(LENIENT, there.url, json={"a": 1})
        took = time.monotonic() - began
    assert (outcome.succeeded, outcome.status, outcome.reason) == (True, 201, "201 Words")
    assert (outcome.body, outcome.body_is_whole, outcome.headers["x-id"]) == (b"made", True, "7")
    assert 0 < outcome.elapsed_seconds <= took
    assert there.requests[0].endswith(b'{"a":1}')


def test_a_busy_server_is_worth_another_try_after_the_wait_it_asks_for(post):
    with receiver(answer(503, b"busy", Retry_After="17")) as there:
        outcome = post(LENIENT, there.url)
    assert (outcome.status, outcome.permanent, outcome.retry_after_seconds) == (503, False, 17)


def test_only_the_excerpt_of_an_endless_answer_is_read(post):
    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 10_000)

    with receiver(endless) as there:
        outcome = post(LENIENT, there.url, keep_bytes=100)
    assert (outcome.succeeded, outcome.excerpt, outcome.body_is_whole) == (True, "x" * 100, False)


def test_the_status_counts_though_the_body_breaks_off(post):
    def broken(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    with receiver(broken) as there:
        outcome = post(LENIENT, there.url)
    assert (outcome.succeeded, outcome.body, outcome.body_is_whole) == (True, b"half", False)
    assert "the body broke off: RemoteProtocolError" in outcome.reason


def test_a_refused_target_is_permanent_and_names_the_setting(post):
    outcome = post(STRICT, "http://127.0.0.1:9/")
    assert (outcome.status, outcome.permanent, outcome.may_have_arrived) == (None, True, False)
    assert "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1" in outcome.reason


def test_a_closed_port_is_worth_another_try_and_nothing_arrived(post):
    outcome = post(LENIENT, f"http://127.0.0.1:{free_port()}/")
    assert (outcome.status, outcome.permanent, outcome.may_have_arrived) == (None, False, False)
    assert outcome.reason.startswith("ConnectError")


@pytest.mark.parametrize(
    ("behaviour", "timeout_seconds", "reason"),
    [
        (silent, 0.3, "ReadTimeout"),
        (lambda connection: None, PATIENCE_SECONDS, "RemoteProtocolError"),
        (lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n\r\n"), PATIENCE_SECONDS, "RemoteProtocolError"),
    ],
    ids=["silent", "hangs up", "not http"],
)
def test_after_the_request_was_sent_the_outcome_is_unknown_and_worth_another_try(post, behaviour, timeout_seconds, reason):
    with receiver(behaviour) as there:
        outcome = post(LENIENT, there.url, {"timeout_seconds": timeout_seconds})
        # A machine may hold it up before anything was sent.
        while outcome.reason.startswith("ConnectTimeout"):
            outcome = post(LENIENT, there.url, {"timeout_seconds": timeout_seconds})
    assert (outcome.status, outcome.permanent, outcome.may_have_arrived) == (None, False, True)
    assert outcome.reason.startswith(reason)


@pytest.mark.parametrize("target", ["http://127.0.0.1:{closed}/", "http://0x7f.1/"])
def test_trouble_after_a_redirect_does_not_hide_that_the_first_server_may_have_acted(post, target):
    location = target.format(closed=free_port())
    with receiver(answer(302, Location=location)) as there:
        outcome = post(LENIENT, there.url, {"follow_redirects": True})
    assert (outcome.status, outcome.may_have_arrived) == (None, True)


@pytest.mark.parametrize("headers", [{"X-A": "a\r\nX-Evil: 1"}, {"X-A\r\nX-Evil": "1"}, {"X-Ä": "€"}])
def test_a_header_that_cannot_be_sent_is_permanent(post, headers):
    with receiver() as there:
        outcome = post(LENIENT, there.url, headers=headers)
    assert (outcome.status, outcome.permanent, outcome.may_have_arrived) == (None, True, False)
    assert there.requests == [] or b"Evil" not in there.requests[0]


@pytest.mark.parametrize("url", ["", "x", "http://", "http://a b/", "http://[::1", "http://x\r\ny/", "http://:80/"])
def test_a_url_that_is_none_is_permanent(post, url):
    outcome = post(LENIENT, url)
    assert (outcome.status, outcome.permanent, outcome.may_have_arrived) == (None, True, False)


def test_an_excerpt_is_always_text():
    with receiver(answer(200, b"\xff\x00ok")) as there:
        assert post_sync(LENIENT, there.url).excerpt == "��ok"


def test_which_statuses_are_permanent():
    assert not any(is_permanent(status) for status in (200, 204, 408, 421, 423, 425, 429, 500, 502, 503, 504, 520))
    assert all(is_permanent(status) for status in (301, 304, 307, 400, 401, 403, 404, 409, 410, 422, 501, 505))


def test_retry_after_is_seconds_or_a_date():
    now = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    assert retry_after_seconds("120") == 120
    assert retry_after_seconds(" 3 ") == 3
    assert retry_after_seconds("Mon, 05 Jan 2026 12:01:30 GMT", now) == 90
    assert retry_after_seconds("Mon, 05 Jan 2026 11:00:00 GMT", now) == 0
    for nonsense in (None, "", "soon", "-5", "²", "1" * 5_000, "1e9", "Mon, 99 Foo"):
        assert retry_after_seconds(nonsense, now) is None
