"""The addresses of webhooks."""

from __future__ import annotations

from starlette.routing import Route

from cuprum.web.desk import does, shows
from cuprum.web.pages.webhooks import view

LIST = "/settings/webhooks"


def webhook_routes() -> list[Route]:
    one = f"{LIST}/{{id:int}}"
    return [
        Route(LIST, shows(view.subscriptions), methods=["GET"]),
        Route(f"{LIST}/new", shows(view.new), methods=["GET"]),
        Route(f"{LIST}/new", does(view.subscribe, view.new), methods=["POST"]),
        Route(one, shows(view.subscription), methods=["GET"]),
        Route(f"{one}/edit", shows(view.edit), methods=["GET"]),
        Route(f"{one}/edit", does(view.save, view.edit), methods=["POST"]),
        Route(f"{one}/delete", does(view.remove), methods=["POST"]),
        Route(f"{one}/test", does(view.send_test, view.subscription), methods=["POST"]),
        Route(f"{one}/redeliver", does(view.redeliver, view.subscription), methods=["POST"]),
    ]
