"""Pages follow what others do: each knows what it is about, and a cheap question tells when it is old."""

from __future__ import annotations

import re
import time
from urllib.parse import urlencode

import pytest
from sqlalchemy import event, update

from automation import share
from cuprum.entities import ENTITIES
from cuprum.storage.oauth_tables import session
from cuprum.web.arrangement import MAIN

PART = {"HX-Request": "true"}


class Followed:
    """A page that lies open."""

    def __init__(self, browser, path: str) -> None:
        self._browser = browser
        page = browser.get(path)
        assert page.status == 200
        self.seen, self.about = re.search(r'data-seen="([^"]+)" data-about="([^"]+)"', page.text).groups()

    def ask(self):
        return self._browser.ask("GET", "/news?" + urlencode({"seen": self.seen, "about": self.about}), headers=PART)

    def is_old(self) -> bool:
        answer = self.ask()
        assert answer.status in (200, 204)
        assert re.fullmatch(r"\d+-\d+", answer.headers["cuprum-seen"])
        return answer.status == 200


@pytest.mark.parametrize("entity", MAIN)
def test_a_list_and_a_page_are_old_when_their_record_changed(browser, ada, entity):
    plural = ENTITIES[entity].plural
    made = ada.post(f"/{plural}", {"name": "Iris"})
    opened = [Followed(browser, path) for path in (f"/{plural}", f"/{plural}/{made['id']}", "/home")]
    assert not any(page.is_old() for page in opened)
    ada.put(f"/{plural}/{made['id']}", {"name": "Isla"})
    assert all(page.is_old() for page in opened)


def test_what_a_page_is_not_about_is_no_news_and_is_passed(browser, ada):
    person = ada.post("/people", {"name": "Iris"})
    listed, page = Followed(browser, "/projects"), Followed(browser, f"/people/{person['id']}")
    ada.post("/leads", {"name": "Other"})
    answer = listed.ask()
    assert answer.status == 204
    assert answer.headers["cuprum-seen"] != listed.seen
    assert not page.is_old()


def test_what_is_logged_and_related_is_news_of_a_record(browser, ada):
    person = ada.post("/people", {"name": "Iris"})
    page = Followed(browser, f"/people/{person['id']}")
    ada.post(
        "/activities", {"parent": {"type": "person", "id": person["id"]}, "type": {"category": "user", "id": 0}, "details": "x"}
    )
    assert page.is_old()
    page = Followed(browser, f"/people/{person['id']}")
    ada.post("/opportunities", {"name": "Roof", "primary_contact_id": person["id"]})
    assert page.is_old()


def test_what_one_may_not_see_is_no_news(browser_of, ada):
    ada.post("/people", {"name": "Plain"})
    made = ada.post("/people", {"name": "Secret", "assignee_id": ada.id})
    share(ada, "people", made["id"], "only_me")
    mallory, own = Followed(browser_of("mallory"), "/people"), Followed(browser_of("ada"), "/people")
    ada.put(f"/people/{made['id']}", {"name": "More secret"})
    assert own.is_old()
    assert not mallory.is_old()


def test_who_may_see_a_record_no_longer_is_told_to_look(browser_of, ada):
    made = ada.post("/people", {"name": "Secret", "assignee_id": ada.id})
    mallory = Followed(browser_of("mallory"), "/people")
    share(ada, "people", made["id"], "only_me")
    assert mallory.is_old()


@pytest.mark.parametrize("seen", ["", "x", "-", "1", "9" * 40 + "-1", "1-\u0661", "-5-3", "1-2-3", "%00"])
def test_a_place_that_never_was_is_old(browser, ada, seen):
    ada.post("/people", {"name": "Iris"})
    assert browser.ask("GET", "/news?" + urlencode({"seen": seen, "about": "person"}), headers=PART).status == 200


def test_nothing_new_costs_one_statement_beside_who_asks(cuprum, browser, ada):
    ada.post("/people", {"name": "Iris"})
    page, asked = Followed(browser, "/people"), []
    engine = cuprum.database.reading
    note = lambda connection, cursor, statement, *further: asked.append(statement)  # noqa: E731
    page.ask()
    event.listen(engine, "before_cursor_execute", note)
    assert not page.is_old()
    event.remove(engine, "before_cursor_execute", note)
    assert len([one for one in asked if "FROM change" in one]) == 1
    # The session, the teams, the version of the words; PostgreSQL also says which transactions are open.
    assert len(asked) <= 5, asked


def test_an_open_page_keeps_no_session_alive(cuprum, browser):
    page = Followed(browser, "/people")
    long_ago = int(time.time()) - 3 * 24 * 3600
    cuprum.database.write_now(lambda connection: connection.execute(update(session).values(last_seen_at=long_ago)))
    page.ask()
    with cuprum.database.reading.connect() as connection:
        assert connection.execute(session.select()).one().last_seen_at == long_ago


def test_who_is_signed_out_is_told_where_to_sign_in(cuprum, browser):
    page = Followed(browser, "/people")
    browser.cookies.clear()
    answer = page.ask()
    assert answer.headers["hx-redirect"].startswith("/sign-in?next=")
