"""What only people have: names in parts, a company by name, addresses of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from cuprum.kit.text import fold
from cuprum.records.draft import Draft
from cuprum.records.person_name import name_parts
from cuprum.records.system_activities import note_changes
from cuprum.records.unique import Held
from cuprum.records.words import default_word
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import email_key, emails_of


def prepare(draft: Draft) -> None:
    name_parts(draft)
    _company_by_name(draft)
    _unique_emails(draft)
    if draft.is_new and draft.values.get("contact_type_id") is None:
        draft.values["contact_type_id"] = default_word(draft.work.vocabulary, "contact_type")


def follow(draft: Draft, record_id: int) -> None:
    note_changes(draft, record_id)


def _company_by_name(draft: Draft) -> None:
    """`company_name` without an id links to the company of that name, or creates it (`part1.md §11.1`)."""
    name = draft.values.pop("company_name", None)
    if name and name.strip() and draft.values.get("company_id") is None and not draft.problems:
        from cuprum.records.company import company_named

        draft.values["company_id"] = company_named(draft.work, name)


def _unique_emails(draft: Draft) -> None:
    if draft.changes("emails"):
        for one in held(draft.work, draft.values, draft.before.get("id", 0)):
            draft.refuse(one.field, f"{one.value} has already been taken", "taken")


_HELD = select(email_key.c.email, email_key.c.record_id).where(
    emails_of("person"),
    email_key.c.email.in_(bindparam("wanted", expanding=True)),
    email_key.c.record_id != bindparam("own_id"),
)


def held(work: Work, values: Mapping[str, Any], record_id: int) -> Iterator[Held]:
    """The addresses that another living person has."""
    emails = values.get("emails")
    if not emails:
        return
    wanted = {fold(one["email"]): one["email"] for one in emails}
    found = {row.email: row.record_id for row in work.execute(_HELD, {"wanted": list(wanted), "own_id": record_id})}
    rest = [one for one in emails if fold(one["email"]) not in found]
    for folded, holder_id in found.items():
        yield Held("emails", wanted[folded], holder_id, rest)
