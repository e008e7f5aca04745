"""`cuprum serve`: ready soon, alone on its home, and it ends in good order."""

from __future__ import annotations

import fcntl
import json
import signal
import socket
import time
from collections.abc import Callable
from typing import IO

import pytest

from homes import Home, Server, key_of
from patience import PATIENCE_SECONDS
from ports import free_port


def test_a_demo_account_is_opened_once_and_its_key_is_shown_at_every_start(bare_home: Home) -> None:
    with bare_home.serve("--demo") as server:
        assert "Harbour & Pine" in server.banner
        key = server.banner.split("Key")[1].split()[0]
        headers = {"X-PW-AccessToken": key, "X-PW-UserEmail": "ana@harbour.example"}
        found = server.ask("POST", "/people/search", headers, {})
        assert found.status_code == 200
        assert found.headers["X-PW-TOTAL"] == "40"
        assert server.stop() == 0
    assert (bare_home.folder / "demo-login").stat().st_mode & 0o777 == 0o600
    with bare_home.serve("--demo") as server:
        assert server.banner.split("Key")[1].split()[0] == key
        assert server.ask("POST", "/people/search", headers, {}).headers["X-PW-TOTAL"] == "40"


def test_an_empty_home_says_how_the_account_is_opened(bare_home: Home) -> None:
    with bare_home.serve() as server:
        assert "/first-start?link=" in server.banner
        page = server.client.get("/")
        assert page.status_code == 200
        assert "cuprum user add" in page.text
        bare_home.ok("user", "add", "ana@harbour.example", "--name", "Ana", "--role", "owner", "--account", "Estaleiro & Co")
        assert "Estaleiro &amp; Co" in server.client.get("/").text


def test_it_starts_again_on_the_same_home_and_port_after_a_kill(home: Home) -> None:
    with home.serve("--demo", "--port", str(free_port())) as server:
        headers = key_of(home)
        made = server.ask("POST", "/people", headers, {"name": "Elena Costa"}).json()
        # An open connection leaves the port in use for a while.
        server.process.kill()
        server.process.wait()
        with home.serve("--port", str(server.port)) as again:
            assert again.port == server.port
            assert again.ask("GET", f"/people/{made['id']}", headers).json() == made


@pytest.mark.parametrize(("sig", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_lets_work_in_hand_finish(sqlite_home: Home, sig: signal.Signals, code: int) -> None:
    with sqlite_home.serve("--demo") as server:
        headers = key_of(sqlite_home)
        with held_writer(sqlite_home):
            answer = in_hand(server, "POST", "/developer_api/v1/people", headers, b'{"name":"Late"}')
            server.process.send_signal(sig)
            time.sleep(0.5)
        assert answer().startswith("HTTP/1.1 200 ")
        assert server.process.wait(timeout=PATIENCE_SECONDS) == code


def test_whoever_waits_for_news_is_answered_when_the_server_ends(sqlite_home: Home) -> None:
    with sqlite_home.serve("--demo") as server:
        headers = key_of(sqlite_home)
        feed = "/automation/v1/changes"
        cursor = server.client.get(f"{feed}?after=now", headers=headers).json()["cursor"]
        answer = in_hand(server, "GET", f"{feed}?after={cursor}&wait=25", headers)
        # It is waited for once the server has read the end of the log for it.
        time.sleep(0.5)
        assert server.stop() == 0
        # Left until the end of its time, it would have been cut off.
        assert json.loads(answer().partition("\r\n\r\n")[2]) == {"changes": [], "cursor": cursor, "more": False}


def test_it_ends_within_20_seconds_whatever_hangs(sqlite_home: Home) -> None:
    def ends_in_time() -> bool:
        with sqlite_home.serve("--demo") as server:
            headers = key_of(sqlite_home)
            with held_writer(sqlite_home):
                in_hand(server, "POST", "/developer_api/v1/people", headers, b'{"name":"Never"}')
                began = time.monotonic()
                server.process.send_signal(signal.SIGTERM)
                server.process.wait(timeout=PATIENCE_SECONDS)
                return time.monotonic() - began < 20

    # A machine may hold up one end or another, something that hangs would hold up each.
    assert any(ends_in_time() for _ in range(4))


def in_hand(server: Server, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Callable[[], str]:
    """Have a request in the server's hands; what is returned waits for the answer."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_SECONDS)
    own = {"Host": "x", "Connection": "close", "Content-Type": "application/json", "Content-Length": str(len(body))}
    # Whoever handles the request asks for its body.
    head = [f"{name}: {value}" for name, value in {**headers, **own, "Expect": "100-continue"}.items()]
    connection.sendall("\r\n".join([f"{method} {path} HTTP/1.1", *head, "", ""]).encode())
    assert connection.recv(1_000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sendall(body)

    def answer() -> str:
        with connection, connection.makefile("rb") as said:
            return said.read().decode()

    return answer


def held_writer(home: Home) -> IO[bytes]:
    """Takes the turn of every writer on the home until it is closed."""
    file = (home.folder / "write.lock").open("ab")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def test_a_second_server_on_one_sqlite_home_is_refused_and_commands_are_not(sqlite_home: Home) -> None:
    with sqlite_home.serve("--demo") as server:
        assert f"Process {server.process.pid} serves" in sqlite_home.refused("serve", "--port", "0")
        assert "ana@harbour.example" in sqlite_home.ok("user", "list")


def test_a_port_that_is_taken_is_named(sqlite_home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}" in sqlite_home.refused("serve", "--port", str(port))


def test_each_request_is_one_line_of_the_log_without_its_key(sqlite_home: Home) -> None:
    from cuprum.kit import jsonio

    with sqlite_home.serve("--demo") as server:
        headers = key_of(sqlite_home) | {"X-Request-Id": "order-4711-a"}
        answer = server.ask("GET", "/people/1", headers)
        assert answer.headers["X-Request-Id"] == "order-4711-a"
        server.stop()
        log = "".join(server.log)
    line = next(read for read in map(jsonio.decode, server.log) if read.get("request_id") == "order-4711-a")
    assert line["event"] == "GET /developer_api/v1/people/1"
    assert (line["status"], line["actor"]) == (200, 1)
    assert line["ms"] > 0
    assert headers["X-PW-AccessToken"] not in log


def test_two_servers_on_one_postgresql_share_the_work(postgresql_home: Home) -> None:
    with postgresql_home.serve("--demo") as one:
        headers = key_of(postgresql_home)
        postgresql_home.further["CUPRUM_NODE_NAME"] = "second"
        with postgresql_home.serve() as two:
            made = one.ask("POST", "/people", headers, {"name": "Elena Costa", "company_name": "Costa Yachts"}).json()
            assert two.ask("GET", f"/people/{made['id']}", headers).json() == made
            two.ask("PUT", f"/people/{made['id']}", headers, {"title": "Owner"})
            assert one.ask("GET", f"/people/{made['id']}", headers).json()["title"] == "Owner"
            # A word that one of them added is known to the other at once.
            one.ask("GET", "/users/me", headers)
            two.ask("GET", "/users/me", headers)
            postgresql_home.ok("user", "add", "eva@harbour.example", "--name", "Eva", "--role", "member")
            eva = key_of(postgresql_home, "eva@harbour.example")
            eva_id = one.ask("GET", "/users/me", eva).json()["id"]
            assert two.ask("PUT", f"/people/{made['id']}", headers, {"assignee_id": eva_id}).status_code == 200
            # The end of one is not the end of the other.
            assert one.stop() == 0
            assert two.ask("GET", f"/people/{made['id']}", eva).json()["assignee_id"] == eva_id
