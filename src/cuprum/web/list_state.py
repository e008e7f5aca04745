"""The state of a list or board, as it stands in its address: words, filters, order, columns, and which saved view it began as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, false

from cuprum.entities import Record
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.records.conditions import clause_of
from cuprum.records.criteria import criteria
from cuprum.records.where import WHERE, Where, read_where
from cuprum.records.work import Work
from cuprum.web.visit import Visit
from cuprum.web.ways import AGENDA, BOARD, PASSING

MATCH, COLUMNS, VIEW, OF = "match", "columns", "view", "of"
_ORDER = ("sort_by", "sort_direction")
# The signs of a filter, which mean nothing in a query.
_PLAIN = ";(),:"
_FURTHER_PATHS = {"opportunity": (BOARD,), "task": (AGENDA,)}


@dataclass(frozen=True)
class ListState:
    """`query` is all of it; raises NotFound for a path where there is no list of these records."""

    record: type[Record]
    path: str
    query: Mapping[str, str]

    @classmethod
    def at_visit(cls, visit: Visit, record: type[Record]) -> ListState:
        if visit.path not in (f"/{record.plural}", *_FURTHER_PATHS.get(record.entity, ())):
            raise NotFound
        return cls(record, visit.path, {name: value for name, value in visit.query.items() if value and name not in PASSING})

    @classmethod
    def behind(cls, visit: Visit, record: type[Record]) -> ListState:
        """The state of the list that a page or form beside it was opened from."""
        address = visit.query.get(OF) or visit.fields.get(OF) or f"/{record.plural}"
        return cls.at_visit(visit.at(address), record)

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The parameters of the search, by their names on the wire."""
        return asked_of(self.record, self.query)

    @cached_property
    def where(self) -> Where:
        """Raises Invalid."""
        return read_where(self.where_text, self.query.get(MATCH, ""))

    @property
    def where_text(self) -> str:
        return self.query.get(WHERE, "")

    @property
    def columns(self) -> list[str]:
        return [name for name in self.query.get(COLUMNS, "").split(",") if name]

    @property
    def view_id(self) -> str:
        return self.query.get(VIEW, "")

    @property
    def kept(self) -> str:
        """What a saved view keeps of it."""
        return _encoded({name: value for name, value in self.query.items() if name != VIEW})

    @property
    def address(self) -> str:
        return self.with_()

    def with_(self, **changes: Any) -> str:
        """The address with some of it changed; None takes it away."""
        return _address(self.path, {**self.query, **changes})

    def with_where(self, where: Where) -> str:
        return self.with_(where=str(where), match="any" if where.is_any and len(where.items) > 1 else None)

    def beside(self, page: str, **further: Any) -> str:
        """The address of a page about this list, which leads back here."""
        return _address(f"/{self.record.plural}/{page}", {OF: self.address, **further})


def within_of(work: Work, state: ListState) -> tuple[ColumnElement[bool], Sequence[Problem]]:
    """What the filter means, for a page with a search of its own; nothing fits one that means nothing, and why."""
    try:
        return clause_of(work, state.record.entity, state.where), ()
    except Invalid as trouble:
        return false(), trouble.problems


def asked_of(record: type[Record], query: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of the search in the address, by their names on the wire."""
    known = criteria(record)
    asked: dict[str, Any] = {name: value for name, value in query.items() if value and name in known}
    asked |= {name: query[name] for name in _ORDER if query.get(name)}
    return asked


def _address(path: str, query: Mapping[str, Any]) -> str:
    encoded = _encoded(query)
    return f"{path}?{encoded}" if encoded else path


def _encoded(query: Mapping[str, Any]) -> str:
    return urlencode({name: value for name, value in query.items() if value not in (None, "")}, safe=_PLAIN)
