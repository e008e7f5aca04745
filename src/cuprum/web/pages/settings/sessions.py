"""Where one is signed in, how to end that, and one's own password."""

from __future__ import annotations

import re

from sqlalchemy import Connection

from cuprum.auth.passwords import SHORTEST, hash_password
from cuprum.auth.sessions import end_session_named, end_sessions, handle_of, sessions_of, signed_in
from cuprum.auth.sign_in import user_by_password
from cuprum.kit.errors import CuprumError, Invalid, NotFound, Problem, Unauthenticated
from cuprum.records.own_password import replace_own_password
from cuprum.records.work import Work
from cuprum.web.desk import State, View, work_of
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


def save_password(state: State, visit: Visit) -> View:
    """Whoever sits at an open browser does not take the account over: the present password is asked for, and guessing it
    counts as guessing does where one signs in. Raises Invalid and Limited."""
    who = state.database.read_now(signed_in, visit.secret)
    if who is None:
        raise Unauthenticated
    with state.sign_in_limits.attempt(who.email, visit.network_address) as attempt:
        attempt.is_right = state.database.read_now(user_by_password, who.email, visit.fields.get("present", "")) is not None
    if not attempt.is_right:
        raise Invalid(Problem("present", "is not your password"))
    digest = hash_password(visit.fields.get("password", ""))
    # A password that was changed meanwhile has ended this session, which is looked at once more.
    state.database.write_now(_replace_password, state, visit, digest)
    return lambda work, visit: GoTo(f"{PATH}?changed=1", done="")


def _replace_password(connection: Connection, state: State, visit: Visit, digest: str) -> None:
    work, _ = work_of(connection, state, visit)
    work.group.label = "Password changed"
    replace_own_password(work, digest)
    end_sessions(connection, work.actor.user_id, but=visit.secret)


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
