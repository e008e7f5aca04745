"""What only opportunities have: a place in a pipeline, a chance to win, a company through their contact."""

from __future__ import annotations

from sqlalchemy import select

from cuprum.records.draft import Draft
from cuprum.records.money import converted_value
from cuprum.records.system_activities import note_changes
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES


def prepare(draft: Draft) -> None:
    _company(draft)
    _pipeline(draft)
    _stage(draft)
    _loss_reason(draft)
    converted_value(draft)


def follow(draft: Draft, record_id: int) -> None:
    note_changes(draft, record_id)


def _company(draft: Draft) -> None:
    """By name, or from the primary contact when none is given (`part2.md §1.2`)."""
    from cuprum.records.company import company_named

    name = draft.values.pop("company_name", None)
    if draft.problems or draft.values.get("company_id") is not None:
        return
    if name and name.strip():
        draft.values["company_id"] = company_named(draft.work, name)
    elif draft.changes("primary_contact_id") and draft.values["primary_contact_id"] and draft.before.get("company_id") is None:
        draft.values["company_id"] = _company_of(draft.work, draft.values["primary_contact_id"])


def _company_of(work: Work, contact_id: int) -> int | None:
    """Their company, unless it is one that the actor may not see."""
    people, companies = TABLES["person"], TABLES["company"]
    company = (
        select(companies.c.id)
        .join_from(companies, people, people.c.company_id == companies.c.id)
        .where(people.c.id == contact_id, visible(work.actor, "person"), visible(work.actor, "company"))
    )
    return work.execute(company).scalar()


def _pipeline(draft: Draft) -> None:
    vocabulary = draft.work.vocabulary
    stage = vocabulary.words["pipeline_stage"].get(draft.values.get("pipeline_stage_id") or 0)
    if "pipeline_id" in draft.values and draft.values["pipeline_id"] is None:
        del draft.values["pipeline_id"]
    if draft.get("pipeline_id") is None:
        pipelines = [one for one in vocabulary.living("pipeline") if one["type"] == "opportunity"]
        draft.values["pipeline_id"] = stage["pipeline_id"] if stage else (pipelines[0]["id"] if pipelines else None)
    if draft.values.get("pipeline_stage_id", 0) is None:
        del draft.values["pipeline_stage_id"]
    moved = draft.changes("pipeline_id") and "pipeline_stage_id" not in draft.values
    if moved or draft.get("pipeline_stage_id") is None:
        stages = vocabulary.stages_of(draft.get("pipeline_id"))
        draft.values["pipeline_stage_id"] = stages[0]["id"] if stages else None
    elif stage and stage["pipeline_id"] != draft.get("pipeline_id"):
        draft.refuse("pipeline_stage_id", "Invalid value for Pipeline Stage Id: the stage is not part of the pipeline")


def _stage(draft: Draft) -> None:
    if not draft.changes("pipeline_stage_id"):
        return
    draft.values["date_stage_changed"] = draft.work.now
    if draft.values.get("win_probability") is None:
        stage = draft.work.vocabulary.words["pipeline_stage"].get(draft.values["pipeline_stage_id"] or 0)
        draft.values["win_probability"] = stage["win_probability"] if stage else None


def _loss_reason(draft: Draft) -> None:
    """What was lost or abandoned and is open or won again has no reason for that any more."""
    if draft.changes("status") and draft.before.get("status") in ("Lost", "Abandoned") and not draft.changes("loss_reason_id"):
        draft.values["loss_reason_id"] = None
