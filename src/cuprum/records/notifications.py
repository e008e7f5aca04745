"""What subscribers are told of changes: exactly Copper's notification, for whoever may see the record (`part2.md §9`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from cuprum.auth.actor import Actor
from cuprum.config import Settings
from cuprum.entities import ENTITIES, fields, kinds
from cuprum.events.handoff import EVENTS, SUBSCRIBED_TYPES
from cuprum.kit import jsonio
from cuprum.records.custom_values import computed_value, date_zone, wire_value
from cuprum.records.visible import seen_by, visible_even_in_trash
from cuprum.records.vocabulary import Vocabulary, VocabularyCache
from cuprum.records.wire_values import plain_wire_value
from cuprum.storage.account_tables import team_member, user
from cuprum.storage.event_tables import webhook
from cuprum.storage.rows import from_log
from cuprum.storage.tables import TABLES

MOST_IDS = 30


def describer(settings: Settings, vocabulary: VocabularyCache) -> Any:
    """The function that turns changes into `(webhook id, body)` pairs, for `events/notifying.py`."""

    def describe(connection: Connection, changes: list[Any]) -> Iterator[tuple[int, str]]:
        heard = {id(entry): (SUBSCRIBED_TYPES.get(entry.entity, entry.entity), EVENTS.get(entry.kind)) for entry in changes}
        listening = _listening(connection, set(heard.values()))
        if not listening:
            return
        known = vocabulary.at(connection)
        zone = date_zone(settings.date_zone, known)
        subscribers = {user_id: subscriber(connection, user_id) for user_id in {one.user_id for one in listening}}
        for subscription in listening:
            wanted = (subscription.type, subscription.event)
            matching = [entry for entry in changes if heard[id(entry)] == wanted and entry.at >= subscription.created_at]
            told = _may_hear(connection, subscribers[subscription.user_id], matching)
            yield from _notifications(subscription, told, known, zone)

    return describe


def _listening(connection: Connection, wanted: set[tuple[str, str | None]]) -> list[Any]:
    """The active subscriptions to any of these types and events."""
    types = {entity for entity, _ in wanted}
    active = select(webhook).where(webhook.c.deleted_at.is_(None), webhook.c.type.in_(types)).order_by(webhook.c.id)
    return [row for row in connection.execute(active) if (row.type, row.event) in wanted]


def _notifications(subscription: Any, changes: Iterable[Any], vocabulary: Vocabulary, zone: str) -> Iterator[tuple[int, str]]:
    """One notification for up to thirty records of a group to which the same happened."""
    alike: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
    for entry in changes:
        told: dict[str, Any] = {}
        if subscription.event == "update":
            told = updated_attributes(entry, vocabulary, zone, computed=subscription.custom_field_computed_values)
            if not told:
                continue
        alike[entry.group_id, jsonio.text(told)][entry.record_id] = None
    for (_, told_text), records in alike.items():
        ids = list(records)
        for start in range(0, len(ids), MOST_IDS):
            yield subscription.id, body(subscription, ids[start : start + MOST_IDS], jsonio.decode(told_text))


def body(subscription: Any, ids: list[int], told: Mapping[str, Any], further: Mapping[str, Any] | None = None) -> str:
    """The notification's JSON, the secret's pairs flattened into its top level."""
    secret = jsonio.decode(subscription.secret) if subscription.secret else {}
    message = {
        "ids": ids,
        "type": subscription.type,
        "event": subscription.event,
        "subscription_id": subscription.id,
        **secret,
        **(further or {}),
    }
    if subscription.event == "update":
        message["updated_attributes"] = told
    now = datetime.now(UTC)
    return jsonio.text({**message, "timestamp": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"})


def subscriber(connection: Connection, user_id: int) -> Actor | None:
    """Whom a subscription tells of what they may see; None where they may no longer sign in."""
    row = connection.execute(select(user).where(user.c.id == user_id, user.c.disabled_at.is_(None))).first()
    if row is None:
        return None
    teams = connection.execute(select(team_member.c.team_id).where(team_member.c.user_id == user_id)).scalars()
    return Actor(row.id, row.role, row.name, row.email, tuple(teams), face="webhook")


def _may_hear(connection: Connection, actor: Actor | None, changes: list[Any]) -> list[Any]:
    """The changes of records that the subscriber may see, or could while they lived."""
    if actor is None:
        return []
    if actor.is_admin or not changes:
        return changes
    # A subscription is to one type, so these are records of one table.
    entity = changes[0].entity
    records, ids = TABLES[entity], {entry.record_id for entry in changes}
    seen = set(
        connection.execute(
            select(records.c.id).where(records.c.id.in_(ids), visible_even_in_trash(actor, entity)), seen_by(actor)
        ).scalars()
    )
    return [entry for entry in changes if entry.record_id in seen]


def updated_attributes(entry: Any, vocabulary: Vocabulary, zone: str, *, computed: bool) -> dict[str, Any]:
    """`attribute → [old, new]` in wire form; custom fields by definition id, by the names of their options if `computed`.

    Empty where nothing changed that anybody can set: what only follows is told with its cause, never alone.
    """
    record = ENTITIES[entry.entity]
    before, after = from_log(record, entry.before), from_log(record, entry.after)
    told: dict[str, Any] = {}
    was_edited = entry.kind != "update"
    for field in fields(record):
        if field.name not in after or field.kind.hidden:
            continue
        old, new = before.get(field.name), after[field.name]
        if isinstance(field.kind, kinds.CustomFields):
            pairs = _custom_pairs(old or {}, new or {}, vocabulary, zone, computed)
            if pairs:
                told[field.name] = pairs
                was_edited = True
        elif old != new:
            told[field.name] = [plain_wire_value(field, old), plain_wire_value(field, new)]
            was_edited |= not field.kind.read_only
    return told if was_edited else {}


def _custom_pairs(
    old: Mapping[int, Any], new: Mapping[int, Any], vocabulary: Vocabulary, zone: str, computed: bool
) -> dict[str, list[Any]]:
    pairs = {}
    for definition_id in sorted({*old, *new}):
        definition = vocabulary.definitions.get(definition_id)
        if definition is not None and old.get(definition_id) != new.get(definition_id):
            pair = [wire_value(definition, values.get(definition_id), zone) for values in (old, new)]
            pairs[str(definition_id)] = [computed_value(definition, value) for value in pair] if computed else pair
    return pairs
