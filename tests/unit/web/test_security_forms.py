"""No other site can have a browser of ours do anything: every form of the web face, found in the app's own table."""

from __future__ import annotations

import pytest

from cuprum.auth.sessions import form_token
from cuprum.web.browser import SAFE_COOKIE
from oauth import Browser, Page, signed_in, with_password
from web_routes import PARTS, everything, plurals, usual, web_addresses

# Enough for most forms to do something, if they were let.
TYPED = {
    "name": "Evil", "details": "Evil", "label": "Evil", "email": "evil@x.example", "role": "member", "status": "Won", "type": "0",
    "stage": "1", "ids": "1", "theme": "dark", "password": "correct horse battery", "decision": "accept", "next": "/people",
}  # fmt: skip

# An authorisation server posts its answer there: it is led on to the address that reads it, and that one wants its `state`.
ANSWERED = "/connections/callback"

ATTACKS = {
    "without its token": lambda token: ({}, {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"}),
    "with the token of another browser": lambda token: ({"form_token": form_token("another")}, {"Origin": "https://testserver"}),
    "from another origin": lambda token: ({"form_token": token}, {"Origin": "https://evil.example"}),
    "from no origin": lambda token: ({"form_token": token}, {"Origin": "null"}),
    "from another site": lambda token: ({"form_token": token}, {"Sec-Fetch-Site": "cross-site"}),
    "from a neighbour": lambda token: ({"form_token": token}, {"Sec-Fetch-Site": "same-site", "Origin": "https://x.testserver"}),
    "by a script of another site": lambda token: ({"form_token": token}, {"Sec-Fetch-Site": "cross-site", **PARTS}),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_form_does_anything(cuprum, browser, attack):
    ids = {plural: cuprum.ada.post(f"/{plural}", {"name": "Iris"})["id"] for plural in plurals().values()}
    with_password(cuprum)
    typed, headers = ATTACKS[attack](browser.get("/home").fields["form_token"])
    before = everything(cuprum)
    forms = [
        one
        for one in web_addresses(cuprum, lambda place, name: usual(place, name, ids))
        if one.method != "GET" and one.path != ANSWERED
    ]
    assert len(forms) > 30
    refused = 0
    for form in forms:
        answer = browser.ask(form.method, form.path, TYPED | typed, headers)
        if answer.status == 400:
            answer = with_a_file(browser, form.path, TYPED | typed, headers)
        refused += answer.status == 403
        # Where a form is shown again when it is refused, what it is about may not be there, or not be readable.
        assert answer.status in (400, 403, 404), f"{form.method} {form.template} {attack}: {answer.status}"
        assert "set-cookie" not in answer.headers or "theme" not in answer.headers["set-cookie"]
    assert refused > 0.8 * len(forms)
    assert everything(cuprum) == before


def with_a_file(browser, path, fields, headers):
    """The same, sent as forms with a file are."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    files = {"file": ("people.csv", b"name\nEvil\n", "text/csv")}
    answer = browser.cuprum.client.post(browser.base + path, data=fields, files=files, headers={"Cookie": cookies, **headers})
    return Page(answer.status_code, answer.text, "", answer.headers)


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_form_of_another_kind_is_refused(cuprum, browser, kind):
    token = browser.get("/home").fields["form_token"]
    cookies = f"{SAFE_COOKIE}={browser.cookies[SAFE_COOKIE]}"
    headers = {"Content-Type": kind, "Cookie": cookies, "Origin": "https://testserver"}
    answer = cuprum.client.post("https://testserver/people/new", content=f"name=Evil&form_token={token}", headers=headers)
    assert answer.status_code in (400, 403)
    assert cuprum.ada.post("/people/search") == []


def test_the_api_takes_no_cookie(cuprum, browser):
    cookies = f"{SAFE_COOKIE}={browser.cookies[SAFE_COOKIE]}"
    for method, path in (
        ("GET", "/developer_api/v1/account"),
        ("POST", "/developer_api/v1/people"),
        ("GET", "/automation/v1/changes"),
    ):
        answer = cuprum.client.request(method, "https://testserver" + path, headers={"Cookie": cookies}, json={"name": "Evil"})
        assert answer.status_code == 401, path


@pytest.mark.parametrize("path", ["/people/1/delete", "/sign-out", "/preferences", "/settings/keys/1/revoke", "/undo/x"])
def test_a_link_does_nothing(cuprum, browser, path):
    cuprum.ada.post("/people", {"name": "Iris"})
    before = everything(cuprum)
    assert browser.get(path).status == 404
    assert everything(cuprum) == before


def test_signing_in_begins_a_new_session_and_ends_what_the_browser_held(cuprum):
    email = with_password(cuprum)
    browser = Browser(cuprum, cookies={SAFE_COOKIE: "planted-by-somebody"})
    browser.sign_in(email)
    first = browser.cookies[SAFE_COOKIE]
    assert first != "planted-by-somebody"
    assert Browser(cuprum, cookies={SAFE_COOKIE: "planted-by-somebody"}).get("/home").status == 303
    assert browser.get("/home").status == 200
    browser.sign_in(email)
    assert browser.cookies[SAFE_COOKIE] != first
    assert Browser(cuprum, cookies={SAFE_COOKIE: first}).get("/home").status == 303


def test_the_token_of_one_session_fits_no_other(cuprum):
    ada, mallory = signed_in(cuprum, "ada"), signed_in(cuprum, "mallory")
    token = mallory.get("/home").fields["form_token"]
    assert ada.post("/people/new", {"form_token": token, "name": "Evil"}).status == 403
    assert cuprum.ada.post("/people/search") == []


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "///evil.example",
     "/\r\nLocation: https://evil.example", " //evil.example", "https:evil.example", "http://testserver.evil.example/", "/\u2028/evil", "@evil.example"],
)  # fmt: skip
def test_no_form_leads_elsewhere(cuprum, browser, elsewhere):
    task = cuprum.ada.post("/tasks", {"name": "Ring"})["id"]
    deal = cuprum.ada.post("/opportunities", {"name": "Roof"})
    email = with_password(cuprum)
    group = browser.get("/changes").text.split('href="/changes/')[1].split('"')[0]
    token = browser.get("/home").fields["form_token"]
    forms = {
        "/preferences": {"theme": "dark"}, f"/tasks/{task}/complete": {}, f"/opportunities/{deal['id']}/move": {"status": "Won"},
        "/tasks/put-off": {"ids": str(task)}, f"/undo/{group}": {}, "/sign-out": {},
    }  # fmt: skip
    for path, typed in forms.items():
        answer = browser.post(path, {"form_token": token, "next": elsewhere, **typed})
        assert answer.status == 303, f"{path}: {answer.status}"
        _is_here(answer.location)
    assert f'href="{elsewhere}"' not in signed_in(cuprum, "ada").get(f"/opportunities/{deal['id']}/move?next=//evil.example").text
    stranger = Browser(cuprum)
    _is_here(stranger.sign_in(email, go_on=elsewhere).location)


def _is_here(location: str) -> None:
    assert location.startswith("/"), location
    assert not location.startswith(("//", "/\\")), location
    assert "evil" not in location or location.startswith("/sign-in?next=%2F"), location
