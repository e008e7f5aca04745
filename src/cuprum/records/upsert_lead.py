"""Find a lead by name, e-mail or custom field and update it, or create it: one at a time for each value looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import Select, select

from cuprum.entities import Lead, reading
from cuprum.kit.errors import Ambiguous, Invalid, Problem
from cuprum.kit.text import fold
from cuprum.records.custom_values import date_zone, read_custom
from cuprum.records.draft import read_draft
from cuprum.records.links import check_links
from cuprum.records.request_body import only_keys, part
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.records.write import change, create
from cuprum.storage.dialect import lock_word
from cuprum.storage.lookup_tables import custom_key, email_key, emails_of
from cuprum.storage.tables import TABLES

MOST_IDS_TOLD = 30

leads = TABLES["lead"]


def upsert(work: Work, body: Mapping[str, Any]) -> int:
    """Create or update the lead that fits `match` and return its id; raises Invalid (`copper-api/part1.md §10.4`)."""
    try:
        only_keys(body, ("properties", "match"))
        found, key, given = _looked_for(work, part(body, "match"))
    except Invalid as refusal:
        raise Invalid(*refusal.problems, *_problems_of_properties(work, body)) from None
    properties = part(body, "properties")
    # Two upserts of one value at once would both find nothing and create two leads.
    lock_word(work.connection, f"upsert lead {key}")
    ids = _ids(work, found)
    if not ids:
        return create(work, "lead", {**given, **properties})
    if len(ids) > 1:
        raise _several(ids)
    change(work, "lead", ids[0], properties)
    return ids[0]


# What finds the leads, a word for what is looked for, and what a new lead gets of it.
Found = tuple[Select[Any], str, dict[str, Any]]


def _looked_for(work: Work, match: Mapping[str, Any]) -> Found:
    only_keys(match, ("field_name", "field_value"))
    field_name, wanted = match.get("field_name"), match.get("field_value")
    if wanted in (None, "", {}, []):
        raise Invalid(Problem("match", "field_value can't be blank", "blank"))
    match field_name:
        case "name":
            return _named(wanted)
        case "email":
            return _with_email(wanted)
        case "custom":
            return _with_custom_value(work, wanted)
    raise Invalid(Problem("match", "field_name must be one of name, email, custom", "inclusion"))


def _problems_of_properties(work: Work, body: Mapping[str, Any]) -> Sequence[Problem]:
    """What is wrong with them whichever lead they are for: whether a name is missing, only a match can tell."""
    try:
        draft = read_draft(work, Lead, part(body, "properties"))
        check_links(draft)
        draft.check()
    except Invalid as refusal:
        return refusal.problems
    return ()


def _named(wanted: Any) -> Found:
    name = _text(wanted)
    return select(leads.c.id).where(leads.c.name_key == fold(name)[:255]), f"name {fold(name)}", {"name": name}


def _with_email(wanted: Any) -> Found:
    if isinstance(wanted, dict):
        wanted = wanted.get("email")
    email = _text(wanted)
    found = select(email_key.c.record_id).where(emails_of("lead"), email_key.c.email == fold(email))
    return (
        select(leads.c.id).where(leads.c.id.in_(found)),
        f"email {fold(email)}",
        {"email": {"email": email, "category": "work"}},
    )


def _text(wanted: Any) -> str:
    try:
        text = (reading.text(wanted) or "").strip()
    except PydanticCustomError as refusal:
        raise Invalid(Problem("match", f"field_value {refusal.message()}")) from None
    if not text:
        raise Invalid(Problem("match", "field_value can't be blank", "blank"))
    return text


def _with_custom_value(work: Work, wanted: Any) -> Found:
    """Leads that hold exactly the value; of several options each must be there. It is not written into a new lead."""
    if not isinstance(wanted, dict):
        raise Invalid(Problem("match", 'field_value must be an object with "custom_field_definition_id" and "value"'))
    definition_id, value = _definition(work, wanted), wanted.get("value")
    zone = date_zone(work.settings.date_zone, work.vocabulary)
    stored, problems = read_custom({definition_id: value}, "lead", work.vocabulary, zone)
    if problems:
        raise Invalid(*(Problem("match", f"field_value: {problem.reason}", problem.code) for problem in problems))
    if stored[definition_id] in (None, []):
        raise Invalid(Problem("match", "field_value can't be blank", "blank"))
    held = select(custom_key.c.record_id).where(custom_key.c.entity == "lead", custom_key.c.definition_id == definition_id)
    found = select(leads.c.id)
    match stored[definition_id]:
        case list(options):
            for option in options:
                found = found.where(leads.c.id.in_(held.where(custom_key.c.option_id == option)))
        case bool(ticked):
            found = found.where(leads.c.id.in_(held.where(custom_key.c.number == int(ticked))))
        case int(option):
            found = found.where(leads.c.id.in_(held.where(custom_key.c.option_id == option)))
        case text:
            found = found.where(leads.c.id.in_(held.where(custom_key.c.text == fold(text)[:255])))
    return found, f"custom {definition_id} {stored[definition_id]}", {}


def _definition(work: Work, wanted: Mapping[str, Any]) -> int:
    only_keys(wanted, ("custom_field_definition_id", "value"))
    try:
        definition_id = reading.record_id(wanted.get("custom_field_definition_id"), "Custom Field Definition Id")
    except PydanticCustomError as refusal:
        raise Invalid(Problem("match", refusal.message())) from None
    definition = work.vocabulary.definitions.get(definition_id or 0)
    if definition is None or "lead" not in definition.available_on:
        raise Invalid(Problem("match", f"Custom field {definition_id} is not available on lead"))
    if not definition.is_filterable:
        raise Invalid(Problem("match", f"Custom field {definition_id} is not filterable: an admin can make it so"))
    return definition.id


def _ids(work: Work, found: Select[Any]) -> list[int]:
    found = found.where(present(work.actor, "lead")).order_by(leads.c.id).limit(MOST_IDS_TOLD + 1)
    return list(work.execute(found).scalars())


def _several(ids: list[int]) -> Ambiguous:
    if len(ids) > MOST_IDS_TOLD:
        return Ambiguous(Problem("match", f"more than {MOST_IDS_TOLD} leads match", "ambiguous"), [])
    return Ambiguous(Problem("match", f"{len(ids)} leads match: {', '.join(map(str, ids))}", "ambiguous"), ids)
