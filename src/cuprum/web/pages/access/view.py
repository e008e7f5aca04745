"""Who can see a record, in words, with why; its owner or an admin says otherwise here, and everybody follows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.auth.may import may
from cuprum.entities import BY_PLURAL
from cuprum.kit.errors import CuprumError, Forbidden, Invalid
from cuprum.records import sharing
from cuprum.records.admins import admins
from cuprum.records.naming import names_of
from cuprum.records.stored import is_visible, stored
from cuprum.records.visible import VISIBILITIES
from cuprum.records.work import Work
from cuprum.web.visit import GoTo, Page, Visit

_WORDS = {
    "everyone": ("Everyone", "Everybody who uses this account."),
    "teams": ("Teams", "Its owner and the teams that are marked."),
    "individuals": ("Some people", "Its owner and the people who are marked."),
    "only_me": ("Only its owner", "Nobody else but the admins."),
}

_EVERYBODY = "Everybody in this account"


def in_short(work: Work, values: Mapping[str, Any]) -> str:
    """For a line on the page of the record of this state."""
    found = sharing.sharing_in(work, values)
    names = [one["name"] for one in _granted(work, found)]
    if found["visibility"] in ("teams", "individuals") and names:
        return "Its owner and " + (names[0] if len(names) == 1 else f"{len(names)} {found['visibility']}") + " see this"
    return "Everyone sees this" if found["visibility"] == "everyone" else "Only its owner sees this"


def access(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    plural = visit.path.split("/")[1]
    record, users = BY_PLURAL[plural], work.vocabulary.words["user"]
    found = sharing.sharing(work, record.entity, visit.id)
    values = stored(work, record.entity, visit.id)
    owner = users.get(values["assignee_id"] or 0)
    chosen, teams = _typed(visit) or found, _teams(work)
    words = {
        "record": record, "name": values["name"], "base": f"/{plural}/{visit.id}",
        # Nobody can choose a team where there is none.
        "options": [(one, *_WORDS[one]) for one in VISIBILITIES if one != "teams" or teams or chosen["visibility"] == one],
        "everybody": _EVERYBODY,
        "reasons": _reasons(work, found, owner), "refusal": _refusal(work, record.entity, values), "owner": owner,
        "chosen": chosen, "teams": teams, "admins": admins(work),
        "people": [one for one in work.vocabulary.living("user") if one["disabled_at"] is None and one is not owner],
        "problems": {one.attribute: one.reason for one in trouble.problems} if isinstance(trouble, Invalid) else {},
        "trouble": None if trouble is None or isinstance(trouble, Invalid) else str(trouble),
    }  # fmt: skip
    return Page("access/access.html", words, status=trouble.status if trouble else 200)


def _reasons(work: Work, found: dict[str, Any], owner: Any) -> list[tuple[str, str]]:
    """Who sees it, each with why."""
    reasons = [(owner["name"], "owns it")] if owner else []
    if found["visibility"] == "everyone":
        reasons.append((_EVERYBODY, "because it is shared with everyone"))
    reasons += [(one["name"], one["why"]) for one in _granted(work, found)]
    return [*reasons, (admins(work), "because admins see everything")]


def _granted(work: Work, found: dict[str, Any]) -> list[dict[str, str]]:
    teams, users = work.vocabulary.words["team"], work.vocabulary.words["user"]
    members = {one["id"]: one["members"] for one in _teams(work)}
    granted = [
        {"name": f"Team {teams[one]['name']}", "why": f"because it is shared with it ({members.get(one) or 'nobody is on it'})"}
        for one in found["team_ids"] if one in teams
    ]  # fmt: skip
    return granted + [
        {"name": users[one]["name"], "why": "because it is shared with them"} for one in found["user_ids"] if one in users
    ]


def _teams(work: Work) -> list[dict[str, Any]]:
    users, teams_of = work.vocabulary.words["user"], work.vocabulary.teams_of
    return [
        {"id": team["id"], "name": team["name"],
         "members": ", ".join(users[one]["name"] for one, teams in teams_of.items() if team["id"] in teams and one in users)}
        for team in work.vocabulary.living("team")
    ]  # fmt: skip


def _refusal(work: Work, entity: str, values: dict[str, Any]) -> str | None:
    try:
        may(work.actor, "share", entity, values)
    except Forbidden as refusal:
        return str(refusal)
    return None


def _typed(visit: Visit) -> dict[str, Any] | None:
    """The body of what was chosen; the list that does not go with the choice is left out."""
    if not visit.form:
        return None
    visibility = visit.fields.get("visibility", "")
    lists = {"teams": "team_ids", "individuals": "user_ids"}
    return {"visibility": visibility, "team_ids": [], "user_ids": []} | {
        name: [int(value) for key, value in visit.form if key == name and _is_id(value)]
        for kind, name in lists.items() if kind == visibility
    }  # fmt: skip


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def share(work: Work, visit: Visit) -> GoTo:
    plural = visit.path.split("/")[1]
    entity = BY_PLURAL[plural].entity
    name = names_of(work, [(entity, visit.id)]).get((entity, visit.id), entity)
    work.group.label = f"Who sees {name} changed"
    sharing.share(work, entity, visit.id, _typed(visit) or {})
    return GoTo(f"/{plural}/{visit.id}/access" if is_visible(work, entity, visit.id) else f"/{plural}")


def follow(work: Work, visit: Visit) -> GoTo:
    plural = visit.path.split("/")[1]
    entity, follows = BY_PLURAL[plural].entity, visit.fields.get("follows") == "1"
    name = names_of(work, [(entity, visit.id)]).get((entity, visit.id), entity)
    work.group.label = f"You follow {name}" if follows else f"You follow {name} no longer"
    sharing.set_following(work, entity, visit.id, follows=follows)
    return GoTo(f"/{plural}/{visit.id}")
