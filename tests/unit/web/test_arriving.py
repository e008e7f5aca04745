"""An account that begins: four cards, sample data loaded and removed, and empty lists that say what belongs there."""

from __future__ import annotations

import html
import re

from installation import Installation
from oauth import Browser, Page


def text_of(page: Page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def press(browser: Browser, path: str) -> Page:
    return browser.post(path, {"form_token": browser.get("/samples").fields.get("form_token", "")})


def token(browser: Browser) -> dict[str, str]:
    return {"form_token": browser.get("/home").fields["form_token"]}


def test_home_offers_a_beginning_as_long_as_there_is_nothing(cuprum: Installation, browser: Browser) -> None:
    page = browser.get("/home")
    for path in ("/people/new", "/imports/new", "/settings/users"):
        assert f'<a href="{path}">' in page.text
        assert browser.get(path).status == 200
    assert 'action="/samples/load"' in page.text
    cuprum.ada.post("/people", {"name": "Elena Costa"})
    assert "Where do you want to begin?" not in text_of(browser.get("/home"))


def test_the_cards_are_put_away(browser: Browser) -> None:
    assert browser.post("/preferences", token(browser) | {"starter": "hidden", "next": "/home"}).location == "/home"
    assert "Where do you want to begin?" not in text_of(browser.get("/home"))


def test_a_member_is_offered_what_they_may_do(browser_of) -> None:
    grace = browser_of("grace")
    page = grace.get("/home").text
    assert "/people/new" in page
    assert "/samples/load" not in page
    assert "Load sample data" not in grace.get("/people").text
    assert "An owner or admin can load it" in text_of(grace.get("/samples"))
    for act in ("/samples/load", "/samples/remove"):
        refused = grace.post(act, token(grace))
        assert refused.status == 403
        assert "Ask an admin" in text_of(refused)


def test_an_empty_list_says_what_belongs_there_and_how_it_comes(browser: Browser) -> None:
    for plural in ("leads", "people", "companies", "opportunities", "projects", "tasks"):
        page = browser.get(f"/{plural}")
        assert f"No {plural} yet" in text_of(page)
        assert "None" not in text_of(page).split("yet")[1].split("Keyboard")[0]
        assert ("/imports/new?entity=" in page.text) == (plural not in ("projects", "tasks"))
    assert re.search(r'value="company" checked', browser.get("/imports/new?entity=company").text)


def test_sample_data_is_loaded_named_removed_and_brought_back(cuprum: Installation, browser: Browser) -> None:
    loaded = press(browser, "/samples/load")
    assert loaded.status == 303
    home = text_of(browser.get(loaded.location))
    assert "Sample data loaded" in home
    assert "This account holds sample data" in home
    assert press(browser, "/samples/load").location == "/home"
    assert len(cuprum.ada.post("/people/search", {"page_size": 200})) == 40
    (tejo,) = cuprum.ada.post("/companies/search", {"name": "Estaleiro do Tejo"})
    cuprum.ada.post("/people", {"name": "Elena Costa", "company_id": tejo["id"]})
    page = text_of(browser.get("/samples"))
    assert "39 people" in page
    assert "11 companies" in page
    assert "Estaleiro do Tejo has something of yours linked to it" in page
    assert "Joaquim Salgado belongs to something that stays" in page
    removed = press(browser, "/samples/remove")
    assert "Sample data removed" in text_of(browser.get(removed.location))
    names = sorted(one["name"] for one in cuprum.ada.post("/people/search", {}))
    assert names == ["Elena Costa", "Joaquim Salgado"]
    assert "holds sample data" not in text_of(browser.get("/home"))
    undo = re.search(r'action="(/undo/[^"]+)"', browser.get(removed.location).text)[1]
    assert browser.post(undo, token(browser) | {"next": "/home"}).status == 303
    assert "holds sample data" in text_of(browser.get("/home"))
    assert len(cuprum.ada.post("/people/search", {"page_size": 200})) == 41
    assert press(browser, "/samples/remove").status == 303
    assert press(browser, "/samples/remove").location == "/home"
