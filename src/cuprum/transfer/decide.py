"""What becomes of one row: new, changed, the same as a record, a repetition, or refused; tried out, or written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import IntegrityError

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, fields, kinds
from cuprum.kit.errors import CuprumError, Invalid, Problem
from cuprum.kit.text import fold
from cuprum.records.draft import Draft, read_draft
from cuprum.records.stored import stored
from cuprum.records.work import Work
from cuprum.records.write import change_from, create_from, rehearse
from cuprum.transfer.body import Body, guess_companies, read_body
from cuprum.transfer.matches import Key, Matches, Seen, ambiguous, keys_of
from cuprum.transfer.plan import FILL, SKIP, Plan
from cuprum.transfer.sheet import Row
from cuprum.transfer.targets import Target

NEW, CHANGED, SAME, REPEATED, REFUSED = "new", "changed", "same", "repeated", "refused"
OUTCOMES = (NEW, CHANGED, SAME, REPEATED, REFUSED)


@dataclass(frozen=True)
class Outcome:
    """`reason` says why a row was left out, `record_id` which record it is, where there is one.

    Tried out, a row that would come in says what it would change: the attributes as they stand in `before`, and `after`.
    """

    line: int
    kind: str
    record_id: int | None = None
    reason: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


class NotTogether(Exception):
    """A row was refused after something of it was written: where all rows share one attempt, none of them can stay."""


def decide(work: Work, plan: Plan, targets: dict[str, Target], rows: list[Row], seen: Seen, *, write: bool) -> Iterator[Outcome]:
    """One outcome a row, in order; with `write` each is written when it is given, and nothing of those refused.

    Inside of the group's `together` the rows have no attempt of their own; raises NotTogether where one would have needed it.
    """
    bodies = [read_body(work, plan, targets, row) for row in rows]
    guess_companies(work, plan, bodies)
    read = [(row, body, keys_of(plan, body)) for row, body in zip(rows, bodies, strict=True)]
    matches = Matches(work, plan.entity, (key for _, _, keys in read for key in keys))
    for row, body, keys in read:
        written = work.group.count
        try:
            outcome = _one(work, plan, row, body, keys, matches.of(keys), seen, write)
        except CuprumError as refusal:
            if work.group.later and (work.group.count > written or isinstance(refusal.__cause__, IntegrityError)):
                raise NotTogether from refusal
            outcome = Outcome(row.line, REFUSED, reason=reason_of(refusal))
        if outcome.kind not in (REFUSED, REPEATED):
            seen.note(keys, row.line, outcome.record_id)
        yield outcome


def _one(work: Work, plan: Plan, row: Row, body: Body, keys: list[Key], found: list[int], seen: Seen, write: bool) -> Outcome:
    record_keys: list[Key] = [("record", record_id) for record_id in found]
    earlier = seen.line_of([*keys, *record_keys])
    if earlier is not None:
        return Outcome(row.line, REPEATED, reason=f"repeats line {earlier}")
    if body.problems:
        # What the API's own readers say of the rest comes along.
        draft = read_draft(work, ENTITIES[plan.entity], body.values)
        raise Invalid(*body.problems, *draft.problems)
    if body.id and not found:
        raise Invalid(Problem("id", f"there is no {plan.entity} {body.id[:40]}"))
    if len(found) > 1:
        raise Invalid(ambiguous(plan.entity, found))
    if not found:
        return _new(work, plan, row, body, write)
    if plan.matches == SKIP:
        return Outcome(row.line, SAME, found[0], f"is {plan.entity} {found[0]} already")
    return _update(work, plan, row, body, found[0], write)


def _new(work: Work, plan: Plan, row: Row, body: Body, write: bool) -> Outcome:
    may(work.actor, "create", plan.entity)
    draft = read_draft(work, ENTITIES[plan.entity], body.guesses | body.values)
    if not write:
        return Outcome(row.line, NEW, after=_rehearsed(draft))
    with _attempt(work):
        return Outcome(row.line, NEW, create_from(draft))


def _attempt(work: Work) -> AbstractContextManager[None]:
    return work.group.attempt() if work.group.later is None else nullcontext()


def _update(work: Work, plan: Plan, row: Row, body: Body, record_id: int, write: bool) -> Outcome:
    before = stored(work, plan.entity, record_id)
    may(work.actor, "update", plan.entity, before)
    draft = read_draft(work, ENTITIES[plan.entity], dict(_for_update(plan, body, before)), before)
    if not write:
        after = _rehearsed(draft)
        is_changed = bool(after)
    else:
        after, changes = {}, work.group.count
        with _attempt(work):
            change_from(draft)
        is_changed = work.group.count > changes
    if is_changed:
        return Outcome(row.line, CHANGED, record_id, before=before if after else {}, after=after)
    return Outcome(row.line, SAME, record_id, f"is {plan.entity} {record_id} already, with the same values")


def _rehearsed(draft: Draft) -> dict[str, Any]:
    """What would change. The rules would create a company that there is not yet, and a dry run writes nothing."""
    brings_company = draft.record.entity != "lead" and bool(draft.values.get("company_name"))
    company = {"company_name": draft.values.pop("company_name")} if brings_company else {}
    return rehearse(draft) | company


def _for_update(plan: Plan, body: Body, before: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values that may go over those that stand: with `fill` only where nothing does. Lists grow, and lose nothing."""
    fills = plan.matches == FILL
    kind_of = {field.name: field.kind for field in fields(ENTITIES[plan.entity])}
    for name, value in body.values.items():
        stands = before.get(name)
        match kind_of[name]:
            case kinds.Contacts(item=item):
                if not (fills and stands):
                    yield name, _grown(value, stands or [], item)
            case kinds.Tags():
                yield name, [*(stands or []), *value]
            case kinds.Address():
                kept = {part: one for part, one in (stands or {}).items() if one}
                yield name, {**value, **kept} if fills else {**kept, **value}
            case kinds.CustomFields():
                blank = [one for one in value if not fills or _is_blank((stands or {}).get(one["custom_field_definition_id"]))]
                yield name, blank
            case kinds.Joined(link=link):
                if not (fills and before.get(link)):
                    yield name, value
            case _ if not (fills and not _is_blank(stands)):
                yield name, value
    for name, value in body.guesses.items():
        if before.get(name) is None:
            yield name, value


def _is_blank(value: Any) -> bool:
    return value in (None, "", [], {})


def _grown(given: list[dict[str, Any]], stands: list[dict[str, Any]], item: str) -> list[dict[str, Any]]:
    there = {fold(one[item]) for one in stands}
    return [*stands, *(one for one in given if fold(one[item]) not in there)]


def reason_of(refusal: CuprumError) -> str:
    if isinstance(refusal, Invalid):
        return "; ".join(f"{_label(one)}: {one.reason}" if one.attribute != "base" else one.reason for one in refusal.problems)
    return str(refusal)


def _label(problem: Problem) -> str:
    """As the targets of a mapping are called."""
    return "Owner" if problem.attribute == "assignee_id" else problem.field.removesuffix(" Id")
