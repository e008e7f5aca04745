"""An address that leads nowhere: a page for people, where a program gets the API's answer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from cuprum.kit.errors import NoSuchRoute
from cuprum.records.work import Work
from cuprum.web.desk import shows
from cuprum.web.visit import Page, Visit

_OF_PROGRAMS = ("/developer_api/", "/automation/", "/oauth/", "/hooks/")


def is_for_people(request: Request) -> bool:
    """Whether a person's browser asks, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(_OF_PROGRAMS)


async def nowhere(request: Request) -> Response:
    return await shows(_page)(request)


def _page(work: Work, visit: Visit) -> Page:
    return Page("trouble_page.html", {"trouble": NoSuchRoute(), "is_address": True, "who_can": ""}, part="trouble", status=404)
