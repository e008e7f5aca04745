"""Who works here, who is invited, and what each may do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from cuprum.auth.actor import ROLES
from cuprum.auth.may import may
from cuprum.auth.passwords import SHORTEST, hash_password
from cuprum.kit.errors import CuprumError
from cuprum.records import people_of_account as people
from cuprum.records.admins import admins
from cuprum.records.long_work import DEACTIVATION, HAND_OVER, LongWork
from cuprum.records.one_time_links import INVITATION, PASSWORD, invite, password_link, pending, revoke_link
from cuprum.records.user_changes import change_role, existing, only_owners_touch_owners, owned_by, reactivate
from cuprum.records.work import Work
from cuprum.web.one_time_links import address
from cuprum.web.pages.settings.trouble import number, problems_of, status_of
from cuprum.web.pages.settings.words import used_by
from cuprum.web.parts import Begun
from cuprum.web.visit import GoTo, Page, Visit

PATH = "/settings/users"
_NAMES = ("name", "email", "role")


def users(work: Work, visit: Visit, trouble: CuprumError | None = None, **made: Any) -> Page:
    invitations = pending(work) if work.actor.is_admin else ()
    words = {
        "users": people.users(work.connection), "roles": _roles(work), "typed": visit.fields if trouble else {},
        "admins": admins(work), "made": None, "link": None, "now": work.now,
        "teams_of": _teams_of(work),
        "invitations": [{**one._mapping, "by": _name(work, one.made_by)} for one in invitations],
        **problems_of(trouble, _NAMES), **made,
    }  # fmt: skip
    return Page("settings/users.html", words, status=status_of(trouble))


def _teams_of(work: Work) -> dict[int, list[Mapping[str, Any]]]:
    teams = {one["id"]: one for one in work.vocabulary.living("team")}
    known = work.vocabulary.teams_of
    return {user_id: [teams[one] for one in known.get(user_id, ())] for user_id in work.vocabulary.words["user"]}


def _roles(work: Work) -> list[tuple[str, str]]:
    """The least first; an owner only by an owner."""
    return [(one, one.capitalize()) for one in reversed(ROLES) if one != "owner" or work.actor.role == "owner"]


def _name(work: Work, user_id: int) -> str:
    found = work.vocabulary.words["user"].get(user_id)
    return found["name"] if found else ""


def invite_user(work: Work, visit: Visit) -> Page:
    """The one time that the link is shown: its page is no redirect, and nothing keeps it."""
    email = visit.fields.get("email", "").strip()
    work.group.label = f"{email} invited"
    secret = invite(work, email=email, role=visit.fields.get("role", ""))
    return users(work, visit, link={"email": email, "address": address(visit.address, INVITATION, secret)})


def revoke_invitation(work: Work, visit: Visit) -> GoTo:
    work.group.label = "An invitation taken back"
    revoke_link(work, visit.id)
    return GoTo(PATH, done="")


def add_user(work: Work, visit: Visit) -> Page:
    """Let somebody in, with a first password that is shown once to hand over."""
    may(work.actor, "manage", "users")
    fields = visit.fields
    name, email, role = fields.get("name", ""), fields.get("email", ""), fields.get("role", "")
    only_owners_touch_owners(work, role)
    password = secrets.token_urlsafe(max(9, SHORTEST))
    work.group.label = f"{name.strip()} added as {role}"
    people.add_user(work.connection, email=email, name=name, role=role, password_hash=hash_password(password), group=work.group)
    return users(work, visit, made={"email": email.strip(), "password": password})


def user(work: Work, visit: Visit, trouble: CuprumError | None = None, **made: Any) -> Page:
    """One user, what they may do, and what is theirs."""
    found = existing(work, visit.id)
    heirs = [
        (one["id"], one["name"])
        for one in work.vocabulary.words["user"].values()
        if one["disabled_at"] is None and one["id"] != visit.id
    ]
    may_change = work.actor.is_admin and (found["role"] != "owner" or work.actor.role == "owner")
    owned = owned_by(work, visit.id) if work.actor.is_admin else {}
    words = {
        "user": found, "path": f"{PATH}/{visit.id}", "teams": _teams_of(work)[visit.id],
        "roles": _roles(work), "may_change": may_change, "admins": admins(work),
        "is_me": visit.id == work.actor.user_id, "owned": used_by(owned), "count": sum(owned.values()), "heirs": heirs,
        "typed": visit.fields if trouble else {}, "link": None, "left": visit.query.get("left", ""),
        **problems_of(trouble, ("role", "to")), **made,
    }  # fmt: skip
    return Page("settings/user.html", words, status=status_of(trouble))


def save_role(work: Work, visit: Visit) -> GoTo:
    role = visit.fields.get("role", "")
    work.group.label = f"{existing(work, visit.id)['name']} is {'an' if role[:1] in 'ao' else 'a'} {role} now"
    change_role(work, visit.id, role)
    return GoTo(f"{PATH}/{visit.id}")


def make_password_link(work: Work, visit: Visit) -> Page:
    found = existing(work, visit.id)
    work.group.label = f"A link for a new password of {found['name']}"
    secret = password_link(work, visit.id)
    return user(work, visit, link=address(visit.address, PASSWORD, secret))


def hand_over(work: Work, visit: Visit) -> Begun:
    found, heir = existing(work, visit.id), number(visit.fields.get("to")) or 0
    label = f"Records of {found['name']} handed over to {_name(work, heir)}"
    return LongWork(HAND_OVER, {"from_id": visit.id, "to_id": heir}, label), f"{PATH}/{visit.id}"


def disable_user(work: Work, visit: Visit) -> Begun:
    """Their records go to somebody else first, if the form names one; all of it is one thing to undo."""
    asked = {"user_id": visit.id, "heir": number(visit.fields.get("to"))}
    return LongWork(DEACTIVATION, asked, f"{existing(work, visit.id)['name']} deactivated"), f"{PATH}/{visit.id}"


def enable_user(work: Work, visit: Visit) -> GoTo:
    work.group.label = f"{existing(work, visit.id)['name']} let in again"
    reactivate(work, visit.id)
    return GoTo(f"{PATH}/{visit.id}")
