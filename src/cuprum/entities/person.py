"""Somebody we know, working for at most one company."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cuprum.entities.kinds import Contacts, Joined, LinkTo, Text
from cuprum.entities.record import Record
from cuprum.entities.related import Related
from cuprum.entities.search_keys import AnyEmail, Contains, LinkedFrom, OneOf, Sort
from cuprum.entities.shared_fields import (
    ContactType,
    ConvertedLeads,
    Created,
    Custom,
    Details,
    Id,
    Interactions,
    LastContacted,
    LeadCreated,
    Modified,
    Name,
    Owner,
    PhoneNumbers,
    PostalAddress,
    Socials,
    TagWords,
    Websites,
)


class Person(Record):
    entity: ClassVar = "person"
    plural: ClassVar = "people"
    default_sort: ClassVar = "first_name"
    searches: ClassVar = (LinkedFrom("opportunity_ids", "opportunity"),)
    bulk: ClassVar = ("create", "update")
    relates_to: ClassVar = {"company": 1, "opportunity": None, "task": None, "project": None}

    id: Id = None
    name: Name = None
    prefix: Annotated[str | None, Text(label="Prefix")] = None
    first_name: Annotated[str | None, Text(label="First Name", folded=True), Sort("first_name")] = None
    middle_name: Annotated[str | None, Text(label="Middle Name")] = None
    last_name: Annotated[str | None, Text(label="Last Name", folded=True), Sort("last_name")] = None
    suffix: Annotated[str | None, Text(label="Suffix")] = None
    address: PostalAddress = None
    assignee_id: Owner = None
    company_id: Annotated[int | None, LinkTo(label="Company Id", entity="company"), OneOf("company_ids"), Related(alone=True)] = (
        None
    )
    company_name: Annotated[str | None, Joined(label="Company Name", link="company_id"), Sort("company_name")] = None
    contact_type_id: ContactType = None
    details: Details = None
    emails: Annotated[
        list[dict[str, Any]],
        Contacts(label="Emails", item="email", categories=("work", "personal", "other")),
        AnyEmail("emails"),
        Sort("email"),
    ] = Field(default_factory=list)
    phone_numbers: PhoneNumbers = Field(default_factory=list)
    socials: Socials = Field(default_factory=list)
    tags: TagWords = Field(default_factory=list)
    title: Annotated[str | None, Text(label="Title", folded=True), Contains("title"), Sort("title")] = None
    websites: Websites = Field(default_factory=list)
    custom_fields: Custom = Field(default_factory=list)
    date_created: Created = 0
    date_modified: Modified = 0
    date_last_contacted: LastContacted = None
    interaction_count: Interactions = 0
    leads_converted_from: ConvertedLeads = Field(default_factory=list)
    date_lead_created: LeadCreated = None
