"""Fields that several entities have word for word."""

from __future__ import annotations

from typing import Annotated, Any

from cuprum.entities.kinds import Address, Amount, Contacts, Count, CustomFields, Instant, Json, Key, LinkTo, Tags, Text
from cuprum.entities.search_keys import AddressParts, AnyTag, AnyUrl, Contains, OneOf, Phone, Range, Sort

Id = Annotated[int | None, Key(label="Id", read_only=True), OneOf("ids")]
Name = Annotated[str | None, Text(label="Name", required=True, folded=True), Contains("name"), Sort("name")]
Details = Annotated[str | None, Text(label="Details", long=True)]
Owner = Annotated[int | None, LinkTo(label="Assignee Id", entity="user"), OneOf("assignee_ids"), Sort("assignee", "assigned_to")]
PostalAddress = Annotated[
    dict[str, Any] | None, Address(label="Address"), AddressParts(), Sort("city", "state", "country", "zip")
]
PhoneNumbers = Annotated[
    list[dict[str, Any]],
    Contacts(label="Phone Numbers", item="number", categories=("work", "mobile", "home", "other")),
    Phone("phone_number"),
    Phone("phone_numbers"),
    Sort("phone"),
]
Socials = Annotated[
    list[dict[str, Any]],
    Contacts(
        label="Socials",
        item="url",
        categories=(
            "linkedin", "twitter", "googleplus", "facebook", "youtube", "quora", "foursquare", "klout", "gravatar",
            "instagram", "pinterest", "other",
        ),
    ),
    AnyUrl("socials"),
    Sort("socials"),
]  # fmt: skip
Websites = Annotated[
    list[dict[str, Any]],
    Contacts(label="Websites", item="url", categories=("work", "personal", "other")),
    Sort("primary_website"),
]
TagWords = Annotated[list[str], Tags(label="Tags"), AnyTag("tags")]
Custom = Annotated[list[dict[str, Any]], CustomFields(label="Custom Fields")]
Value = Annotated[Any, Amount(label="Monetary Value"), Range("monetary_value"), Sort("value", "monetary_value")]
Interactions = Annotated[
    int, Count(label="Interaction Count", read_only=True), Range("interaction_count"), Sort("interaction_count")
]
LastContacted = Annotated[
    int | None,
    Instant(label="Last Contacted", read_only=True),
    Range("interaction_date"),
    Sort("last_interaction", "inactive_days"),
]
Created = Annotated[int, Instant(label="Created", read_only=True), Range("created_date"), Sort("date_created")]
Modified = Annotated[int, Instant(label="Modified", read_only=True), Range("modified_date"), Sort("date_modified")]
ConvertedLeads = Annotated[list[int], Json(label="Converted Leads", read_only=True, empty="[]")]
LeadCreated = Annotated[int | None, Instant(label="Lead Created", read_only=True)]
CustomerSource = Annotated[
    int | None,
    LinkTo(label="Customer Source Id", entity="customer_source"),
    OneOf("customer_source_ids"),
    Sort("customer_source_id", "customer_source", "source"),
]
ContactType = Annotated[
    int | None, LinkTo(label="Contact Type Id", entity="contact_type"), OneOf("contact_type_ids"), Sort("contact_group")
]
