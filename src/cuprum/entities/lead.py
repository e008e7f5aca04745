"""Somebody who may become a customer; conversion turns them into a person, a company and an opportunity."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cuprum.entities.kinds import Amount, Instant, Joined, LinkTo, OneEmail, Text
from cuprum.entities.record import Record
from cuprum.entities.search_keys import AnyEmail, Contains, IncludeConverted, OneOf, Range, Sort
from cuprum.entities.shared_fields import (
    Created,
    Custom,
    CustomerSource,
    Details,
    Id,
    Interactions,
    LastContacted,
    Modified,
    Name,
    Owner,
    PhoneNumbers,
    PostalAddress,
    Socials,
    TagWords,
    Value,
    Websites,
)


class Lead(Record):
    entity: ClassVar = "lead"
    plural: ClassVar = "leads"
    default_sort: ClassVar = "name"
    searches: ClassVar = (IncludeConverted("include_converted_leads"),)
    bulk: ClassVar = ("create", "update")
    relates_to: ClassVar = {"task": None}

    id: Id = None
    name: Name = None
    prefix: Annotated[str | None, Text(label="Prefix")] = None
    first_name: Annotated[str | None, Text(label="First Name", folded=True), Contains("first_name"), Sort("first_name")] = None
    last_name: Annotated[str | None, Text(label="Last Name", folded=True), Contains("last_name"), Sort("last_name")] = None
    middle_name: Annotated[str | None, Text(label="Middle Name", folded=True), Contains("middle_name")] = None
    suffix: Annotated[str | None, Text(label="Suffix")] = None
    address: PostalAddress = None
    assignee_id: Owner = None
    company_name: Annotated[
        str | None, Text(label="Company Name", folded=True), Contains("company_name"), Sort("company_name", "account")
    ] = None
    customer_source_id: CustomerSource = None
    details: Details = None
    email: Annotated[dict[str, Any] | None, OneEmail(label="Email"), AnyEmail("emails"), Sort("email")] = None
    interaction_count: Interactions = 0
    monetary_unit: Annotated[str | None, Text(label="Monetary Unit")] = None
    monetary_value: Value = None
    converted_unit: Annotated[str | None, Text(label="Converted Unit", read_only=True)] = None
    converted_value: Annotated[Any, Amount(label="Converted Value", read_only=True)] = None
    socials: Socials = Field(default_factory=list)
    status: Annotated[str | None, Joined(label="Status", link="status_id"), Sort("status")] = None
    status_id: Annotated[int | None, LinkTo(label="Status Id", entity="lead_status"), OneOf("status_ids")] = None
    tags: TagWords = Field(default_factory=list)
    title: Annotated[str | None, Text(label="Title", folded=True), Contains("title"), Sort("title")] = None
    websites: Websites = Field(default_factory=list)
    phone_numbers: PhoneNumbers = Field(default_factory=list)
    custom_fields: Custom = Field(default_factory=list)
    date_created: Created = 0
    date_modified: Modified = 0
    date_last_contacted: LastContacted = None
    converted_opportunity_id: Annotated[
        int | None, LinkTo(label="Converted Opportunity Id", entity="opportunity", read_only=True)
    ] = None
    converted_contact_id: Annotated[int | None, LinkTo(label="Converted Contact Id", entity="person", read_only=True)] = None
    converted_at: Annotated[int | None, Instant(label="Converted At", read_only=True), Range("converted_date")] = None
    # Leads do not show it, yet an old page of the documentation searches by it (`copper-api/part1.md §10.3`).
    date_status_changed: Annotated[
        int | None,
        Instant(label="Status Changed", read_only=True, hidden=True),
        Range("status_change_date"),
        Range("date_status_changed"),
    ] = None
