"""How many records have a value in a custom field, and how many each of its options, as far as the actor may see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import custom_key
from cuprum.storage.tables import TABLES


def field_uses(work: Work, *definition_ids: int) -> dict[int, dict[str, int]]:
    """For each field that has values: entity and how many of them."""
    uses: dict[int, dict[str, int]] = {}
    for entity in _entities(work, definition_ids):
        of_it = select(custom_key.c.definition_id, func.count(custom_key.c.record_id.distinct()))
        for definition_id, count in work.execute(_seen(work, of_it, entity, definition_ids).group_by(custom_key.c.definition_id)):
            uses.setdefault(definition_id, {})[entity] = count
    return uses


def option_uses(work: Work, definition_id: int) -> dict[int, dict[str, int]]:
    """For each option that was chosen: entity and how many of them."""
    uses: dict[int, dict[str, int]] = {}
    for entity in _entities(work, (definition_id,)):
        of_it = select(custom_key.c.option_id, func.count())
        for option_id, count in work.execute(_seen(work, of_it, entity, (definition_id,)).group_by(custom_key.c.option_id)):
            uses.setdefault(option_id, {})[entity] = count
    return uses


def _entities(work: Work, definition_ids: tuple[int, ...]) -> list[str]:
    wanted = (work.vocabulary.definitions[one] for one in definition_ids if one in work.vocabulary.definitions)
    return list(dict.fromkeys(entity for one in wanted for entity in one.available_on))


def _seen(work: Work, statement: Any, entity: str, definition_ids: tuple[int, ...]) -> Any:
    records = TABLES[entity]
    return statement.join_from(custom_key, records, records.c.id == custom_key.c.record_id).where(
        custom_key.c.definition_id.in_(definition_ids), custom_key.c.entity == entity, visible(work.actor, entity)
    )
