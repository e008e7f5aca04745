"""A new account: its row, and the words that Copper gives a new account (`copper-api/part1.md §12`, `part2.md §7`)."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select

from cuprum.kit.uuid7 import uuid7
from cuprum.storage import account_tables as tables
from cuprum.storage.rows import inserted_id

CONTACT_TYPES = ("Potential Customer", "Current Customer", "Uncategorized", "Other")
LEAD_STATUSES = ("New", "Open", "Unqualified", "Junk")
CUSTOMER_SOURCES = ("Email", "Cold Call", "Advertising")
LOSS_REASONS = ("Price", "Features", "Competitor")
ACTIVITY_TYPES = (("Phone Call", "Phone", True), ("Meeting", "Group", True))
PIPELINES = {
    "Sales": (("Qualified", 5), ("Follow-up", 10), ("Presentation", 20), ("Contract Sent", 40), ("Negotiation", 80)),
    "Business Development": (("First Meeting", 10), ("Partner Meeting", 25), ("Negotiation", 50), ("Term Sheet", 75)),
}


def has_account(connection: Connection) -> bool:
    return connection.execute(select(tables.account.c.id)).first() is not None


Stages = tuple[tuple[str, int | None], ...]


def open_account(
    connection: Connection,
    *,
    name: str,
    zone: str,
    currency: str,
    pipelines: Mapping[str, Stages] = PIPELINES,
    loss_reasons: tuple[str, ...] = LOSS_REASONS,
) -> None:
    """Write the account and its first words."""
    connection.execute(
        insert(tables.account).values(
            id=10_000 + secrets.randbelow(90_000), name=name, primary_timezone=zone, currency=currency, leads_enabled=True,
            epoch=uuid7(), date_created=int(time.time()),
        )
    )  # fmt: skip
    _words(connection, tables.contact_type, CONTACT_TYPES, default="Uncategorized")
    _words(connection, tables.lead_status, LEAD_STATUSES, default="New")
    _words(connection, tables.customer_source, CUSTOMER_SOURCES)
    _words(connection, tables.loss_reason, loss_reasons)
    _activity_types(connection)
    for place, (pipeline, stages) in enumerate(pipelines.items()):
        add_pipeline(connection, pipeline, stages, place)


def _words(connection: Connection, table: tables.Table, names: tuple[str, ...], default: str | None = None) -> None:
    for place, name in enumerate(names):
        further = {"is_default": name == default} if "is_default" in table.c else {}
        connection.execute(insert(table).values(name=name, place=place, **further))


def _activity_types(connection: Connection) -> None:
    # Note is always 0; the ids of the others follow the account's own sequence.
    values = {"name": "Note", "icon_type": "Description", "place": 0, "is_interaction": False}
    connection.execute(insert(tables.activity_type).values(id=0, **values))
    for place, (name, icon, counts) in enumerate(ACTIVITY_TYPES, start=1):
        connection.execute(insert(tables.activity_type).values(name=name, icon_type=icon, is_interaction=counts, place=place))
    values = {"name": "To Do", "icon_type": "Todo", "place": 3, "is_interaction": False, "is_default_task_type": True}
    connection.execute(insert(tables.activity_type).values(**values))


def add_pipeline(
    connection: Connection,
    name: str,
    stages: Stages,
    place: int,
    kind: str = "opportunity",
    is_revenue: bool = True,
    silent_after_days: int | None = None,
) -> int:
    values = {"name": name, "type": kind, "is_revenue": is_revenue, "place": place, "silent_after_days": silent_after_days}
    pipeline_id = inserted_id(connection, tables.pipeline, values)
    for at, (stage, chance) in enumerate(stages):
        values = {"pipeline_id": pipeline_id, "name": stage, "win_probability": chance, "place": at}
        connection.execute(insert(tables.pipeline_stage).values(**values))
    return pipeline_id
