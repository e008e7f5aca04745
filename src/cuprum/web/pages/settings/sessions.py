"""Where one is signed in, and how to end that."""

from __future__ import annotations

import re

from cuprum.auth.sessions import end_session_named, end_sessions, handle_of, sessions_of
from cuprum.kit.errors import NotFound
from cuprum.records.work import Work
from cuprum.web.visit import GoTo, Page, Visit

PATH = "/settings/sessions"
# The first that fits: each names itself among others that it is like.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def sessions(work: Work, visit: Visit) -> Page:
    here = handle_of(visit.secret)
    rows = [
        {
            "handle": one.handle, "is_here": one.handle == here, "name": browser_words(one.browser), "address": one.address,
            "since": one.date_created, "seen": work.now if one.handle == here else one.last_seen_at,
        }
        for one in sessions_of(work.connection, work.actor.user_id)
    ]  # fmt: skip
    return Page("settings/sessions.html", {"sessions": sorted(rows, key=lambda one: not one["is_here"]), "base": PATH})


def end_one(work: Work, visit: Visit) -> GoTo:
    if not end_session_named(work.connection, work.actor.user_id, visit.parameters["handle"]):
        raise NotFound("This session is over already")
    return GoTo(PATH, done="")


def end_others(work: Work, visit: Visit) -> GoTo:
    end_sessions(work.connection, work.actor.user_id, but=visit.secret)
    return GoTo(PATH, done="")


def browser_words(told: str) -> str:
    """`Firefox on Linux`, as far as a browser says."""
    browser = next((word for part, word in _BROWSERS if re.search(rf"\b{part}\w*/", told)), "")
    system = next((word for part, word in _SYSTEMS if part in told), "")
    return " on ".join(filter(None, (browser or ("A browser" if system else ""), system))) or "An unknown browser"
