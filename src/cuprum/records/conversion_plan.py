"""What a conversion of a lead would do: whom and what it may become part of, and where each of its values goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, or_, select

from cuprum.entities import Opportunity, field
from cuprum.kit.text import fold
from cuprum.records import company_match
from cuprum.records.convert_lead import OF_THE_PERSON, domain_of, person_with_email
from cuprum.records.logged import flat
from cuprum.records.naming import names_of
from cuprum.records.stored import stored
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

How = Literal["new", "existing", "none"]
_MOST = 6
_OPEN = field(Opportunity, "status").kind.options.index("Open")  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Candidate:
    """A record that is there already; `reason` completes "proposed because …"."""

    id: int
    name: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """The likeliest candidates first. `is_same` when the first person has the lead's address and there can be no other."""

    lead: dict[str, Any]
    people: list[Candidate]
    is_same: bool
    companies: list[Candidate]
    opportunities: list[Candidate]
    company_name: str
    opportunity_name: str
    moves: dict[str, int]


def plan(work: Work, lead_id: int) -> Plan:
    """What could become of a lead; raises NotFound for one that was converted."""
    lead = stored(work, "lead", lead_id)
    people, is_same = _people(work, lead)
    companies = _companies(work, lead, people[0].id if is_same else None)
    return Plan(
        lead,
        people,
        is_same,
        companies,
        _opportunities(work, people, companies),
        (lead["company_name"] or "").strip() or domain_of(lead) or "",
        (lead["company_name"] or "").strip() or lead["name"],
        {entity: count for entity in ("activity", "task") if (count := _count(work, entity, lead_id))},
    )


def _people(work: Work, lead: dict[str, Any]) -> tuple[list[Candidate], bool]:
    same = person_with_email(work, lead)
    if same is not None:
        return [Candidate(same, names_of(work, [("person", same)])[("person", same)], "has the same e-mail address")], True
    people = TABLES["person"]
    named = select(people.c.id, people.c.name).where(people.c.name_key == fold(lead["name"] or ""), visible(work.actor, "person"))
    rows = work.execute(named.order_by(people.c.id).limit(_MOST)) if lead["name"] else ()
    return [Candidate(row.id, row.name, "has the same name") for row in rows], False


def _companies(work: Work, lead: dict[str, Any], person_id: int | None) -> list[Candidate]:
    """That of the person who is there already, then by domain, then by name."""
    found: dict[int, Candidate] = {}
    if person_id is not None and (held := stored(work, "person", person_id)["company_id"]):
        for (_, company_id), name in names_of(work, [("company", held)]).items():
            found[company_id] = Candidate(company_id, name, "is where they work")
    domain = domain_of(lead)
    if domain and (holder := company_match.with_domain(work, domain)):
        name = names_of(work, [("company", holder)])[("company", holder)]
        found.setdefault(holder, Candidate(holder, name, f"has the domain {domain}"))
    if given := (lead["company_name"] or "").strip():
        same, alike = company_match.named(work, given), company_match.alike(work, given)
        for ids_and_names, reason in ((same, "has the same name"), (alike, "has a name like it")):
            for company_id, name in ids_and_names:
                found.setdefault(company_id, Candidate(company_id, name, reason))
    return list(found.values())[:_MOST]


def _opportunities(work: Work, people: list[Candidate], companies: list[Candidate]) -> list[Candidate]:
    """The open ones of those whom the lead may become part of."""
    deals = TABLES["opportunity"]
    theirs = or_(
        deals.c.primary_contact_id.in_([one.id for one in people]), deals.c.company_id.in_([one.id for one in companies])
    )
    if not people and not companies:
        return []
    found = select(deals.c.id, deals.c.name, deals.c.company_id).where(
        theirs, deals.c.status == _OPEN, visible(work.actor, "opportunity")
    )
    names = {one.id: one.name for one in companies}
    return [
        Candidate(row.id, row.name, f"is open with {names[row.company_id]}" if row.company_id in names else "is open with them")
        for row in work.execute(found.order_by(deals.c.id.desc()).limit(_MOST))
    ]


def _count(work: Work, entity: str, lead_id: int) -> int:
    records, name = TABLES[entity], "parent" if entity == "activity" else "related_resource"
    of_lead = records.c[f"{name}_type"] == "lead", records.c[f"{name}_id"] == lead_id
    counted: int = work.execute(
        select(func.count()).select_from(records).where(*of_lead, visible(work.actor, entity))
    ).scalar_one()
    return counted


def homes(work: Work, lead: dict[str, Any], person_id: int | None, company: How, opportunity: How) -> list[tuple[str, list[str]]]:
    """Each value that the lead has, by its name (`custom_fields.12` for custom ones), with the entities that take it over.

    `person_id` is None when a person is made. What nobody takes over stays with the lead, which can be found as converted.
    """
    person = stored(work, "person", person_id) if person_id is not None else None
    made = [entity for entity, how in (("company", company), ("opportunity", opportunity)) if how == "new"]
    found = []
    for name, value in flat("lead", lead).items():
        if value not in (None, "", [], {}) and name not in _LEFT_OUT:
            found.append((name, list(_takers(work, name, value, person, made))))
    return found


# The parts of a name go with the name; a currency with its amount.
_LEFT_OUT = (
    "prefix", "first_name", "middle_name", "last_name", "suffix", "monetary_unit", "converted_unit", "converted_value",
    "visibility", "date_status_changed", "converted_at", "converted_contact_id", "converted_opportunity_id",
)  # fmt: skip


def _takers(work: Work, name: str, value: Any, person: dict[str, Any] | None, made: list[str]) -> Iterable[str]:
    whole, _, definition_id = name.partition(".")
    if definition_id:
        yield from _with_definition(work, int(definition_id), person, made)
    elif whole == "tags":
        yield from ("person", *made)
    elif whole == "email":
        yield "person"
    elif whole in OF_THE_PERSON:
        if person is None or not person[whole]:
            yield "person"
        if whole == "address" and "company" in made:
            yield "company"
    elif whole == "company_name":
        yield from (entity for entity in ("company",) if entity in made)
    elif whole in ("name", "assignee_id") and person is None:
        yield "person"
    if whole in ("assignee_id", "customer_source_id", "monetary_value") and "opportunity" in made:
        yield "opportunity"


def _with_definition(work: Work, definition_id: int, person: dict[str, Any] | None, made: list[str]) -> Iterable[str]:
    definition = work.vocabulary.definitions.get(definition_id)
    for entity in ("person", *made):
        is_filled = entity == "person" and person is not None and definition_id in (person["custom_fields"] or {})
        if definition and entity in definition.available_on and not is_filled:
            yield entity
