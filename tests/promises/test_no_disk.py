"""A full disk or a database that cannot be written: a clear 503, nothing half written, and all is well afterwards."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import require
from cuprum.records.demo import demo_account
from cuprum.storage.database import Database
from homes import Home, key_of
from patience import wait_until


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        require.missing(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_a_clear_503_and_writes_go_on_once_there_is_space(small_disk: Path) -> None:
    home = Home(small_disk / "home")
    with home.serve("--demo") as server:
        headers = key_of(home)
        ballast = small_disk / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                pass
        answered: list[int] = []
        refusal = None
        for number in range(2000):
            answer = server.ask("POST", "/people", headers, {"name": f"Person {number}", "details": "x" * 20_000})
            if answer.status_code != 200:
                refusal = answer
                break
            answered.append(answer.json()["id"])
        assert refusal is not None
        assert refusal.status_code == 503
        assert "disk is full" in refusal.json()["message"]
        # Reading goes on, and so does the server.
        assert server.ask("GET", "/people/1", headers).status_code == 200
        assert server.client.get("/healthz").status_code == 200
        ballast.unlink()
        again = server.ask("POST", "/people", headers, {"name": "Afterwards"})
        assert again.status_code == 200, again.text
        found = server.ask("POST", "/people/search", headers, {"name": "Person", "page_size": 1})
        assert int(found.headers["X-PW-TOTAL"]) == len(answered)
        assert server.stop() == 0
    assert "WRONG" not in home.run("doctor").stdout.replace("WRONG  disk", "")


def without_the_rights_of_root() -> None:
    """For the process that is started: not even root then writes a file whose rights say no."""
    cap_drop_from_bounding_set, cap_dac_override = 24, 1
    ctypes.CDLL(None).prctl(cap_drop_from_bounding_set, cap_dac_override, 0, 0, 0)


def test_a_database_file_that_cannot_be_written_is_a_clear_503_until_it_can(sqlite_home: Home) -> None:
    sqlite_home.ok("migrate")
    database = Database(sqlite_home.settings)
    demo_account(database)
    database.close()
    headers = key_of(sqlite_home)
    file = sqlite_home.folder / "cuprum.db"
    file.chmod(0o400)
    with sqlite_home.serve(preexec_fn=without_the_rights_of_root) as server:
        refusal = server.ask("POST", "/people", headers, {"name": "Elena Costa"})
        assert refusal.status_code == 503
        assert "cannot be written" in refusal.json()["message"]
        assert server.ask("GET", "/people/1", headers).status_code == 200
        # SQLite's side files were made with the rights of the file.
        for path in sqlite_home.folder.glob("cuprum.db*"):
            path.chmod(0o600)
        # Readers that were opened meanwhile may cost a refusal more; then every connection is new.
        wait_until(lambda: server.ask("POST", "/people", headers, {"name": "Elena Costa"}).status_code == 200)


def test_a_postgresql_that_takes_no_writes_is_a_clear_503_until_it_does(postgresql_home: Home) -> None:
    name = postgresql_home.database_url.rpartition("/")[2]

    def read_only(switch: str) -> None:
        with psycopg.connect(require.postgres(), autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {switch}")

    with postgresql_home.serve("--demo") as server:
        headers = key_of(postgresql_home)
        read_only("on")
        drop_connections(name)
        # The first may find its connection gone.
        answers = [server.ask("POST", "/people", headers, {"name": "Elena Costa"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [503, 503, 503]
        assert "cannot be written" in answers[-1].json()["message"]
        assert server.ask("GET", "/people/1", headers).status_code == 200
        read_only("off")
        assert server.ask("POST", "/people", headers, {"name": "Elena Costa"}).status_code == 200


def drop_connections(name: str) -> None:
    with psycopg.connect(require.postgres(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s", [name])


def test_a_postgresql_that_goes_away_is_a_clear_503_and_all_is_well_when_it_is_back(postgresql_home: Home) -> None:
    name = postgresql_home.database_url.rpartition("/")[2]

    def lets_in(switch: bool) -> None:
        with psycopg.connect(require.postgres(), autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {switch}")

    with postgresql_home.serve("--demo") as server:
        headers = key_of(postgresql_home)
        lets_in(False)
        drop_connections(name)
        for answer in (
            server.ask("GET", "/people/1", headers),
            server.ask("POST", "/people", headers, {"name": "Elena Costa"}),
            server.client.get("/healthz"),
        ):
            assert answer.status_code == 503, answer.text
        assert "does not answer" in server.ask("GET", "/people/1", headers).json()["message"]
        lets_in(True)
        assert server.client.get("/healthz").status_code == 200
        assert server.ask("GET", "/people/1", headers).status_code == 200
        assert server.ask("POST", "/people", headers, {"name": "Elena Costa"}).status_code == 200
        # Connections that die while nobody looks cost no reader an error.
        drop_connections(name)
        assert server.ask("GET", "/people/1", headers).status_code == 200
        assert server.stop() == 0
