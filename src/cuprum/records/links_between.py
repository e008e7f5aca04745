"""Which fields point at an entity: read from the definitions, for whoever must follow links backwards."""

from __future__ import annotations

from functools import cache

from cuprum.entities import ENTITIES, Field, fields, kinds


@cache
def pointing_at(entity: str) -> tuple[tuple[str, Field], ...]:
    """Every `(entity, field)` that links or refers to it and that people write; a converted lead keeps its own."""
    return tuple(
        (other, field)
        for other, record in ENTITIES.items()
        for field in fields(record)
        if not field.kind.read_only and _points(field, entity)
    )


def _points(field: Field, entity: str) -> bool:
    match field.kind:
        case kinds.LinkTo(entity=linked):
            return linked == entity
        case kinds.Reference(types=types):
            return entity in types
    return False


@cache
def pointers(entity: str) -> tuple[Field, ...]:
    """The fields of an entity that point at records and that people write."""
    return tuple(one for one in fields(ENTITIES[entity]) if not one.kind.read_only and _points_at_records(one))


def _points_at_records(field: Field) -> bool:
    match field.kind:
        case kinds.LinkTo(entity=linked):
            return linked in ENTITIES
        case kinds.Reference():
            return True
    return False


def target(field: Field, value: object) -> tuple[str, int] | None:
    """The `(entity, id)` that a value of such a field points at."""
    match field.kind, value:
        case kinds.LinkTo(entity=linked), int():
            return linked, value
        case kinds.Reference(), {"type": str(kind), "id": int(record_id)}:
            return kind, record_id
    return None
