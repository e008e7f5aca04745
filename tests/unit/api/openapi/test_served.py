"""The description over HTTP: open to everybody, strict about what the page may load."""

from __future__ import annotations

from html.parser import HTMLParser


def test_the_description_needs_no_key(cuprum):
    answer = cuprum.client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "/developer_api/v1/people" in answer.json()["paths"]


def test_the_page_names_every_operation(cuprum):
    page, described = cuprum.client.get("/api").text, cuprum.client.get("/openapi.json").json()
    for methods in described["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page


def test_the_page_loads_nothing_but_its_style(cuprum):
    answer = cuprum.client.get("/api")
    assert "default-src 'none'; style-src 'self'" in answer.headers["content-security-policy"]
    assert "script" not in answer.headers["content-security-policy"]
    loaded = Loaded(answer.text)
    assert loaded.addresses == ["/api/style.css"]
    assert not loaded.forbidden
    assert cuprum.client.get("/api/style.css").headers["content-type"].startswith("text/css")


def test_every_link_of_the_page_leads_somewhere(cuprum):
    loaded = Loaded(cuprum.client.get("/api").text)
    assert {target for target in loaded.targets if target.startswith("#")} <= {f"#{one}" for one in loaded.ids}
    assert len(loaded.ids) == len(set(loaded.ids))


class Loaded(HTMLParser):
    """What a page loads, where its links lead, which places it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses, self.targets, self.ids, self.forbidden = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.targets.append(given["href"])
        if tag in ("link", "img", "iframe", "script"):
            self.addresses.append(given.get("href") or given.get("src"))
        if tag in ("script", "style") or "style" in given or any(name.startswith("on") for name in given):
            self.forbidden.append(tag)
