"""What moves on the server: whether it announces a change feed, what its clock says, and the feed itself."""

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Generic

from cuprum.connector.drive import M, call
from cuprum.connector.exchange import Call, Flow, exchange, learn
from cuprum.connector.polling.feed import ANNOUNCED_BY, FeedPage, feed_query, read_feed
from cuprum.connector.resources.base import Resource


@dataclass(frozen=True)
class Announced:
    """`path` of the change feed from the server's root, or None; `now` is the second by the server's clock."""

    path: str | None
    now: int


class Changes(Resource[M], Generic[M]):
    @call
    def announced(self) -> Flow[Announced]:
        """GET /account, for what its headers say."""
        answer = yield from exchange(self._session, Call("GET", "/account"))
        learn(self._session, answer)
        path = answer.headers.get(ANNOUNCED_BY, "")
        # Credentials follow the path: it must stay on this server.
        is_path = path.startswith("/") and not path.startswith("//")
        return Announced(path if is_path else None, second_of(answer.headers.get("date")))

    @call
    def read(
        self,
        path: str,
        cursor: str | None,
        entity: str,
        *,
        limit: int = 500,
        wait_seconds: int = 0,
        since: float | None = None,
    ) -> Flow[FeedPage]:
        """The changes of an entity after a cursor, or without one since a second. Raises Refused (410) for a cursor from
        before a restore."""
        query = feed_query(cursor, entity, limit=limit, wait_seconds=wait_seconds, since=since)
        answer = yield from exchange(self._session, Call("GET", path, query=query, is_from_root=True))
        return read_feed(answer.json())


def second_of(date: str | None) -> int:
    try:
        return int(parsedate_to_datetime(date or "").timestamp())
    except (ValueError, TypeError):
        return int(time.time())
