"""What every resource does: ask, read the answer, page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cuprum.connector.drive import Bound, M
from cuprum.connector.errors import BadAnswer, BeyondReach
from cuprum.connector.exchange import Answer, Call, Effect, Emit, Flow, Session, exchange

Record = dict[str, Any]
LARGEST_PAGE = 200
# Only so many rows of a search are reachable, whatever the paging (part1 §5).
REACH = 100_000


@dataclass(frozen=True)
class Page:
    """One page of a search; `total` is the header X-PW-TOTAL, an upper bound, or None."""

    rows: list[Record]
    total: int | None
    number: int = 1

    def __iter__(self) -> Iterator[Record]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Resource(Bound[M]):
    """A part of the API."""


def ask(
    session: Session,
    method: str,
    path: str,
    body: Any = None,
    *,
    effect: Effect = Effect.NONE,
    query: Mapping[str, Any] | None = None,
) -> Flow[Any]:
    """The decoded answer to one request."""
    sent = {key: text(value) for key, value in (query or {}).items() if value is not None}
    answer = yield from exchange(session, Call(method, path, body, sent, effect))
    return answer.json()


def text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def an_object(answer: Any) -> Record:
    if not isinstance(answer, dict):
        raise BadAnswer("The answer is not an object.", body=answer)
    return answer


def a_list(answer: Any) -> list[Record]:
    if not isinstance(answer, list):
        raise BadAnswer("The answer is not a list.", body=answer)
    return answer


def as_number(value: Any) -> int | None:
    """An integer out of a number or a numeric string, as the wire mixes them; None for anything else."""
    try:
        return None if isinstance(value, bool) else int(value)
    except (TypeError, ValueError):
        return None


def search_page(session: Session, path: str, criteria: Mapping[str, Any], query: Mapping[str, Any]) -> Flow[Page]:
    sent = {key: text(value) for key, value in query.items() if value is not None}
    answer: Answer = yield from exchange(session, Call("POST", path, dict(criteria), sent))
    return Page(a_list(answer.json()), as_number(answer.headers.get("x-pw-total")), int(criteria.get("page_number") or 1))


def every_page(session: Session, path: str, criteria: Mapping[str, Any], query: Mapping[str, Any]) -> Flow[None]:
    """Emit all rows, page by page.

    A page that is a little short is not the last one (part1 §5): the end is an empty page, or as many rows as the total.
    A row is handed out once, also when the server repeats a page or rows move while we read.
    """
    size = int(criteria.get("page_size") or LARGEST_PAGE)
    number = int(criteria.get("page_number") or 1)
    seen: set[Any] = set()
    read = 0
    while True:
        page = yield from search_page(session, path, {**criteria, "page_size": size, "page_number": number}, query)
        new = [row for row in page.rows if row.get("id") is None or row["id"] not in seen]
        seen.update(row.get("id") for row in new)
        read += len(page.rows)
        yield Emit(new)
        if not new and page.total is not None and page.total > REACH and read >= REACH - size:
            raise BeyondReach(f"{page.total} rows match, and only the first {REACH} can be read.")
        if not new or (page.total is not None and read >= page.total):
            return
        number += 1
