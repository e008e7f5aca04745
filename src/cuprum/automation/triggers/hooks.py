"""Subscriptions at a server that has no feed but can call us: made, verified, made again, and taken back."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from cuprum.automation.connections import Connections
from cuprum.automation.triggers.lease import Pair, save
from cuprum.automation.triggers.look import Look, milliseconds
from cuprum.connector import Copper
from cuprum.connector.errors import CopperError, NotFound, Unauthorized
from cuprum.connector.polling.notification import HEADER, SECRET_KEY
from cuprum.connector.resources.base import as_number
from cuprum.kit import jsonio
from cuprum.kit.secret_box import SecretBox
from cuprum.storage.database import Database
from cuprum.storage.trigger_tables import subscription

log = logging.getLogger("cuprum.triggers")

EVENTS = ("new", "update", "delete")
PATH = "/hooks/copper"
VERIFIED_EVERY_MS = 300_000


@dataclass(frozen=True)
class Hooks:
    """`base` is the address that other servers reach this one at."""

    base: str
    box: SecretBox

    def target(self, path: str) -> str:
        return f"{self.base.rstrip('/')}{PATH}/{path}"

    def are_due(self, state: Any) -> bool:
        return milliseconds() - (state.hooks_at or 0) > VERIFIED_EVERY_MS

    def verify(self, one: Look) -> None:
        """Make the subscriptions of a pair what they should be. What the server refuses is noted: it is polled anyhow."""
        rows = one.write(_rows, self.box)
        try:
            there = {as_number(said.get("id")): said for said in one.copper.webhooks.all()}
            for row in rows:
                remote_id, refusal = self._verified(one, row, there)
                one.write(_note, row.id, remote_id, refusal)
            self._remove_orphans(one, there)
        except Unauthorized:
            raise
        except CopperError as trouble:
            # The key may not look at subscriptions, or the server has none: polling finds everything too.
            log.warning("%s of %s has no hooks for now: %s", one.pair.entity, one.pair.connection, trouble)
            for row in rows:
                one.write(_note, row.id, row.remote_id, str(trouble))
        one.write(_verified)

    def _verified(self, one: Look, row: Any, there: dict[int | None, Any]) -> tuple[int | None, str | None]:
        """The subscription's id at the server, and why there is none."""
        target, known = self.target(row.path), jsonio.decode(self.box.open(row.sealed))
        held = there.get(row.remote_id) if row.remote_id else None
        if held and held.get("target") == target:
            return row.remote_id, None
        secret = {"secret": {SECRET_KEY: known["secret"]}, "headers": {HEADER: known["token"]}}
        try:
            # Made before a crash, or called at an earlier address of ours.
            for number, said in there.items():
                if number is not None and (number == row.remote_id or said.get("target") == target):
                    one.copper.webhooks.update(number, target=target, **secret)
                    return number, None
            kind = {"activity": "activity_log"}.get(row.entity, row.entity)
            made = one.copper.webhooks.create(target, kind, row.event, **secret)
        except Unauthorized:
            raise
        except CopperError as trouble:
            log.warning("%s does not take a hook for %s: %s", one.pair.connection, row.entity, trouble)
            return None, str(trouble)
        return as_number(made.get("id")), None

    def _remove_orphans(self, one: Look, there: dict[int | None, Any]) -> None:
        """Subscriptions that call us and that nobody here knows any more."""
        start, paths = self.target(""), one.database.read_now(_paths)
        for number, said in there.items():
            target = str(said.get("target"))
            if number is not None and target.startswith(start) and target.removeprefix(start) not in paths:
                one.copper.webhooks.delete(number)


def take_back(database: Database, copper: Copper, pair: Pair) -> None:
    """Unsubscribe, once nobody listens; raises CopperError when that has to be tried again."""
    for row in database.read_now(_of_pair, pair):
        if row.remote_id is not None:
            try:
                copper.webhooks.delete(row.remote_id)
            except NotFound:
                log.debug("subscription %s was gone", row.remote_id)
        database.write_now(_forget, row.id)
    database.write_now(lambda connection: save(connection, pair, hooks_at=None))


def take_all_back(database: Database, stored: Connections, name: str) -> None:
    """Unsubscribe from everything of a connection; raises NotFound, and CopperError when the server does not let us."""
    connection_id = stored.one(name).id
    entities = {row.entity for row in database.read_now(of_connection, connection_id)}
    if entities:
        with stored.open(name) as copper:
            for entity in entities:
                take_back(database, copper, Pair(connection_id, name, entity))


def left_behind(connection: Connection, wanted: set[Pair], pairs: dict[int, str]) -> list[Pair]:
    """Pairs that have subscriptions although nobody listens; `pairs` are the connections, by id."""
    found = select(subscription.c.connection_id, subscription.c.entity).distinct()
    known = {Pair(row[0], pairs[row[0]], row[1]) for row in connection.execute(found) if row[0] in pairs}
    return sorted(known - wanted, key=str)


def of_connection(connection: Connection, connection_id: int) -> list[Any]:
    return list(connection.execute(select(subscription).where(subscription.c.connection_id == connection_id)))


def are_active(connection: Connection, pair: Pair) -> bool:
    """Whether the server tells us."""
    rows = _of_pair(connection, pair)
    return bool(rows) and all(row.remote_id is not None and row.refusal is None for row in rows)


def note_missed(connection: Connection, pair: Pair, state: Any, counts: dict[str, int]) -> None:
    """Count events that were found without having been told; `counts` by event: new, update, delete."""
    for event, number in counts.items():
        missed = update(subscription).where(*_is(pair), subscription.c.event == event)
        connection.execute(missed.values(missed=subscription.c.missed + number))


def _rows(connection: Connection, pair: Pair, state: Any, box: SecretBox) -> list[Any]:
    there = {row.event for row in _of_pair(connection, pair)}
    for event in EVENTS:
        if event not in there:
            known = {"secret": secrets.token_urlsafe(32), "token": secrets.token_urlsafe(32)}
            connection.execute(
                insert(subscription).values(
                    connection_id=pair.connection_id, entity=pair.entity, event=event, path=secrets.token_urlsafe(32),
                    sealed=box.seal(jsonio.text(known)),
                )
            )  # fmt: skip
    return _of_pair(connection, pair)


def _note(connection: Connection, pair: Pair, state: Any, row_id: int, remote_id: int | None, refusal: str | None) -> None:
    values = {"remote_id": remote_id, "refusal": refusal}
    connection.execute(update(subscription).where(subscription.c.id == row_id).values(**values))


def _verified(connection: Connection, pair: Pair, state: Any) -> None:
    save(connection, pair, hooks_at=milliseconds())


def _of_pair(connection: Connection, pair: Pair) -> list[Any]:
    return list(connection.execute(select(subscription).where(*_is(pair)).order_by(subscription.c.id)))


def _paths(connection: Connection) -> set[str]:
    return set(connection.execute(select(subscription.c.path)).scalars())


def _forget(connection: Connection, row_id: int) -> None:
    connection.execute(delete(subscription).where(subscription.c.id == row_id))


def _is(pair: Pair) -> tuple[Any, Any]:
    return subscription.c.connection_id == pair.connection_id, subscription.c.entity == pair.entity
