"""Finds what cells name: owners, words of the account, options, companies, contacts."""

from __future__ import annotations

import re
from collections.abc import Collection

from pydantic_core import PydanticCustomError
from sqlalchemy import select

from cuprum.entities.reading import refuse, shown
from cuprum.kit.public_mail import company_domain
from cuprum.kit.text import fold
from cuprum.records.company_match import named
from cuprum.records.visible import visible
from cuprum.records.vocabulary import Definition
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import email_key, emails_of
from cuprum.storage.tables import TABLES

_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([\w\-]+(?:\.[\w\-]+)+)(?:/\S*)?", re.IGNORECASE)

companies, people = TABLES["company"], TABLES["person"]


def owner(work: Work, cell: str, unknown: str) -> int | None:
    """By e-mail or name; raises PydanticCustomError for nobody who is here, unless `unknown` says what then."""
    wanted = fold(cell)
    users = [one for one in work.vocabulary.words["user"].values() if one["disabled_at"] is None]
    found = [one["id"] for one in users if wanted in (one["email_key"], fold(one["name"]), str(one["id"]))]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        refuse(f"several users are called {shown(cell)}: give an e-mail address", "ambiguous")
    if unknown == "refuse":
        refuse(f"there is no user {shown(cell)}", "inclusion")
    return work.actor.user_id or None if unknown == "me" else None


def word(work: Work, table: str, cell: str, within: int | None = None) -> int:
    """The id of a pipeline, stage, status, source, type or reason by its name; `within` a pipeline for stages."""
    living = [one for one in work.vocabulary.living(table) if within is None or one.get("pipeline_id") == within]
    found = [one["id"] for one in living if fold(one["name"]) == fold(cell)]
    if not found:
        known = ", ".join(dict.fromkeys(str(one["name"]) for one in living[:20]))
        refuse(f"there is no {table.replace('_', ' ')} {shown(cell)}; there are {known}", "inclusion")
    return found[0]


def option(definition: Definition, cell: str) -> int | None:
    return next((option_id for option_id, name in definition.living.items() if fold(name) == fold(cell)), None)


def no_option(definition: Definition, cell: str) -> PydanticCustomError:
    known = ", ".join(list(definition.living.values())[:20])
    return PydanticCustomError(
        "inclusion", "{reason}", {"reason": f"has no option {shown(cell)}; its options are {known}"}
    )  # fmt: skip


def company(work: Work, cell: str) -> int | None:
    """By domain where the cell is one, else by name; None where there is no such company."""
    if (found := _DOMAIN.fullmatch(cell)) and (company_id := company_of_domain(work, found[1])):
        return company_id
    found_ids = named(work, cell)
    return found_ids[0][0] if found_ids else None


def company_of_domain(work: Work, domain: str) -> int | None:
    return None if company_domain(domain) is None else companies_of_domains(work, {fold(domain)}).get(fold(domain))


def companies_of_domains(work: Work, domains: Collection[str]) -> dict[str, int]:
    """The oldest visible company of each of these folded domains that has one."""
    if not domains:
        return {}
    statement = select(companies.c.email_domain_key, companies.c.id).where(companies.c.email_domain_key.in_(domains))
    found = work.execute(statement.where(visible(work.actor, "company")).order_by(companies.c.id.desc()))
    return {row.email_domain_key: row.id for row in found}


def contact(work: Work, cell: str) -> int:
    """A person by e-mail, else by name if only one has it."""
    if "@" in cell:
        statement = select(people.c.id).join(email_key, email_key.c.record_id == people.c.id)
        statement = statement.where(emails_of("person"), email_key.c.email == fold(cell))
    else:
        statement = select(people.c.id).where(people.c.name_key == fold(cell)[:255])
    found = list(work.execute(statement.where(visible(work.actor, "person")).order_by(people.c.id).limit(2)).scalars())
    if not found:
        refuse(f"there is no person {shown(cell)}", "inclusion")
    if len(found) > 1:
        refuse(f"several people are called {shown(cell)}: give an e-mail address", "ambiguous")
    return found[0]
