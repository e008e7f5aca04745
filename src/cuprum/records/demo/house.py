"""The house of the demo account: who works there, the pipelines, the words and the fields of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from cuprum.records.custom_fields import create_definition
from cuprum.records.new_account import add_pipeline, open_account
from cuprum.records.people_of_account import add_user
from cuprum.records.work import Work

USERS = (
    ("Ana Ferreira", "ana@harbour.example", "owner"),
    ("Ben Okafor", "ben@harbour.example", "member"),
    ("Chie Tanaka", "chie@harbour.example", "member"),
    ("Dev Patel", "dev@harbour.example", "admin"),
)

SALES = (("Qualified", 10), ("Visit", 30), ("Proposal", 50), ("Negotiation", 80))
FIT_OUT = (("Planned", None), ("Building", None), ("Delivered", None))
LOSS_REASONS = ("Price", "Competitor", "No budget", "Timing")

# Name, type, entities, options or currency.
FIELDS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...] | str], ...] = (
    ("Preferred wood", "MultiSelect", ("company", "opportunity"), ("Oak", "Larch", "Teak", "Iroko", "Douglas fir", "Marine ply")),
    ("Boat", "String", ("opportunity", "project"), ()),
    ("Hull length (m)", "Float", ("opportunity", "project"), ()),
    ("Delivery wanted", "Date", ("opportunity",), ()),
    ("Deposit", "Currency", ("opportunity",), "EUR"),
    ("Certified timber only", "Checkbox", ("company", "opportunity"), ()),
    (
        "Speaks",
        "Dropdown",
        ("person", "lead"),
        ("English", "Portuguese", "French", "Spanish", "Japanese", "Greek", "Ukrainian", "Dutch"),
    ),
    ("Discount", "Percentage", ("company",), ()),
    ("Yard handbook", "URL", ("company",), ()),
    ("Cutting list", "Text", ("project",), ()),
)


def open_house(connection: Connection) -> None:
    open_account(connection, name="Harbour & Pine", zone="Europe/Lisbon", currency="EUR", pipelines={}, loss_reasons=LOSS_REASONS)
    add_pipeline(connection, "Sales", SALES, 0, silent_after_days=14)
    add_pipeline(connection, "Fit-out", FIT_OUT, 1, kind="project", is_revenue=False)
    for name, email, role in USERS:
        add_user(connection, email=email, name=name, role=role)


def furnish(work: Work) -> None:
    """Define the custom fields."""
    for name, data_type, entities, further in FIELDS:
        body: dict[str, Any] = {"name": name, "data_type": data_type, "available_on": list(entities), "is_filterable": True}
        if isinstance(further, str):
            body["currency"] = further
        elif further:
            body["options"] = [{"name": option} for option in further]
        create_definition(work, body)
