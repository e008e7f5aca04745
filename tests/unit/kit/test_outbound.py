"""The guarded clients, against a receiver on this machine and name servers that lie."""

import asyncio
import gzip
import itertools
import socket
import threading
import time
import zlib

import httpcore2
import httpx2
import pytest

from cuprum.kit.addresses import AddressRule, RefusedTarget
from cuprum.kit.outbound import ResponseTooLarge, guarded_async_client, guarded_client
from patience import PATIENCE_SECONDS
from unit.kit.receiver import answer, receiver, silent

STRICT = AddressRule(allow_http=True)
LENIENT = AddressRule(allow_http=True, allow_private=True)
PATIENT = {"timeout_seconds": PATIENCE_SECONDS, "total_seconds": PATIENCE_SECONDS}


def get_sync(rule, url, *, headers=None, **options):
    with guarded_client(rule, **{**PATIENT, **options}) as client:
        return client.get(url, headers=headers)


def get_async(rule, url, *, headers=None, **options):
    async def go():
        async with guarded_async_client(rule, **{**PATIENT, **options}) as client:
            return await client.get(url, headers=headers)

    return asyncio.run(go())


@pytest.fixture(params=[get_sync, get_async], ids=["sync", "async"])
def get(request):
    return request.param


def always(*addresses):
    return lambda host, port: list(addresses)


class TestWhoMayBeCalled:
    def test_a_receiver_on_this_machine_is_called_where_private_networks_are_allowed(self, get):
        with receiver() as there:
            assert get(LENIENT, there.url).text == "thanks"
        assert there.requests[0].startswith(b"GET /hook HTTP/1.1\r\n")

    def test_it_is_refused_otherwise_and_never_hears_of_it(self, get):
        with receiver() as there, pytest.raises(RefusedTarget, match="CUPRUM_WEBHOOK_ALLOW_PRIVATE=1"):
            get(STRICT, there.url)
        assert there.requests == []

    def test_a_name_that_resolves_to_an_inner_address_is_refused_when_connecting(self, get):
        with receiver() as there, pytest.raises(RefusedTarget, match=r"inner\.example resolves to 127\.0\.0\.1"):
            get(STRICT, f"http://inner.example:{there.port}/", resolve=always("127.0.0.1"))
        assert there.requests == []

    def test_one_forbidden_address_among_public_ones_condemns_the_name(self, get):
        with pytest.raises(RefusedTarget, match=r"10\.0\.0\.1"):
            get(STRICT, "http://mixed.example/", resolve=always("8.8.8.8", "10.0.0.1"))

    def test_a_name_that_answers_public_first_and_loopback_then_is_refused(self, get, monkeypatch):
        """DNS rebinding: the answer that is checked is the answer that is connected to."""
        asked, connected = [], []
        answers = itertools.chain([["8.8.8.8"]], itertools.repeat(["127.0.0.1"]))

        def resolve(host, port):
            asked.append(host)
            return next(answers)

        refuse_to_connect(monkeypatch, connected)
        with receiver() as there:
            url = f"http://rebind.example:{there.port}/"
            with pytest.raises(httpx2.ConnectError):
                get(STRICT, url, resolve=resolve)
            assert (asked, connected) == (["rebind.example"], ["8.8.8.8"])
            with pytest.raises(RefusedTarget, match="rebind"):
                get(STRICT, url, resolve=resolve)
            assert connected == ["8.8.8.8"]
        assert there.requests == []

    def test_the_receiver_sees_the_name_and_not_the_address(self, get):
        with receiver() as there:
            get(LENIENT, f"http://named.example:{there.port}/", resolve=always("127.0.0.1"))
        assert f"Host: named.example:{there.port}".encode() in there.requests[0]

    def test_a_second_address_is_tried_when_the_first_does_not_answer(self, get):
        with receiver() as there:
            url = f"http://two.example:{there.port}/"
            assert get(LENIENT, url, resolve=always("127.0.0.9", "127.0.0.1")).status_code == 200

    def test_a_name_without_an_address_is_a_connection_error(self, get):
        def nobody(host, port):
            raise socket.gaierror(-2, "Name or service not known")

        with pytest.raises(httpx2.ConnectError, match=r"nobody\.example does not resolve"):
            get(STRICT, "http://nobody.example/", resolve=nobody)

    def test_a_proxy_from_the_environment_is_not_used(self, get, monkeypatch):
        with receiver() as proxy, receiver() as there:
            for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            assert get(LENIENT, there.url).status_code == 200
        assert proxy.requests == []


class TestRedirects:
    def test_a_redirect_is_not_followed_unless_asked_for(self, get):
        with receiver(answer(302, Location="http://127.0.0.1:1/")) as there:
            assert get(LENIENT, there.url).status_code == 302

    @pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://0x7f.1/", "file:///"])
    def test_a_redirect_to_a_forbidden_address_is_refused(self, get, target, monkeypatch):
        public_leads_here(monkeypatch)
        with receiver(answer(302, Location=target)) as there:
            url = f"http://public.example:{there.port}/"
            with pytest.raises(RefusedTarget):
                get(STRICT, url, follow_redirects=True, resolve=always("8.8.8.8"))
        assert len(there.requests) == 1

    def test_a_redirect_to_a_name_that_resolves_inside_is_refused(self, get, monkeypatch):
        public_leads_here(monkeypatch)

        def resolve(host, port):
            return {"public.example": ["8.8.8.8"], "inner.example": ["192.168.0.1"]}[host]

        with receiver(answer(307, Location="http://inner.example/")) as there:
            url = f"http://public.example:{there.port}/"
            with pytest.raises(RefusedTarget, match=r"inner\.example resolves to 192\.168\.0\.1"):
                get(STRICT, url, follow_redirects=True, resolve=resolve)

    def test_keys_are_not_told_to_the_stranger_a_redirect_leads_to(self, get):
        with receiver() as stranger, receiver(answer(302, Location=stranger.url)) as there:
            keys = {"X-PW-AccessToken": "key", "Authorization": "Bearer key", "webhook-signature": "v1,key"}
            assert get(LENIENT, there.url, follow_redirects=True, headers=keys).status_code == 200
        assert there.requests[0].count(b"key") == 3
        assert b"key" not in stranger.requests[0]

    def test_keys_are_kept_on_the_same_server(self, get):
        with receiver(answer(302, Location="/elsewhere"), answer(200)) as there:
            assert get(LENIENT, there.url, follow_redirects=True, headers={"X-Key": "key"}).status_code == 200
        assert b"GET /elsewhere" in there.requests[1]
        assert b"X-Key: key" in there.requests[1]

    def test_redirects_in_a_circle_end(self, get):
        with receiver(answer(302, Location="/hook")) as there, pytest.raises(httpx2.TooManyRedirects):
            get(LENIENT, there.url, follow_redirects=True)
        assert len(there.requests) == 6


class TestSize:
    def test_an_endless_body_is_cut_off(self, get):
        with receiver(endless(b"x" * 10_000)) as there, pytest.raises(ResponseTooLarge, match="50,000 bytes"):
            get(LENIENT, there.url, max_response_bytes=50_000)

    def test_a_gzip_bomb_is_cut_off(self, get):
        bomb = gzip.compress(bytes(200_000_000), 9)
        assert len(bomb) < 250_000
        with receiver(answer(200, bomb, Content_Encoding="gzip")) as there, pytest.raises(ResponseTooLarge):
            get(LENIENT, there.url)

    def test_a_bomb_within_a_bomb_is_cut_off(self, get):
        bomb = gzip.compress(gzip.compress(bytes(300_000_000), 9), 9)
        with receiver(answer(200, bomb, Content_Encoding="gzip, gzip")) as there, pytest.raises(ResponseTooLarge):
            get(LENIENT, there.url)

    def test_compressed_bytes_that_unpack_to_nothing_for_ever_are_cut_off(self, get):
        nothing = zlib.compressobj(0, zlib.DEFLATED, -15).flush(zlib.Z_SYNC_FLUSH) * 2_000
        start = b"Content-Encoding: deflate\r\n"
        with receiver(endless(nothing, start)) as there, pytest.raises(ResponseTooLarge):
            get(LENIENT, there.url, max_response_bytes=100_000)

    def test_a_compressed_answer_is_unpacked(self, get):
        with receiver(answer(200, gzip.compress(b"hello" * 1_000), Content_Encoding="gzip")) as there:
            assert get(LENIENT, there.url).text == "hello" * 1_000
        assert b"Accept-Encoding: gzip, deflate\r\n" in there.requests[0]

    def test_an_answer_just_at_the_limit_is_fine(self, get):
        with receiver(answer(200, b"x" * 1_000)) as there:
            assert len(get(LENIENT, there.url, max_response_bytes=1_000).content) == 1_000


class TestTime:
    def test_a_receiver_that_never_answers_times_out(self, get):
        def call():
            with receiver(silent) as there:
                get(LENIENT, there.url, timeout_seconds=0.2)

        assert ends_in_time(call, 0.9, httpx2.ReadTimeout)

    def test_a_body_that_drips_ends_with_the_total_time(self, get):
        def call():
            with receiver(endless(b"x", pause=0.05)) as there:
                get(LENIENT, there.url, timeout_seconds=5, total_seconds=0.5)

        assert ends_in_time(call, 1.5, httpx2.ReadTimeout)

    def test_headers_that_drip_end_with_the_total_time(self, get):
        def drip(connection):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            for _ in range(1_000):
                connection.sendall(b"x")
                time.sleep(0.05)

        def call():
            with receiver(drip) as there:
                get(LENIENT, there.url, timeout_seconds=5, total_seconds=0.5)

        assert ends_in_time(call, 1.5, httpx2.ReadTimeout)

    def test_a_body_that_stalls_late_still_ends_with_the_total_time(self, get):
        def stall(connection):
            time.sleep(0.5)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
            silent(connection)

        def call():
            with receiver(stall) as there:
                get(LENIENT, there.url, timeout_seconds=5, total_seconds=0.6)

        assert ends_in_time(call, 0.95, httpx2.ReadTimeout)

    def test_redirects_share_one_total_time(self, get):
        def slow(connection):
            time.sleep(0.2)
            connection.sendall(answer(302, Location="/hook"))

        def call():
            with receiver(slow) as there:
                get(LENIENT, there.url, follow_redirects=True, total_seconds=0.5)

        assert ends_in_time(call, 1.2, httpx2.TimeoutException)

    def test_a_name_server_that_does_not_answer_times_out(self, get):
        released = threading.Event()

        def silent_names(host, port):
            released.wait(PATIENCE_SECONDS)
            return []

        def call():
            get(STRICT, "http://slow.example/", resolve=silent_names, timeout_seconds=0.2)

        assert ends_in_time(call, 1, httpx2.ConnectTimeout, "took too long to resolve")
        released.set()

    def test_a_call_may_have_its_own_total_time(self):
        def call():
            with receiver(endless(b"x", pause=0.05)) as there, guarded_client(LENIENT) as client:
                client.get(there.url, extensions={"total_seconds": 0.4})

        assert ends_in_time(call, 1.5, httpx2.ReadTimeout)

    def test_a_request_can_be_sent_twice_each_with_its_own_time(self):
        with receiver() as there, guarded_client(LENIENT, **PATIENT) as client:
            request = client.build_request("POST", there.url, content=b"same")
            assert client.send(request).status_code == 200
            # As if all its time had gone by.
            request.extensions["ends_at"] -= PATIENCE_SECONDS
            assert client.send(request).status_code == 200
        assert [sent.endswith(b"same") for sent in there.requests] == [True, True]


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rb", "a\0b"])
def test_a_line_break_in_a_header_is_never_sent(get, value):
    with receiver() as there:
        with pytest.raises(httpx2.LocalProtocolError):
            get(LENIENT, there.url, headers={"X-Custom": value})
        with pytest.raises(httpx2.LocalProtocolError):
            get(LENIENT, there.url, headers={f"X-{value}": "1"})
    assert not any(b"Evil" in sent for sent in there.requests)


def endless(piece, headers=b"", pause=0.0):
    """Chunks until the other side hangs up, at most a thousand."""

    def send(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + headers + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(1_000):
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            time.sleep(pause)

    return send


def ends_in_time(call, seconds, error, words=""):
    """Whether a call ends with this error and within this time; a machine that stalls holds up one try or another, not each."""

    def ends():
        began = time.monotonic()
        try:
            call()
        except httpx2.TimeoutException as trouble:
            return isinstance(trouble, error) and words in str(trouble) and time.monotonic() - began < seconds
        return False

    return any(ends() for _ in range(5))


def _replace_connect(monkeypatch, instead):
    """Let the plain backends underneath connect elsewhere, so that no test leaves this machine."""
    plain, plain_async = httpcore2.SyncBackend.connect_tcp, httpcore2.AnyIOBackend.connect_tcp
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", lambda self, host, *rest: plain(self, instead(host), *rest))

    async def connect_async(self, host, *rest):
        return await plain_async(self, instead(host), *rest)

    monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", connect_async)


def public_leads_here(monkeypatch):
    _replace_connect(monkeypatch, {"8.8.8.8": "127.0.0.1"}.__getitem__)


def refuse_to_connect(monkeypatch, connected):
    def instead(host):
        connected.append(host)
        raise httpcore2.ConnectError("no route")

    _replace_connect(monkeypatch, instead)
