"""What the pages tell the reader to type is typed here, against a server of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import require
from clients.environment import python_with
from installation import Template
from live_server import LiveServer, live_server
from patience import wait_until

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# What a test cannot do here: it would set up or test everything anew, or serve for ever.
_NOT_HERE = re.compile(r"^(make |\S*cuprum serve|CUPRUM_\w+=\S+ +cuprum serve).*\n?", re.MULTILINE)
PAGES = (
    "README.md",
    "docs/guides/point-your-integration-here.md",
    "docs/guides/point-your-tool-at-cuprum.md",
    "docs/guides/oauth.md",
    "docs/guides/who-may-see-what.md",
    "docs/guides/undo.md",
    "docs/guides/backup.md",
)


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_work(template: Template, tmp_path: Path, page: str):
    with live_server(template, tmp_path / "home") as server:
        server.start()
        with server.client() as ada:
            ada.post("/people", json={"name": "Ada Quill", "assignee_id": ada.get("/users/me").json()["id"]})
        run_shell(commands(page), server, tmp_path)


@pytest.mark.parametrize("template", ["postgresql"], indirect=True)
def test_the_commands_for_postgresql_work(template: Template, tmp_path: Path):
    with live_server(template, tmp_path / "home") as server:
        url = server.environment["CUPRUM_DATABASE_URL"]
        run_shell(re.sub(r"postgresql://[^\"]+", url, commands("docs/guides/postgresql.md")), server, tmp_path)


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_the_first_automation_works_by_itself(template: Template, tmp_path: Path):
    with live_server(template, tmp_path / "home") as server:
        server.start()
        run_shell(commands("docs/guides/first-automation.md"), server, tmp_path)
        with server.client() as ada:

            def made() -> bool:
                people = ada.post("/people/search", json={"emails": ["jonas@weber.example"]}).json()
                tasks = ada.post("/tasks/search", json={"name": "Call Jonas Weber"}).json()
                return [task["related_resource"]["id"] for task in tasks] == [person["id"] for person in people] != []

            wait_until(made)


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_the_first_scripts_work(template: Template, tmp_path: Path):
    own, public = blocks("README.md", "python")
    with live_server(template, tmp_path / "home") as server:
        server.start()
        with server.client() as ada:
            ada.post("/people", json={"name": "Ada Quill", "tags": ["boatyard"]})
            _run_python(sys.executable, own, server, tmp_path)
            assert [task["name"] for task in ada.post("/tasks/search", json={}).json()] == ["Call Ada Quill"]
        assert "people 1" in _run_python(str(python_with("parsons==6.1.0")), public, server, tmp_path)


def _run_python(python: str, script: str, server: LiveServer, folder: Path) -> str:
    with_key = f"import os\nKEY = os.environ['KEY']\n{here(script, server)}"
    environment = reader(server)
    if python != sys.executable:
        # Nothing of this process's Python may leak into another one's.
        environment = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
    ended = subprocess.run([python, "-c", with_key], env=environment, capture_output=True, text=True, cwd=folder, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def blocks(page: str, language: str) -> list[str]:
    return [text for name, text in _BLOCK.findall((ROOT / page).read_text(encoding="utf-8")) if name == language]


def commands(page: str) -> str:
    """Every shell block of the page, as one script."""
    return _NOT_HERE.sub("", "\n".join(blocks(page, "sh")))


def run_shell(script: str, server: LiveServer, folder: Path) -> None:
    """Run it as a reader would, in one shell; no command may fail, and no address may be unknown or broken."""
    for tool in ("bash", "curl"):
        if shutil.which(tool) is None:
            require.missing(f"{tool} is not installed")
    command = folder / "bin" / "cuprum"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m cuprum.cli "$@"\n')
    command.chmod(0o755)
    environment = {**reader(server), "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}
    typed = "set -e\n" + here(script, server)
    ended = subprocess.run(["bash", "-c", typed], env=environment, capture_output=True, text=True, cwd=folder, timeout=120)
    said = f"{typed}\n{ended.stdout}\n{ended.stderr}"
    assert ended.returncode == 0, said
    assert '"error":"not_found"' not in ended.stdout, said
    assert not re.search(r'"status":(401|403|404|5..)', ended.stdout), said


def here(text: str, server: LiveServer) -> str:
    """The same for this server and whoever has a key here."""
    said = {
        "http://127.0.0.1:8000": server.url,
        "ana@harbour.example": server.headers["X-PW-UserEmail"],
        ".venv/bin/cuprum": "cuprum",
    }
    for there, ours in said.items():
        text = text.replace(there, ours)
    return text


def reader(server: LiveServer) -> dict[str, str]:
    return {**server.environment, "EMAIL": server.headers["X-PW-UserEmail"], "KEY": server.headers["X-PW-AccessToken"]}
