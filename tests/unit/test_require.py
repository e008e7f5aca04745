"""A test that cannot run says so, and a build that promises everything does not let it pass."""

import psycopg
import pytest

import require

NOBODY_LISTENS = "postgresql://nobody@127.0.0.1:1/nothing"


def test_what_is_missing_skips_with_its_reason(monkeypatch):
    monkeypatch.delenv("CUPRUM_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser here"):
        require.missing("no browser here")


def test_what_is_missing_fails_where_everything_is_required(monkeypatch):
    monkeypatch.setenv("CUPRUM_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="no browser here"):
        require.missing("no browser here")


def test_a_server_that_does_not_answer_is_missing_and_says_why(monkeypatch):
    monkeypatch.setenv("CUPRUM_TEST_POSTGRES", NOBODY_LISTENS)
    monkeypatch.delenv("CUPRUM_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"CUPRUM_TEST_POSTGRES.*refused"):
        require.postgres()


@pytest.mark.postgres
def test_the_server_that_is_handed_out_answers():
    with psycopg.connect(require.postgres()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
