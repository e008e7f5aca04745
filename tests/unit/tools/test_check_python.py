"""Setup refuses a Python that cannot carry Cuprum, and its refusal names the cure."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cuprum.storage import dialect
from tools import check_python as check

SCRIPT = Path(check.__file__)


def test_setup_asks_for_what_the_package_and_the_storage_ask_for():
    project = tomllib.loads((SCRIPT.parents[1] / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={check.dotted(check.PYTHON_NEEDED)}"
    assert check.SQLITE_NEEDED == dialect.SQLITE_NEEDED


def test_the_python_that_runs_the_tests_passes():
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_refusal_ends_the_script_with_its_words_on_standard_error(monkeypatch, capsys):
    monkeypatch.setattr(check, "PYTHON_NEEDED", (4, 0))
    assert check.main() == 1
    printed = capsys.readouterr()
    assert "Cuprum needs Python 4.0 or newer" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (4, 0)])
def test_python_3_11_and_newer_are_welcome(version):
    assert not list(check.python_problems(version))


def test_an_old_python_is_told_which_one_to_use_instead(monkeypatch, tmp_path):
    (tmp_path / "python3.12").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    [problem] = check.python_problems((3, 9))
    assert "this is 3.9" in problem
    assert problem.endswith("Cure: run: make setup PYTHON=python3.12")


def test_an_old_python_alone_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    [problem] = check.python_problems((3, 9))
    assert "install Python 3.11, 3.12 or 3.13" in problem


def test_a_python_without_venv_is_told_the_package():
    [problem] = check.venv_problems(has_venv=False)
    assert "apt-get install python3-venv" in problem
    assert not list(check.venv_problems(has_venv=True))


def test_an_old_sqlite_is_no_problem_where_a_newer_one_is_brought_along():
    assert check.wheels_fit("linux", "x86_64", "glibc", "cpython")
    assert not list(check.sqlite_problems((3, 40), brought=True, database_url=""))


def test_an_old_sqlite_on_another_machine_is_told_of_postgresql():
    assert check.wheels_fit("linux", "aarch64", "glibc", "cpython") is None
    [problem] = check.sqlite_problems((3, 40), brought=False, database_url="")
    assert "this Python has 3.40" in problem
    assert "CUPRUM_DATABASE_URL=postgresql://" in problem


@pytest.mark.parametrize(("version", "database_url"), [((3, 42), ""), ((3, 40), "postgresql://crm@db/crm")])
def test_a_newer_sqlite_or_postgresql_needs_nothing_brought_along(version, database_url):
    assert not list(check.sqlite_problems(version, brought=False, database_url=database_url))


@pytest.mark.parametrize(("libc", "implementation"), [("", "cpython"), ("glibc", "pypy")])
def test_a_linux_for_which_there_are_no_packages_is_told_so_before_pip_is(libc, implementation):
    wheels = check.wheels_fit("linux", "x86_64", libc, implementation)
    [problem] = check.wheel_problems(wheels=wheels)
    assert "musl" in problem


@pytest.mark.parametrize("wheels", [True, None])
def test_elsewhere_packages_are_no_problem(wheels):
    assert not list(check.wheel_problems(wheels=wheels))


def test_a_python_too_old_can_still_read_the_script():
    """No syntax newer than Python 3.6, or the cure would be a SyntaxError."""
    ast.parse(SCRIPT.read_text(), feature_version=(3, 6))
