"""How the databases are reached."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from cuprum.config import Settings
from cuprum.storage.dialect import postgresql_engine


class Asked(Exception):
    """Somebody wants to connect, with these parameters."""


@pytest.mark.parametrize(("said", "seconds"), [(None, 5), ("77", 77)])
def test_postgresql_s_own_variable_says_how_long_a_connection_may_take(
    monkeypatch: pytest.MonkeyPatch, said: str | None, seconds: int
):
    monkeypatch.delenv("PGCONNECT_TIMEOUT")
    if said:
        monkeypatch.setenv("PGCONNECT_TIMEOUT", said)
    engine = postgresql_engine(Settings(database_url="postgresql://nobody@127.0.0.1:1/none"), size=1)

    @event.listens_for(engine, "do_connect")
    def asked(dialect: Any, record: Any, arguments: Any, parameters: dict[str, Any]) -> None:
        raise Asked(parameters)

    with pytest.raises(Asked) as caught:
        engine.connect()
    assert int(caught.value.args[0]["connect_timeout"]) == seconds
