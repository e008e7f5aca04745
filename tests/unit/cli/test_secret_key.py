"""The key that seals secrets: one for all servers of a database, kept apart from backups, and missed aloud."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from homes import Home

LOST = "sealed with another key"


def test_a_server_with_another_key_does_not_join_a_shared_database(postgresql_home: Home, tmp_path: Path) -> None:
    postgresql_home.ok("doctor")
    other = replace(postgresql_home, folder=tmp_path / "other")
    assert LOST in other.refused("serve", "--port", "0")
    assert "WRONG  secret key" in other.run("doctor").stdout
    same = replace(other, further={"CUPRUM_SECRET_KEY": (postgresql_home.folder / "secret.key").read_text().strip()})
    assert "WRONG" not in same.ok("doctor")


def test_a_backup_says_what_is_not_in_it_and_a_restore_what_it_misses(sqlite_home: Home, tmp_path: Path) -> None:
    done = sqlite_home.run("backup", str(tmp_path / "all.backup"))
    assert done.stdout.strip() == str(tmp_path / "all.backup")
    assert str(sqlite_home.folder / "secret.key") in done.stderr
    elsewhere = Home(tmp_path / "elsewhere")
    restored = elsewhere.run("restore", str(tmp_path / "all.backup"))
    assert (restored.returncode, LOST in restored.stderr) == (0, True)
    with elsewhere.serve() as server:
        assert server.client.get("/healthz").status_code == 200
    assert LOST in "".join(server.log)
    (elsewhere.folder / "secret.key").write_bytes((sqlite_home.folder / "secret.key").read_bytes())
    assert "WRONG" not in elsewhere.run_apart("doctor").stdout


def test_where_the_key_is_lost_the_new_one_can_be_made_the_installations(sqlite_home: Home) -> None:
    sqlite_home.ok("doctor")
    other = replace(sqlite_home, further={"CUPRUM_SECRET_KEY": "quite another one"})
    assert "cuprum doctor --accept-key" in other.run("doctor").stdout
    assert "WRONG" not in other.ok("doctor", "--accept-key")
    assert "WRONG  secret key" in sqlite_home.run("doctor").stdout
