"""What every answer tells the browser: load and send nothing elsewhere, stand in no frame, guess no type, keep no copy."""

from __future__ import annotations

import re

import pytest

from cuprum.web.browser import PLAIN_COOKIE, SAFE_COOKIE
from oauth import PASSWORD, Browser, signed_in, with_password
from web_routes import PARTS, plurals, usual, web_addresses

# Nothing in them is anybody's.
KEPT = re.compile(r"^/(static/.*|welcome\.css|pages\.css|first-start\.js|oauth/form-post\.js|)$")


@pytest.fixture(scope="module")
def answers(template, tmp_path_factory):
    """One of each kind, asked for once: nothing is changed by a look at their heads."""
    with template.copy(tmp_path_factory.mktemp("answers")) as cuprum:
        return one_of_each(cuprum, signed_in(cuprum, "ada"))


def one_of_each(cuprum, browser):
    """Pages, parts, tables, refusals, redirects, what is not there, what is not a page."""
    ids = {plural: cuprum.ada.post(f"/{plural}", {"name": "Iris"})["id"] for plural in plurals().values()}
    token = browser.get("/home").fields["form_token"]
    asset = re.search(r'href="(/static/[^"]+\.css)"', browser.get("/home").text)[1]
    found = {}
    for one in web_addresses(cuprum, lambda place, name: usual(place, name, ids)):
        if one.method == "GET":
            found[one.path] = browser.get(one.path)
            found[f"{one.path} in part"] = browser.ask("GET", one.path, headers=PARTS)
    found["/people/999999"] = browser.get("/people/999999")
    found["/people/new refused"] = browser.post("/people/new", {"form_token": token, "name": ""})
    found["/people/new from elsewhere"] = browser.post("/people/new", {"name": "Evil"})
    found["/people/new done"] = browser.post("/people/new", {"form_token": token, "name": "Iris"})
    found["/people signed out"] = Browser(cuprum).get("/people")
    found["/reports/forecast.csv table"] = browser.get("/reports/forecast.csv")
    found["/no-such-page"] = browser.get("/no-such-page")
    found[asset] = browser.get(asset)
    return found


def test_every_answer_is_held_in(answers):
    assert len(answers) > 80
    for name, answer in answers.items():
        headers = answer.headers
        assert answer.status < 500, name
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, name
        assert "frame-ancestors 'none'" in policy, name
        assert "base-uri 'none'" in policy, name
        assert not re.search(r"unsafe-|\*|(?<!img-src 'self' )(?<!img-src )data:|https?:", policy), f"{name}: {policy}"
        assert headers["x-frame-options"] == "DENY", name
        assert headers["x-content-type-options"] == "nosniff", name
        assert headers["referrer-policy"] == "same-origin", name
        assert headers["cross-origin-opener-policy"] == "same-origin", name
        assert "server" not in headers or "uvicorn" not in headers["server"], name


def test_no_copy_is_kept_of_what_is_somebodys(answers):
    for name, answer in answers.items():
        is_content = answer.status == 200 and answer.text and not KEPT.match(name.partition(" ")[0])
        if is_content:
            assert answer.headers["cache-control"] == "no-store", name
        if "hx-request" in answer.headers.get("vary", "").lower():
            continue
        assert not is_content or "in part" not in name or answer.headers["cache-control"] == "no-store", name


def test_every_page_is_html_with_its_letters_named(answers):
    for name, answer in answers.items():
        if answer.text.lstrip().startswith("<"):
            assert answer.headers["content-type"].startswith(("text/html; charset=utf-8", "image/svg+xml")), name


def test_the_cookie_is_for_this_server_alone_and_for_no_script(cuprum):
    email = with_password(cuprum)
    browser = Browser(cuprum)
    form = browser.get("/sign-in").fields
    [cookie] = browser.post("/sign-in", form | {"email": email, "password": PASSWORD}).headers.get_list("set-cookie")
    name, _, further = cookie.partition("=")
    assert name == SAFE_COOKIE == "__Host-cuprum"
    flags = {part.strip().lower() for part in further.split(";")[1:]}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


def test_without_encryption_the_cookie_is_a_plain_one_and_every_page_warns(cuprum):
    email = with_password(cuprum)
    browser = Browser(cuprum, base="http://192.168.1.9")
    form = browser.get("/sign-in").fields
    [cookie] = browser.post("/sign-in", form | {"email": email, "password": PASSWORD}).headers.get_list("set-cookie")
    assert cookie.startswith(f"{PLAIN_COOKIE}=")
    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()
    for path in ("/home", "/people", "/reports/forecast", "/settings"):
        assert "This connection is not encrypted" in browser.get(path).text


def test_how_pages_look_is_the_only_other_cookie_and_no_script_reads_it(browser):
    token = browser.get("/home").fields["form_token"]
    answer = browser.post("/preferences", {"form_token": token, "theme": "dark", "density": "compact"})
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith(("theme=dark", "density=compact"))
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()


def test_who_signs_out_leaves_no_cookie(browser):
    token = browser.get("/home").fields["form_token"]
    answer = browser.post("/sign-out", {"form_token": token})
    [cookie] = answer.headers.get_list("set-cookie")
    assert re.match(rf'{SAFE_COOKIE}="?"?; ', cookie)
    assert "max-age=0" in cookie.lower()
