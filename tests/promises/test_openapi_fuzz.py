"""A fuzzer reads `/openapi.json` and tries every operation: no 5xx, no undocumented status, answers as declared.

`CUPRUM_FUZZ_EXAMPLES` says how many examples an operation gets (`.ci/run`: 50); without it a few keep the suite quick.
PostgreSQL gets a fifth: it is asked for what it alone refuses, such as numbers too large for a column. `make chaos` goes further.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from installation import Template
from live_server import live_server
from patience import PATIENCE_SECONDS

EVERYTHING = os.environ.get("CUPRUM_CHAOS") == "full"
EXAMPLES = int(os.environ.get("CUPRUM_FUZZ_EXAMPLES", "50" if EVERYTHING else "0"))
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "ignored_auth",
)  # fmt: skip


@pytest.mark.chaos
def test_the_fuzzer_finds_nothing(template: Template, tmp_path: Path) -> None:
    with live_server(template, tmp_path / "home", webhook_allow_private="1") as server:
        server.start()
        with server.client() as ada:
            _something_to_find(ada)
        command = _command(template, server.headers, server.url)
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]


def _something_to_find(ada: httpx2.Client) -> None:
    for path, body in {
        "/people": {"name": "Ada Quill", "emails": [{"email": "ada@quill.example"}]},
        "/companies": {"name": "Quill & Sons"},
        "/opportunities": {"name": "Roof refit"},
        "/custom_field_definitions": {"name": "Size", "data_type": "Float", "available_on": ["person", "lead"]},
        "/activities": {"parent": {"id": 1, "type": "person"}, "type": {"id": 0, "category": "user"}, "details": "Called"},
    }.items():
        assert ada.post(path, json=body).status_code == 200, path


def _command(template: Template, own_headers: dict[str, str], url: str) -> list[str]:
    headers = [part for name, value in own_headers.items() for part in ("--header", f"{name}: {value}")]
    phases, examples = "examples,fuzzing", EXAMPLES or 3
    if template.kind == "postgresql" and EXAMPLES:
        examples = max(3, EXAMPLES // 5)
    if EVERYTHING:
        # Every edge of every schema, and chains of calls: thousands of requests.
        phases = "examples,coverage,fuzzing,stateful"
    return [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/openapi.json", *headers,
        "--checks", ",".join(CHECKS), "--phases", phases, "--max-examples", str(examples),
        "--seed", os.environ.get("CUPRUM_FUZZ_SEED", "1"), "--generation-database", "none", "--no-color",
        # It looks for wrong answers; slow ones are the machine's.
        "--request-timeout", str(PATIENCE_SECONDS), "--suppress-health-check", "too_slow",
    ]  # fmt: skip
