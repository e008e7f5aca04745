"""`/`: a page for people."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from cuprum.app import application
from cuprum.config import Settings
from cuprum.storage.account_tables import account
from cuprum.storage.migrate import migrate
from installation import Installation


def test_the_page_says_what_this_is_and_how_to_ask_it(cuprum: Installation) -> None:
    page = cuprum.client.get("/")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    for words in ("Harbour &amp; Pine", "curl http://testserver/developer_api/v1/people/search", 'href="/openapi.json"'):
        assert words in page.text


def test_its_links_lead_somewhere_and_nothing_comes_from_elsewhere(cuprum: Installation) -> None:
    import re

    page = cuprum.client.get("/").text
    addresses = [address for address in re.findall(r'(?:href|src)="([^"]+)"', page) if not address.startswith("data:")]
    assert addresses
    for address in addresses:
        assert address.startswith("/")
        assert cuprum.client.get(address).status_code == 200, address
    assert "script" not in page
    assert 'style="' not in page


def test_the_name_of_the_account_is_text_and_no_markup(cuprum: Installation) -> None:
    cuprum.database.write_now(lambda connection: connection.execute(update(account).values(name="<b>Bold & $url</b>")))
    page = cuprum.client.get("/").text
    assert "&lt;b&gt;Bold &amp; $url&lt;/b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize("words", ["cuprum user add", "cuprum serve --demo"])
def test_without_an_account_the_page_says_how_to_open_one(tmp_path: Path, words: str) -> None:
    settings = Settings(home=tmp_path)
    migrate(settings)
    with TestClient(application(settings)) as client:
        assert words in client.get("/").text
        assert client.get("/developer_api/v1/account").status_code == 401
