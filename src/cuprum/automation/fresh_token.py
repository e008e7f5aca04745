"""The access token of a stored OAuth connection, refreshed in time, and by one process at a time.

A refresh token is good for one use: a second use ends the whole grant. So whoever refreshes says so in the connection's row
first, and the others wait for what comes of it.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

import httpx2
from sqlalchemy import Connection, or_, select, update

from cuprum.automation.telling import told_of_state
from cuprum.connector.errors import CopperError, Unauthorized
from cuprum.connector.oauth import App, Endpoints, Token, oauth_client
from cuprum.kit import jsonio
from cuprum.kit.addresses import AddressRule
from cuprum.kit.errors import NotFound
from cuprum.kit.outbound import guarded_transport
from cuprum.kit.secret_box import SecretBox
from cuprum.storage.connection_tables import NEEDS_REAUTHORISATION, OK, REFRESHING
from cuprum.storage.connection_tables import connection as connections
from cuprum.storage.database import Database

# Whoever began to refresh and says nothing for so long has died; an answer takes half of that at most.
LEASE_SECONDS = 60
ASKED_EACH_SECONDS = 0.1


def fresh_token(database: Database, box: SecretBox, connection_id: int, *, refused: str | None = None) -> Token:
    """A token that should be good; the one that was `refused` only where there is none to refresh it.

    Raises AuthorizationFailed when only the user can give a new one, another CopperError when the server gives none now,
    NotFound.
    """
    while True:
        row = database.read_now(lambda db: db.execute(select(connections).where(connections.c.id == connection_id)).first())
        if row is None:
            raise NotFound("The connection was removed.")
        token = Token(**jsonio.decode(box.open(row.sealed))["token"])
        is_refused = token.access_token == refused
        if token.refresh_token is None or not (is_refused or token.is_stale(time.time())):
            return token
        is_still_good = not is_refused and not token.is_stale(time.time(), margin_seconds=0)
        if _claimed(database, row):
            try:
                return _refreshed(database, box, row, token)
            except CopperError as error:
                if isinstance(error, Unauthorized) or not is_still_good:
                    raise
                return token
        if is_still_good:
            return token
        time.sleep(ASKED_EACH_SECONDS)


def _claimed(database: Database, row: Any) -> bool:
    """Whether the refresh is ours to do: nobody is at it, and the row is as we read it."""
    now = int(time.time())
    is_free = or_(connections.c.state != REFRESHING, connections.c.date_modified <= now - LEASE_SECONDS)
    claim = update(connections).where(connections.c.id == row.id, connections.c.sealed == row.sealed, is_free)
    return database.write_now(lambda db: db.execute(claim.values(state=REFRESHING, date_modified=now)).rowcount) == 1


def _refreshed(database: Database, box: SecretBox, row: Any, token: Token) -> Token:
    secret, public = jsonio.decode(box.open(row.sealed)), jsonio.decode(row.public)
    app = App(public["client_id"], secret["client_secret"], public["redirect_uri"], public["scope"])
    try:
        rule = AddressRule(allow_http=database.settings.webhook_allow_http, allow_private=database.settings.webhook_allow_private)
        wire = guarded_transport(rule) if public.get("is_guarded") else None
        with httpx2.Client(timeout=LEASE_SECONDS / 4, transport=wire) as http:
            fresh = oauth_client(http).refreshed(app, Endpoints(**public["endpoints"]), token)
    except BaseException as error:
        former = OK if row.state == REFRESHING else row.state
        _end(database, row, state=NEEDS_REAUTHORISATION if isinstance(error, Unauthorized) else former)
        raise
    if _end(database, row, state=OK, sealed=box.seal(jsonio.text({**secret, "token": asdict(fresh)}))):
        return fresh
    # Somebody authorised anew meanwhile: theirs counts.
    return fresh_token(database, box, row.id)


def _end(database: Database, row: Any, **values: Any) -> bool:
    mine = connections.c.id == row.id, connections.c.sealed == row.sealed
    values["date_modified"] = int(time.time())

    def end(connection: Connection) -> bool:
        is_ours = bool(connection.execute(update(connections).where(*mine).values(**values)).rowcount)
        if is_ours and row.state != values["state"]:
            told_of_state(connection, row.name, values["state"])
        return is_ours

    return database.write_now(end)
