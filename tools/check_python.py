"""Says whether this Python can carry Cuprum, and what to do when it cannot.

Standard library only, and readable by any Python 3, since it runs before anything is installed.
"""

import importlib.util
import os
import platform
import shutil
import sys

PYTHON_NEEDED = (3, 11)
SQLITE_NEEDED = (3, 42)
PYTHONS_TO_OFFER = ("python3.13", "python3.12", "python3.11")


def main():
    """Print every problem with its cure on standard error; return the exit code."""
    problems = list(problems_here())
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def problems_here():
    """Yield what is wrong with the Python that runs this, each with its cure."""
    wheels = wheels_fit(sys.platform, platform.machine(), platform.libc_ver()[0], sys.implementation.name)
    yield from python_problems(sys.version_info[:2])
    yield from venv_problems(has_venv=all(map(importlib.util.find_spec, ("venv", "ensurepip"))))
    yield from wheel_problems(wheels=wheels)
    yield from sqlite_problems(sqlite_here(), brought=bool(wheels), database_url=os.environ.get("CUPRUM_DATABASE_URL", ""))


def python_problems(version):
    if version >= PYTHON_NEEDED:
        return
    found = [name for name in PYTHONS_TO_OFFER if shutil.which(name)]
    cure = "run: make setup PYTHON=" + (found or PYTHONS_TO_OFFER)[0]
    if not found:
        cure = "install Python 3.11, 3.12 or 3.13, then " + cure
    yield f"Cuprum needs Python {dotted(PYTHON_NEEDED)} or newer; this is {dotted(version)}. Cure: {cure}"


def venv_problems(*, has_venv):
    if not has_venv:
        yield (
            "This Python cannot make virtual environments (the modules venv and ensurepip are missing). "
            "Cure: install them; on Debian and Ubuntu: apt-get install python3-venv"
        )


def wheels_fit(system, machine, libc, implementation):
    """Whether pysqlite3-binary, which brings its own SQLite, has wheels for this; None where it is not asked for."""
    if (system, machine) != ("linux", "x86_64"):
        return None
    return (libc, implementation) == ("glibc", "cpython")


def wheel_problems(*, wheels):
    if wheels is False:
        yield (
            "On Linux x86-64 Cuprum is installed from packages made for CPython on glibc, and this Python is neither "
            "or only one of the two (Alpine, for one, has musl). Cure: use the python3 of Debian, Ubuntu or Fedora, "
            "in a container of theirs if need be."
        )


def sqlite_problems(version, *, brought, database_url):
    """A SQLite that is too old matters only where none is brought along and SQLite will be used."""
    if version >= SQLITE_NEEDED or brought or database_url.startswith("postgres"):
        return
    yield (
        f"Cuprum needs SQLite {dotted(SQLITE_NEEDED)} or newer; this Python has {dotted(version)}, and there is no "
        "ready-made newer one for this machine. Cure: use a Python built with a newer SQLite "
        "(make setup PYTHON=/path/to/python3), or use PostgreSQL: "
        "set CUPRUM_DATABASE_URL=postgresql://user@host/database and run make again."
    )


def sqlite_here():
    try:
        import sqlite3
    except ImportError:  # a Python built without SQLite
        return (0, 0)
    return sqlite3.sqlite_version_info[:2]


def dotted(version):
    return ".".join(map(str, version))


if __name__ == "__main__":
    sys.exit(main())
