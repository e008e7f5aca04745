"""What a look at a server has in its hands: the client, the state, and transactions that prove the lease."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from cuprum.automation.triggers.lease import Holder, Pair, held
from cuprum.connector import Copper
from cuprum.storage.database import Database

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Look:
    """`state` is the pair's row as it was when the look began."""

    database: Database
    pair: Pair
    holder: Holder
    copper: Copper
    state: Any

    def write(self, work: Callable[Concatenate[Connection, Pair, Any, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(connection, pair, state, …)` in a transaction in which the lease is ours; raises LeaseLost."""

        def fenced(connection: Connection) -> T:
            return work(connection, self.pair, held(connection, self.pair, self.holder), *args, **kwargs)

        return self.database.write_now(fenced)


def milliseconds() -> int:
    return int(time.time() * 1000)


def server_second(state: Any) -> int:
    """The second by the server's clock."""
    return int(time.time()) + int(state.ahead_seconds)
