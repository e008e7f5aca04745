"""A virtual environment of its own for each public client, kept under `build/` between runs."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import require

BUILD = Path(__file__).parents[2] / "build" / "clients"
# What pip says when nobody answers, as against an answer that the package is not there.
_UNREACHABLE = re.compile(
    r"Max retries|NewConnectionError|ConnectTimeout|ReadTimeout|Failed to establish|Temporary failure|Name or service not known"
    r"|ProxyError|Connection (refused|reset|broken|aborted)"
)


def python_with(package: str) -> Path:
    """The Python of an environment in which `package` (`name==version`) is installed from the Python index."""
    folder = BUILD / f"{package.replace('==', '-')}-py{sys.version_info.major}.{sys.version_info.minor}"
    python, done = folder / "bin" / "python", folder / ".installed"
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / f"{folder.name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _run([sys.executable, "-m", "venv", "--clear", str(folder)], package)
            _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package], package)
            done.touch()
    return python


def _run(command: list[str], package: str) -> None:
    # Nothing of this process's Python may leak into the client's.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    ended = subprocess.run(command, capture_output=True, text=True, env=clean, timeout=600)
    if ended.returncode == 0:
        return
    if _UNREACHABLE.search(ended.stdout + ended.stderr):
        require.missing(f"the Python index cannot be reached to install {package}: {ended.stderr.strip().splitlines()[-1]}")
    pytest.fail(f"{package} cannot be installed:\n{ended.stderr}", pytrace=False)
