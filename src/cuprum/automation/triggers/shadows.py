"""What records last looked like: so that former values are known, and what was deleted is still whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, select, update

from cuprum.automation.triggers.lease import Pair
from cuprum.connector.polling.diff import Shadow
from cuprum.kit import jsonio
from cuprum.storage import dialect
from cuprum.storage.trigger_tables import record_shadow as shadows


@dataclass(frozen=True)
class Known:
    """A shadow, how often the record has come to life, and whether it is gone."""

    shadow: Shadow
    lives: int
    is_gone: bool


def known(connection: Connection, pair: Pair, ids: Iterable[int]) -> dict[int, Known]:
    found = connection.execute(select(shadows).where(_of(pair), shadows.c.record_id.in_(list(ids))))
    return {
        row.record_id: Known(
            Shadow(row.record_id, row.digest, jsonio.decode(row.body)), row.lives, is_gone=row.deleted_at is not None
        )
        for row in found
    }


def remember(connection: Connection, pair: Pair, changed: Mapping[int, Shadow], lives: Mapping[int, int], census: int) -> None:
    for record_id, one in changed.items():
        values = {
            "digest": one.digest, "body": jsonio.text(one.body), "lives": lives.get(record_id, 1), "deleted_at": None,
            "census": census,
        }  # fmt: skip
        key = {"connection_id": pair.connection_id, "entity": pair.entity, "record_id": record_id}
        put = dialect.insert(connection, shadows).values(**key, **values)
        connection.execute(put.on_conflict_do_update(index_elements=list(key), set_=values))


def met(connection: Connection, pair: Pair, ids: Iterable[int], census: int) -> None:
    """Note that this census saw them."""
    connection.execute(update(shadows).where(_of(pair), shadows.c.record_id.in_(list(ids))).values(census=census))


def not_met(connection: Connection, pair: Pair, census: int, most: int) -> list[int]:
    """Living records that the census has not seen: perhaps deleted."""
    missing = select(shadows.c.record_id).where(_of(pair), shadows.c.census < census, shadows.c.deleted_at.is_(None))
    return list(connection.execute(missing.order_by(shadows.c.record_id).limit(most)).scalars())


def bury(connection: Connection, pair: Pair, record_id: int, at: int) -> None:
    connection.execute(update(shadows).where(_of(pair), shadows.c.record_id == record_id).values(deleted_at=at))


def after(connection: Connection, pair: Pair, record_id: int, limit: int) -> list[Shadow]:
    """The living, by id."""
    found = select(shadows).where(_of(pair), shadows.c.record_id > record_id, shadows.c.deleted_at.is_(None))
    rows = connection.execute(found.order_by(shadows.c.record_id).limit(limit))
    return [Shadow(row.record_id, row.digest, jsonio.decode(row.body)) for row in rows]


def _of(pair: Pair) -> ColumnElement[bool]:
    return and_(shadows.c.connection_id == pair.connection_id, shadows.c.entity == pair.entity)
