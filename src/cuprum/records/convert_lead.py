"""Turns a lead into a person, a company and an opportunity; what belonged to the lead goes with them.

Values that an existing person or company has are kept: a conversion fills in, it does not overwrite.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError
from sqlalchemy import insert, select, update

from cuprum.auth.may import may
from cuprum.entities import ENTITIES, Company, Lead, Opportunity, Person, reading
from cuprum.kit.errors import Invalid, Problem
from cuprum.kit.public_mail import company_domain
from cuprum.kit.text import fold
from cuprum.records import company_match
from cuprum.records.draft import Draft, read_draft
from cuprum.records.interactions import count_interactions
from cuprum.records.person_name import PARTS
from cuprum.records.related import relate
from cuprum.records.request_body import only_keys, part
from cuprum.records.stored import is_visible, stored, with_kept_aside
from cuprum.records.visible import behind_the_scenes, visible
from cuprum.records.work import Work
from cuprum.records.write import apply, change_from, create_from
from cuprum.storage.account_tables import record_share
from cuprum.storage.dialect import locked
from cuprum.storage.lookup_tables import email_key, emails_of
from cuprum.storage.tables import TABLES

Values = dict[str, Any]

# What a lead says of somebody beside the name and the address; a person who is there already gets what they lack of it.
OF_THE_PERSON = ("title", "address", "details", "phone_numbers", "socials", "websites")


def convert(work: Work, lead_id: int, body: Mapping[str, Any]) -> dict[str, int]:
    """Convert a lead; answers the ids of `person`, `company` and `opportunity`, in so far as they exist.

    Raises NotFound for a lead that was converted, Invalid where a name may mean several companies (`part1.md §10.5`).
    """
    lead = stored(work, "lead", lead_id)
    may(work.actor, "update", "lead", lead)
    wishes = _wishes(body)
    known = _known_person(work, lead, wishes["person"])
    company_id = _company(work, lead, wishes["company"], known)
    person_id = _person(work, lead, wishes["person"], known, company_id)
    made = {"person": person_id}
    if company_id is not None:
        made["company"] = company_id
    if wishes["opportunity"] is not None:
        made["opportunity"] = _opportunity(work, lead, wishes["opportunity"], person_id, company_id)
    _move(work, lead_id, "activity", "parent", person_id)
    _move(work, lead_id, "task", "related_resource", person_id)
    count_interactions(work, "person", person_id)
    converted = {
        "converted_at": work.now,
        "converted_contact_id": person_id,
        "converted_opportunity_id": made.get("opportunity"),
    }
    apply(work, Lead, lead, converted, kind="convert")
    return made


_KEYS = {
    "person": ("id", "name", "contact_type_id", "assignee_id"),
    "company": ("id", "name", "exact_match"),
    "opportunity": ("id", "name", "pipeline_id", "pipeline_stage_id", "monetary_value", "assignee_id"),
}


def _wishes(body: Mapping[str, Any]) -> dict[str, Values | None]:
    """What is asked for of each: None where nothing is said of it."""
    only_keys(body, ("details",))
    details = part(body, "details")
    only_keys(details, _KEYS)
    if details.get("company") == "":
        details = {**details, "company": {"name": ""}}
    asked = {entity: part(details, entity) if details.get(entity) is not None else None for entity in _KEYS}
    for entity, wish in asked.items():
        only_keys(wish or {}, _KEYS[entity])
    return asked


def _known_person(work: Work, lead: Values, wish: Values | None) -> Values | None:
    if wish and wish.get("id") is not None:
        return stored(work, "person", _with_id(work, "person", wish["id"]))
    found = person_with_email(work, lead)
    return None if found is None else stored(work, "person", found)


def person_with_email(work: Work, lead: Values) -> int | None:
    """The person who has the lead's address: an address is one person's, so the lead becomes no other."""
    if not lead["email"]:
        return None
    people = TABLES["person"]
    held = select(email_key.c.record_id).where(emails_of("person"), email_key.c.email == fold(lead["email"]["email"]))
    found: int | None = work.execute(select(people.c.id).where(people.c.id.in_(held), visible(work.actor, "person"))).scalar()
    return found


def _company(work: Work, lead: Values, wish: Values | None, known: Values | None) -> int | None:
    """The id of the company that is asked for, else of the one that the lead itself speaks of."""
    wish = wish or {}
    if wish.get("id") is not None and wish.get("name"):
        raise Invalid(Problem("company", "give its id or its name, not both"))
    if wish.get("id") is not None:
        return _with_id(work, "company", wish["id"])
    if wish.get("name") is not None:
        return _with_name(work, lead, wish)
    if known and known["company_id"] is not None:
        return known["company_id"] if is_visible(work, "company", known["company_id"]) else None
    if (lead["company_name"] or "").strip():
        found = company_match.named(work, lead["company_name"])
        return found[0][0] if found else _new_company(work, lead, lead["company_name"])
    return _with_domain_of(work, lead)


def _with_id(work: Work, entity: str, given: Any) -> int:
    label = f"{entity.capitalize()} Id"
    try:
        record_id = reading.record_id(given, label)
    except PydanticCustomError as refusal:
        raise Invalid(Problem(entity, refusal.message())) from None
    if record_id is None or not is_visible(work, entity, record_id):
        raise Invalid(Problem(entity, f"Invalid value for {label}: there is no {entity} {record_id}"))
    return record_id


def _with_name(work: Work, lead: Values, wish: Values) -> int | None:
    try:
        name, exact = (reading.text(wish["name"]) or "").strip(), reading.flag(wish.get("exact_match"))
    except PydanticCustomError as refusal:
        raise Invalid(Problem("company", refusal.message())) from None
    if not name:
        return None
    if exact:
        found = company_match.named(work, name)
        company_id = found[0][0] if found else None
    else:
        company_id = company_match.the_one_meant(work, name)
    return company_id or _new_company(work, lead, name)


def _with_domain_of(work: Work, lead: Values) -> int | None:
    """The company whose domain the lead's address has; a new one is named after it, unless anybody may have such an address."""
    domain = domain_of(lead)
    if domain is None:
        return None
    return company_match.with_domain(work, domain) or _new_company(work, lead, domain)


def domain_of(lead: Values) -> str | None:
    return company_domain(lead["email"]["email"]) if lead["email"] else None


def _new_company(work: Work, lead: Values, name: str) -> int:
    values = {
        "name": name.strip(),
        "email_domain": _free_domain(work, lead),
        "address": lead["address"],
        # The doc sample shows whoever converts as the owner of a company that is made on the way.
        "assignee_id": work.actor.user_id,
    }
    return _create(work, lead, Draft(work, Company, values | _carried(work, lead, "company")))


def _free_domain(work: Work, lead: Values) -> str | None:
    domain = domain_of(lead)
    companies = TABLES["company"]
    if domain is None:
        return None
    # Whoever holds it, seen or unseen: a conversion does not fail for a domain that nobody asked to set.
    held = select(companies.c.id).where(companies.c.email_domain_key == fold(domain), companies.c.deleted_at.is_(None))
    return None if work.execute(behind_the_scenes(held, "uniqueness")).first() else domain


def _person(work: Work, lead: Values, wish: Values | None, known: Values | None, company_id: int | None) -> int:
    if known:
        _fill_in(work, lead, known, company_id)
        return known["id"]
    draft = read_draft(work, Person, {name: value for name, value in (wish or {}).items() if name != "id"})
    if not draft.values.get("name"):
        draft.values |= {name: lead[name] for name in ("name", *PARTS)}
    draft.values |= {name: lead[name] for name in OF_THE_PERSON} | _carried(work, lead, "person") | _origin(lead)
    draft.values |= {"emails": [lead["email"]] if lead["email"] else [], "company_id": company_id}
    draft.values.setdefault("assignee_id", _in_use(work, "user", lead["assignee_id"]))
    return _create(work, lead, draft)


def _fill_in(work: Work, lead: Values, known: Values, company_id: int | None) -> None:
    """An existing person keeps what they have, the name too, and gets what they lack."""
    may(work.actor, "update", "person", known)
    lacking = {name: lead[name] for name in OF_THE_PERSON if not known[name] and lead[name]}
    carried = _carried(work, lead, "person")
    tags = {fold(tag): tag for tag in [*carried["tags"], *known["tags"]]}
    origin = _origin(lead)
    values = lacking | {
        "emails": _with_address(work, lead, known["emails"]),
        "tags": [*known["tags"], *(tag for key, tag in tags.items() if key not in map(fold, known["tags"]))],
        "custom_fields": carried["custom_fields"] | known["custom_fields"],
        "company_id": known["company_id"] or company_id,
        "leads_converted_from": [*(known["leads_converted_from"] or []), lead["id"]],
        "date_lead_created": known["date_lead_created"] or origin["date_lead_created"],
    }
    change_from(Draft(work, Person, values, known))


def _with_address(work: Work, lead: Values, emails: list[Values]) -> list[Values]:
    """Somebody who was chosen for the lead answers at its address too, unless that is another person's."""
    if not lead["email"]:
        return emails
    holder = select(email_key.c.record_id).where(emails_of("person"), email_key.c.email == fold(lead["email"]["email"]))
    return emails if work.execute(holder).first() else [*emails, lead["email"]]


def _opportunity(work: Work, lead: Values, wish: Values, person_id: int, company_id: int | None) -> int:
    if wish.get("id") is not None:
        return _join(work, lead, _with_id(work, "opportunity", wish["id"]), person_id, company_id)
    draft = read_draft(work, Opportunity, {name: value for name, value in wish.items() if name != "id"})
    if not draft.values.get("name"):
        draft.values["name"] = lead["company_name"] or lead["name"]
    if draft.values.get("monetary_value") is None:
        draft.values["monetary_value"] = lead["monetary_value"]
    draft.values |= {"primary_contact_id": person_id, "company_id": company_id, "monetary_unit": lead["monetary_unit"]}
    draft.values |= {"customer_source_id": _in_use(work, "customer_source", lead["customer_source_id"])}
    draft.values |= _carried(work, lead, "opportunity") | _origin(lead)
    draft.values.setdefault("assignee_id", _in_use(work, "user", lead["assignee_id"]))
    return _create(work, lead, draft)


def _join(work: Work, lead: Values, opportunity_id: int, person_id: int, company_id: int | None) -> int:
    """A deal that is there already keeps what it has, and is related to whom the lead became."""
    deal = stored(work, "opportunity", opportunity_id)
    may(work.actor, "update", "opportunity", deal)
    values = {
        "primary_contact_id": deal["primary_contact_id"] or person_id,
        "company_id": deal["company_id"] or company_id,
        "leads_converted_from": [*(deal["leads_converted_from"] or []), lead["id"]],
        "date_lead_created": deal["date_lead_created"] or lead["date_created"],
    }
    change_from(Draft(work, Opportunity, values, deal))
    relate(work, ("opportunity", opportunity_id), ("person", person_id))
    return opportunity_id


def _in_use(work: Work, table: str, word_id: int | None) -> int | None:
    """The word, unless it was archived or the user has left: that is no reason to refuse a conversion."""
    word = work.vocabulary.words[table].get(word_id or 0)
    return word_id if word and word.get("archived_at") is None and word.get("disabled_at") is None else None


def _origin(lead: Values) -> Values:
    return {"leads_converted_from": [lead["id"]], "date_lead_created": lead["date_created"]}


def _carried(work: Work, lead: Values, entity: str) -> Values:
    """Tags, and the custom values whose definitions the other entity has too."""
    available = {one.id for one in work.vocabulary.definitions_on(entity)}
    custom = {key: value for key, value in lead["custom_fields"].items() if key in available}
    return {"tags": lead["tags"], "custom_fields": custom}


def _create(work: Work, lead: Values, draft: Draft) -> int:
    """Create it for the eyes of those who could see the lead."""
    entity = draft.record.entity
    may(work.actor, "create", entity)
    record_id = create_from(draft)
    if lead["visibility"]:
        records = TABLES[entity]
        work.execute(update(records).where(records.c.id == record_id).values(visibility=lead["visibility"]))
        shares = select(record_share.c.grantee).where(record_share.c.entity == "lead", record_share.c.record_id == lead["id"])
        for grantee in work.execute(shares).scalars().all():
            work.execute(insert(record_share).values(entity=entity, record_id=record_id, grantee=grantee))
    return record_id


def _move(work: Work, lead_id: int, entity: str, reference: str, person_id: int) -> None:
    """Whatever refers to the lead refers to the person: all of it, also what the actor may not see."""
    records, record = TABLES[entity], ENTITIES[entity]
    of_lead = select(records).where(
        records.c[f"{reference}_type"] == "lead", records.c[f"{reference}_id"] == lead_id, records.c.deleted_at.is_(None)
    )
    of_lead = behind_the_scenes(locked(work.connection, of_lead), "moves with the lead")
    for row in work.execute(of_lead).mappings().all():
        apply(work, record, with_kept_aside(record, row), {reference: {"id": person_id, "type": "person"}})
