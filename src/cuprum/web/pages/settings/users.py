"""Who works here, and what they may do."""

from __future__ import annotations

import secrets

from cuprum.auth.actor import ROLES
from cuprum.auth.may import may
from cuprum.auth.passwords import SHORTEST, hash_password
from cuprum.kit.errors import CuprumError, Forbidden, NotFound
from cuprum.records import people_of_account as people
from cuprum.records.work import Work
from cuprum.web.pages.settings.trouble import told
from cuprum.web.visit import GoTo, Page, Visit


def users(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    words = {
        "users": people.users(work.connection), "roles": ROLES, "trouble": told(trouble), "typed": visit.fields, "made": None,
    }  # fmt: skip
    return Page("settings/users.html", words, status=trouble.status if trouble else 200)


def add_user(work: Work, visit: Visit) -> Page:
    """Let somebody in, with a first password that is shown once to hand over."""
    may(work.actor, "manage", "users")
    fields = visit.fields
    name, email, role = fields.get("name", ""), fields.get("email", ""), fields.get("role", "")
    if role == "owner" and work.actor.role != "owner":
        raise Forbidden("Only an owner can make somebody an owner. Ask an owner of the account.")
    password = secrets.token_urlsafe(max(9, SHORTEST))
    work.group.label = f"{name.strip()} added as {role}"
    people.add_user(work.connection, email=email, name=name, role=role, password_hash=hash_password(password), group=work.group)
    page = users(work, visit)
    return Page(page.template, {**page.words, "typed": {}, "made": {"email": email.strip(), "password": password}})


def disable_user(work: Work, visit: Visit) -> GoTo:
    may(work.actor, "manage", "users")
    found = next((one for one in people.users(work.connection) if one.id == visit.id), None)
    if found is None:
        raise NotFound
    if found.role == "owner" and work.actor.role != "owner":
        raise Forbidden("Only an owner can let an owner in no longer. Ask an owner of the account.")
    work.group.label = f"{found.name} deactivated"
    people.disable_user(work.connection, email=found.email, group=work.group)
    return GoTo("/settings/users", done="")
