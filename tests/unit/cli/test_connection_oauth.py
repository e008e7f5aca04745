"""`cuprum connection add --oauth`: the whole walk, at a live Cuprum and at the stand-in, with a browser that says yes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2
import pytest
from sqlalchemy import select, update

import forked
from cuprum.kit import jsonio
from cuprum.kit.secret_box import box_for
from cuprum.storage.connection_tables import connection as connections
from cuprum.storage.database import Database
from cuprum.storage.oauth_tables import oauth_token
from homes import CUPRUM, Home, Server, empty_home
from oauth import Browser, told
from patience import PATIENCE_SECONDS
from ports import free_port
from standin import StandIn

EMAIL, PASSWORD = "ana@harbour.example", "correct horse battery"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One installation for all: a server that authorises, and the home in which connections to it are kept."""
    with empty_home("sqlite", tmp_path_factory.mktemp("house") / "home") as home:
        home.ok("user", "add", EMAIL, "--name", "Ana", "--role", "owner", "--password-stdin", given=PASSWORD + "\n")
        yield home


@pytest.fixture(scope="module")
def server(house: Home) -> Iterator[Server]:
    with house.serve() as running:
        yield running


@pytest.fixture(scope="module")
def browser(server: Server) -> Iterator[Browser]:
    """Ana's, signed in at the server."""
    with httpx2.Client(timeout=PATIENCE_SECONDS) as client:
        made = Browser(SimpleNamespace(client=client), base=server.url)  # type: ignore[arg-type]
        assert made.sign_in(EMAIL, PASSWORD).status == 303
        yield made


class Adding:
    """The command while it waits for the browser."""

    def __init__(self, home: Home, *arguments: str, secret: str = "") -> None:
        command = [*CUPRUM, "connection", "add", *arguments, "--oauth", "--no-browser"]
        command += ["--client-secret-stdin"] if secret else []
        pipe = forked.PIPE
        self.process = forked.Python(*command, env=home.environment, stdin=pipe, stdout=pipe, stderr=pipe)
        if secret:
            self.say(secret)
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http"), self.process.communicate(timeout=PATIENCE_SECONDS)

    @property
    def asked(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query))

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}"

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ended(self) -> tuple[int, str]:
        _, said = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert "Traceback" not in said, said
        return self.process.returncode, said


def app_at(home: Home, *arguments: str) -> dict[str, str]:
    return json.loads(home.ok("app", "add", "Quay", "--redirect-uri", "http://127.0.0.1/callback", *arguments))


def whole(home: Home, name: str) -> list[tuple[str, bool]]:
    return [(one["step"], one["ok"]) for one in json.loads(home.ok("connection", "test", name))["steps"]]


WORKS = [("token", True), ("account", True), ("user", True)]


@pytest.mark.parametrize("kind", [(), ("--public",)])
def test_a_standard_app_comes_back_by_a_redirect_with_pkce(
    house: Home, server: Server, browser: Browser, kind: tuple[str, ...]
) -> None:
    app, name = app_at(house, *kind), "standard" + "".join(kind)
    adding = Adding(house, name, "--client-id", app["client_id"], "--base-url", server.url, secret=app["client_secret"] or "")
    assert adding.asked["code_challenge_method"] == "S256"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/callback", adding.asked["redirect_uri"])
    answered = browser.decide(adding.path)
    # Another program on this machine that knocks first changes nothing.
    assert httpx2.get(adding.asked["redirect_uri"] + "?nothing=1", timeout=PATIENCE_SECONDS).status_code == 404
    assert "You can close this window" in httpx2.get(answered.location, timeout=PATIENCE_SECONDS).text
    assert adding.ended() == (0, f"Connection {name} is stored.\n")
    assert whole(house, name) == WORKS
    assert json.loads(house.ok("act", "getUser", "--connection", name, "--input", "-", given="{}"))["email"] == EMAIL


def test_an_app_of_coppers_kind_comes_back_by_a_form(house: Home, server: Server, browser: Browser) -> None:
    app = app_at(house, "--kind", "copper")
    adding = Adding(house, "by form", "--client-id", app["client_id"], "--base-url", server.url, secret=app["client_secret"])
    fields = told(browser.decide(adding.path))
    assert httpx2.post(adding.asked["redirect_uri"], data=fields, timeout=PATIENCE_SECONDS).status_code == 200
    assert adding.ended()[0] == 0
    assert whole(house, "by form") == WORKS
    assert token_of(house, "by form")["expires_at"] is None


def test_a_code_can_be_pasted_alone_or_as_the_address_it_came_in(house: Home, server: Server, browser: Browser) -> None:
    elsewhere = "https://tool.example.com/callback"
    app = app_at(house, "--redirect-uri", elsewhere)
    for name, paste in (("pasted", lambda page: page.location), ("by hand", lambda page: told(page)["code"])):
        adding = Adding(
            house, name, "--client-id", app["client_id"], "--base-url", server.url, "--redirect-uri", elsewhere,
            secret=app["client_secret"],
        )  # fmt: skip
        adding.say(paste(browser.decide(adding.path)))
        assert adding.ended()[0] == 0
        assert whole(house, name) == WORKS


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        ({"error": "access_denied", "error_description": "The user refused."}, "The user refused."),
        ({"code": "stolen", "state": "another"}, "does not belong to this authorisation"),
        ({"code": "stolen"}, "does not belong to this authorisation"),
        ({"code": "wrong", "state": "$state"}, "The server gives no token"),
        ({"code": "x", "state": "$state", "iss": "https://evil.example"}, "comes from another server"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_nothing_is_stored(
    house: Home, server: Server, came: dict[str, str], reason: str
) -> None:
    app = app_at(house)
    adding = Adding(house, "never", "--client-id", app["client_id"], "--base-url", server.url, secret=app["client_secret"])
    if "iss" not in came and came.keys() == {"code"}:
        came = {**came, "iss": server.url}
    fields = {key: value.replace("$state", adding.asked["state"]) for key, value in came.items()}
    httpx2.get(adding.asked["redirect_uri"] + "?" + urlencode(fields), timeout=PATIENCE_SECONDS)
    code, said = adding.ended()
    assert code == 1
    assert reason in said
    assert "never" not in house.ok("connection", "list")


def test_the_stand_in_authorises_on_another_host_by_form_and_for_ever(house: Home) -> None:
    with StandIn() as standin:
        callback = f"http://127.0.0.1:{free_port()}/callback"
        standin.oauth.redirect_uris.add(callback)
        adding = Adding(
            house, "cloud", "--client-id", "client-1", "--base-url", standin.base_url, "--oauth-url", standin.oauth_url,
            "--redirect-uri", callback, secret="secret-1",
        )  # fmt: skip
        page = httpx2.get(adding.url, timeout=PATIENCE_SECONDS).text
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        assert httpx2.post(adding.asked["redirect_uri"], data=fields, timeout=PATIENCE_SECONDS).status_code == 200
        assert adding.ended()[0] == 0
        assert whole(house, "cloud") == WORKS
        assert token_of(house, "cloud") == token_of(house, "cloud") | {"expires_at": None, "refresh_token": None}
        # Its token is taken back: the next call says so, and the connection with it.
        standin.state.tokens.clear()
        done = house.run("act", "listTags", "--connection", "cloud", "--input", "-", given="{}")
        assert (done.returncode, json.loads(done.stderr)["error"]) == (1, "Unauthorized")
        assert "cloud\toauth2\tneeds_reauth" in house.ok("connection", "list")


def test_two_processes_that_find_the_token_stale_refresh_it_once(house: Home, server: Server, browser: Browser) -> None:
    app = app_at(house)
    adding = Adding(house, "shared", "--client-id", app["client_id"], "--base-url", server.url, secret=app["client_secret"])
    httpx2.get(browser.decide(adding.path).location, timeout=PATIENCE_SECONDS)
    assert adding.ended()[0] == 0
    make_stale(house, "shared")
    before = spent(house)
    acting = [
        forked.Python(
            *CUPRUM, "options", "createTask", "assignee_id", "--connection", "shared", env=house.environment,
            stdout=forked.PIPE, stderr=forked.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for one in acting:
        said, trouble = one.communicate(timeout=PATIENCE_SECONDS)
        assert one.returncode == 0, trouble
        assert [option["label"] for option in json.loads(said)["options"]] == ["Ana"]
    assert spent(house) == before + 1
    assert whole(house, "shared") == WORKS


def test_wrong_usage_is_said_before_anybody_is_sent_anywhere(house: Home) -> None:
    add = ("connection", "add", "x", "--oauth")
    assert "--client-id" in house.refused(*add, code=2)
    assert "--redirect-uri" in house.refused(
        *add,
        "--client-id",
        "c",
        "--redirect-uri",
        "http://[x",
        "--base-url",
        "http://127.0.0.1:1",
        "--oauth-url",
        "http://127.0.0.1:1",
        code=2,
    )
    assert "Base Url" in house.refused(*add, "--client-id", "c", "--base-url", "nowhere")
    assert "Name" in house.refused("connection", "add", "a/b", "--oauth", "--client-id", "c")
    assert house.refused(*add, "--client-id", "c", "--base-url", f"http://127.0.0.1:{free_port()}").strip()


def token_of(home: Home, name: str) -> dict[str, object]:
    database = Database(home.settings)
    try:
        row = database.read_now(lambda db: db.execute(select(connections).where(connections.c.name == name)).one())
        return jsonio.decode(box_for(home.folder, None).open(row.sealed))["token"]
    finally:
        database.close()


def make_stale(home: Home, name: str) -> None:
    database, box = Database(home.settings), box_for(home.folder, None)
    try:
        row = database.read_now(lambda db: db.execute(select(connections).where(connections.c.name == name)).one())
        secret = jsonio.decode(box.open(row.sealed))
        secret["token"]["expires_at"] = time.time() - 1
        sealed = box.seal(jsonio.text(secret))
        database.write_now(lambda db: db.execute(update(connections).where(connections.c.id == row.id).values(sealed=sealed)))
    finally:
        database.close()


def spent(home: Home) -> int:
    """How many refresh tokens were exchanged."""
    database = Database(home.settings)
    try:
        found = select(oauth_token.c.hash).where(oauth_token.c.kind == "refresh", oauth_token.c.spent_at.is_not(None))
        return len(database.read_now(lambda db: db.execute(found).all()))
    finally:
        database.close()
