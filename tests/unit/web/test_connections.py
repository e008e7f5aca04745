"""Connections on the web: by key, of this very account, and by signing in elsewhere; secrets are never shown again."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from automation import automation
from cuprum.automation.connections import Connections
from oauth import signed_in

LIST = "/settings/connections"


def stored(cuprum) -> Connections:
    return Connections(cuprum.settings, cuprum.database)


def names(cuprum) -> list[str]:
    return [one.name for one in stored(cuprum).all()]


def ask(browser, path: str, page: str, **typed: str):
    return browser.post(path, {"form_token": browser.get(page).fields["form_token"], **typed})


@pytest.fixture
def open_house(template, tmp_path) -> Iterator:
    """An installation that may call this machine."""
    with template.copy(tmp_path / "open", webhook_allow_http=True, webhook_allow_private=True) as installation:
        yield installation


class Elsewhere:
    """Another server of Copper's kind: it signs people in, and knows one key."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.lets_all_in = False
        here = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/.well-known/"):
                    return self.say(200, {"authorization_endpoint": f"{here.url}/let-in", "token_endpoint": f"{here.url}/token",
                                          "code_challenge_methods_supported": ["S256"]})  # fmt: skip
                known = self.headers.get("authorization") == "Bearer good" or self.headers.get("x-pw-accesstoken") == "good-key"
                return (
                    self.say(200, {"id": 1, "name": "Elsewhere Ltd"})
                    if known or here.lets_all_in
                    else self.say(401, {"message": "Who are you?"})
                )

            def do_POST(self) -> None:
                here.forms.append(dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode())))
                self.say(200, {"access_token": "good", "token_type": "bearer"})

            def say(self, status: int, body: object) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Elsewhere:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        yield server


def test_a_key_is_kept_tried_and_never_shown_again(open_house, elsewhere):
    browser = signed_in(open_house, "ada")
    typed = {"name": "a/b", "email": "ada@elsewhere.example", "key": "good-key", "base_url": elsewhere.url, "way": "api_key"}
    refused = ask(browser, f"{LIST}/new", f"{LIST}/new", **typed)
    assert refused.status == 422
    assert "Must be 1 to 80 letters" in refused.text
    made = ask(browser, f"{LIST}/new", f"{LIST}/new", **(typed | {"name": "Elsewhere"}))
    assert made.status == 200
    assert "It works" in made.text
    assert "Elsewhere Ltd" in made.text
    number = stored(open_house).one("Elsewhere").id
    for path in (LIST, f"{LIST}/{number}", f"{LIST}/new?name=Elsewhere"):
        assert "good-key" not in browser.get(path).text
    again = ask(browser, f"{LIST}/new", f"{LIST}/new", **(typed | {"name": "Elsewhere"}))
    assert again.status == 409
    worse = ask(browser, f"{LIST}/new", f"{LIST}/new", **(typed | {"name": "Elsewhere", "renews": "Elsewhere", "key": "bad-key"}))
    assert "Failed: asking for the account" in worse.text
    assert "Needs a new key" in browser.get(LIST).text


def test_an_address_that_is_not_for_everybody_names_the_setting(cuprum, browser):
    typed = {"name": "Inside", "email": "a@b.example", "key": "k"}
    for address, setting in (
        ("http://10.0.0.1", "CUPRUM_WEBHOOK_ALLOW_HTTP"),
        ("https://127.0.0.1", "CUPRUM_WEBHOOK_ALLOW_PRIVATE"),
    ):
        for way in ("new", "let-in"):
            answer = ask(browser, f"{LIST}/{way}", f"{LIST}/new", **typed, client_id="x", base_url=address)
            assert answer.status == 422
            assert f"{setting}=1" in answer.text
            assert 'value="Inside"' in answer.text
    for address in ("https://169.254.169.254", "ftp://example.org", "https://", "nonsense", "https://[::1", "\0"):
        assert ask(browser, f"{LIST}/new", f"{LIST}/new", **typed, base_url=address).status == 422
    assert names(cuprum) == []


def test_what_is_blank_stands_under_its_field(cuprum, browser):
    answer = ask(browser, f"{LIST}/new", f"{LIST}/new", name="", email=" ", key="", base_url="https://example.org")
    assert answer.status == 422
    assert answer.text.count('class="problem"') == 3
    assert ask(browser, f"{LIST}/new", f"{LIST}/new", name="x", email="a@b.c", key="schlüssel", base_url="").status == 422
    assert names(cuprum) == []


def test_the_first_thing_to_do_without_a_connection_looks_like_it(browser):
    # A variant that is blank is drawn as no button at all.
    before = browser.get(LIST).text.partition("Connect this account")[0]
    assert "data-variant" not in before[before.rindex("<button") :]


def test_this_account_is_connected_by_one_click_and_its_key_ends_with_it(cuprum, browser):
    assert ask(browser, f"{LIST}/here", LIST, user=str(cuprum.grace.id)).status == 200
    name = "This account as grace@harbour.example"
    assert names(cuprum) == [name]
    assert browser_keys(cuprum, "grace") == 1
    assert ask(browser, f"{LIST}/here", LIST, user=str(cuprum.grace.id)).status == 200
    assert browser_keys(cuprum, "grace") == 1
    number = stored(cuprum).one(name).id
    assert ask(browser, f"{LIST}/{number}/remove", f"{LIST}/{number}").status == 303
    assert names(cuprum) == []
    assert browser_keys(cuprum, "grace") == 0


def browser_keys(cuprum, name: str) -> int:
    return signed_in(cuprum, name).get("/settings/keys").text.count("Revoke Automations: ")


def test_an_admin_does_not_become_an_owner_by_it(cuprum, browser, browser_of):
    cuprum.database.write_now(
        lambda db: db.exec_driver_sql("""UPDATE "user" SET role = 'admin' WHERE email = 'grace@harbour.example'""")
    )
    grace = browser_of("grace")
    page = grace.get(LIST).text
    assert f'<option value="{cuprum.mallory.id}"' in page
    assert f'<option value="{cuprum.ada.id}"' not in page
    assert ask(grace, f"{LIST}/here", LIST, user=str(cuprum.ada.id)).status == 403
    assert ask(grace, f"{LIST}/here", LIST, user="nobody").status == 403
    assert names(cuprum) == []


def test_removing_says_what_goes_through_it(cuprum, browser):
    stored(cuprum).add_api_key("main", email="a@b.c", key="k", base_url="http://127.0.0.1:9")
    definition = {"label": "Welcome", "tasks": [{"name": "a", "type": "copper/v1/getAccount"}]}
    automation(cuprum.ada, "POST", "/workflows", {"definition": definition})
    page = browser.get(f"{LIST}/{stored(cuprum).one('main').id}").text
    assert "<strong>Welcome</strong> goes through it" in page
    assert "Welcome" in browser.get(LIST).text
    assert browser.get(f"{LIST}/999").status == 404


def test_signing_in_elsewhere_comes_back_with_a_connection(open_house, elsewhere):
    browser = signed_in(open_house, "ada")
    out = ask(
        browser,
        f"{LIST}/let-in",
        f"{LIST}/new",
        name="Elsewhere",
        client_id="app",
        client_secret="between-us-two",
        base_url=elsewhere.url,
    )
    assert out.status == 200
    url = html.unescape(re.search(r'id="go-on" href="([^"]+)"', out.text)[1])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{elsewhere.url}/let-in?")
    assert asked["redirect_uri"] == "https://testserver/connections/callback"
    assert "between-us-two" not in str(browser.cookies)
    # Another state, another browser: nothing comes of it.
    assert signed_in(open_house, "ada").get(f"/connections/callback?code=c&state={asked['state']}").status == 422
    kept = dict(browser.cookies)
    assert browser.get("/connections/callback?code=c&state=other").status == 422
    browser.cookies.update(kept)
    made = browser.get(f"/connections/callback?code=c&state={asked['state']}")
    assert made.status == 200, made.text
    assert "It works" in made.text
    assert elsewhere.forms[-1] | {"code_verifier": ""} == {
        "grant_type": "authorization_code", "code": "c", "redirect_uri": asked["redirect_uri"], "code_verifier": "",
        "client_id": "app", "client_secret": "between-us-two",
    }  # fmt: skip
    assert stored(open_house).one("Elsewhere").state == "ok"
    # It is good for once.
    assert browser.get(f"/connections/callback?code=c&state={asked['state']}").status == 422


def test_a_refusal_elsewhere_is_told(open_house, elsewhere):
    browser = signed_in(open_house, "ada")
    ask(browser, f"{LIST}/let-in", f"{LIST}/new", name="Elsewhere", client_id="app", base_url=elsewhere.url)
    back = browser.get("/connections/callback?error=access_denied&error_description=Not+today")
    assert back.status == 422
    assert "Not today" in back.text
    assert names(open_house) == []


def test_what_comes_as_a_form_of_another_site_comes_again_as_a_link(cuprum, browser):
    answer = browser.ask(
        "POST", "/connections/callback", {"code": "c", "state": "s", "evil": "x"}, {"Origin": "https://app.copper.com"}
    )
    assert (answer.status, answer.location) == (303, "/connections/callback?code=c&state=s")


def test_members_do_not_end_what_an_admin_began(open_house, elsewhere):
    browser = signed_in(open_house, "ada")
    out = ask(browser, f"{LIST}/let-in", f"{LIST}/new", name="Elsewhere", client_id="app", base_url=elsewhere.url)
    state = parse_qs(urlsplit(html.unescape(re.search(r'id="go-on" href="([^"]+)"', out.text)[1])).query)["state"][0]
    mallory = signed_in(open_house, "mallory")
    mallory.cookies |= {name: value for name, value in browser.cookies.items() if name not in mallory.cookies}
    assert mallory.get(f"/connections/callback?code=c&state={state}").status == 403
    assert names(open_house) == []


def test_what_was_set_on_the_web_calls_nothing_that_the_settings_keep_in(cuprum):
    """The check is made where the call is: a name may lead elsewhere by then, and a setting may be another."""
    stored(cuprum).add_api_key("inside", email="a@b.c", key="k", base_url="http://127.0.0.1:9", is_guarded=True)
    stored(cuprum).add_api_key("by hand", email="a@b.c", key="k", base_url="http://127.0.0.1:9")
    assert "CUPRUM_WEBHOOK_ALLOW_HTTP" in str(stored(cuprum).test("inside").steps)
    assert "CUPRUM_WEBHOOK" not in str(stored(cuprum).test("by hand").steps)


def test_the_address_to_come_back_to_is_whole_and_the_one_that_is_asked_for(open_house, elsewhere):
    browser = signed_in(open_house, "ada")
    shown = callback(browser)
    assert shown == f"{browser.base}/connections/callback"
    answer = ask(browser, f"{LIST}/let-in", f"{LIST}/new?way=oauth2", name="There", base_url=elsewhere.url, client_id="app-1")
    way_out = html.unescape(re.search(r'id="go-on" href="([^"]+)"', answer.text)[1])
    assert dict(parse_qsl(urlsplit(way_out).query))["redirect_uri"] == shown


@pytest.mark.parametrize(
    ("public", "is_told"),
    [("https://crm.example.org/", True), ("http://127.0.0.1:8000", False)],
    ids=["public", "of-the-machine"],
)
def test_others_come_back_to_the_public_address_where_there_is_one(template, tmp_path, public, is_told):
    with template.copy(tmp_path / "public", public_url=public) as installation:
        browser = signed_in(installation, "ada")
        assert callback(browser) == (public.rstrip("/") if is_told else browser.base) + "/connections/callback"


def callback(browser) -> str:
    return re.search(r'callback: <code id="callback">([^<]+)</code>', browser.get(f"{LIST}/new?way=oauth2").text)[1]


@pytest.mark.parametrize("lets_us_in", [True, False])
def test_this_account_is_reached_at_its_public_address_if_that_is_this_account(template, tmp_path, elsewhere, lets_us_in):
    elsewhere.lets_all_in = lets_us_in
    with template.copy(tmp_path / "public", public_url=elsewhere.url) as installation:
        assert ask(signed_in(installation, "ada"), f"{LIST}/here", LIST).status == 200
        kept = stored(installation).one("This account").base_url
        assert kept.startswith(elsewhere.url) is lets_us_in


def test_a_key_is_renewed_in_its_place_and_tried(open_house, elsewhere):
    browser = signed_in(open_house, "ada")
    stored(open_house).add_api_key("There", email="ana@elsewhere.example", key="old-key", base_url=elsewhere.url)
    one = f"{LIST}/{stored(open_house).one('There').id}"
    failed = ask(browser, f"{one}/test", one).text
    assert "It does not work: what it signs in with is not accepted" in failed
    assert "Needs a new key" in failed
    blank = ask(browser, f"{one}/renew", one, key=" ")
    assert blank.status == 422
    assert "Can&#39;t be blank" in blank.text
    renewed = ask(browser, f"{one}/renew", one, key="good-key").text
    assert "It works" in renewed
    assert "good-key" not in renewed
    assert stored(open_house).one("There").public == {"username": "ana@elsewhere.example"}


def test_who_signed_in_there_does_so_again_with_nothing_typed(open_house, elsewhere):
    browser = signed_in(open_house, "ada")
    keep = {"name": "There", "base_url": elsewhere.url, "client_id": "app-1", "client_secret": "hush"}
    answer = ask(browser, f"{LIST}/let-in", f"{LIST}/new?way=oauth2", **keep)
    browser.get(f"/connections/callback?code=c1&state={state_of(answer)}")
    one = f"{LIST}/{stored(open_house).one('There').id}"
    again = ask(browser, f"{one}/let-in", one)
    assert browser.get(f"/connections/callback?code=c2&state={state_of(again)}").status == 200
    assert [(form["code"], form["client_id"], form.get("client_secret", "hush")) for form in elsewhere.forms] == [
        ("c1", "app-1", "hush"), ("c2", "app-1", "hush"),
    ]  # fmt: skip
    assert names(open_house) == ["There"]


def state_of(answer) -> str:
    way_out = html.unescape(re.search(r'id="go-on" href="([^"]+)"', answer.text)[1])
    return dict(parse_qsl(urlsplit(way_out).query))["state"]
