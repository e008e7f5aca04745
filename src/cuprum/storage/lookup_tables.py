"""Narrow tables derived from the records: they serve search and uniqueness, and can be rebuilt at any time."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Index, String, Table, Text, literal_column, text

from cuprum.storage.column_types import Amount, FoldedText
from cuprum.storage.tables import metadata


def _lookup(name: str, *further: Column) -> Table:
    return Table(name, metadata, Column("entity", String(12), primary_key=True), *further, sqlite_with_rowid=False)


def _record_id() -> Column:
    return Column("record_id", BigInteger, primary_key=True, autoincrement=False)


email_key = _lookup("email_key", Column("email", FoldedText, primary_key=True), _record_id())
# A person's address is unique among the living: the trash takes its rows out of here.
Index("uq_email_key_person", email_key.c.email, unique=True,
      sqlite_where=text("entity = 'person'"), postgresql_where=text("entity = 'person'"))  # fmt: skip


def emails_of(entity: str) -> ColumnElement[bool]:
    """The rows of an entity's addresses.

    The entity is written out: given beside the statement, SQLite would plan it anew each time, to see whether the index of
    people's addresses serves, and that takes three times as long as the search.
    """
    return email_key.c.entity == literal_column(f"'{entity}'")


# Digits are stored backwards, because a phone search asks how a number ends.
phone_key = _lookup("phone_key", Column("backwards", FoldedText, primary_key=True), _record_id())

tag_key = _lookup("tag_key", Column("tag_key", FoldedText, primary_key=True), _record_id(), Column("tag", Text, nullable=False))

url_key = _lookup(
    "url_key", Column("url", FoldedText, primary_key=True), _record_id(), Column("is_social", Boolean, primary_key=True)
)

address_key = Table(
    "address_key",
    metadata,
    Column("entity", String(12), primary_key=True),
    _record_id(),
    *(Column(part, FoldedText, nullable=False) for part in ("city", "state", "postal_code", "country")),
    sqlite_with_rowid=False,
)
for _part in ("city", "state", "postal_code", "country"):
    Index(f"ix_address_key_{_part}", address_key.c.entity, address_key.c[_part], address_key.c.record_id)

custom_key = Table(
    "custom_key",
    metadata,
    Column("definition_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entity", String(12), primary_key=True),
    _record_id(),
    # 0 where the value is a number, a day (YYYYMMDD), a tick or text rather than an option.
    Column("option_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Amount),
    Column("text", FoldedText),
    sqlite_with_rowid=False,
)
Index("ix_custom_key_option", custom_key.c.definition_id, custom_key.c.entity, custom_key.c.option_id, custom_key.c.record_id)
Index("ix_custom_key_number", custom_key.c.definition_id, custom_key.c.entity, custom_key.c.number, custom_key.c.record_id)
Index("ix_custom_key_text", custom_key.c.definition_id, custom_key.c.entity, custom_key.c.text, custom_key.c.record_id)

# The first one and two letters of each word of a name: what trigrams cannot find.
name_start = _lookup("name_start", Column("start", FoldedText, primary_key=True), _record_id())

RECORD_LOOKUPS = (email_key, phone_key, tag_key, url_key, address_key, custom_key, name_start)
for _t in RECORD_LOOKUPS:
    # With the words of its tags: without them SQLite would rather walk through the tags of all records than look each one up.
    Index(f"ix_{_t.name}_record", _t.c.entity, _t.c.record_id, *([tag_key.c.tag] if _t is tag_key else ()))
