"""Where one is signed in, how to end that, and one's own password."""

from __future__ import annotations

import re

from cuprum.auth.passwords import SHORTEST
from cuprum.auth.sessions import end_session_named, end_sessions, handle_of, sessions_of
from cuprum.kit.errors import CuprumError, NotFound
from cuprum.records.own_password import change_own_password
from cuprum.records.work import Work
from cuprum.web.pages.settings.trouble import problems_of, status_of
from cuprum.web.visit import GoTo, Page, Visit

PATH = "/settings/sessions"
# The first that fits: each names itself among others that it is like.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def sessions(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    here = handle_of(visit.secret)
    rows = [
        {
            "handle": one.handle, "is_here": one.handle == here, "name": browser_words(one.browser), "address": one.address,
            "since": one.date_created, "seen": work.now if one.handle == here else one.last_seen_at,
        }
        for one in sessions_of(work.connection, work.actor.user_id)
    ]  # fmt: skip
    words = {
        "sessions": sorted(rows, key=lambda one: not one["is_here"]), "base": PATH, "shortest": SHORTEST, "typed": {},
        "is_changed": "changed" in visit.query, **problems_of(trouble, ("present", "password")),
    }  # fmt: skip
    return Page("settings/sessions.html", words, status=status_of(trouble))


def save_password(work: Work, visit: Visit) -> GoTo:
    """Whoever sits at an open browser does not take the account over: the present password is asked for."""
    work.group.label = "Password changed"
    change_own_password(work, visit.fields.get("present", ""), visit.fields.get("password", ""))
    end_sessions(work.connection, work.actor.user_id, but=visit.secret)
    return GoTo(f"{PATH}?changed=1", done="")


def end_one(work: Work, visit: Visit) -> GoTo:
    if not end_session_named(work.connection, work.actor.user_id, visit.parameters["handle"]):
        raise NotFound("This session is over already")
    return GoTo(PATH, done="")


def end_others(work: Work, visit: Visit) -> GoTo:
    end_sessions(work.connection, work.actor.user_id, but=visit.secret)
    return GoTo(PATH, done="")


def browser_words(told: str) -> str:
    """`Firefox on Linux`, as far as a browser says."""
    browser = next((word for part, word in _BROWSERS if re.search(rf"{part}\w*/", told)), "")
    system = next((word for part, word in _SYSTEMS if part in told), "")
    return " on ".join(filter(None, (browser or ("A browser" if system else ""), system))) or "An unknown browser"
