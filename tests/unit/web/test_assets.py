"""What pages load: vendored files are those of the manifest, and browsers may keep every asset for ever."""

from __future__ import annotations

import hashlib
import json

import pytest

from cuprum.web.assets import STATIC, address
from installation import Installation

VENDORED = json.loads((STATIC / "vendored.json").read_text())


@pytest.mark.parametrize("one", VENDORED, ids=lambda one: one["file"])
def test_a_vendored_file_is_the_one_of_the_manifest_and_brings_its_licence(one):
    assert hashlib.sha256((STATIC / one["file"]).read_bytes()).hexdigest() == one["sha256"]
    assert (STATIC / one["licence_text"]).read_text().strip()


def test_what_others_made_stands_in_the_manifest():
    found = {path.name for path in STATIC.iterdir() if path.is_file()}
    assert {name for name in found if ".min." in name or name == "icons.svg"} == {one["file"] for one in VENDORED}


def test_an_asset_is_kept_for_ever_under_an_address_of_its_content(cuprum: Installation):
    for name, kind in (("cuprum.css", "text/css"), ("htmx.min.js", "text/javascript"), ("icons.svg", "image/svg+xml")):
        answer = cuprum.client.get(address(name))
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]


def test_an_address_of_another_version_is_not_kept(cuprum: Installation):
    assert cuprum.client.get("/static/0123/cuprum.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["vendored.json", "..%2Fassets.py", "licences/htmx.txt", "nothing.css"])
def test_nothing_else_is_served(cuprum: Installation, name):
    assert cuprum.client.get(f"/static/0123/{name}").status_code == 404
