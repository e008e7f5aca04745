"""A user in a real browser signs in, lets an app in or not, and the answer reaches the app on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from cuprum.connector import Copper
from cuprum.connector.local_callback import LocalCallback
from cuprum.connector.oauth import App, Endpoints, Pending, begin, code_from, oauth_client
from homes import Home, Server, empty_home
from patience import PATIENCE_SECONDS
from walk import SHAPES

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "ana@harbour.example", "correct horse battery"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with empty_home("sqlite", tmp_path_factory.mktemp("house") / "home") as home:
        owner = ("--name", "Ana Ferreira", "--role", "owner", "--account", "Harbour & Pine")
        home.ok("user", "add", EMAIL, *owner, "--password-stdin", given=PASSWORD + "\n")
        yield home


@pytest.fixture(scope="module")
def server(house: Home) -> Iterator[Server]:
    with house.serve() as running:
        yield running


@contextmanager
def tab(chromium: Browser, server: Server, width: int = 1280, colours: str = "light", *, script: bool = True) -> Iterator[Page]:
    """A tab of somebody who is not signed in; what the browser has to say against our pages fails the test."""
    context = chromium.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=colours,
        java_script_enabled=script,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page, complaints = context.new_page(), []

    def note(said: ConsoleMessage) -> None:
        # A refusal has its status, which the browser mentions too.
        if said.type == "error" and server.url in said.location["url"] and "responded with a status of 4" not in said.text:
            complaints.append(said.text)

    page.on("console", note)
    yield page
    context.close()
    assert not complaints


class Asking:
    """An app that was registered at the server, with its callback on this machine."""

    def __init__(self, house: Home, server: Server, callback: LocalCallback, *arguments: str) -> None:
        # Its port is another one each time, and need not be registered.
        registered = f"http://{callback.host}{callback.path}"
        made = json.loads(house.ok("app", "add", "Quay Mailer", "--redirect-uri", registered, *arguments))
        self.server, self.callback = server, callback
        self.app = App(made["client_id"], made["client_secret"] or "", callback.redirect_uri)
        self.client = oauth_client(httpx2.Client(timeout=PATIENCE_SECONDS))
        self.endpoints: Endpoints = self.client.discover(f"{server.url}/developer_api/v1")
        self.pending: Pending = begin(self.app, self.endpoints)

    def who(self) -> str:
        """Whom the app acts for, with the code that came back."""
        code = code_from(self.callback.wait(PATIENCE_SECONDS), self.pending, issuer=self.endpoints.issuer)
        token = self.client.token_for(self.app, self.endpoints, self.pending, code)
        with Copper(access_token=token.access_token, base_url=f"{self.server.url}/developer_api/v1") as copper:
            return str(copper.users.me()["email"])


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("kind", [(), ("--public",), ("--kind", "copper")], ids=["standard", "public", "copper"])
def test_a_user_signs_in_consents_and_the_app_acts_for_them(
    house: Home, server: Server, chromium: Browser, kind: tuple[str, ...]
) -> None:
    with LocalCallback() as callback, tab(chromium, server) as page:
        app = Asking(house, server, callback, *kind)
        page.goto(app.pending.url)
        expect(page).to_have_title("Sign in · Harbour & Pine")
        page.get_by_label("E-mail address").fill(EMAIL)
        page.get_by_label("Password").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("do not go together")
        sign_in(page)
        expect(page.get_by_role("heading", name="Let Quay Mailer in?")).to_be_visible()
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_text("You can close this window")).to_be_visible()
        assert app.who() == EMAIL
        # Signed in already, the next app is only consented to.
        second = Asking(house, server, callback, *kind)
        page.goto(second.pending.url)
        page.get_by_role("button", name="Refuse").click()
        expect(page.get_by_text("You can close this window")).to_be_visible()
        assert callback.wait(PATIENCE_SECONDS)["error"] == "access_denied"


def test_somebody_else_at_the_browser_signs_in_instead(house: Home, server: Server, chromium: Browser) -> None:
    with LocalCallback() as callback, tab(chromium, server) as page:
        app = Asking(house, server, callback)
        page.goto(app.pending.url)
        sign_in(page)
        page.get_by_role("button", name="Not you?").click()
        page.get_by_label("E-mail address").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_text("You can close this window")).to_be_visible()
        assert app.who() == EMAIL


def test_without_script_the_form_is_sent_by_a_button(house: Home, server: Server, chromium: Browser) -> None:
    with LocalCallback() as callback, tab(chromium, server, script=False) as page:
        app = Asking(house, server, callback, "--kind", "copper")
        page.goto(app.pending.url)
        sign_in(page)
        page.get_by_role("button", name="Accept").click()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("You can close this window")).to_be_visible()
        assert app.who() == EMAIL


@pytest.mark.parametrize("kind", [(), ("--kind", "copper")], ids=["standard", "copper"])
def test_the_answer_reaches_a_callback_on_ipv6(house: Home, server: Server, chromium: Browser, kind: tuple[str, ...]) -> None:
    with LocalCallback(host="::1") as callback, tab(chromium, server) as page:
        app = Asking(house, server, callback, *kind)
        page.goto(app.pending.url)
        sign_in(page)
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_text("You can close this window")).to_be_visible()
        assert app.who() == EMAIL


def test_a_page_of_another_site_decides_nothing(house: Home, server: Server, chromium: Browser) -> None:
    with LocalCallback() as callback, tab(chromium, server) as page:
        app = Asking(house, server, callback)
        page.goto(app.pending.url)
        sign_in(page)
        hidden = page.locator("form.choice").inner_html()
        # The other site even knows the form's token; it is another site still.
        page.goto(f"{callback.redirect_uri}?code=none")
        callback.wait(PATIENCE_SECONDS)
        page.evaluate(
            """([action, fields]) => {
                document.body.innerHTML = `<form method="post" action="${action}">${fields}</form>`;
                document.querySelector("button[value=accept]").click();
            }""",
            [f"{server.url}/oauth/authorize", hidden],
        )
        expect(page.get_by_role("alert")).to_contain_text("came from another site")
        assert callback.received.empty()


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape[0]}-{shape[1]}")
def test_the_pages_fit_every_screen(house: Home, server: Server, chromium: Browser, shape: tuple[int, str]) -> None:
    with LocalCallback() as callback, tab(chromium, server, *shape) as page:
        app = Asking(house, server, callback)

        def fits() -> None:
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

        page.goto(app.pending.url.replace("redirect_uri=http", "redirect_uri=x"))
        expect(page.get_by_role("heading", name="This app cannot be let in")).to_be_visible()
        fits()
        page.goto(app.pending.url)
        expect(page.get_by_label("Password")).to_be_visible()
        fits()
        sign_in(page)
        expect(page.get_by_role("button", name="Accept")).to_be_in_viewport()
        fits()
