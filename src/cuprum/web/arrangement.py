"""How the fields of each entity stand on pages: what is shown first, what a list has for columns, and plainer labels."""

from __future__ import annotations

from cuprum.entities import Field, Record, fields, kinds

# Shown on the page of a record and in the form of a new one; the others wait under "More fields".
MAIN: dict[str, tuple[str, ...]] = {
    "lead": ("name", "title", "company_name", "email", "phone_numbers", "status_id", "assignee_id", "customer_source_id",
             "monetary_value", "tags", "address", "websites", "details"),
    "person": ("name", "title", "company_id", "emails", "phone_numbers", "assignee_id", "contact_type_id", "tags", "address",
               "websites", "details"),
    "company": ("name", "email_domain", "phone_numbers", "assignee_id", "contact_type_id", "primary_contact_id", "tags",
                "websites", "address", "details"),
    "opportunity": ("name", "company_id", "primary_contact_id", "monetary_value", "pipeline_stage_id", "status",
                    "win_probability", "close_date", "assignee_id", "priority", "customer_source_id", "loss_reason_id", "tags",
                    "details"),
    "project": ("name", "status", "related_resource", "assignee_id", "tags", "details"),
    "task": ("name", "status", "due_date", "reminder_date", "priority", "related_resource", "assignee_id", "tags", "details"),
}  # fmt: skip

# What stands at a glance under the name of a record.
KEY: dict[str, tuple[str, ...]] = {
    "lead": ("title", "company_name", "status_id", "monetary_value", "email", "phone_numbers"),
    "person": ("title", "company_id", "emails", "phone_numbers"),
    "company": ("email_domain", "contact_type_id", "phone_numbers", "primary_contact_id"),
    "opportunity": ("monetary_value", "pipeline_stage_id", "status", "close_date", "company_id", "primary_contact_id"),
    "project": ("status", "related_resource"),
    "task": ("status", "due_date", "related_resource"),
}

COLUMNS: dict[str, tuple[str, ...]] = {
    "lead": ("name", "company_name", "email", "status_id", "monetary_value", "assignee_id"),
    "person": ("name", "title", "company_id", "emails", "phone_numbers", "assignee_id"),
    "company": ("name", "email_domain", "phone_numbers", "contact_type_id", "assignee_id", "tags"),
    "opportunity": ("name", "company_id", "pipeline_stage_id", "status", "monetary_value", "close_date", "assignee_id"),
    "project": ("name", "status", "related_resource", "assignee_id", "tags", "date_modified"),
    "task": ("name", "due_date", "status", "priority", "related_resource", "assignee_id"),
}

# Where people look for another order than a search of the wire has by itself.
DEFAULT_ORDER: dict[str, dict[str, str]] = {"company": {"sort_by": "name"}}

# The filters above a list: search parameters of the wire, each with the field whose words it offers.
FILTERS: dict[str, tuple[tuple[str, str], ...]] = {
    "lead": (("assignee_ids", "assignee_id"), ("status_ids", "status_id"), ("customer_source_ids", "customer_source_id")),
    "person": (("assignee_ids", "assignee_id"), ("contact_type_ids", "contact_type_id")),
    "company": (("assignee_ids", "assignee_id"), ("contact_type_ids", "contact_type_id")),
    "opportunity": (("assignee_ids", "assignee_id"), ("pipeline_stage_ids", "pipeline_stage_id"), ("statuses", "status")),
    "project": (("assignee_ids", "assignee_id"), ("statuses", "status")),
    "task": (("assignee_ids", "assignee_id"), ("statuses", "status"), ("priorities", "priority")),
}

_LABELS = {
    "assignee_id": "Owner", "customer_source_id": "Source", "pipeline_stage_id": "Stage", "monetary_value": "Value",
    "monetary_unit": "Currency", "details": "Description", "related_resource": "Related to", "custom_activity_type_id": "Type",
}  # fmt: skip
# The stage says the pipeline; a change of either is one choice.
_NOT_ALONE = ("pipeline_id",)


def label_of(field: Field) -> str:
    """The label in the words of the page: Copper's say `Company Id` where people read `Company`."""
    return _LABELS.get(field.name) or field.kind.label.removesuffix(" Id").capitalize()


def editable(record: type[Record]) -> list[Field]:
    """The fields that people fill in, those of `MAIN` first and in its order."""
    first = MAIN[record.entity]
    found = [one for one in fields(record) if not _is_ours(one)]
    return sorted(found, key=lambda one: first.index(one.name) if one.name in first else len(first))


def _is_ours(field: Field) -> bool:
    kind = field.kind
    return kind.read_only or kind.hidden or isinstance(kind, kinds.Joined | kinds.CustomFields) or field.name in _NOT_ALONE
