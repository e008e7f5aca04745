"""Home: what is to be done, first what is late; what needs attention and why; the pipelines at a glance; what changed lately."""

from __future__ import annotations

from typing import Any

from cuprum.records.attention import needing_attention
from cuprum.records.emptiness import is_empty
from cuprum.records.group_titles import titles
from cuprum.records.groups import recent_groups
from cuprum.records.reports.open_by_stage import open_by_stage
from cuprum.records.sample_stays import sample_group
from cuprum.records.work import Work
from cuprum.web.arrangement import MAIN
from cuprum.web.lanes import midnight, names_in, next_days
from cuprum.web.news import followed
from cuprum.web.visit import Page, Visit
from cuprum.web.ways import AGENDA, BOARD, Way

_MOST_TASKS, _MOST_ATTENTION, _MOST_CHANGES = 8, 8, 8


def home(work: Work, visit: Visit) -> Page:
    live = followed(work, *MAIN, "activity")
    today = midnight(work).date()
    of_all = visit.query.get("whose") == "all"
    asked = {} if of_all else {"assignee_ids": [work.actor.user_id]}
    lanes, attention = next_days(work, asked, most=_MOST_TASKS), needing_attention(work, asked, today)
    changes = recent_groups(work, before=None, actor=None, limit=_MOST_CHANGES)["groups"]
    words = {
        "live": live, "lanes": lanes, "names": names_in(work, lanes), "today": today, "here": visit.here,
        "agenda": AGENDA + ("?assignee_ids=all" if of_all else ""), "glances": _glances(work),
        "users": work.vocabulary.words["user"] if of_all else None,
        "whose": [Way("/home", "Mine", "user", not of_all), Way("/home?whose=all", "Everybody's", "users", of_all)],
        "attention": attention[:_MOST_ATTENTION], "further_attention": len(attention[_MOST_ATTENTION:]),
        "is_starting": not visit.hides_starter and is_empty(work), "has_samples": sample_group(work) is not None,
        "changes": changes, "titles": titles(work, [(one["id"], one["label"]) for one in changes]),
    }  # fmt: skip
    return Page("home/home.html", words, part="lanes")


def _glances(work: Work) -> list[dict[str, Any]]:
    """Each pipeline with its stages; `share` of a stage is the hundredths of the fullest one's value."""
    glances = []
    for pipeline in work.vocabulary.living("pipeline"):
        if pipeline["type"] != "opportunity":
            continue
        living = {stage["id"] for stage in work.vocabulary.stages_of(pipeline["id"])}
        stages = [one for one in open_by_stage(work, pipeline["id"]) if one["pipeline_stage_id"] in living]
        most = max((one["total"] for one in stages), default=0) or 1
        if any(one["count"] for one in stages):
            shares = [{**one, "share": round(100 * one["total"] / most)} for one in stages]
            glances.append({"name": pipeline["name"], "path": f"{BOARD}?pipeline_ids={pipeline['id']}", "stages": shares})
    return glances
