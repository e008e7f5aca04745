"""Public Python clients as their authors published them, against a server that listens."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from clients.environment import python_with
from installation import Installation
from patience import PATIENCE_SECONDS

HERE = Path(__file__).parent


@pytest.fixture
def base_url(cuprum: Installation) -> Iterator[str]:
    """The address of a server with this installation behind it."""
    server = uvicorn.Server(uvicorn.Config(cuprum.client.app, port=0, lifespan="off", log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_SECONDS)


def used(package: str, script: str, base_url: str, cuprum: Installation, *arguments: Any) -> dict[str, Any]:
    """What the script printed that used the client as Ada."""
    own = [cuprum.ada.headers["X-PW-UserEmail"], cuprum.ada.headers["X-PW-AccessToken"], *map(str, arguments)]
    command = [str(python_with(package)), "-I", str(HERE / "redirected.py"), base_url, str(HERE / script), *own]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_prosperworks_creates_reads_searches_pages_updates_and_deletes(cuprum: Installation, base_url: str):
    for name in ("Bo", "Cy"):
        cuprum.ada.post("/people", {"name": name, "tags": ["many"]})
    seen = used("prosperworks==0.1.6", "use_prosperworks.py", base_url, cuprum)
    assert "Name: can't be blank" in seen.pop("refusal")
    assert seen == {
        "account": "Harbour & Pine",
        "person": {"name": "Ada Quill", "company": "Quill & Sons", "email": "ada@quill.example", "tags": ["vip"]},
        "by_email": True,
        "again": "Ada Quill",
        "title": "Owner",
        "details": "Since 1911",
        "lead_status": "New",
        "opportunity": ["Quill & Sons", "3/31/2027", 12500.0],
        "task": 1790100000,
        "pages": [["Ada Quill", "Bo"], ["Cy"], []],
        "empty_search": 1,
        "users": ["Ada", "Grace", "Mallory"],
        "stages": 9,
        "contact_types": ["Potential Customer", "Current Customer", "Uncategorized", "Other"],
        "fields": [],
        "converted": "Bo Okafor",
        "deleted": True,
        "gone": True,
    }


def test_parsons_reads_every_page_of_an_account(cuprum: Installation, base_url: str):
    ada = cuprum.ada
    options = [{"name": "North"}, {"name": "South"}]
    region = {"name": "Region", "data_type": "Dropdown", "available_on": ["person"], "options": options}
    definition = ada.post("/custom_field_definitions", region)
    company = ada.post("/companies", {"name": "Quill & Sons"})
    for number in range(201):
        person = ada.post("/people", {
            "name": f"Person {number}", "company_id": company["id"], "tags": ["vip"] if number < 3 else [],
            "emails": [{"email": f"p{number}@quill.example", "category": "work"}],
            "custom_fields": [{"custom_field_definition_id": definition["id"], "value": definition["options"][0]["id"]}],
        })  # fmt: skip
    ada.post("/opportunities", {"name": "Roof refit", "primary_contact_id": person["id"]})
    parent = {"type": "person", "id": person["id"]}
    ada.post("/activities", {"parent": parent, "type": {"category": "user", "id": 0}, "details": "Called"})
    seen = used("parsons==6.1.0", "use_parsons.py", base_url, cuprum, person["id"])
    columns = seen.pop("columns")
    assert {"id", "name", "company_name", "date_created", "interaction_count"} <= set(columns)
    assert seen == {
        "refusal": "Invalid input: Validation errors: Base: Unrecognized attributes specified: page_number, page_size",
        "people": {"people": 201, "people_emails": 201, "people_custom_fields": 201},
        "some": {"people": 3, "people_emails": 3, "people_custom_fields": 3},
        "companies": {"companies": 1},
        "opportunities": {"opportunities": 1},
        "activities": {"activities": 1},
        "activity_types": {"activity_types": 7},
        "contact_types": 4,
        "custom_fields": {"custom_fields": 1, "custom_fields_available": 1, "custom_fields_options": 2},
        "deleted": True,
    }
