"""Pages go out compressed, and what is secret in them cannot be told from their lengths."""

from __future__ import annotations

import gzip
import re

import pytest

from cuprum.auth.sessions import form_token, is_form_token
from cuprum.web.packing import SMALLEST_BYTES, packed

TAKES = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_compressed_for_a_browser_that_understands_it(browser):
    plain = browser.ask("GET", "/people", headers={"Accept-Encoding": "identity"})
    answer = browser.ask("GET", "/people", headers=TAKES)
    assert "content-encoding" not in plain.headers
    assert answer.headers["content-encoding"] == "gzip"
    assert "<h1>People</h1>" in answer.text
    assert int(answer.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    for one in (plain, answer):
        assert {"accept-encoding", "sec-fetch-site"} <= set(one.headers["vary"].lower().split(", "))


def test_a_part_of_a_page_is_compressed_too(browser):
    answer = browser.ask("GET", "/people", headers=TAKES | {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_that_another_site_asked_for_has_its_whole_length(browser, site):
    answer = browser.ask("GET", "/people?name=guess", headers=TAKES | {"Sec-Fetch-Site": site})
    assert answer.status == 200
    assert "content-encoding" not in answer.headers


def test_what_fits_into_one_packet_stays_as_it_is():
    short, long = "ñ" * 400, "ñ" * SMALLEST_BYTES
    assert packed(short, may_pack=True) == (short.encode(), {})
    body, headers = packed(long, may_pack=True)
    assert gzip.decompress(body).decode() == long
    assert headers == {"Content-Encoding": "gzip"}


def test_each_page_has_another_token_and_each_is_taken(browser):
    tokens = {browser.get("/people/new").fields["form_token"] for _ in range(3)}
    assert len(tokens) == 3
    for at, token in enumerate(tokens):
        assert browser.post("/people/new", {"form_token": token, "name": f"Iris {at}"}).status == 303


def test_all_forms_of_a_page_have_one_token(browser):
    # A page that follows others compares its regions with those of a later one, after it has taken over the token.
    tokens = re.findall(r'name="form_token" value="([^"]+)"', browser.get("/people").text)
    assert len(tokens) > 1
    assert len(set(tokens)) == 1


def test_a_token_is_taken_only_for_its_own_secret_and_whole():
    token = form_token("secret")
    assert is_form_token("secret", token)
    for secret, given in (("other", token), ("", token), ("secret", token[:-1]), ("secret", token[:-2]), ("secret", ""),
                          ("secret", token[:64]), ("secret", token + "00"), ("secret", "é" * 128), ("secret", "0" * 128)):  # fmt: skip
        assert not is_form_token(secret, given), given
