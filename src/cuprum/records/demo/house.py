"""The house of the demo account: who works there, the pipelines, the words and the fields of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection

from cuprum.records.custom_fields import create_definition
from cuprum.records.new_account import Stages, add_pipeline, open_account
from cuprum.records.people_of_account import add_user
from cuprum.records.vocabulary import Definition, Vocabulary, read_vocabulary
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.words import word_named
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
    for field in FIELDS:
        _define(work, field)


def furnish_elsewhere(now: Callable[[], Work]) -> Iterator[None]:
    """What the story needs of pipelines and custom fields, in an account that may have them; a step for each.

    `now` gives the work of the moment.
    """
    for name, stages, kind, days in (("Sales", SALES, "opportunity", 14), ("Fit-out", FIT_OUT, "project", None)):
        if pipeline_with(now().vocabulary, kind, [stage for stage, _ in stages]) is None:
            _add_pipeline(now(), name, stages, kind, days)
            yield
    for field in FIELDS:
        if field[0] not in [one.name for one in now().vocabulary.definitions.values()]:
            _define(now(), field)
            yield


def _add_pipeline(work: Work, name: str, stages: Stages, kind: str, silent_after_days: int | None) -> None:
    with vocabulary_change(work):
        places = [one["place"] for one in work.vocabulary.words["pipeline"].values()]
        if word_named(work.vocabulary, "pipeline", name):
            name = f"{name} (sample)"
        pipeline_id = add_pipeline(
            work.connection, name, stages, max(places, default=-1) + 1, kind, kind == "opportunity", silent_after_days
        )
        for table in ("pipeline", "pipeline_stage"):
            added = read_vocabulary(work.connection).words[table].items()
            for word_id, word in added:
                if pipeline_id in (word_id if table == "pipeline" else None, word.get("pipeline_id")):
                    values = {key: value for key, value in word.items() if key not in ("id", "archived_at")}
                    work.group.record(table, word_id, "new", {}, values)


def _define(work: Work, field: tuple[str, str, tuple[str, ...], tuple[str, ...] | str]) -> None:
    name, data_type, entities, further = field
    body: dict[str, Any] = {"name": name, "data_type": data_type, "available_on": list(entities), "is_filterable": True}
    if isinstance(further, str):
        body["currency"] = work.vocabulary.account["currency"]
    elif further:
        body["options"] = [{"name": option} for option in further]
    create_definition(work, body)


def pipeline_with(vocabulary: Vocabulary, kind: str, stages: list[str]) -> int | None:
    """The first pipeline of a kind with exactly these stages."""
    for pipeline in vocabulary.living("pipeline"):
        if pipeline["type"] == kind and [stage["name"] for stage in vocabulary.stages_of(pipeline["id"])] == stages:
            found: int = pipeline["id"]
            return found
    return None


def field_named(vocabulary: Vocabulary, entity: str, name: str) -> Definition | None:
    """The field of the story on an entity; None where there is one of that name and another kind."""
    data_types = {field[0]: field[1] for field in FIELDS}
    found = (one for one in vocabulary.definitions_on(entity) if one.name == name and one.data_type == data_types[name])
    return next(found, None)
