"""The addresses of the settings."""

from __future__ import annotations

from starlette.routing import Route

from cuprum.web.desk import does, shows
from cuprum.web.pages.settings import apps, keys, users
from cuprum.web.pages.settings.sections import settings


def settings_routes() -> list[Route]:
    return [
        Route("/settings", shows(settings), methods=["GET"]),
        Route("/settings/keys", shows(keys.keys), methods=["GET"]),
        Route("/settings/keys", does(keys.make_key, keys.keys), methods=["POST"]),
        Route("/settings/keys/{id:int}/revoke", does(keys.revoke_key), methods=["POST"]),
        Route("/settings/users", shows(users.users), methods=["GET"]),
        Route("/settings/users", does(users.add_user, users.users), methods=["POST"]),
        Route("/settings/users/{id:int}/disable", does(users.disable_user), methods=["POST"]),
        Route("/settings/apps", shows(apps.apps), methods=["GET"]),
        Route("/settings/apps/{id:int}/end", does(apps.end_app), methods=["POST"]),
    ]
