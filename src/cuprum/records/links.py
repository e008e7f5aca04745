"""Links point at something that is there and that the actor may see."""

from __future__ import annotations

from cuprum.entities import ENTITIES, fields_among, kinds
from cuprum.records.draft import Draft
from cuprum.records.stored import is_visible


def check_links(draft: Draft) -> None:
    """Refuse links and references that lead nowhere; those that do not change may keep an archived word."""
    for field in fields_among(draft.record, draft.values):
        if field.kind.read_only or not draft.changes(field.name) or (value := draft.values[field.name]) is None:
            continue
        match field.kind:
            case kinds.LinkTo(entity=entity, label=label) if not _is_there(draft, entity, value):
                draft.refuse(field.name, f"Invalid value for {label}: there is no {entity.replace('_', ' ')} {value}")
            case kinds.Reference() if not _is_there(draft, value["type"], value["id"]):
                draft.refuse(field.name, f"there is no {value['type']} {value['id']}")


def _is_there(draft: Draft, entity: str, record_id: int) -> bool:
    if entity in ENTITIES:
        return is_visible(draft.work, entity, record_id)
    word = draft.work.vocabulary.words[entity].get(record_id)
    return word is not None and word.get("archived_at") is None and word.get("disabled_at") is None
