"""The first start: one link opens the account, for whoever sits at the terminal, and for nobody else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from cuprum.app import application
from cuprum.records.people_of_account import create_key
from cuprum.storage.account_tables import account, user
from cuprum.storage.migrate import migrate
from cuprum.web.first_start import OneTimeLink
from homes import Home
from installation import Installation
from oauth import Browser, Page

GIVEN = {
    "name": "Łucja 漢字", "email": "lucja@pine.example", "password": "correct horse battery", "account": "Sosna & Co",
    "currency": "PLN", "zone": "Europe/Warsaw",
}  # fmt: skip


@pytest.fixture
def opening(sqlite_home: Home) -> Iterator[Opening]:
    with opening_of(sqlite_home) as made:
        yield made


@contextmanager
def opening_of(home: Home) -> Iterator[Opening]:
    migrate(home.settings)
    with TestClient(application(home.settings), raise_server_exceptions=False) as client:
        yield Opening(Installation(home.settings, client))


class Opening:
    """A server without an account, and the link on its terminal."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.link = installation.client.app.state.first_start = OneTimeLink()
        self.path = f"/first-start?link={self.link.secret}"

    def browser(self) -> Browser:
        return Browser(self.installation)

    def fill_in(self, browser: Browser, **changes: str) -> Page:
        return browser.post("/first-start", browser.get(self.path).fields | GIVEN | changes)

    def stored(self, table) -> list[dict]:
        rows = self.installation.database.read_now(lambda connection: connection.execute(select(table)).mappings().all())
        return [dict(row) for row in rows]


def test_the_link_opens_the_account_and_its_owner_is_signed_in(opening: Opening) -> None:
    browser = opening.browser()
    answer = opening.fill_in(browser)
    assert (answer.status, answer.location) == (303, "/")
    assert "You are signed in" in browser.get("/sign-in").text
    [row] = opening.stored(account)
    assert (row["name"], row["currency"], row["primary_timezone"]) == ("Sosna & Co", "PLN", "Europe/Warsaw")
    [owner] = opening.stored(user)
    assert (owner["name"], owner["email"], owner["role"]) == ("Łucja 漢字", "lucja@pine.example", "owner")
    key = opening.installation.database.write_now(create_key, email=owner["email"], label="test")
    headers = {"X-PW-AccessToken": key, "X-PW-UserEmail": owner["email"]}
    assert len(opening.installation.client.get("/developer_api/v1/pipelines", headers=headers).json()) == 2
    assert opening.browser().sign_in(GIVEN["email"], GIVEN["password"]).status == 303


def test_it_asks_for_six_things_and_nothing_else(opening: Opening) -> None:
    page = opening.browser().get(opening.path)
    asked = re.findall(r'<(?:input|select) id="(\w+)"', page.text)
    assert asked == ["name", "email", "password", "account", "currency", "zone"]
    assert re.findall(r"<option value=\"EUR\"[^>]*>EUR · Euro<", page.text)
    assert "<option>Asia/Kolkata</option>" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert opening.installation.client.get("/first-start.js").status_code == 200


@pytest.mark.parametrize("link", ["", "guessed", "é"])
def test_another_link_opens_nothing(opening: Opening, link: str) -> None:
    browser = opening.browser()
    assert browser.get(f"/first-start?link={link}").status == 403
    fields = browser.get(opening.path).fields | GIVEN
    assert browser.post("/first-start", fields | {"link": link}).status == 403
    assert opening.stored(account) == []


def test_the_link_works_once(opening: Opening) -> None:
    opening.fill_in(opening.browser())
    late = opening.browser()
    assert (late.get(opening.path).status, late.get(opening.path).location) == (303, "/sign-in")
    form = late.get("/sign-in").fields
    assert late.post("/first-start", form | GIVEN | {"link": opening.link.secret}).location == "/sign-in"
    assert len(opening.stored(user)) == 1


def test_of_two_who_send_it_at_once_one_is_the_owner(home: Home) -> None:
    with opening_of(home) as opening:

        def send(number: int) -> Page:
            browser = opening.browser()
            return browser.post("/first-start", browser.get(opening.path).fields | GIVEN | {"email": f"{number}@pine.example"})

        with ThreadPoolExecutor(2) as both:
            locations = sorted(page.location for page in both.map(send, range(2)))
        assert locations == ["/", "/sign-in"]
        assert len(opening.stored(user)) == 1


def test_everything_that_is_wrong_is_said_at_once_and_what_was_right_is_kept(opening: Opening) -> None:
    browser = opening.browser()
    wrong = {"name": " ", "email": "lucja", "password": "short", "account": "a\x00b", "currency": "złoty", "zone": "Mars"}
    page = opening.fill_in(browser, **wrong)
    assert page.status == 422
    said = [html.unescape(one) for one in re.findall(r'id="\w+-said">([^<]+)<', page.text)]
    assert said == [
        "Can't be blank.", "Is not an e-mail address.", "Must have 10 to 500 characters.",
        "Must be one line of text, of at most 255 characters.", "Must be a currency code of three letters such as EUR.",
        "Must be a time zone such as Europe/Lisbon.",
    ]  # fmt: skip
    kept = opening.fill_in(browser, password="short", name='"><b>Bold</b>')
    assert "<b>" not in kept.text
    assert 'value="lucja@pine.example"' in kept.text
    assert '<option value="PLN" selected>' in kept.text
    assert "short" not in kept.text.replace("shortest", "")
    assert opening.stored(account) == []


def test_a_form_from_another_site_opens_nothing(opening: Opening) -> None:
    browser = opening.browser()
    fields = browser.get(opening.path).fields | GIVEN
    assert browser.post("/first-start", fields, Sec_Fetch_Site="cross-site").status == 403
    assert browser.post("/first-start", fields | {"form_token": "x"}).status == 403
    assert opening.stored(account) == []


def test_the_terminal_shows_the_link_once_and_a_new_one_after_a_restart(sqlite_home: Home) -> None:
    with sqlite_home.serve() as server:
        first = re.search(r"http://\S+/first-start\?link=\S+", server.banner)[0]
        assert server.client.get(first).status_code == 200
        assert first not in "".join(server.log)
        assert "first-start" not in server.client.get("/").text
    with sqlite_home.serve() as server:
        again = re.search(r"http://\S+/first-start\?link=\S+", server.banner)[0]
        assert server.client.get(f"/first-start?{first.partition('?')[2]}").status_code == 403
        assert server.client.get(again).status_code == 200
        sqlite_home.ok("user", "add", "ana@harbour.example", "--name", "Ana", "--role", "owner")
        assert server.client.get(again).status_code == 303
    with sqlite_home.serve() as server:
        assert "first-start" not in server.banner
