"""Where a sweep over the changed records is, and what it asks for next.

It advances by the time key, not by page number: rows that are edited while we read move to the end, and page numbers would
then skip others. Only where one single second holds more rows than a page does it page inside that second, and it reads the
second again when rows left it meanwhile. The cursor comes from the server's own seconds, so a wrong clock here loses nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cuprum.connector.polling.event import Record
from cuprum.connector.resources.base import LARGEST_PAGE, REACH, as_number

OVERLAP_SECONDS = 120
NIGHTLY_OVERLAP_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Keys:
    """What a search is swept by: the record's own second, and the criteria that bound and order it."""

    second: str
    minimum: str
    maximum: str
    sort_by: str | None
    more: Mapping[str, Any] = field(default_factory=dict)


MODIFIED = Keys("date_modified", "minimum_modified_date", "maximum_modified_date", "date_modified")
# A converted lead hides from a plain search, and its conversion is an event.
LEADS = replace(MODIFIED, more={"include_converted_leads": True})
CREATED = Keys("date_created", "minimum_created_date", "maximum_created_date", "date_created")
# Activities know no modification filter and no order to ask for: they come newest first, and only the newest 100,000.
ACTIVITY = Keys("activity_date", "minimum_activity_date", "maximum_activity_date", None)


def keys_for(entity: str) -> Keys:
    return {"activity": ACTIVITY, "lead": LEADS}.get(entity, MODIFIED)


@dataclass(frozen=True)
class Sweep:
    """One sweep: from `since` on, and not beyond `until` where that is given. `page` counts only inside a crowded second (or,
    without an order, over everything).

    `cursor` is the latest second seen; the next sweep starts an overlap before it.
    """

    keys: Keys
    since: int
    cursor: int
    page: int = 0
    first_total: int | None = None
    read: int = 0
    passes: int = 0
    until: int | None = None

    def criteria(self, size: int = LARGEST_PAGE) -> dict[str, Any]:
        """The body of the next search."""
        asked: dict[str, Any] = {self.keys.minimum: self.since, "page_size": size, "page_number": max(1, self.page)}
        asked |= self.keys.more
        if self.keys.sort_by:
            asked |= {"sort_by": self.keys.sort_by, "sort_direction": "asc"}
            last = self.since if self.page else self.until
            if last is not None:
                asked[self.keys.maximum] = last
        return asked


def begin(
    entity: str,
    cursor: int | None,
    overlap_seconds: int = OVERLAP_SECONDS,
    keys: Keys | None = None,
    until: int | None = None,
) -> Sweep:
    """A sweep from an overlap before the cursor; from the beginning when there is none.

    `until` leaves the seconds after it, which have not settled, to the next sweep; what has no order is always read whole.
    """
    since = max(0, (cursor or 0) - overlap_seconds)
    keys = keys or keys_for(entity)
    bound = max(since, until) if until is not None and keys.sort_by else None
    return Sweep(keys, since, cursor or 0, page=0 if keys.sort_by else 1, until=bound)


# A second that never comes to rest is left to the next tick, whose overlap reads it again.
MOST_PASSES = 5


def advance(sweep: Sweep, rows: Sequence[Record], total: int | None) -> tuple[Sweep, bool]:
    """The sweep after a page, and whether it is finished. A page that is merely short is not the last one."""
    seconds = [second for row in rows if (second := as_number(row.get(sweep.keys.second))) is not None]
    cursor = max([sweep.cursor, *seconds])
    if sweep.page:
        return after_numbered_page(replace(sweep, cursor=cursor), rows, total)
    if not rows or (total is not None and len(rows) >= total):
        return replace(sweep, cursor=cursor), True
    last = max(seconds, default=sweep.since)
    if last > sweep.since:
        return replace(sweep, since=last, cursor=cursor), False
    # The whole page lies in one second: go through that second by page number.
    return replace(sweep, cursor=cursor, page=1, first_total=None, read=0, passes=0), False


def after_numbered_page(sweep: Sweep, rows: Sequence[Record], total: int | None) -> tuple[Sweep, bool]:
    first = total if sweep.page == 1 else sweep.first_total
    read = sweep.read + len(rows)
    # Past its reach an API answers nothing new, and a server that repeats one page for ever is left alone there.
    if rows and read < REACH and (total is None or read < total):
        return replace(sweep, page=sweep.page + 1, first_total=first, read=read), False
    # Rows left while we read, so later ones moved up past us.
    if total != first and read < REACH and sweep.passes < MOST_PASSES:
        return replace(sweep, page=1, first_total=None, read=0, passes=sweep.passes + 1), False
    if sweep.keys.sort_by is None:
        return sweep, True
    is_done = sweep.until is not None and sweep.since >= sweep.until
    return replace(sweep, since=sweep.since + 1, page=0, first_total=None, read=0, passes=0), is_done
