"""Teams: who is on them, and what is shared with them."""

from __future__ import annotations

from typing import Any

from cuprum.kit.errors import CuprumError
from cuprum.records.admins import admins
from cuprum.records.teams import change_team, create_team, delete_team, living_team, members_of, shared_with_team
from cuprum.records.work import Work
from cuprum.web.pages.settings.trouble import number, problems_of, status_of
from cuprum.web.pages.settings.words import used_by
from cuprum.web.visit import GoTo, Page, Visit

PATH = "/settings/teams"


def teams(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    listed = [
        {**one, "members": ", ".join(_name(work, user_id) for user_id in sorted(members_of(work, one["id"])))}
        for one in work.vocabulary.living("team")
    ]
    words = {
        "teams": sorted(listed, key=lambda one: one["name"].casefold()), "base": PATH, "people": _people(work, set()),
        "chosen": _chosen(visit), "admins": admins(work), "typed": visit.fields if trouble else {},
        **problems_of(trouble, ("name", "user_ids")),
    }  # fmt: skip
    return Page("settings/teams.html", words, status=status_of(trouble))


def team(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """One team, and what deleting it would mean."""
    found, members = living_team(work, visit.id), members_of(work, visit.id)
    every, alone = shared_with_team(work, visit.id) if work.actor.is_admin else ({}, {})
    words = {
        "team": found, "path": f"{PATH}/{visit.id}", "people": _people(work, members), "admins": admins(work),
        "chosen": _chosen(visit) if trouble else members, "names": [_name(work, one) for one in sorted(members)],
        "shared": used_by(every), "shared_count": sum(every.values()), "alone_count": sum(alone.values()),
        "typed": visit.fields if trouble else {}, **problems_of(trouble, ("name", "user_ids")),
    }  # fmt: skip
    return Page("settings/team.html", words, status=status_of(trouble))


def add_team(work: Work, visit: Visit) -> GoTo:
    name = visit.fields.get("name", "")
    work.group.label = f"Team “{name.strip()}” made"
    create_team(work, name, _chosen(visit))
    return GoTo(PATH)


def save_team(work: Work, visit: Visit) -> GoTo:
    work.group.label = f"Team “{living_team(work, visit.id)['name']}” changed"
    change_team(work, visit.id, visit.fields.get("name", ""), _chosen(visit))
    return GoTo(f"{PATH}/{visit.id}")


def remove_team(work: Work, visit: Visit) -> GoTo:
    work.group.label = f"Team “{living_team(work, visit.id)['name']}” deleted"
    delete_team(work, visit.id)
    return GoTo(PATH)


def _chosen(visit: Visit) -> set[int]:
    return {found for name, value in visit.form if name == "user_ids" and (found := number(value)) is not None}


def _people(work: Work, members: set[int]) -> list[dict[str, Any]]:
    """Who can be on it: whoever may come in, and whoever is on it already."""
    return [dict(one) for one in work.vocabulary.words["user"].values() if one["disabled_at"] is None or one["id"] in members]


def _name(work: Work, user_id: int) -> str:
    return str(work.vocabulary.words["user"][user_id]["name"])
