"""The locked requirements say exactly what is installed, and nothing of the machine that wrote them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {name: (ROOT / "requirements" / f"{name}.lock").read_text() for name in ("runtime", "dev")}
RUNTIME = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]
DEV = RUNTIME + PROJECT["dependency-groups"]["dev"]


def locked(text: str) -> dict[str, list[str]]:
    """The pinned lines by package; a package may be pinned once for each kind of machine."""
    pins: dict[str, list[str]] = {}
    for line in re.findall(r"^([a-z0-9].*?) \\$", text, re.MULTILINE):
        pins.setdefault(Requirement(line).name, []).append(line)
    return pins


@pytest.mark.parametrize("text", LOCKS.values(), ids=LOCKS)
def test_a_lock_names_no_host_and_no_path_of_a_machine(text):
    assert not re.search(r"://|--index|--find-links|(^|\s)[/~]|\w@", text, re.MULTILINE)


@pytest.mark.parametrize("text", LOCKS.values(), ids=LOCKS)
def test_every_locked_version_is_exact_and_has_its_hash(text):
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==\S+ (;.* )?\\\n    --hash=sha256:[0-9a-f]{64}\b", block), block.splitlines()[0]


@pytest.mark.parametrize(("asked", "name"), [(RUNTIME, "runtime"), (DEV, "dev")], ids=LOCKS)
def test_every_requirement_of_the_project_is_locked_within_its_range(asked, name):
    pins = locked(LOCKS[name])
    for requirement in map(Requirement, asked):
        versions = [next(iter(Requirement(pin).specifier)).version for pin in pins[canonicalize_name(requirement.name)]]
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_tests_run_against_the_versions_that_people_get():
    runtime, dev = locked(LOCKS["runtime"]), locked(LOCKS["dev"])
    assert {name: dev[name] for name in runtime} == runtime
