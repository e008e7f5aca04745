"""What the server says of itself (RFC 8414): true, and enough for a client to go by."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from cuprum.auth.scopes import SCOPES
from installation import Installation, Template
from oauth import Browser, new_app, signed_in, told

WELL_KNOWN = "/.well-known/oauth-authorization-server"


def test_every_endpoint_that_is_announced_answers(cuprum: Installation) -> None:
    answer = cuprum.client.get(WELL_KNOWN)
    said = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert said["issuer"] == "http://testserver"
    assert said["scopes_supported"] == list(SCOPES)
    assert said["code_challenge_methods_supported"] == ["S256"]
    for name, method in (
        ("authorization_endpoint", "GET"), ("token_endpoint", "POST"), ("revocation_endpoint", "POST"),
        ("introspection_endpoint", "POST"), ("service_documentation", "GET"),
    ):  # fmt: skip
        assert cuprum.client.request(method, urlsplit(said[name]).path).status_code != 404, name


def test_the_issuer_is_the_public_address_and_so_is_what_an_answer_names(template: Template, tmp_path: Path) -> None:
    with template.copy(tmp_path / "public", public_url="https://crm.harbour.example/") as cuprum:
        said = cuprum.client.get(WELL_KNOWN).json()
        assert said["issuer"] == "https://crm.harbour.example"
        assert said["token_endpoint"] == "https://crm.harbour.example/oauth/token"
        browser = signed_in_at(cuprum, "https://crm.harbour.example")
        assert told(browser.decide(new_app(cuprum).url()))["iss"] == "https://crm.harbour.example"


def test_behind_a_proxy_the_form_comes_from_the_public_address(template: Template, tmp_path: Path) -> None:
    with template.copy(tmp_path / "public", public_url="https://crm.harbour.example") as cuprum:
        # The proxy speaks https to the browser and http to us, and passes the host on.
        browser = signed_in_at(cuprum, "http://crm.harbour.example")
        form = browser.get(new_app(cuprum).url()).fields | {"decision": "accept"}
        assert browser.post("/oauth/authorize", form, Origin="https://crm.harbour.example").status == 303
        assert browser.post("/oauth/authorize", form, Origin="https://evil.example").status == 403


def signed_in_at(cuprum: Installation, base: str) -> Browser:
    browser = signed_in(cuprum, "ada")
    browser.base = base
    return browser
