"""What a command says of an installation that it cannot work on: the setting, the value, and what would do."""

from __future__ import annotations

import os

import pytest

import forked
from homes import CUPRUM


def refusal(**environment: str) -> str:
    """What `cuprum doctor` says on standard error, having refused."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("CUPRUM_")}
    ended = forked.run(*CUPRUM, "doctor", env={**own, **environment}, timeout=120)
    assert (ended.returncode, ended.stdout) == (1, "")
    return ended.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CUPRUM_DATABASE_URL", "mysql://crm:geheim@db/crm", "must be like postgresql://user:password@host/database"),
        ("CUPRUM_DATABASE_URL", "/srv/crm.db", "or empty for SQLite in CUPRUM_HOME"),
        ("CUPRUM_PUBLIC_URL", "crm.example.org", "crm.example.org is not an address; an example is https://crm.example.org"),
        ("CUPRUM_DATE_ZONE", "Mars/Olympus", "Mars/Olympus is not a time zone; an example is Europe/Lisbon"),
        ("CUPRUM_TRASH_DAYS", "0", "greater than or equal to 1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_would_do(tmp_path, name, value, words):
    said = refusal(CUPRUM_HOME=str(tmp_path / "home"), **{name: value})
    assert said.startswith(f"{name}: ")
    assert words in said
    assert "geheim" not in said
    assert "Value error" not in said


def test_every_wrong_setting_is_named_at_once(tmp_path):
    said = refusal(CUPRUM_HOME=str(tmp_path / "home"), CUPRUM_READER_THREADS="many", CUPRUM_LOG_LEVEL="loud")
    assert "CUPRUM_READER_THREADS: " in said
    assert "CUPRUM_LOG_LEVEL: " in said


def test_a_home_that_is_a_file_or_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    said = refusal(CUPRUM_HOME=str(tmp_path / "file"))
    assert said == f"CUPRUM_HOME: {tmp_path / 'file'} cannot be the folder of the data: it is a file\n"
    assert refusal(CUPRUM_HOME="/proc/cuprum").startswith("CUPRUM_HOME: /proc/cuprum cannot be the folder of the data: ")


def test_a_database_that_does_not_answer_is_not_called_a_failed_upgrade(tmp_path):
    said = refusal(CUPRUM_HOME=str(tmp_path / "home"), CUPRUM_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert said.startswith("The database of CUPRUM_DATABASE_URL cannot be used: ")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "cuprum.db").write_text("no database at all, " * 100)
    said = refusal(CUPRUM_HOME=str(tmp_path / "broken"))
    assert said.startswith(f"The database {tmp_path / 'broken' / 'cuprum.db'} cannot be used: ")
