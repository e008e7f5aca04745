"""What only companies have: an e-mail domain of their own, and being found by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from cuprum.entities import Company
from cuprum.kit.text import fold
from cuprum.records.draft import Draft
from cuprum.records.system_activities import note_changes
from cuprum.records.unique import Held
from cuprum.records.visible import behind_the_scenes, visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

companies = TABLES["company"]


def prepare(draft: Draft) -> None:
    if draft.changes("email_domain"):
        domain = (draft.values["email_domain"] or "").strip().lower().removeprefix("@") or None
        draft.values["email_domain"] = domain
        if any(held(draft.work, draft.values, draft.before.get("id", 0))):
            draft.refuse("email_domain", "has already been taken", "taken")


def follow(draft: Draft, record_id: int) -> None:
    note_changes(draft, record_id)


def held(work: Work, values: Mapping[str, Any], record_id: int) -> Iterator[Held]:
    """The e-mail domain, where another living company has it, seen or unseen."""
    if domain := values.get("email_domain"):
        others = select(companies.c.id).where(
            companies.c.email_domain_key == fold(domain), companies.c.deleted_at.is_(None), companies.c.id != record_id
        )
        holder_id = work.execute(behind_the_scenes(others, "uniqueness")).scalar()
        if holder_id is not None:
            yield Held("email_domain", domain, holder_id, None)


def company_named(work: Work, name: str) -> int:
    """The id of the oldest visible company of that name, whatever its case; a new one where there is none."""
    from cuprum.records.write import create_from

    named = select(companies.c.id).where(companies.c.name_key == fold(name)[:255], visible(work.actor, "company"))
    found = work.execute(named.order_by(companies.c.id).limit(1)).scalar()
    return found or create_from(Draft(work, Company, {"name": name.strip()}))
