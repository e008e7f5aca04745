"""Connections: where automations act, how each stands, and what to do when one no longer works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from cuprum.automation.checking import every_task
from cuprum.automation.connections import (
    Connections,
    Stored,
    name_problems,
    rule_of,
    stored_by_id,
    stored_connections,
    whole_base_url,
)
from cuprum.automation.node_types import COPPER
from cuprum.automation.triggers.enabling import connection_of, copper_triggers
from cuprum.automation.triggers.hooks import take_all_back
from cuprum.automation.workflows import Kept, all_of
from cuprum.connector.connections import Tested
from cuprum.connector.errors import CopperError
from cuprum.kit.addresses import check_url
from cuprum.kit.errors import Conflict, CuprumError, Forbidden, Invalid, Problem
from cuprum.records import people_of_account as people
from cuprum.records.work import Work
from cuprum.storage.connection_tables import NEEDS_REAUTHORISATION
from cuprum.web.desk import State, View, asks, work_of
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.pages.connections.routes import LIST
from cuprum.web.visit import GoTo, Page, Visit

# Where others send browsers back to.
CALLBACK = "/connections/callback"
_TEMPLATE = "connections/list.html"


@dataclass(frozen=True)
class Row:
    one: Stored
    works: bool
    whose: str
    users: list[Kept]


def connections(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    only_admins(work)
    rows = _rows(work)
    words = {"rows": rows, "trouble": trouble, "whom": _whom(work), "has_here": any(_is_here(row.one) for row in rows)}
    return Page(_TEMPLATE, words, status=trouble.status if trouble else 200)


def _rows(work: Work) -> list[Row]:
    stored, kept = stored_connections(work.connection), all_of(work.connection)
    there = [one.name for one in stored]
    return [
        Row(one, one.state != NEEDS_REAUTHORISATION, _whose(one), [each for each in kept if _uses(each, one.name, there)])
        for one in stored
    ]


def _whose(one: Stored) -> str:
    return str(one.public.get("username") or one.public.get("client_id") or "")


def _is_here(one: Stored) -> bool:
    return one.name.startswith(_HERE)


def _uses(kept: Kept, name: str, there: list[str]) -> bool:
    """Whether a step or trigger goes through it: by name, or because it is the only one."""
    nodes = [task["name"] for _, task in every_task(kept.workflow["tasks"]) if task["type"].startswith(COPPER)]
    nodes += [trigger["name"] for _, trigger in copper_triggers(kept.workflow)]
    return any(connection_of(node, kept.connections, there) == name for node in nodes)


def _whom(work: Work) -> list[Any]:
    """Who may be acted as: oneself, and whoever is not above oneself."""
    return [
        one
        for one in people.users(work.connection)
        if not one.disabled_at and (one.id == work.actor.user_id or work.actor.role == "owner" or one.role == "member")
    ]


def new(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """By key, or by letting somebody sign in; a `name` in the address is one to be renewed."""
    only_admins(work)
    wanted = visit.query.get("name", "")
    known = next((one for one in stored_connections(work.connection) if one.name == wanted), None)
    typed = visit.fields or (
        {"name": known.name, "base_url": known.base_url, "email": _whose(known), "client_id": known.public.get("client_id", "")}
        if known
        else {}
    )
    problems: dict[str, str] = {}
    others: list[str] = []
    if isinstance(trouble, Invalid):
        problems = {one.attribute: one.reason for one in trouble.problems}
    elif trouble:
        others = [str(trouble)]
    way = visit.fields.get("way") or visit.query.get("way") or (known.kind if known else "api_key")
    words = {
        "typed": typed, "problems": problems, "others": others, "is_oauth": way == "oauth2", "known": known,
        "callback": visit.address + CALLBACK,
    }  # fmt: skip
    return Page("connections/new.html", words, status=trouble.status if trouble else 200)


def add_by_key(state: State, visit: Visit) -> View:
    """Keep it, and try it at once."""
    fields = visit.fields
    name, base_url = fields.get("name", "").strip(), checked_base_url(state, fields.get("base_url", ""))
    stored = Connections(state.settings, state.database)
    refuse_taken(stored, name, fields.get("renews", ""))
    email, key = fields.get("email", ""), _key_in(visit)
    if not email.isprintable():
        raise Invalid(Problem("email", "cannot be sent: it must be plain text"))
    stored.add_api_key(name, email=email, key=key, base_url=base_url, is_guarded=True)
    return shown_after_test(state, stored, name)


def renew(state: State, visit: Visit) -> View:
    """Another key in the place of the one that no longer works; runs that waited for it go on by themselves."""
    stored = Connections(state.settings, state.database)
    name = state.database.read_now(stored_by_id, visit.id).name
    stored.renew_key(name, _key_in(visit))
    return shown_after_test(state, stored, name)


def _key_in(visit: Visit) -> str:
    key = visit.fields.get("key", "")
    if not key.isascii() or not key.isprintable():
        raise Invalid(Problem("key", "cannot be sent: it must be plain text"))
    return key


def refuse_taken(stored: Connections, name: str, renews: str) -> None:
    if name != renews and any(one.name == name for one in stored.all()):
        raise Conflict(f"There is a connection called {name} already: give this one another name, or renew that one.")


def checked_base_url(state: State, given: str) -> str:
    """The API's address; raises RefusedTarget, naming the setting, for one that is not for everybody at the web face to reach."""
    try:
        base_url = whole_base_url(given)
    except ValueError:
        raise Invalid(Problem("base_url", "must be an address such as https://crm.example.org")) from None
    check_url(base_url, rule_of(state.settings))
    return base_url


def shown_after_test(state: State, stored: Connections, name: str) -> View:
    """The page of the connection, with how its test went."""
    tested = stored.test(name)
    found = stored.one(name)
    return lambda work, visit: _page(work, found.id, tested)


def connection(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    only_admins(work)
    return _page(work, visit.id, None, trouble)


def _page(work: Work, connection_id: int, tested: Tested | None, trouble: CuprumError | None = None) -> Page:
    one = stored_by_id(work.connection, connection_id)
    row = next(row for row in _rows(work) if row.one.id == one.id)
    # Of this account itself a click makes the new key.
    renews = next((user.id for user in _whom(work) if user.email == row.whose), None) if _is_here(one) else None
    problem = next((one.reason for one in trouble.problems if one.attribute == "key"), "") if isinstance(trouble, Invalid) else ""
    words = {
        "row": row, "tested": tested, "trouble": None if problem else trouble, "problem": problem, "renews": renews,
        "is_here": _is_here(one), "failed": None if tested is None or tested.ok else tested.steps[-1],
    }  # fmt: skip
    return Page("connections/one.html", words, status=trouble.status if trouble else 200)


def test(state: State, visit: Visit) -> View:
    stored = Connections(state.settings, state.database)
    return shown_after_test(state, stored, state.database.read_now(stored_by_id, visit.id).name)


def remove(state: State, visit: Visit) -> View:
    """Forget it and its secrets, and the key that we made for it."""
    stored = Connections(state.settings, state.database)
    one = state.database.read_now(stored_by_id, visit.id)
    try:
        take_all_back(state.database, stored, one.name)
    except CopperError:
        # The other server no longer lets us in: what it still sends is not believed.
        pass
    stored.remove(one.name)
    state.database.write_now(_revoke_ours, state, visit, one)
    state.workflows_changed()
    return lambda work, visit: GoTo(LIST, done="")


# --- this account itself

_HERE = "This account"


async def connect_here(request: Request) -> Response:
    """A connection to this very account, which acts as the chosen user."""
    door = _own_door(request)

    def act(state: State, visit: Visit) -> View:
        name, email, key = state.database.write_now(_key_for, state, visit)
        stored = Connections(state.settings, state.database)
        # The public address outlives a change of port; the own door works also where nobody gets back in from inside.
        for base_url in dict.fromkeys(filter(None, (state.settings.public_url, door))):
            stored.add_api_key(name, email=email, key=key, base_url=base_url)
            if (tested := stored.test(name)).ok:
                break
        found = stored.one(name)
        return lambda work, visit: _page(work, found.id, tested)

    return await asks(act, connections, first=only_admins)(request)


def _own_door(request: Request) -> str:
    """Where this process reaches itself, past whatever stands before it."""
    host, port = request.scope.get("server") or ("127.0.0.1", 8000)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _key_for(db: Connection, state: State, visit: Visit) -> tuple[str, str, str]:
    work, _ = work_of(db, state, visit)
    only_admins(work)
    wanted = visit.fields.get("user", str(work.actor.user_id))
    chosen = next((one for one in _whom(work) if str(one.id) == wanted), None)
    if chosen is None:
        raise Forbidden(
            "You cannot let automations act as this user: only an owner can, for admins and owners. Ask an owner of the account."
        )
    name = _HERE if chosen.id == work.actor.user_id else f"{_HERE} as {chosen.email}"
    if name_problems(name):
        name = f"{_HERE} as user {chosen.id}"
    work.group.label = f"Connection “{name}” made"
    for one in people.keys(db):
        if one.label == _label(name) and one.revoked_at is None:
            people.revoke_key(db, key_id=one.id, group=work.group)
    return name, chosen.email, people.create_key(db, email=chosen.email, label=_label(name), group=work.group)


def _label(name: str) -> str:
    return f"Automations: {name}"


def _revoke_ours(db: Connection, state: State, visit: Visit, gone: Stored) -> None:
    work, _ = work_of(db, state, visit)
    work.group.label = f"Connection “{gone.name}” removed"
    for one in people.keys(db):
        if one.label == _label(gone.name) and one.revoked_at is None and one.email == _whose(gone) and _is_here(gone):
            people.revoke_key(db, key_id=one.id, group=work.group)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or url
