"""The tables of the entities, read from their definitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    literal_column,
    text,
)  # fmt: skip

from cuprum.entities import ENTITIES, Field, Record, fields, kinds
from cuprum.storage.column_types import Amount, BigId, FoldedText, JsonText

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                       "fk": "fk_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)  # fmt: skip

LIVING = text("deleted_at IS NULL")


def columns(field: Field) -> Iterator[Column]:
    """The columns that hold one field: none for what is joined, two for a reference."""
    name = field.name
    match field.kind:
        case kinds.Key():
            yield Column(name, BigId, primary_key=True, autoincrement=True)
        case kinds.Text(folded=folded):
            yield Column(name, Text)
            if folded:
                yield Column(f"{name}_key", FoldedText, nullable=False, server_default="")
        case kinds.Choice():
            yield Column(name, SmallInteger)
        case kinds.Count() | kinds.Instant():
            yield Column(name, BigInteger, nullable=field.default is None, server_default=_zero(field))
        case kinds.Amount():
            yield Column(name, Amount)
        case kinds.Day():
            yield Column(name, String(10))
        case kinds.LinkTo(entity=entity):
            yield Column(name, BigInteger, *_foreign_key(entity))
        case kinds.Joined():
            return
        case kinds.OneEmail() | kinds.Address():
            yield Column(name, JsonText)
        case kinds.Contacts() | kinds.Tags():
            yield Column(name, JsonText, nullable=False, server_default="[]")
        case kinds.Json(empty=empty):
            yield Column(name, JsonText, nullable=empty == "null", server_default=None if empty == "null" else empty)
        case kinds.CustomFields():
            yield Column(name, JsonText, nullable=False, server_default="{}")
        case kinds.Reference():
            yield Column(f"{name}_id", BigInteger)
            yield Column(f"{name}_type", String(12))
        case kinds.ActivityType():
            yield Column(f"{name}_id", BigInteger, nullable=False)
            yield Column(f"{name}_category", String(8), nullable=False)
        case _:
            raise TypeError(f"no column for {field.kind!r}")


def _zero(field: Field) -> str | None:
    return "0" if field.default == 0 else None


def _foreign_key(entity: str) -> list[ForeignKey]:
    # Links among records are kept by `records/`: trash, undo and purge decide their order.
    return [] if entity in ENTITIES else [ForeignKey(f"{entity}.id")]


def _table(record: type[Record]) -> Table:
    own = [column for field in fields(record) for column in columns(field)]
    return Table(
        record.entity,
        metadata,
        *own,
        # Who sees it: 0 everybody, 1 teams, 2 individuals, 3 only its owner (`record_share` names them).
        Column("visibility", SmallInteger, nullable=False, server_default="0"),
        Column("created_by", BigInteger),
        Column("deleted_at", BigInteger),
        Column("version", BigInteger, nullable=False, server_default="1"),
        sqlite_autoincrement=True,
    )


TABLES: dict[str, Table] = {name: _table(record) for name, record in ENTITIES.items()}


def _index(table: Table, *keys: str, covering: tuple[str, ...] = ()) -> None:
    # Id, visibility and owner stand in each index, so that a member's page and count need no look at the rows.
    further = (name for name in (*covering, "id", "visibility", "assignee_id") if name in table.c and name not in keys)
    Index(f"ix_{table.name}_{'_'.join(keys)}", *(table.c[name] for name in (*keys, *further)),
          sqlite_where=LIVING, postgresql_where=LIVING)  # fmt: skip


def is_blank(key: ColumnElement[Any]) -> ColumnElement[Any]:
    """False, then true, of a folded text that may be left out: what an ascending order puts in front of it."""
    return key == literal_column("''")


def _index_filled_first(table: Table, key: str, *before: str) -> None:
    further = (table.c[name] for name in ("id", "visibility", "assignee_id") if name not in before)
    Index(f"ix_{table.name}_{'_'.join((*before, key))}_filled_first",
          *(table.c[name] for name in before), is_blank(table.c[key]), table.c[key], *further,
          sqlite_where=LIVING, postgresql_where=LIVING)  # fmt: skip


for _name, _t in TABLES.items():
    Index(f"ix_{_name}_deleted_at", _t.c.deleted_at,
          sqlite_where=text("deleted_at IS NOT NULL"), postgresql_where=text("deleted_at IS NOT NULL"))  # fmt: skip
    if _name == "activity":
        _index(_t, "parent_type", "parent_id", "activity_date")
        _index(_t, "activity_date")
        _index(_t, "user_id", "activity_date")
        continue
    _index(_t, "name_key")
    _index(_t, "date_modified")
    _index(_t, "date_created")
    _index(_t, "assignee_id", "name_key")

_index(TABLES["lead"], "first_name_key")
_index(TABLES["lead"], "last_name_key")
_index_filled_first(TABLES["lead"], "first_name_key")
_index_filled_first(TABLES["lead"], "last_name_key")
_index(TABLES["lead"], "status_id", "name_key")
_index(TABLES["lead"], "customer_source_id")
_index(TABLES["person"], "first_name_key")
_index(TABLES["person"], "last_name_key")
_index(TABLES["person"], "assignee_id", "first_name_key")
_index_filled_first(TABLES["person"], "first_name_key")
_index_filled_first(TABLES["person"], "last_name_key")
_index_filled_first(TABLES["person"], "first_name_key", "assignee_id")
_index(TABLES["person"], "company_id", "name_key")
_index(TABLES["person"], "contact_type_id", "name_key")
_index(TABLES["person"], "date_last_contacted")
_index(TABLES["company"], "contact_type_id", "name_key")
_index(TABLES["company"], "primary_contact_id")
_index(TABLES["company"], "assignee_id", "date_modified")
Index("uq_company_email_domain", TABLES["company"].c.email_domain_key, unique=True,
      sqlite_where=text("deleted_at IS NULL AND email_domain_key <> ''"),
      postgresql_where=text("deleted_at IS NULL AND email_domain_key <> ''"))  # fmt: skip
_index(TABLES["opportunity"], "pipeline_id", "pipeline_stage_id", "status", covering=("converted_value", "win_probability"))
_index(TABLES["opportunity"], "status", "pipeline_stage_id", covering=("converted_value", "win_probability"))
# The columns of a board, by when each deal is to be closed.
_index(TABLES["opportunity"], "pipeline_stage_id", "status", "close_date")
_index(TABLES["opportunity"], "company_id")
_index(TABLES["opportunity"], "primary_contact_id")
_index(TABLES["opportunity"], "close_date")
_index(TABLES["opportunity"], "monetary_value")
_index(TABLES["project"], "related_resource_type", "related_resource_id")
_index(TABLES["project"], "status", "name_key")
_index(TABLES["task"], "related_resource_type", "related_resource_id")
_index(TABLES["task"], "due_date")
_index(TABLES["task"], "status", "due_date")
_index(TABLES["task"], "assignee_id", "status", "due_date")
# Open tasks by when somebody wants to be reminded of them.
_TO_REMIND = text("deleted_at IS NULL AND status = 0 AND reminder_date IS NOT NULL")
Index("ix_task_reminder", TABLES["task"].c.reminder_date, TABLES["task"].c.id,
      sqlite_where=_TO_REMIND, postgresql_where=_TO_REMIND)  # fmt: skip
# Colleagues who share one of their names stand together here, with the other name beside it.
_index(TABLES["person"], "company_id", "last_name_key", covering=("first_name_key",))
_index(TABLES["person"], "company_id", "first_name_key", covering=("last_name_key",))
_index(TABLES["lead"], "company_name_key", "last_name_key", covering=("first_name_key", "converted_at"))
_index(TABLES["lead"], "company_name_key", "first_name_key", covering=("last_name_key", "converted_at"))
