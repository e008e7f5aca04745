"""The make targets that people rely on."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commands_of(*arguments: str) -> str:
    """What make would do, without doing it; the surrounding make's own flags do not count."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "ARGS"))}
    return subprocess.run(
        ["make", "--dry-run", *arguments], cwd=ROOT, env=outside, check=True, capture_output=True, text=True
    ).stdout


def test_run_serves_the_demo_account_and_passes_arguments_on():
    assert commands_of("run", "ARGS=--port 9000").endswith(".venv/bin/cuprum serve --demo --port 9000\n")


def test_a_python_is_checked_before_it_makes_the_environment():
    commands = commands_of(".venv")
    assert commands.index("tools/check_python.py") < commands.index("-m venv")


def test_setup_installs_no_test_tools():
    assert "dev.lock" not in commands_of("--always-make", "setup")


def test_chaos_runs_the_fault_tests_at_full_count():
    assert "CUPRUM_CHAOS=full .venv/bin/python -m pytest -m chaos" in commands_of("chaos")


def test_what_make_runs_may_keep_python_compiled():
    ask = "ask:; @printenv PYTHONDONTWRITEBYTECODE || echo keeps"
    outside = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    asked = ["make", "--no-print-directory", f"--eval={ask}", "ask"]
    assert subprocess.run(asked, cwd=ROOT, env=outside, check=True, capture_output=True, text=True).stdout == "keeps\n"
