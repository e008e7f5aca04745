"""An organisation that people work for."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from cuprum.entities.kinds import Instant, LinkTo, Text
from cuprum.entities.record import Record
from cuprum.entities.search_keys import Equals, OneOf, Range, Sort
from cuprum.entities.shared_fields import (
    ContactType,
    Created,
    Custom,
    Details,
    Id,
    Interactions,
    Modified,
    Name,
    Owner,
    PhoneNumbers,
    PostalAddress,
    Socials,
    TagWords,
    Websites,
)


class Company(Record):
    entity: ClassVar = "company"
    plural: ClassVar = "companies"
    default_sort: ClassVar = "date_modified"
    bulk: ClassVar = ("create", "update")
    relates_to: ClassVar = {"person": None, "opportunity": None, "task": None, "project": None}

    id: Id = None
    name: Name = None
    address: PostalAddress = None
    assignee_id: Owner = None
    contact_type_id: ContactType = None
    details: Details = None
    email_domain: Annotated[
        str | None,
        Text(label="Email Domain", folded=True),
        Equals("email_domains"),
        Equals("email_domain"),
        Sort("email_domain"),
    ] = None
    phone_numbers: PhoneNumbers = Field(default_factory=list)
    primary_contact_id: Annotated[
        int | None,
        LinkTo(label="Primary Contact Id", entity="person"),
        OneOf("primary_contact_ids"),
        Sort("contact", "contact_first_name", "contact_last_name"),
    ] = None
    socials: Socials = Field(default_factory=list)
    tags: TagWords = Field(default_factory=list)
    websites: Websites = Field(default_factory=list)
    custom_fields: Custom = Field(default_factory=list)
    interaction_count: Interactions = 0
    # Copper's companies do not show it, yet they are searched and sorted by it.
    date_last_contacted: Annotated[
        int | None,
        Instant(label="Last Contacted", read_only=True, hidden=True),
        Range("interaction_date"),
        Sort("last_interaction", "inactive_days"),
    ] = None
    date_created: Created = 0
    date_modified: Modified = 0
