"""Programs of others that may ask people to let them in: registered, given a new secret, removed."""

from __future__ import annotations

from typing import Any

from cuprum.auth.may import may
from cuprum.auth.oauth.kinds import COPPER, STANDARD
from cuprum.auth.scopes import ALL, SCOPES
from cuprum.kit.errors import CuprumError, NotFound
from cuprum.records import apps
from cuprum.records.admins import admins
from cuprum.records.work import Work
from cuprum.web.pages.settings.trouble import problems_of, status_of
from cuprum.web.visit import GoTo, Page, Visit

PATH = "/settings/oauth-apps"
_WHAT = "OAuth apps"
_KINDS = (
    (STANDARD, "Standard: PKCE, tokens of an hour, refreshed"),
    (COPPER, "As Copper: the answer by a form, tokens that do not end"),
)


def oauth_apps(work: Work, visit: Visit, trouble: CuprumError | None = None, **made: Any) -> Page:
    known = apps.apps(work.connection) if work.actor.is_admin else ()
    words = {
        "apps": known, "base": PATH, "kinds": _KINDS, "scopes": list(SCOPES.items()), "admins": admins(work), "made": None,
        "typed": visit.fields if trouble else {}, "ticked": _scopes(visit) if trouble else [ALL],
        "public_url": visit.address, **problems_of(trouble, ("name", "kind", "redirect_uri", "scope")),
        **made,
    }  # fmt: skip
    return Page("settings/oauth_apps.html", words, status=status_of(trouble))


def register(work: Work, visit: Visit) -> Page:
    """The one time that the secret is shown: its page is no redirect, and nothing keeps it."""
    may(work.actor, "manage", _WHAT)
    typed = visit.fields
    name = typed.get("name", "")
    work.group.label = f"App “{name.strip()}” registered"
    made = apps.add_app(
        work.connection, name=name, redirect_uris=[line for line in typed.get("redirect_uri", "").split() if line],
        kind=typed.get("kind", ""), scopes=_scopes(visit), is_public=typed.get("is_public") == "1", group=work.group,
    )  # fmt: skip
    return oauth_apps(work, visit, made={"name": name.strip(), "id": made.client_id, "secret": made.client_secret})


def new_secret(work: Work, visit: Visit) -> Page:
    found = _app(work, visit)
    work.group.label = f"A new secret of “{found.name}”"
    secret = apps.replace_secret(work.connection, client_id=found.client_id, group=work.group)
    return oauth_apps(work, visit, made={"name": found.name, "id": found.client_id, "secret": secret})


def remove(work: Work, visit: Visit) -> GoTo:
    found = _app(work, visit)
    work.group.label = f"App “{found.name}” removed"
    apps.remove_app(work.connection, client_id=found.client_id, group=work.group)
    return GoTo(PATH, done="")


def _app(work: Work, visit: Visit) -> Any:
    may(work.actor, "manage", _WHAT)
    found = next((one for one in apps.apps(work.connection) if one.client_id == visit.parameters["client_id"]), None)
    if found is None:
        raise NotFound("There is no such app")
    return found


def _scopes(visit: Visit) -> list[str]:
    return [value for name, value in visit.form if name == "scope"]
