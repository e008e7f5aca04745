"""The kinds of fields. Each is a plain fact about a field; `reading.py` says what may come in from the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What every field has: a label for people, and whether it is written by us alone, needed, or kept off the wire."""

    label: str
    read_only: bool = False
    required: bool = False
    hidden: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from cuprum.entities.reading import reader

        return core_schema.no_info_plain_validator_function(reader(self))


@dataclass(frozen=True, kw_only=True)
class Key(Kind):
    """The record's own id."""


@dataclass(frozen=True, kw_only=True)
class Text(Kind):
    """A line of text, or many lines when `long`. `folded` keeps a sorted and searched twin of it."""

    long: bool = False
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice(Kind):
    """One of a few words; the place in `options` is the number that searches use."""

    options: tuple[str, ...]
    nullable: bool = False


@dataclass(frozen=True, kw_only=True)
class Count(Kind):
    """A whole number between two bounds."""

    least: int = 0
    most: int = 2**53


@dataclass(frozen=True, kw_only=True)
class Flag(Kind):
    """True or false."""


@dataclass(frozen=True, kw_only=True)
class Amount(Kind):
    """Money or another decimal number with up to four places; `as_float` prints 12500.0 where Copper does."""

    as_float: bool = False


@dataclass(frozen=True, kw_only=True)
class Instant(Kind):
    """A moment, in Unix seconds."""


@dataclass(frozen=True, kw_only=True)
class Day(Kind):
    """A calendar day; stored as YYYY-MM-DD, on the wire M/D/YYYY."""


@dataclass(frozen=True, kw_only=True)
class LinkTo(Kind):
    """The id of one record of another table."""

    entity: str


@dataclass(frozen=True, kw_only=True)
class Joined(Kind):
    """A column of the record that another field links to, its name above all: joined when read, never copied."""

    link: str
    column: str = "name"


@dataclass(frozen=True, kw_only=True)
class OneEmail(Kind):
    """A single `{"email", "category"}`."""


@dataclass(frozen=True, kw_only=True)
class Contacts(Kind):
    """A list of `{item, "category"}`: e-mails, phone numbers, socials, websites."""

    item: str
    categories: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Address(Kind):
    """`{"street", "city", "state", "postal_code", "country"}`."""


@dataclass(frozen=True, kw_only=True)
class Tags(Kind):
    """Words put on a record."""


@dataclass(frozen=True, kw_only=True)
class Reference(Kind):
    """`{"id", "type"}` of one record of several possible types; stored in two columns. With `goes_along` the record is
    part of what it refers to: it goes to the trash with it, and comes back with it."""

    types: tuple[str, ...]
    goes_along: bool = False
    null_as_object: bool = False


@dataclass(frozen=True, kw_only=True)
class ActivityType(Kind):
    """`{"id", "category"}` of an activity type; stored in two columns."""


@dataclass(frozen=True, kw_only=True)
class Json(Kind):
    """A value that the server writes and readers pass through."""

    empty: str = "null"


@dataclass(frozen=True, kw_only=True)
class CustomFields(Kind):
    """Values of the fields that an account defines for itself."""
