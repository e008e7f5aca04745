"""What every record has, and how its definition is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from cuprum.entities.kinds import Kind


class Record(BaseModel):
    """The base of the entities. Fields stand in the order of the wire; none is required here, because an update names
    only what changes: `required` on a kind says what a new record must have."""

    model_config = ConfigDict(extra="forbid", validate_default=False)

    entity: ClassVar[str]
    plural: ClassVar[str]
    default_sort: ClassVar[str]
    searches: ClassVar[tuple[Any, ...]] = ()
    bulk: ClassVar[tuple[str, ...]] = ()
    relates_to: ClassVar[dict[str, int | None]] = {}


@dataclass(frozen=True)
class Field:
    """One field of an entity: its wire name, kind, further facts (search keys) and default."""

    name: str
    kind: Kind
    facts: tuple[Any, ...]
    default: Any


@cache
def fields(record: type[Record]) -> tuple[Field, ...]:
    return tuple(_fields(record))


def _fields(record: type[Record]) -> Iterator[Field]:
    for name, info in record.model_fields.items():
        kind = next(fact for fact in info.metadata if isinstance(fact, Kind))
        facts = tuple(fact for fact in info.metadata if not isinstance(fact, Kind))
        yield Field(name, kind, facts, info.get_default(call_default_factory=True))


def fields_among(record: type[Record], names: Iterable[str]) -> list[Field]:
    """The fields that are named, in the order of their names; what names none is left out."""
    known = _by_name(record)
    return [known[name] for name in names if name in known]


def field(record: type[Record], name: str) -> Field:
    return _by_name(record)[name]


@cache
def _by_name(record: type[Record]) -> dict[str, Field]:
    return {one.name: one for one in fields(record)}
