"""Custom fields: defined, changed, deleted and put back, each logged whole so that it can be undone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from cuprum.auth.may import may
from cuprum.kit.errors import NotFound
from cuprum.records.custom_field_draft import read_definition
from cuprum.records.vocabulary import Definition
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.work import Work
from cuprum.storage.account_tables import custom_field_definition as definitions
from cuprum.storage.account_tables import custom_field_option as options
from cuprum.storage.rows import inserted_id

ENTITY = "custom_field_definition"


def create_definition(work: Work, body: Any, *, is_required: bool = False) -> int:
    """Define a custom field, behind the others, and return its id; raises Invalid with every problem."""
    may(work.actor, "manage", "custom fields")
    with vocabulary_change(work):
        after = read_definition(body, None, work.vocabulary.account["currency"])
        last = max((one.place for one in work.vocabulary.definitions.values()), default=-1)
        after |= {"is_required": is_required, "place": last + 1}
        definition_id = inserted_id(work.connection, definitions, _columns(after))
        after = _store_options(work, definition_id, after)
        work.group.record(ENTITY, definition_id, "new", {}, after)
    return definition_id


def change_definition(work: Work, definition_id: int, body: Any, *, is_required: bool | None = None) -> None:
    """Change what the body names. `options` replaces the list; what is no longer in it is hidden on every record."""
    may(work.actor, "manage", "custom fields")
    with vocabulary_change(work):
        before = _stored(work, definition_id)
        after = read_definition(body, before, work.vocabulary.account["currency"])
        if is_required is not None:
            after["is_required"] = is_required
        if after != before:
            _replace(work, definition_id, before, after)


def order_definitions(work: Work, definition_ids: list[int]) -> None:
    """Put the fields named into the order given, on every page and form; those not named follow in theirs."""
    may(work.actor, "manage", "custom fields")
    with vocabulary_change(work):
        every = work.vocabulary.definitions
        for definition_id in definition_ids:
            _stored(work, definition_id)
        for place, definition_id in enumerate(dict.fromkeys([*definition_ids, *every])):
            before = as_logged(every[definition_id])
            if before["place"] != place:
                _replace(work, definition_id, before, {**before, "place": place})


def delete_definition(work: Work, definition_id: int) -> None:
    """Hide the field and its values. The values stay on their records: `put_back` shows them again."""
    may(work.actor, "manage", "custom fields")
    with vocabulary_change(work):
        _replace(work, definition_id, _stored(work, definition_id), {})


def put_back(work: Work, definition_id: int, wanted: dict[str, Any]) -> None:
    """Make the definition what it was by a log entry's `before`, options by their ids; an empty one deletes it."""
    may(work.actor, "manage", "custom fields")
    with vocabulary_change(work):
        found = work.vocabulary.definitions.get(definition_id)
        before = as_logged(found) if found else {}
        if wanted != before:
            _replace(work, definition_id, before, wanted)


def as_logged(definition: Definition) -> dict[str, Any]:
    """The whole definition as the change log holds it."""
    listed = [{"id": option_id, "name": name, "rank": rank} for rank, (option_id, name) in enumerate(definition.living.items())]
    return {
        "name": definition.name, "data_type": definition.data_type, "available_on": list(definition.available_on),
        "is_filterable": definition.is_filterable, "currency": definition.currency, "options": listed,
        "is_required": definition.is_required, "place": definition.place,
    }  # fmt: skip


def _stored(work: Work, definition_id: int) -> dict[str, Any]:
    found = work.vocabulary.definitions.get(definition_id)
    if found is None:
        raise NotFound
    return as_logged(found)


def _replace(work: Work, definition_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    columns = {**_columns(after), "deleted_at": None} if after else {"deleted_at": work.now}
    work.execute(update(definitions).where(definitions.c.id == definition_id).values(**columns))
    if after:
        after = _store_options(work, definition_id, after)
    kind = "update" if before and after else "delete" if before else "restore"
    work.group.record(ENTITY, definition_id, kind, before, after)


def _columns(definition: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in definition.items() if name != "options"}


def _store_options(work: Work, definition_id: int, definition: dict[str, Any]) -> dict[str, Any]:
    """Write the options and return the definition with the ids of all of them."""
    stored, own = [], options.c.definition_id == definition_id
    work.execute(update(options).where(own, options.c.deleted_at.is_(None)).values(deleted_at=work.now))
    for option in definition["options"]:
        columns = {"name": option["name"], "rank": option["rank"]}
        option_id = option["id"]
        if option_id is None:
            option_id = inserted_id(work.connection, options, {**columns, "definition_id": definition_id})
        else:
            work.execute(update(options).where(own, options.c.id == option_id).values(**columns, deleted_at=None))
        stored.append({"id": option_id, **columns})
    return {**definition, "options": stored}
