"""Keys for programs that act as their owner; admins see by name whose keys there are, and revoke any."""

from __future__ import annotations

from cuprum.kit.errors import CuprumError, Invalid, NotFound, Problem
from cuprum.records import people_of_account as people
from cuprum.records.work import Work
from cuprum.web.pages.settings.trouble import status_of, told
from cuprum.web.visit import GoTo, Page, Visit

_LONGEST_LABEL = 80


def keys(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """One's own keys that still open, and for admins the names of everybody else's."""
    living = [one for one in people.keys(work.connection) if one.revoked_at is None]
    users = work.vocabulary.words["user"]
    words = {
        "keys": [one for one in living if one.user_id == work.actor.user_id], "trouble": told(trouble), "made": None,
        "others": [(one, users[one.user_id]["name"]) for one in living if one.user_id != work.actor.user_id]
        if work.actor.is_admin else [],
        "label": visit.fields.get("label", ""),
    }  # fmt: skip
    return Page("settings/keys.html", words, status=status_of(trouble))


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
    """Any key for an admin; for others those that are theirs are all that there are."""
    known = {one.id: one for one in people.keys(work.connection) if work.actor.is_admin or one.user_id == work.actor.user_id}
    if visit.id not in known:
        raise NotFound
    work.group.label = f"Key “{known[visit.id].label}” revoked"
    people.revoke_key(work.connection, key_id=visit.id, group=work.group)
    return GoTo("/settings/keys", done="")
