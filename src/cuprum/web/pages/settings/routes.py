"""The addresses of the settings."""

from __future__ import annotations

from starlette.routing import Route

from cuprum.web.desk import Endpoint, asks, does, shows
from cuprum.web.pages.settings import (
    account,
    apps,
    backups,
    fields,
    keys,
    oauth_apps,
    pipelines,
    sessions,
    tags,
    teams,
    users,
    words,
)
from cuprum.web.pages.settings.sections import settings
from cuprum.web.parts import does_in_parts


def settings_routes() -> list[Route]:
    return [
        Route("/settings", shows(settings), methods=["GET"]),
        Route("/settings/keys", shows(keys.keys), methods=["GET"]),
        Route("/settings/keys", does(keys.make_key, keys.keys), methods=["POST"]),
        Route("/settings/keys/{id:int}/revoke", does(keys.revoke_key), methods=["POST"]),
        *_oauth_apps(oauth_apps.PATH),
        *_backups(backups.PATH),
        *_account(account.PATH),
        *_users(users.PATH),
        *_teams(teams.PATH),
        *_tags(tags.PATH),
        Route("/settings/apps", shows(apps.apps), methods=["GET"]),
        Route("/settings/apps/{id:int}/end", does(apps.end_app), methods=["POST"]),
        *_pipelines(),
        *_fields(fields.PATH),
        *(route for path in words.LISTS for route in _words(f"/settings/{path}")),
    ]


def _account(path: str) -> list[Route]:
    return [
        Route(path, shows(account.account), methods=["GET"]),
        Route(path, does_in_parts(account.save_account, account.account), methods=["POST"]),
        Route(f"{path}/rates", does(account.save_rate, account.rate_again), methods=["POST"]),
        Route(f"{path}/rates/{{code}}/remove", does(account.drop_rate), methods=["POST"]),
        Route(f"{path}/convert", does_in_parts(account.convert_anew), methods=["POST"]),
    ]


def _oauth_apps(path: str) -> list[Route]:
    one = f"{path}/{{client_id}}"
    return [
        Route(path, shows(oauth_apps.oauth_apps), methods=["GET"]),
        Route(path, does(oauth_apps.register, oauth_apps.oauth_apps), methods=["POST"]),
        Route(f"{one}/secret", does(oauth_apps.new_secret), methods=["POST"]),
        Route(f"{one}/remove", does(oauth_apps.remove), methods=["POST"]),
    ]


def _backups(path: str) -> list[Route]:
    return [
        Route(path, shows(backups.backups), methods=["GET"]),
        Route(path, backups.make, methods=["POST"]),
        Route(f"{path}/{{name}}", backups.download, methods=["GET"]),
        Route(f"{path}/{{name}}/delete", does(backups.delete), methods=["POST"]),
    ]


def _tags(path: str) -> list[Route]:
    return [
        Route(path, shows(tags.tags), methods=["GET"]),
        Route(f"{path}/one", shows(tags.one_tag), methods=["GET"]),
        Route(f"{path}/rename", does_in_parts(tags.rename_tag, tags.one_tag), methods=["POST"]),
        Route(f"{path}/delete", does_in_parts(tags.delete_tag), methods=["POST"]),
    ]


def _users(path: str) -> list[Route]:
    one = f"{path}/{{id:int}}"
    return [
        Route(path, shows(users.users), methods=["GET"]),
        Route(path, does(users.add_user, users.users), methods=["POST"]),
        Route(f"{path}/invite", does(users.invite_user, users.users), methods=["POST"]),
        Route(f"{path}/invitations/{{id:int}}/revoke", does(users.revoke_invitation), methods=["POST"]),
        Route(one, shows(users.user), methods=["GET"]),
        Route(f"{one}/role", does(users.save_role, users.user), methods=["POST"]),
        Route(f"{one}/password", does(users.make_password_link, users.user), methods=["POST"]),
        Route(f"{one}/hand-over", does_in_parts(users.hand_over, users.user), methods=["POST"]),
        Route(f"{one}/disable", does_in_parts(users.disable_user, users.user), methods=["POST"]),
        Route(f"{one}/enable", does(users.enable_user, users.user), methods=["POST"]),
        Route("/settings/sessions", shows(sessions.sessions), methods=["GET"]),
        Route("/settings/sessions/password", _new_password(), methods=["POST"]),
        Route("/settings/sessions/others/end", does(sessions.end_others), methods=["POST"]),
        Route("/settings/sessions/{handle}/end", does(sessions.end_one), methods=["POST"]),
    ]


def _teams(path: str) -> list[Route]:
    one = f"{path}/{{id:int}}"
    return [
        Route(path, shows(teams.teams), methods=["GET"]),
        Route(path, does(teams.add_team, teams.teams), methods=["POST"]),
        Route(one, shows(teams.team), methods=["GET"]),
        Route(one, does(teams.save_team, teams.team), methods=["POST"]),
        Route(f"{one}/delete", does(teams.remove_team, teams.team), methods=["POST"]),
    ]


def _new_password() -> Endpoint:
    # Looking at a password takes long: nobody who writes waits for it.
    return asks(sessions.save_password, sessions.sessions, first=lambda work, visit: None)


def _pipelines() -> list[Route]:
    one, stage = "/settings/pipelines/{id:int}", "/settings/stages/{id:int}"
    return [
        Route(one, shows(pipelines.pipeline), methods=["GET"]),
        Route(one, does(words.save_word, pipelines.pipeline), methods=["POST"]),
        Route(f"{one}/hide", does(words.hide_word, pipelines.pipeline), methods=["POST"]),
        Route(f"{one}/stages", does(pipelines.add_stage, pipelines.new_stage_again), methods=["POST"]),
        Route(f"{one}/stages/order", does(pipelines.put_stages_in_order), methods=["POST"]),
        Route(stage, shows(pipelines.stage), methods=["GET"]),
        Route(stage, does(pipelines.save_stage, pipelines.stage), methods=["POST"]),
        Route(f"{stage}/remove", does_in_parts(pipelines.remove_stage, pipelines.stage), methods=["POST"]),
        Route(f"{stage}/restore", does(pipelines.show_stage), methods=["POST"]),
    ]


def _words(path: str) -> list[Route]:
    one = f"{path}/{{id:int}}"
    return [
        Route(path, shows(words.words), methods=["GET"]),
        Route(path, does(words.add_word, words.words), methods=["POST"]),
        Route(f"{path}/order", does(words.put_words_in_order), methods=["POST"]),
        Route(one, shows(words.word), methods=["GET"]),
        Route(one, does(words.save_word, words.word), methods=["POST"]),
        Route(f"{one}/hide", does(words.hide_word, words.word), methods=["POST"]),
        Route(f"{one}/restore", does(words.show_word), methods=["POST"]),
    ]


def _fields(path: str) -> list[Route]:
    one = f"{path}/{{id:int}}"
    option = f"{one}/options/{{option:int}}"
    return [
        Route(path, shows(fields.fields), methods=["GET"]),
        Route(f"{path}/order", does(fields.put_fields_in_order), methods=["POST"]),
        Route(f"{path}/new", shows(fields.new_field), methods=["GET"]),
        Route(f"{path}/new", does(fields.add_field, fields.new_field), methods=["POST"]),
        Route(one, shows(fields.one_field), methods=["GET"]),
        Route(one, does(fields.save_field, fields.one_field), methods=["POST"]),
        Route(f"{one}/delete", does(fields.delete_field), methods=["POST"]),
        Route(f"{one}/options", does(fields.add_option, fields.one_field), methods=["POST"]),
        Route(f"{one}/options/order", does(fields.put_options_in_order), methods=["POST"]),
        Route(option, shows(fields.one_option), methods=["GET"]),
        Route(option, does(fields.rename_option, fields.one_option), methods=["POST"]),
        Route(f"{option}/remove", does(fields.remove_option, fields.one_option), methods=["POST"]),
    ]
