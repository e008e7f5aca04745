"""The account's own words (users, pipelines, statuses, types, custom fields), cached until they change."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Table, select, update

from cuprum.kit import jsonio
from cuprum.storage import account_tables as tables


@dataclass(frozen=True)
class Option:
    id: int
    name: str
    rank: int
    is_deleted: bool


@dataclass(frozen=True)
class Definition:
    """A custom field: `available_on` names entities, `options` are in order of rank, removed ones among them.

    `is_required` is for people who fill in forms: the wire does not know it.
    """

    id: int
    name: str
    data_type: str
    available_on: tuple[str, ...]
    is_filterable: bool
    currency: str | None
    options: tuple[Option, ...]
    is_required: bool = False
    place: int = 0

    @cached_property
    def living(self) -> dict[int, str]:
        """The names of the options that can be chosen, by id, in their order."""
        return {option.id: option.name for option in self.options if not option.is_deleted}


Words = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Vocabulary:
    """Tables of a few dozen rows, by id, each in the order that people see."""

    version: int
    account: Mapping[str, Any]
    words: Mapping[str, Words]
    teams_of: Mapping[int, tuple[int, ...]]
    definitions: Mapping[int, Definition]
    rates: Mapping[str, Any]

    def definitions_on(self, entity: str) -> list[Definition]:
        return [one for one in self.definitions.values() if entity in one.available_on]

    def living(self, table: str) -> list[Mapping[str, Any]]:
        return [word for word in self.words[table].values() if word.get("archived_at") is None]

    def stages_of(self, pipeline_id: int) -> list[Mapping[str, Any]]:
        return [stage for stage in self.living("pipeline_stage") if stage["pipeline_id"] == pipeline_id]


class VocabularyCache:
    """Keeps the last vocabulary read; `at` reads it again when the stored version has moved."""

    def __init__(self) -> None:
        self._known: Vocabulary | None = None

    def at(self, connection: Connection, version: int | None = None) -> Vocabulary:
        if version is None:
            version = connection.execute(select(tables.account.c.vocabulary_version)).scalar_one()
        known = self._known
        if known is None or known.version != version:
            known = self._known = read_vocabulary(connection)
        return known


def touch_vocabulary(connection: Connection) -> None:
    """Say that a word changed; every process reads them again at its next request."""
    # A step by chance: a version that was rolled back must not come again with other words.
    step = 1 + secrets.randbelow(2**31)
    connection.execute(update(tables.account).values(vocabulary_version=tables.account.c.vocabulary_version + step))


WORD_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        tables.user,
        tables.team,
        tables.contact_type,
        tables.lead_status,
        tables.customer_source,
        tables.loss_reason,
        tables.pipeline,
        tables.pipeline_stage,
        tables.activity_type,
    )
}


def read_vocabulary(connection: Connection) -> Vocabulary:
    """The words as they are now, past every cache."""
    # The version first: what changes while we read is then read again.
    account = dict(connection.execute(select(tables.account)).mappings().one())
    words = {name: _words(connection, table) for name, table in WORD_TABLES.items()}
    rates = connection.execute(select(tables.exchange_rate.c.currency, tables.exchange_rate.c.rate)).all()
    return Vocabulary(
        account["vocabulary_version"], account, words, _teams_of(connection), _definitions(connection),
        {one.currency: one.rate for one in rates},
    )  # fmt: skip


def _teams_of(connection: Connection) -> dict[int, tuple[int, ...]]:
    member, team = tables.team_member, tables.team
    living = select(member).join(team, team.c.id == member.c.team_id).where(team.c.archived_at.is_(None))
    teams: dict[int, tuple[int, ...]] = {}
    for row in connection.execute(living.order_by(member.c.team_id)):
        teams[row.user_id] = (*teams.get(row.user_id, ()), row.team_id)
    return teams


def _words(connection: Connection, table: Table) -> Words:
    order = (table.c.place, table.c.id) if "place" in table.c else (table.c.id,)
    return {row["id"]: dict(row) for row in connection.execute(select(table).order_by(*order)).mappings()}


def _definitions(connection: Connection) -> dict[int, Definition]:
    definition, option = tables.custom_field_definition, tables.custom_field_option
    options: dict[int, list[Option]] = {}
    for row in connection.execute(select(option).order_by(option.c.rank, option.c.id)):
        options.setdefault(row.definition_id, []).append(Option(row.id, row.name, row.rank, row.deleted_at is not None))
    rows = connection.execute(
        select(definition).where(definition.c.deleted_at.is_(None)).order_by(definition.c.place, definition.c.id)
    )
    return {
        row.id: Definition(
            row.id, row.name, row.data_type, tuple(jsonio.decode(row.available_on)), row.is_filterable, row.currency,
            tuple(options.get(row.id, ())), row.is_required, row.place,
        )
        for row in rows
    }  # fmt: skip
