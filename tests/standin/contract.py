"""The facts of Copper's wire that the stand-in serves, written from copper-api/ alone."""

from dataclasses import dataclass, field
from typing import Any

ADDRESS_KEYS = ("street", "city", "state", "postal_code", "country")


@dataclass(frozen=True)
class Entity:
    """One entity: its names, its keys in wire order with defaults, and what a write may name."""

    name: str
    plural: str
    defaults: dict[str, Any]
    writable: frozenset[str]
    search: frozenset[str]
    sorts: frozenset[str]
    default_sort: str = "name"
    bulk: frozenset[str] = field(default_factory=frozenset)
    files: bool = True
    activities: bool = True


PAGING = {"page_number", "page_size", "sort_by", "sort_direction", "ids", "custom_fields", "fields"}
PLACE = {"city", "state", "postal_code", "country"}


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def between(*names: str) -> set[str]:
    return {f"{edge}_{name}" for name in names for edge in ("minimum", "maximum")}


NAME_PARTS = {"prefix": None, "first_name": None, "middle_name": None, "last_name": None, "suffix": None}

LEAD = Entity(
    "lead",
    "leads",
    {
        "id": 0, "name": None, "prefix": None, "first_name": None, "last_name": None, "middle_name": None,
        "suffix": None, "address": None, "assignee_id": None, "company_name": None, "customer_source_id": None,
        "details": None, "email": None, "interaction_count": 0, "monetary_unit": None, "monetary_value": None,
        "converted_unit": None, "converted_value": None, "socials": [], "status": None, "status_id": None,
        "tags": [], "title": None, "websites": [], "phone_numbers": [], "custom_fields": [], "date_created": 0,
        "date_modified": 0, "date_last_contacted": None, "converted_opportunity_id": None,
        "converted_contact_id": None, "converted_at": None,
    },
    frozenset(
        {*NAME_PARTS, "name", "address", "assignee_id", "company_name", "customer_source_id", "details", "email",
         "monetary_unit", "monetary_value", "phone_numbers", "socials", "status", "status_id", "tags", "title",
         "websites", "custom_fields"}
    ),
    frozenset(
        {*PAGING, *PLACE, "name", "phone_number", "emails", "assignee_ids", "status_ids", "customer_source_ids", "tags",
         "socials", "followed", "age", "include_converted_leads", "first_name", "last_name", "middle_name",
         "company_name", "title",
         *between("monetary_value", "interaction_count", "interaction_date", "created_date", "modified_date")}
    ),
    words("""
        name first_name last_name company_name title value email phone date_modified date_created city state country
        zip inactive_days socials
    """),
    bulk=frozenset({"bulk_create", "bulk_update"}),
)  # fmt: skip

PERSON = Entity(
    "person",
    "people",
    {
        "id": 0, "name": None, "prefix": None, "first_name": None, "middle_name": None, "last_name": None,
        "suffix": None, "address": None, "assignee_id": None, "company_id": None, "company_name": None,
        "contact_type_id": None, "details": None, "emails": [], "phone_numbers": [], "socials": [], "tags": [],
        "title": None, "websites": [], "custom_fields": [], "date_created": 0, "date_modified": 0,
        "date_last_contacted": None, "interaction_count": 0, "leads_converted_from": [], "date_lead_created": None,
    },
    frozenset(
        {*NAME_PARTS, "name", "address", "assignee_id", "company_id", "company_name", "contact_type_id", "details",
         "emails", "phone_numbers", "socials", "tags", "title", "websites", "custom_fields"}
    ),
    frozenset(
        {*PAGING, *PLACE, "name", "phone_number", "phone_numbers", "emails", "contact_type_ids", "assignee_ids",
         "company_ids", "opportunity_ids", "tags", "socials", "followed", "age", "title",
         *between("interaction_count", "interaction_date", "created_date", "modified_date")}
    ),
    words("""
        name first_name last_name title email phone date_modified date_created city state country zip socials
    """),
    default_sort="first_name",
    bulk=frozenset({"bulk_create", "bulk_update"}),
)  # fmt: skip

COMPANY = Entity(
    "company",
    "companies",
    {
        "id": 0, "name": None, "address": None, "assignee_id": None, "contact_type_id": None, "details": None,
        "email_domain": None, "phone_numbers": [], "primary_contact_id": None, "socials": [], "tags": [],
        "websites": [], "custom_fields": [], "interaction_count": 0, "date_created": 0, "date_modified": 0,
    },
    frozenset(
        {"name", "address", "assignee_id", "contact_type_id", "details", "email_domain", "phone_numbers",
         "primary_contact_id", "socials", "tags", "websites", "custom_fields"}
    ),
    frozenset(
        {*PAGING, *PLACE, "name", "phone_number", "email_domains", "email_domain", "contact_type_ids", "assignee_ids",
         "primary_contact_ids", "tags", "socials", "followed", "age",
         *between("interaction_count", "interaction_date", "created_date", "modified_date")}
    ),
    words("""
        name phone contact contact_first_name contact_last_name date_modified date_created email_domain city state
        country zip assignee contact_group last_interaction interaction_count primary_website socials
    """),
    default_sort="date_modified",
    bulk=frozenset({"bulk_create", "bulk_update"}),
)  # fmt: skip

OPPORTUNITY = Entity(
    "opportunity",
    "opportunities",
    {
        "id": 0, "name": None, "assignee_id": None, "close_date": None, "company_id": None, "company_name": None,
        "customer_source_id": None, "details": None, "loss_reason_id": None, "pipeline_id": None,
        "pipeline_is_revenue": True, "pipeline_stage_id": None, "pipeline_type": "opportunity",
        "primary_contact_id": None, "priority": "None", "status": "Open", "tags": [], "interaction_count": 0,
        "monetary_unit": None, "monetary_value": None, "converted_unit": None, "converted_value": None,
        "win_probability": None, "date_stage_changed": None, "date_last_contacted": None,
        "leads_converted_from": [], "date_lead_created": None, "date_created": 0, "date_modified": 0,
        "custom_fields": [],
    },
    frozenset(
        {"name", "primary_contact_id", "assignee_id", "close_date", "company_id", "company_name", "customer_source_id",
         "details", "loss_reason_id", "monetary_value", "monetary_unit", "pipeline_id", "pipeline_stage_id", "priority",
         "status", "tags", "win_probability", "custom_fields"}
    ),
    frozenset(
        {*PAGING, "name", "company_name", "assignee_ids", "status_ids", "statuses", "pipeline_ids",
         "pipeline_stage_ids", "priority_ids", "priorities", "primary_contact_ids", "customer_source_ids",
         "loss_reason_ids", "company_ids", "tags", "followed", "age", "close_date",
         *between("monetary_value", "win_probability", "interaction_count", "close_date", "interaction_date",
                  "stage_change_date", "date_stage_changed", "created_date", "modified_date")}
    ),
    words("""
        name account company_name value assignee customer_source_id date_modified date_created contact stage status
        close_date source priority last_interaction interaction_count deal_last_stage win_probability inactive_days
        monetary_unit monetary_value primary_contact
    """),
    bulk=frozenset({"bulk_create"}),
)  # fmt: skip

PROJECT = Entity(
    "project",
    "projects",
    {
        "id": 0, "name": None, "related_resource": None, "assignee_id": None, "status": "Open", "details": None,
        "tags": [], "custom_fields": [], "date_created": 0, "date_modified": 0,
    },
    frozenset({"name", "related_resource", "assignee_id", "status", "details", "tags", "custom_fields"}),
    frozenset(
        {*PAGING, "name", "assignee_ids", "status_ids", "tags", "followed", *between("created_date", "modified_date")}
    ),
    words("""
        name assigned_to related_to status date_modified date_created
    """),
    activities=False,
)  # fmt: skip

TASK = Entity(
    "task",
    "tasks",
    {
        "id": 0, "name": None, "related_resource": {"id": None, "type": None}, "assignee_id": None, "due_date": None,
        "reminder_date": None, "completed_date": None, "priority": "None", "status": "Open", "details": None,
        "tags": [], "custom_fields": [], "date_created": 0, "date_modified": 0, "custom_activity_type_id": 3,
    },
    frozenset(
        {"name", "related_resource", "assignee_id", "due_date", "reminder_date", "priority", "status", "details",
         "tags", "custom_fields", "custom_activity_type_id"}
    ),
    frozenset(
        {*PAGING, "name", "phrase", "related_resource", "assignee_ids", "opportunity_ids", "project_ids", "statuses",
         "priorities", "tags", "followed",
         *between("due_date", "reminder_date", "completed_date", "close_date", "created_date", "modified_date")}
    ),
    words("""
        name assigned_to related_to status priority due_date reminder_date completed_date date_created date_modified
    """),
    default_sort="due_date",
    files=False,
    activities=False,
)  # fmt: skip

ENTITIES = {one.name: one for one in (LEAD, PERSON, COMPANY, OPPORTUNITY, PROJECT, TASK)}
BY_PLURAL = {one.plural: one for one in ENTITIES.values()}

ACTIVITY_WRITABLE = {"parent", "type", "details", "user_id", "activity_date"}
ACTIVITY_SEARCH = {
    "parent", "activity_types", "page_number", "page_size", "minimum_activity_date", "maximum_activity_date",
    "full_result", "user_ids", "sort_by", "sort_direction",
}  # fmt: skip

STATUSES = {"opportunity": ("Open", "Won", "Lost", "Abandoned"), "project": ("Open", "Completed"),
            "task": ("Open", "Completed")}  # fmt: skip
PRIORITIES = ("None", "Low", "Medium", "High")

RELATABLE = {
    "lead": {"task"},
    "person": {"company", "opportunity", "task", "project"},
    "company": {"person", "opportunity", "task", "project"},
    "opportunity": {"company", "person", "task", "project"},
    "project": {"company", "person", "opportunity", "task"},
    "task": {"company", "person", "opportunity", "lead", "project"},
}

ICON_TYPES = (
    "Message Phone Event Assignment Assessment Group Description Speaker Notes Forum Web Loyalty Content Paste Headset "
    "Share Navigation Notification Voicemail Room Edit Send Videocam Play Arrow Grocery Store Mic Camera Mic Todo"
)

# What a stored value's key is called in a search parameter that ends in _ids.
ID_FILTERS = {
    "assignee_ids": "assignee_id", "status_ids": "status_id", "customer_source_ids": "customer_source_id",
    "contact_type_ids": "contact_type_id", "company_ids": "company_id", "pipeline_ids": "pipeline_id",
    "pipeline_stage_ids": "pipeline_stage_id", "primary_contact_ids": "primary_contact_id",
    "loss_reason_ids": "loss_reason_id",
}  # fmt: skip
STAMPS = {
    "created_date": "date_created", "modified_date": "date_modified", "interaction_date": "date_last_contacted",
    "stage_change_date": "date_stage_changed", "close_date": "close_date",
}  # fmt: skip
