"""What a test needs from the machine: a test skips where it is missing, and fails where everything is promised."""

import os
import shutil
from functools import cache
from typing import NoReturn

import psycopg
import pytest

from patience import PATIENCE_SECONDS

POSTGRES_BY_DEFAULT = "postgresql://postgres@127.0.0.1:5432/postgres"


def postgres() -> str:
    """The URL of a PostgreSQL server on which a test may create databases; else `missing`."""
    url = os.environ.get("CUPRUM_TEST_POSTGRES", POSTGRES_BY_DEFAULT)
    if refusal := refusal_of(url):
        missing(f"no PostgreSQL answers (set CUPRUM_TEST_POSTGRES): {refusal}")
    return url


def missing(reason: str) -> NoReturn:
    """Skip this test and print why; with CUPRUM_REQUIRE_ALL=1, as in the build, fail it."""
    if os.environ.get("CUPRUM_REQUIRE_ALL") == "1":
        pytest.fail(f"CUPRUM_REQUIRE_ALL=1, but {reason}", pytrace=False)
    pytest.skip(reason)


@cache
def refusal_of(url: str) -> str | None:
    """Why the server does not answer, in its own words; asked once a run."""
    try:
        psycopg.connect(url, connect_timeout=PATIENCE_SECONDS).close()
    except psycopg.OperationalError as error:
        return str(error).strip()
    return None


def chromium() -> str:
    """The path of a Chromium that Playwright can drive; else `missing`."""
    # The first has no windows, tabs and menus to start, which takes more than half of the time of the others.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None) or missing("there is no Chromium")
