"""Settings: who works here, keys for programs, and the apps that were let in."""

from __future__ import annotations

import secrets
import time

from cuprum.auth.actor import ROLES
from cuprum.auth.may import may
from cuprum.auth.passwords import SHORTEST, hash_password
from cuprum.kit.errors import CuprumError, Forbidden, Invalid, NotFound, Problem
from cuprum.records import people_of_account as people
from cuprum.records.grants import end_grant, grants
from cuprum.records.work import Work
from cuprum.web.pages.settings.trouble import told
from cuprum.web.visit import GoTo, Page, Visit

_LONGEST_LABEL = 80


def settings(work: Work, visit: Visit) -> Page:
    return Page("settings/settings.html", {"zone": work.vocabulary.account["primary_timezone"]})


# --- keys


def keys(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """One's own keys that still open."""
    own = [one for one in people.keys(work.connection) if one.user_id == work.actor.user_id and one.revoked_at is None]
    words = {"keys": own, "trouble": told(trouble), "label": visit.fields.get("label", ""), "made": None}
    return Page("settings/keys.html", words, status=trouble.status if trouble else 200)


def make_key(work: Work, visit: Visit) -> Page:
    """The one time that a key is shown: its page is no redirect, and nothing keeps it."""
    label = visit.fields.get("label", "").strip()
    if not 0 < len(label) <= _LONGEST_LABEL:
        raise Invalid(Problem("label", f"must say in 1 to {_LONGEST_LABEL} characters what the key is for"))
    work.group.label = f"Key “{label}” made"
    made = people.create_key(work.connection, email=work.actor.email, label=label, group=work.group)
    page = keys(work, visit)
    return Page(page.template, {**page.words, "made": made, "label": ""})


def revoke_key(work: Work, visit: Visit) -> GoTo:
    own = {one.id: one for one in people.keys(work.connection) if one.user_id == work.actor.user_id}
    if visit.id not in own:
        raise NotFound
    work.group.label = f"Key “{own[visit.id].label}” revoked"
    people.revoke_key(work.connection, key_id=visit.id, group=work.group)
    return GoTo("/settings/keys", done="")


# --- users


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


# --- apps


def apps(work: Work, visit: Visit) -> Page:
    return Page("settings/apps.html", {"grants": grants(work), "now": int(time.time())})


def end_app(work: Work, visit: Visit) -> GoTo:
    work.group.label = "An app deactivated"
    end_grant(work, visit.id)
    return GoTo("/settings/apps", done="")
