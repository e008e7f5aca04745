"""The addresses of connections; the one that others send browsers back to stands apart."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cuprum.web.desk import asks, shows
from cuprum.web.later import Later
from cuprum.web.pages.automations.guard import only_admins

view = Later("cuprum.web.pages.connections.view")
letting_in = Later("cuprum.web.pages.connections.letting_in")

LIST = "/settings/connections"


def connection_routes() -> list[Route]:
    return [
        Route(LIST, shows(view.connections), methods=["GET"]),
        Route(f"{LIST}/new", shows(view.new), methods=["GET"]),
        Route(f"{LIST}/new", asks(view.add_by_key, view.new, first=only_admins), methods=["POST"]),
        Route(f"{LIST}/here", here, methods=["POST"]),
        Route(f"{LIST}/let-in", let_in, methods=["POST"]),
        Route(f"{LIST}/{{id:int}}", shows(view.connection), methods=["GET"]),
        Route(f"{LIST}/{{id:int}}/test", asks(view.test, view.connection, first=only_admins), methods=["POST"]),
        Route(f"{LIST}/{{id:int}}/renew", asks(view.renew, view.connection, first=only_admins), methods=["POST"]),
        Route(f"{LIST}/{{id:int}}/let-in", let_in_again, methods=["POST"]),
        Route(f"{LIST}/{{id:int}}/remove", asks(view.remove, view.connection, first=only_admins), methods=["POST"]),
        Route("/connections/callback", came_back, methods=["GET", "POST"]),
    ]


async def here(request: Request) -> Response:
    answer: Response = await view.connect_here(request)
    return answer


async def let_in(request: Request) -> Response:
    answer: Response = await letting_in.begin(request)
    return answer


async def let_in_again(request: Request) -> Response:
    answer: Response = await letting_in.begin_again(request)
    return answer


async def came_back(request: Request) -> Response:
    answer: Response = await letting_in.came_back(request)
    return answer
