"""Search: the parameters of a request become one page of records and an exact total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, and_, func, select, true

from cuprum.entities import ENTITIES, Record, reading
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.criteria import Condition, Criterion, Crowd, criteria
from cuprum.records.sorting import order_by, sort_keys
from cuprum.records.visible import seen_by, visible
from cuprum.records.wire import objects, shape
from cuprum.records.work import Work
from cuprum.storage.dialect import is_few
from cuprum.storage.tables import TABLES

LARGEST_PAGE = 200


@dataclass(frozen=True)
class Page:
    """The wire objects of one page, and how many records match in all."""

    records: list[dict[str, Any]]
    total: int


def search(
    work: Work,
    entity: str,
    body: Mapping[str, Any],
    query: Mapping[str, Any],
    *,
    computed: bool = False,
    within: ColumnElement[bool] | None = None,
) -> Page:
    """A page of the visible records that fit every parameter, and `within` where there is one.

    `body` wins over `query`; keys unknown in the body are refused, unknown ones in the query ignored (`part1.md §5`).
    Raises Invalid with every problem.
    """
    asked = _Asked(ENTITIES[entity])
    asked.read({**query, **body}, strict=body.keys())
    clauses = list(asked.clauses(work))
    asked.check()
    seen = [visible(work.actor, entity), *([] if within is None else [within])]
    # A page of a crowd is found by walking in the order asked for. Its total is counted by walking too, or from its own list
    # where nothing else narrows the search.
    where = seen + [one.check if isinstance(one, Crowd) else one for one in clauses]
    listed = seen + [one.condition if isinstance(one, Crowd) else one for one in clauses]
    counted = listed if asked.parameters == 1 and within is None else where
    total = work.execute(select(func.count()).select_from(TABLES[entity]).where(*counted)).scalar_one()
    offset = (asked.page_number - 1) * asked.page_size
    size = asked.page_size
    if window := work.settings.search_window:
        size = max(0, min(size, window - offset))
    if offset >= total or size == 0:
        return Page([], total)
    if asked.is_bounded and is_few(work.connection, total):
        key = TABLES[entity].c.id
        where = [*seen, key.in_(select(key).where(*where).correlate(None))]
    statement = (
        shape(work.actor, entity).statement.where(*where).order_by(*order_by(work, entity, asked.sort_by, asked.descending))
    )
    rows = work.execute(statement.limit(size).offset(offset), seen_by(work.actor)).all()
    return Page(objects(work, entity, rows, computed=computed, only=asked.only), total)


def page_size(value: Any) -> int | None:
    """From 1 to 200. Clients ask for more than there can be; they get the most there is (`part1.md §5`)."""
    read = reading.number(value)
    return reading.whole_number(None if read is None else min(read, LARGEST_PAGE), 1, LARGEST_PAGE)


class _Asked:
    """The parameters of one search, read with every problem noted."""

    def __init__(self, record: type[Record]) -> None:
        self.record = record
        self.problems: list[Problem] = []
        self.page_number, self.page_size = 1, 20
        self.sort_by = record.default_sort
        # Activities come newest first; everything else ascends (`part2.md §4.3`).
        self.descending = record.entity == "activity"
        self.only: frozenset[str] | None = None
        self._given: list[tuple[str, Criterion, Any]] = []

    def read(self, parameters: Mapping[str, Any], *, strict: Iterable[str]) -> None:
        known, strict = criteria(self.record), set(strict)
        unknown = []
        for key, value in parameters.items():
            if key in ("page_number", "page_size", "sort_by", "sort_direction", "fields"):
                self._paging(key, value)
            elif key in known:
                if value is not None and value != "" and value != []:
                    self._given.append((key, known[key], value))
            elif key in strict:
                unknown.append(key.encode("utf-8", "replace").decode()[:100])
        if unknown:
            self.problems.insert(0, Problem("base", f"Unrecognized attributes specified: {', '.join(unknown)}"))

    def _paging(self, key: str, value: Any) -> None:
        if value is None or value == "":
            return
        try:
            match key:
                case "page_number":
                    self.page_number = reading.whole_number(value, 1, 2**31) or 1
                case "page_size":
                    self.page_size = page_size(value) or 20
                case "sort_by":
                    self.sort_by = reading.choice(value, sort_keys(self.record.entity)) or self.record.default_sort
                case "sort_direction":
                    self.descending = reading.choice(value, ("asc", "desc")) == "desc"
                case "fields":
                    self.only = frozenset(map(str, value if isinstance(value, list) else str(value).split(","))) or None
        except PydanticCustomError as refusal:
            self.problems.append(Problem(key, refusal.message(), refusal.type))

    @property
    def parameters(self) -> int:
        return len(self._given)

    @property
    def is_bounded(self) -> bool:
        """Whether bounds are all that was asked for."""
        return bool(self._given) and all(criterion.bound for _, criterion, _ in self._given)

    def clauses(self, work: Work) -> Iterable[Condition | Crowd]:
        given = {key for key, _, _ in self._given}
        for key, criterion in criteria(self.record).items():
            if criterion.always and key not in given:
                yield from criterion.clauses(work, None)
        for key, criterion, value in self._given:
            try:
                yield from criterion.clauses(work, value)
            except PydanticCustomError as refusal:
                self.problems.append(Problem(key, refusal.message(), refusal.type))

    def check(self) -> None:
        if self.problems:
            raise Invalid(*self.problems)


def narrowed(work: Work, entity: str, query: Mapping[str, Any]) -> tuple[list[Condition | Crowd], str, bool]:
    """The conditions of a search, the name of its order and whether it descends; unknown keys are ignored. Raises Invalid."""
    asked = _Asked(ENTITIES[entity])
    asked.read(query, strict=())
    clauses = list(asked.clauses(work))
    asked.check()
    return clauses, asked.sort_by, asked.descending


def matching(work: Work, entity: str, query: Mapping[str, Any]) -> ColumnElement[bool]:
    """The condition of a search, for sums over all that it finds; unknown keys are ignored. Raises Invalid."""
    clauses, _, _ = narrowed(work, entity, query)
    return and_(true(), *(one.condition if isinstance(one, Crowd) else one for one in clauses))
