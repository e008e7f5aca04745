"""An import brings in what it says, once, wherever it is killed; and undone it leaves the account as it was.

2,000 rows; 20,000 with `CUPRUM_CHAOS=full`.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from cuprum.storage.database import Database
from cuprum.storage.import_tables import import_file
from cuprum.storage.lookup_tables import email_key, tag_key
from cuprum.storage.tables import TABLES
from homes import Home
from installation import Template
from live_server import LiveServer, live_server
from messy_files import MessyFile, messy_file, there_before

ROWS = 20_000 if os.environ.get("CUPRUM_CHAOS") == "full" else 2_000
LONGEST_SECONDS = 600


def state_of(database: Database) -> dict[str, Any]:
    """Every living record with what people see of it, and what finds it."""
    people, companies = TABLES["person"], TABLES["company"]
    shown = [people.c[name] for name in ("id", "name", "emails", "tags", "details", "assignee_id", "company_id", "custom_fields")]
    statements = {
        "people": select(*shown).where(people.c.deleted_at.is_(None)).order_by(people.c.id),
        "companies": select(companies.c.id, companies.c.name).where(companies.c.deleted_at.is_(None)).order_by(companies.c.id),
        "emails": select(email_key).order_by(email_key.c.email),
        "tags": select(tag_key).order_by(tag_key.c.tag_key, tag_key.c.entity, tag_key.c.record_id),
    }
    return {
        name: database.read_now(lambda connection, one=one: [tuple(row) for row in connection.execute(one)])
        for name, one in statements.items()
    }


@pytest.mark.chaos
def test_an_import_killed_on_its_way_goes_on_and_an_undo_leaves_what_was_before(template: Template, tmp_path: Path) -> None:
    messy = messy_file(ROWS, matches="overwrite")
    with live_server(template, tmp_path / "home") as server:
        server.start()
        with server.client() as crm, ours(server) as api:
            for path, body in there_before(messy):
                crm.post(path, json=body).raise_for_status()
            database = Database(_settings(server))
            before = state_of(database)
            job = _uploaded(api, messy)
            trial = api.post(f"/imports/{job}/dry_run").raise_for_status().json()
            assert trial["counts"] == messy.counts
            assert state_of(database) == before
            api.post(f"/imports/{job}/start").raise_for_status()
            _until(api, job, lambda now: now["through"] >= 0.4 * now["total"])
        server.kill()
        server.start()
        with server.client() as crm, ours(server) as api:
            ended = _until(api, job, lambda now: now["state"] not in ("queued", "running"))
            assert ended["state"] == "done", ended
            assert ended["counts"] == messy.counts
            assert sum(ended["counts"].values()) == ended["total"] == ROWS
            after = state_of(database)
            assert len(after["people"]) == len(before["people"]) + messy.counts["new"]
            left_out = api.get(f"/imports/{job}/left_out").raise_for_status().content.decode("utf-8-sig")
            assert left_out.count("there is no user Nobody Known") == ROWS // 20
            assert database.read_now(lambda connection: connection.execute(select(import_file.c.uid)).first()) is None

            # One that somebody edits meanwhile is left, and named.
            mine, others = after["people"][-1][0], len(before["people"])
            crm.put(f"/people/{mine}", json={"details": "talked since"}).raise_for_status()
            undone = api.post(f"/changes/{ended['group']}/undo").raise_for_status().json()
            assert {one["id"] for one in undone["conflicts"]} == {mine}
            crm.delete(f"/people/{mine}").raise_for_status()
            assert len(state_of(database)["people"]) == others
            assert state_of(database) == before
            database.close()


def ours(server: LiveServer) -> httpx2.Client:
    return httpx2.Client(base_url=f"{server.url}/automation/v1", headers=server.headers, timeout=300, trust_env=False)


def _settings(server: LiveServer) -> Any:
    return Home(Path(server.environment["CUPRUM_HOME"]), server.environment.get("CUPRUM_DATABASE_URL", "")).settings


def _uploaded(api: httpx2.Client, messy: MessyFile) -> int:
    headers = {"Content-Type": "text/csv"}
    answer = api.post("/imports?entity=person&file_name=messy.csv", content=messy.content, headers=headers)
    plan = answer.raise_for_status().json()
    fields = {one["header"]: one["field"] for one in plan["columns"]}
    assert fields["Organisation"] == "company"
    assert fields["Size"].startswith("custom_fields.")
    assert plan["delimiter"] == ";"
    assert plan["encoding"] == "utf-8-sig"
    changed = api.put(f"/imports/{plan['id']}", json={"matches": "overwrite", "dates": "dmy"}).raise_for_status().json()
    return changed["id"]


def _until(api: httpx2.Client, job: int, is_so: Any) -> dict[str, Any]:
    ends = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < ends:
        now = api.get(f"/imports/{job}").raise_for_status().json()
        if is_so(now):
            return now
        time.sleep(0.2)
    raise AssertionError(json.dumps(now))
