"""What a start loads: the slow libraries wait for their first use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SLOW = {"rich", "alembic", "mcp", "dbos", "babel", "limits", "pwdlib", "phonenumbers"}


def loaded_by(module: str) -> set[str]:
    script = f"import {module}, sys; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["cuprum.app", "cuprum.cli.server"])
def test_the_server_starts_without_migrations_engine_and_whatever_else_takes_long(module: str) -> None:
    assert loaded_by(module) & SLOW == set()


def test_the_command_line_answers_without_loading_the_server() -> None:
    assert loaded_by("cuprum.cli") & {"sqlalchemy", "pydantic", "starlette", "uvicorn", "structlog"} == set()
