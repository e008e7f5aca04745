"""Finding the route by the path's start and length finds the one that trying them all in their order would."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, Router
from starlette.testclient import TestClient

from cuprum.api.by_path import ByPath

PATHS = (
    "/", "/people", "/people/new", "/people/{id:int}", "/people/{id}/edit", "/runs/{id:path}/retry", "/runs/{id:path}",
    "/runs/all", "/files/{name}.{kind}",
)  # fmt: skip
ASKED = (
    "/", "/people", "/people/new", "/people/7", "/people/seven", "/people/7/edit", "/people/7/edit/more", "/people/",
    "/runs/a", "/runs/a/retry", "/runs/a/b/c", "/runs/a/b/c/retry", "/runs/all", "/runs", "/files/a.csv", "/files/a", "/nobody", "//",
)  # fmt: skip


def route(path: str, verb: str = "GET") -> Route:
    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{verb} {path} {dict(request.path_params)}")

    return Route(path, answer, methods=[verb])


def told(routes: Any, path: str, method: str = "GET") -> tuple[int, str]:
    answer = TestClient(Starlette(routes=routes)).request(method, f"http://testserver{path}")
    return answer.status_code, answer.text


@pytest.mark.parametrize("under", ["", "/api"])
@pytest.mark.parametrize("path", ASKED)
def test_it_finds_what_trying_all_in_their_order_finds(under: str, path: str):
    routes = [route(one) for one in PATHS]
    assert told([Mount(under, app=ByPath(routes))], under + path) == told(
        [Mount(under, app=Router(routes, redirect_slashes=False))], under + path
    )


@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "BREW"])
@pytest.mark.parametrize("path", ["/people/7", "/people/new", "/people/7/edit", "/people/a/b"])
def test_each_verb_finds_its_own(verb: str, path: str):
    given = (
        "GET /people/{id}",
        "PUT /people/{id}",
        "POST /people/new",
        "PUT /people/new",
        "DELETE /people/{rest:path}",
        "BREW /people/7",
    )
    routes = [route(path, verb) for verb, path in (one.split() for one in given)]
    assert told([Mount("", app=ByPath(routes))], path, verb) == told(
        [Mount("", app=Router(routes, redirect_slashes=False))], path, verb
    )


def test_a_method_that_no_route_of_the_path_takes_is_refused_as_such():
    assert told([Mount("", app=ByPath([route("/people/{id}")]))], "/people/7", "DELETE")[0] == 405
