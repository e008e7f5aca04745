"""Apps that may ask users for access: registered, listed, removed."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, func, select, update

from cuprum.auth.digests import hashed, new_secret
from cuprum.auth.oauth.kinds import COPPER, KINDS, STANDARD
from cuprum.auth.oauth.revoking import revoke_grant
from cuprum.auth.scopes import ALL, SCOPES
from cuprum.events.log import Group
from cuprum.kit.errors import Invalid, NotFound, Problem, Refused
from cuprum.kit.loopback import is_loopback_host
from cuprum.records.grants import can_still_act
from cuprum.storage.oauth_tables import oauth_app, oauth_grant
from cuprum.storage.rows import inserted_id

_ID_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class NewApp:
    """What the app's makers are told, once; `client_secret` is None for an app that can keep none."""

    client_id: str
    client_secret: str | None


def add_app(
    connection: Connection,
    *,
    name: str,
    redirect_uris: Sequence[str],
    kind: str = STANDARD,
    scopes: Sequence[str] = (ALL,),
    is_public: bool = False,
    allow_http: bool = False,
    group: Group,
) -> NewApp:
    """Register an app; raises Invalid with all problems at once."""
    problems = [*_problems(name, kind, scopes, is_public=is_public), *_address_problems(redirect_uris, allow_http, is_public)]
    if problems:
        raise Invalid(*problems)
    made = NewApp("".join(secrets.choice(_ID_LETTERS) for _ in range(24)), None if is_public else new_secret())
    shown = {"client_id": made.client_id, "name": name.strip(), "kind": kind, "scope": " ".join(dict.fromkeys(scopes))}
    row = {
        **shown,
        "redirect_uris": list(dict.fromkeys(redirect_uris)),
        "secret_hash": hashed(made.client_secret) if made.client_secret else None,
        "date_created": int(time.time()),
    }
    app_id = inserted_id(connection, oauth_app, row)
    group.record("oauth_app", app_id, "new", {}, shown | {"redirect_uris": row["redirect_uris"]})
    return made


def _problems(name: str, kind: str, scopes: Sequence[str], *, is_public: bool) -> list[Problem]:
    problems = []
    if not name.strip() or len(name) > 100 or not name.isprintable():
        problems.append(Problem("name", "must be 1 to 100 printable characters"))
    if kind not in KINDS:
        problems.append(Problem("kind", f"must be one of {', '.join(KINDS)}"))
    if is_public and kind == COPPER:
        problems.append(Problem("kind", "must be standard for an app without a secret"))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        problems.append(Problem("scope", f"must be some of {', '.join(SCOPES)}", "inclusion"))
    return problems


def _address_problems(addresses: Sequence[str], allow_http: bool, is_public: bool) -> list[Problem]:
    reasons = {reason for address in addresses if (reason := _reason_against(address, allow_http, is_public))}
    if not addresses:
        reasons.add("can't be blank")
    return [Problem("redirect_uri", reason) for reason in sorted(reasons)]


def _reason_against(address: str, allow_http: bool, is_public: bool) -> str | None:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not an address"
    # It stands in headers and in the rules of a page for its browser: only what an address may consist of.
    if not address.isascii() or not address.isprintable() or any(one in address for one in " \"'<>\\^`{|}#;,"):
        return "must be plain ASCII without a fragment; encode what is not"
    if parts.scheme == "https" and host and "@" not in parts.netloc:
        return None
    if parts.scheme == "http" and host and "@" not in parts.netloc:
        return None if allow_http or is_loopback_host(host) else "must be https, unless it is on the user's own machine"
    # A name of its maker's own, turned round, which no other app on the device has (RFC 8252 §7.1).
    if is_public and "." in parts.scheme and not parts.netloc:
        return None
    return "must be https with a host, such as https://app.example.com/callback"


def apps(connection: Connection) -> Sequence[Row[Any]]:
    """Those that were not removed, each with `users`, for how many it can act."""
    grants = select(func.count(oauth_grant.c.user_id.distinct()))
    grants = grants.where(oauth_grant.c.app_id == oauth_app.c.id, can_still_act(int(time.time())))
    found = select(oauth_app, grants.scalar_subquery().label("users")).where(oauth_app.c.removed_at.is_(None))
    return connection.execute(found.order_by(oauth_app.c.id)).all()


def replace_secret(connection: Connection, *, client_id: str, group: Group) -> str:
    """A new secret in place of the one there is, which opens nothing from now on; raises NotFound, Refused for a public app."""
    found = _living(connection, client_id)
    if found.secret_hash is None:
        raise Refused(f"{found.name} keeps no secret: it runs on its users' own devices.")
    secret = new_secret()
    connection.execute(update(oauth_app).where(oauth_app.c.id == found.id).values(secret_hash=hashed(secret)))
    group.record("oauth_app", found.id, "update", {"secret": None}, {"secret": "changed"})
    return secret


def _living(connection: Connection, client_id: str) -> Row[Any]:
    living = select(oauth_app).where(oauth_app.c.client_id == client_id, oauth_app.c.removed_at.is_(None))
    found = connection.execute(living).one_or_none()
    if found is None:
        raise NotFound(f"There is no app {client_id}. Those there are: cuprum app list")
    return found


def remove_app(connection: Connection, *, client_id: str, group: Group) -> None:
    """Remove an app and end every grant of it at once; raises NotFound."""
    app_id = _living(connection, client_id).id
    at = int(time.time())
    connection.execute(update(oauth_app).where(oauth_app.c.id == app_id).values(removed_at=at))
    group.record("oauth_app", app_id, "update", {"removed_at": None}, {"removed_at": at})
    living = select(oauth_grant.c.id).where(oauth_grant.c.app_id == app_id, oauth_grant.c.revoked_at.is_(None))
    for grant_id in connection.execute(living).scalars().all():
        revoke_grant(connection, grant_id, group)
