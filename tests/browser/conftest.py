"""A demo account in a real browser, wide and narrow, light and dark; whatever the browser complains of fails the test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

import require
from homes import empty_home
from patience import PATIENCE_SECONDS
from walk import SHAPES, Walk

# No screen is looked at, and nothing outside is asked.
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


# Nobody clicks before a page is there as a whole: what is clicked while its scripts are on their way does nothing.
_NOT_BEFORE_IT_IS_LOADED = """
    const waiting = new CSSStyleSheet()
    waiting.replaceSync("* { pointer-events: none !important }")
    document.adoptedStyleSheets = [waiting]
    addEventListener("load", () => { document.adoptedStyleSheets = [] })
"""

# The cookies of whoever signed in once, by the address of the server: to sign in anew takes as long as many a test.
_signed_in: dict[tuple[str, str], StorageState] = {}

# A look at a page ends as soon as it shows what is expected.
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server with the demo account, and the password of its owner."""
    with demo_server(tmp_path_factory.mktemp("demo") / "home") as told:
        yield told


@contextmanager
def demo_server(folder: Path) -> Iterator[tuple[str, str]]:
    with empty_home("sqlite", folder) as home, home.serve("--demo", anew=True) as server:
        yield server.url, server.banner.split("Password")[1].split()[0]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One for the tests of a file, and gone after them: its loop runs in the thread of the tests, where others start their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require.chromium(), args=_QUIET, timeout=PATIENCE_SECONDS * 1000)
        yield browser
        browser.close()


@pytest.fixture(params=SHAPES, ids=lambda shape: f"{shape[0]}-{shape[1]}")
def walk(request: pytest.FixtureRequest, demo: tuple[str, str], chromium: Browser) -> Iterator[Walk]:
    yield from walking(chromium, demo, *request.param)


@pytest.fixture
def wide_walk(demo: tuple[str, str], chromium: Browser) -> Iterator[Walk]:
    """For what is the same in every shape."""
    yield from walking(chromium, demo, *SHAPES[0])


def walking(
    chromium: Browser, demo: tuple[str, str], width: int, colours: str, email: str = "ana@harbour.example"
) -> Iterator[Walk]:
    """An empty tab of Ana's, or of whoever else's password comes with the address of the server."""
    url, password = demo
    context = chromium.new_context(
        base_url=url,
        viewport={"width": width, "height": 844},
        color_scheme=colours,
        locale="en-GB",
        reduced_motion="reduce",  # type: ignore[arg-type]
        storage_state=_signed_in.get((url, email)),
    )
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    context.add_init_script(_NOT_BEFORE_IT_IS_LOADED)
    page = context.new_page()
    made = Walk(page)
    page.on("console", lambda message: made.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    if (url, email) not in _signed_in:
        page.goto("/sign-in?next=/settings")
        page.fill("#email", email)
        page.fill("#password", password)
        page.click("button:has-text('Sign in')")
        page.wait_for_url(re.compile("/settings$"))
        _signed_in[url, email] = context.storage_state()
        page.goto("about:blank")
    yield made
    context.close()
    assert not made.complaints, "\n".join(made.complaints)
