"""What the conditions of a filter mean to the database; names of linked things are searched only where the actor sees them."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, true

from cuprum.entities import kinds, reading
from cuprum.kit.errors import Invalid, Problem
from cuprum.kit.text import fold
from cuprum.records.asked_condition import Asked, Clause
from cuprum.records.number_conditions import date_clause, number_clause
from cuprum.records.text_conditions import named_clause, reference_clause, text_clause, words
from cuprum.records.where import Condition, Where
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import custom_key, tag_key

ME = "me"


def clause_of(work: Work, entity: str, where: Where) -> Clause:
    """True for the records that fit. Raises Invalid with a problem for each condition that means nothing, by its field."""
    problems: list[Problem] = []
    within, between = (and_, or_) if where.is_any else (or_, and_)
    clauses = []
    for item in where.items:
        own = [_clause(work, entity, one, problems) for one in ((item,) if isinstance(item, Condition) else item)]
        clauses.append(own[0] if len(own) == 1 else within(*own))
    if problems:
        raise Invalid(*problems)
    return between(*clauses) if clauses else true()


def problem_of(work: Work, entity: str, condition: Condition) -> str | None:
    """What is wrong with a condition by itself."""
    problems: list[Problem] = []
    _clause(work, entity, condition, problems)
    return problems[0].reason if problems else None


def _clause(work: Work, entity: str, condition: Condition, problems: list[Problem]) -> Clause:
    try:
        return _meaning(Asked(work, entity, condition))
    except PydanticCustomError as refusal:
        problems.append(Problem(condition.field, refusal.message(), refusal.type))
        return false()


def _meaning(asked: Asked) -> Clause:
    if asked.operator in ("empty", "no"):
        return ~_is_filled(asked)
    if asked.operator in ("filled", "yes"):
        return _is_filled(asked)
    match asked.attribute.sort:
        case "number":
            return number_clause(asked)
        case "date":
            return date_clause(asked)
        case "words" | "several" if asked.attribute.definition:
            return _options(asked)
        case "tags":
            return _tags(asked)
        case "words" | "ids":
            return _one_of(asked)
        case "record":
            return _one_of(asked) if asked.operator in ("any", "none") else named_clause(asked)
        case "reference":
            return reference_clause(asked)
    return text_clause(asked)


def _is_filled(asked: Asked) -> Clause:
    held = asked.held()
    if held is not None:
        # Asked of each record: it stops at the first row that there is.
        return exists(held.where(held.selected_columns[0] == asked.records.c.id))
    match asked.attribute.field.kind:
        case kinds.Text(folded=True):
            return asked.records.c[f"{asked.attribute.name}_key"] != ""
        case kinds.Reference():
            return asked.records.c[f"{asked.attribute.name}_id"].is_not(None)
        case kinds.Flag():
            return asked.column.is_(True)
    if asked.attribute.sort == "text":
        return func.coalesce(words(asked), "") != ""
    return asked.column.is_not(None)


def _one_of(asked: Asked) -> Clause:
    ids = _ids(asked)
    if asked.operator == "none":
        return or_(asked.column.is_(None), asked.column.not_in(ids))
    return asked.column.in_(ids)


def _ids(asked: Asked) -> list[Any]:
    kind = asked.attribute.field.kind
    if isinstance(kind, kinds.Choice):
        return [kind.options.index(str(reading.choice(value, kind.options))) for value in asked.values]
    mine = {ME: asked.work.actor.user_id} if isinstance(kind, kinds.LinkTo) and kind.entity == "user" else {}
    # The id 0 is a value: Note.
    return [mine.get(value) or reading.whole_number(value, 0, reading.LARGEST_ID) for value in asked.values]


def _options(asked: Asked) -> Clause:
    definition = asked.attribute.definition
    assert definition is not None
    wanted = {reading.record_id(value, definition.name) for value in asked.values}
    known = asked.held_custom().where(custom_key.c.option_id.in_(list(wanted & definition.living.keys())))
    return _several(asked, known, custom_key.c.record_id, len(wanted))


def _tags(asked: Asked) -> Clause:
    held, wanted = asked.held(), {fold(value) for value in asked.values}
    assert held is not None
    return _several(asked, held.where(tag_key.c.tag_key.in_(sorted(wanted))), tag_key.c.record_id, len(wanted))


def _several(asked: Asked, found: Select[Any], record_id: ColumnElement[int], count: int) -> Clause:
    match asked.operator:
        case "none":
            return asked.records.c.id.not_in(found)
        case "all":
            return asked.records.c.id.in_(found.group_by(record_id).having(func.count() == count))
    return asked.among(found)
