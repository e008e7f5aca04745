"""Loads the benchmark's records in bulk, past the rules but into the same tables that the rules fill."""

from __future__ import annotations

import time
from collections import defaultdict
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, text

from bench import gen
from cuprum.entities import ENTITIES, Record
from cuprum.records.new_account import add_pipeline, open_account
from cuprum.records.people_of_account import add_user, create_key
from cuprum.records.person_name import split
from cuprum.storage.database import Database
from cuprum.storage.dialect import is_sqlite
from cuprum.storage.lookups import lookup_rows
from cuprum.storage.rows import to_columns
from cuprum.storage.tables import TABLES

NOW = 1_795_000_000
CHUNK = 2_000


def load(database: Database, people: int) -> dict[str, str]:
    """Fill an empty database and return the API keys of an admin and of a member who may see half of the people."""
    started = time.monotonic()
    keys = database.write_now(_account)
    for kind, count in (("companies", gen.N_COMPANIES), ("people", people), ("opportunities", gen.N_OPPS)):
        rows = ((i + 1, gen.KINDS[kind][0](i)) for i in range(count))
        while chunk := list(islice(rows, CHUNK)):
            database.write_now(_store, kind, chunk)
    database.write_now(_count_ids_on)
    # Nothing has SQLite count its rows in use either.
    if not database.settings.is_sqlite:
        # As its autovacuum leaves a table a minute later: before that it looks up every row that an index finds.
        database.read_now(lambda connection: connection.execute(text("VACUUM ANALYZE")))
    seconds = time.monotonic() - started
    print(f"loaded {people:,} people, {gen.N_COMPANIES:,} companies, {gen.N_OPPS:,} opportunities in {seconds:.0f} s")
    return keys


def _account(connection: Connection) -> dict[str, str]:
    open_account(connection, name="Bench", zone="UTC", currency="USD")
    for i in range(gen.N_USERS):
        user = gen.user(i)
        add_user(connection, email=user["email"], name=user["name"], role="owner" if i == 0 else "member")
    pipeline = add_pipeline(connection, "Bench", tuple((stage, 10 * at) for at, stage in enumerate(gen.STAGES)), 9)
    assert pipeline
    return {role: create_key(connection, email=gen.user(i)["email"], label="bench") for role, i in (("admin", 0), ("member", 1))}


def _store(connection: Connection, kind: str, chunk: list[tuple[int, dict[str, Any]]]) -> None:
    record = ENTITIES[{"companies": "company", "people": "person", "opportunities": "opportunity"}[kind]]
    stages = _stages(connection)
    rows: list[dict[str, Any]] = []
    lookups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for record_id, neutral in chunk:
        values = _values(kind, gen.copper(kind, neutral), neutral, stages)
        rows.append(_row(record, record_id, values, kind))
        for table, found in lookup_rows(record, record_id, values):
            lookups[table] += found
    connection.execute(insert(TABLES[record.entity]), rows)
    for table, found in ((table, found) for table, found in lookups.items() if found):
        connection.execute(insert(table), found)


def _row(record: type[Record], record_id: int, values: dict[str, Any], kind: str) -> dict[str, Any]:
    # A member of the bench sees half of the people: every other one is for its owner alone.
    private = kind == "people" and record_id % 2 == 0
    return to_columns(record, values) | {"id": record_id, "visibility": 3 if private else 0, "created_by": 1}


def _values(kind: str, body: dict[str, Any], neutral: dict[str, Any], stages: list[int]) -> dict[str, Any]:
    links = {key: body.pop(key, None) for key in list(body) if key.startswith("_")}
    values = {
        **body,
        "assignee_id": links["_user"] + 1,
        "date_created": NOW - 86_400 * 400 + neutral["i"],
        "date_modified": NOW - neutral["i"],
    }
    values.setdefault("tags", [])
    if "address" in values:
        values["address"] = dict.fromkeys(("street", "city", "state", "postal_code", "country")) | values["address"]
    if kind == "people":
        values |= split(values["name"]) | {"company_id": links["_company"] + 1, "contact_type_id": 3}
    if kind == "opportunities":
        value = Decimal(values["monetary_value"])
        values |= {
            "monetary_value": value, "converted_value": value, "monetary_unit": "USD", "converted_unit": "USD",
            "pipeline_id": 3, "pipeline_stage_id": stages[links["_stage"]], "win_probability": 10 * links["_stage"],
            "company_id": links["_company"] + 1, "primary_contact_id": links["_person"] + 1, "close_date": neutral["close"],
            "priority": "None",
        }  # fmt: skip
    return values


def _stages(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT id FROM pipeline_stage WHERE pipeline_id = 3 ORDER BY place")).scalars())


def _count_ids_on(connection: Connection) -> None:
    for table in TABLES.values():
        if not is_sqlite(connection):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 1)) FROM {table.name}")
            )
