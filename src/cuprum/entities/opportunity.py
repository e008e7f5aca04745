"""A deal on its way through the stages of a pipeline."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from cuprum.entities.kinds import Amount, Choice, Count, Day, Instant, Joined, LinkTo, Text
from cuprum.entities.record import Record
from cuprum.entities.related import Related
from cuprum.entities.search_keys import Codes, Contains, Entered, Equals, OneOf, Range, Sort, Words
from cuprum.entities.shared_fields import (
    ConvertedLeads,
    Created,
    Custom,
    CustomerSource,
    Details,
    Id,
    Interactions,
    LastContacted,
    LeadCreated,
    Modified,
    Name,
    Owner,
    TagWords,
)


class Opportunity(Record):
    entity: ClassVar = "opportunity"
    plural: ClassVar = "opportunities"
    default_sort: ClassVar = "name"
    bulk: ClassVar = ("create",)
    relates_to: ClassVar = {"company": None, "person": None, "task": None, "project": None}
    searches: ClassVar = (Entered("entered_stage"), Entered("went_on_from_stage", went_on=True))

    id: Id = None
    name: Name = None
    assignee_id: Owner = None
    close_date: Annotated[str | None, Day(label="Close Date"), Equals("close_date"), Range("close_date"), Sort("close_date")] = (
        None
    )
    company_id: Annotated[int | None, LinkTo(label="Company Id", entity="company"), OneOf("company_ids"), Related()] = None
    company_name: Annotated[
        str | None,
        Joined(label="Company Name", link="company_id"),
        Contains("company_name"),
        Sort("company_name", "account"),
    ] = None
    customer_source_id: CustomerSource = None
    details: Details = None
    loss_reason_id: Annotated[
        int | None, LinkTo(label="Loss Reason Id", entity="loss_reason"), OneOf("loss_reason_ids"), Sort("loss_reason")
    ] = None
    pipeline_id: Annotated[int | None, LinkTo(label="Pipeline Id", entity="pipeline"), OneOf("pipeline_ids")] = None
    pipeline_is_revenue: Annotated[
        bool | None, Joined(label="Pipeline Is Revenue", link="pipeline_id", column="is_revenue", read_only=True)
    ] = None
    pipeline_stage_id: Annotated[
        int | None,
        LinkTo(label="Pipeline Stage Id", entity="pipeline_stage"),
        OneOf("pipeline_stage_ids"),
        Sort("stage", "deal_last_stage"),
    ] = None
    pipeline_type: Annotated[str | None, Joined(label="Pipeline Type", link="pipeline_id", column="type", read_only=True)] = None
    primary_contact_id: Annotated[
        int | None,
        LinkTo(label="Primary Contact Id", entity="person"),
        OneOf("primary_contact_ids"),
        Sort("contact", "primary_contact"),
        Related(),
    ] = None
    priority: Annotated[
        str | None,
        Choice(label="Priority", options=("None", "Low", "Medium", "High"), nullable=True),
        Words("priorities"),
        Codes("priority_ids"),
        Sort("priority"),
    ] = "None"
    status: Annotated[
        str,
        Choice(label="Status", options=("Open", "Won", "Lost", "Abandoned")),
        Words("statuses"),
        Codes("status_ids"),
        Sort("status"),
    ] = "Open"
    tags: TagWords = Field(default_factory=list)
    interaction_count: Interactions = 0
    monetary_unit: Annotated[str | None, Text(label="Monetary Unit"), Sort("monetary_unit")] = None
    monetary_value: Annotated[
        Any, Amount(label="Monetary Value", as_float=True), Range("monetary_value"), Sort("value", "monetary_value")
    ] = None
    converted_unit: Annotated[str | None, Text(label="Converted Unit", read_only=True)] = None
    converted_value: Annotated[Any, Amount(label="Converted Value", as_float=True, read_only=True)] = None
    win_probability: Annotated[
        int | None, Count(label="Win Probability", most=100), Range("win_probability"), Sort("win_probability")
    ] = None
    date_stage_changed: Annotated[
        int | None,
        Instant(label="Stage Changed", read_only=True),
        Range("stage_change_date"),
        Range("date_stage_changed"),
        Sort("date_stage_changed"),
    ] = None
    date_last_contacted: LastContacted = None
    leads_converted_from: ConvertedLeads = Field(default_factory=list)
    date_lead_created: LeadCreated = None
    date_created: Created = 0
    date_modified: Modified = 0
    custom_fields: Custom = Field(default_factory=list)
