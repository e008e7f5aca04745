"""No address of the Developer API goes without a golden pair."""

from __future__ import annotations

import json
import re

from starlette.routing import Route

from cuprum.api.routes import developer_api
from golden.matching import FOLDER, STORIES


def test_every_address_and_verb_answers_in_a_golden_pair():
    asked = {
        (step["request"]["method"], re.sub(r"\$\w+:\w+", "1", step["request"]["path"]).rstrip("/"))
        for story in STORIES
        for step in json.loads((FOLDER / story).read_text())["steps"]
        if step["response"]["status"] == 200 and "body" in step["response"]
    }
    routes = [route for route in developer_api().routes if isinstance(route, Route)]
    answered = {(verb, _address(routes, verb, path)) for verb, path in asked}
    # HEAD and PATCH are the twins of GET and PUT; one address each shows that they are.
    served = {(verb, route.path) for route in routes for verb in (route.methods or set()) - {"HEAD", "PATCH"}}
    assert served - answered == set()


def _address(routes: list[Route], verb: str, path: str) -> str | None:
    """The address that a path belongs to: it may fit several patterns, the first one takes it."""
    return next((one.path for one in routes if verb in (one.methods or ()) and one.path_regex.fullmatch(path)), None)
