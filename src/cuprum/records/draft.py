"""A write before it is done: the values given, what stood before, and every rule they break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from cuprum.entities import Record, fields, fields_among, kinds
from cuprum.entities.reading import instant, is_calendar
from cuprum.kit.errors import Invalid, Malformed, Problem
from cuprum.records.custom_values import date_zone, read_custom, read_day
from cuprum.records.work import Work

BASE = "base"


@dataclass
class Draft:
    """`values` are the attributes to write, `before` the stored record (empty when it is new)."""

    work: Work
    record: type[Record]
    values: dict[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # What the stored record's fields join of others, where somebody read it along.
    joined: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return not self.before

    def get(self, name: str) -> Any:
        """The value as it will be."""
        return self.values[name] if name in self.values else self.before.get(name)

    def changes(self, name: str) -> bool:
        return name in self.values and self.values[name] != self.before.get(name)

    def refuse(self, attribute: str, reason: str, code: str = "invalid") -> None:
        self.problems.append(Problem(attribute, reason, code))

    def refuse_blank(self, attribute: str) -> None:
        """Nothing is there that is needed, unless what was given is refused already: that is wrong, not blank."""
        if not any(problem.attribute == attribute for problem in self.problems):
            self.refuse(attribute, "can't be blank", "blank")

    def check(self) -> None:
        if self.problems:
            raise Invalid(*sorted(self.problems, key=self._place))

    def _place(self, problem: Problem) -> int:
        names = [BASE, *(one.name for one in fields(self.record))]
        return names.index(problem.attribute) if problem.attribute in names else len(names)


def read_draft(work: Work, record: type[Record], body: Any, before: Mapping[str, Any] | None = None) -> Draft:
    """A draft of the attributes in a request body, with the problems that the body alone shows."""
    if not isinstance(body, dict):
        raise Malformed("Malformed request: the body must be a JSON object")
    values, problems = _validated(record, body)
    draft = Draft(work, record, values, before or {}, problems)
    _days(draft, body)
    _custom_values(draft)
    return draft


def _validated(record: type[Record], body: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    problems: list[Problem] = []
    try:
        model = record.model_validate(body)
    except ValidationError as refusals:
        problems = _problems(refusals)
        refused = {error["loc"][0] for error in refusals.errors(include_url=False, include_context=False, include_input=False)}
        model = record.model_validate({key: value for key, value in body.items() if key not in refused})
    # A client may send back a whole record that it read: what only we write is passed over.
    return {name: getattr(model, name) for name in model.model_fields_set - _only_ours(record)}, problems


@cache
def _only_ours(record: type[Record]) -> frozenset[str]:
    return frozenset(one.name for one in fields(record) if one.kind.read_only or one.kind.hidden)


def _problems(refusals: ValidationError) -> list[Problem]:
    unknown, problems = [], []
    for error in refusals.errors(include_url=False, include_input=False):
        attribute = str(error["loc"][0])
        if error["type"] == "extra_forbidden":
            unknown.append(attribute.encode("utf-8", "replace").decode()[:100])
        else:
            problems.append(Problem(attribute, error["msg"], error["type"]))
    if unknown:
        problems.insert(0, Problem(BASE, f"Unrecognized attributes specified: {', '.join(unknown)}"))
    return problems


def _days(draft: Draft, body: Mapping[str, Any]) -> None:
    """Days and moments are those of the account's zone, which the fields' own readers do not know."""
    for one in fields_among(draft.record, draft.values):
        if draft.values[one.name] is None or not isinstance(one.kind, kinds.Day | kinds.Instant):
            continue
        zone = date_zone(draft.work.settings.date_zone, draft.work.vocabulary)
        if isinstance(one.kind, kinds.Day):
            draft.values[one.name] = read_day(body[one.name], zone)
        elif is_calendar(body[one.name]):
            draft.values[one.name] = instant(body[one.name], ZoneInfo(zone))


def _custom_values(draft: Draft) -> None:
    for one in fields_among(draft.record, draft.values):
        if isinstance(one.kind, kinds.CustomFields):
            zone = date_zone(draft.work.settings.date_zone, draft.work.vocabulary)
            given, problems = read_custom(draft.values[one.name], draft.record.entity, draft.work.vocabulary, zone)
            draft.problems += problems
            # Only the definitions that are listed change.
            merged = dict(draft.before.get(one.name) or {}) | given
            draft.values[one.name] = {key: value for key, value in merged.items() if value not in (None, [])}
