"""One pipeline with its stages: added, changed, put in order, and removed once nothing stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.kit.errors import CuprumError, NotFound
from cuprum.records.admins import admins
from cuprum.records.long_work import STAGE_REMOVAL, LongWork
from cuprum.records.stage_removal import deals_in
from cuprum.records.word_kinds import WORD_KINDS
from cuprum.records.word_use import word_uses
from cuprum.records.words_of_account import change_word, create_word, order_words, restore_word
from cuprum.records.work import Work
from cuprum.web.pages.settings.ordering import wanted_order
from cuprum.web.pages.settings.trouble import number, problems_of, status_of
from cuprum.web.pages.settings.words import used_by, word_body
from cuprum.web.parts import Begun
from cuprum.web.visit import GoTo, Page, Visit

_STAGE = "pipeline_stage"


def pipeline(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    return _page(work, visit, visit.id, trouble, fields=visit.fields if trouble else {})


def new_stage_again(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """The page with what was typed for a new stage, whose fields are not the pipeline's own."""
    return _page(work, visit, visit.id, trouble, stage_fields=visit.fields)


def _page(
    work: Work, visit: Visit, pipeline_id: int, trouble: CuprumError | None = None,
    fields: Mapping[str, str] | None = None, stage_fields: Mapping[str, str] | None = None,
) -> Page:  # fmt: skip
    found = _living(work, "pipeline", pipeline_id)
    uses = word_uses(work, _STAGE)
    every = [one for one in work.vocabulary.words[_STAGE].values() if one["pipeline_id"] == pipeline_id]
    shown = [{**one, "use": used_by(uses.get(one["id"], {})), "marks": _marks(one)} for one in every]
    told = problems_of(trouble, {*WORD_KINDS["pipeline"].readers, *WORD_KINDS[_STAGE].readers})
    words = {
        "pipeline": found, "base": f"/settings/pipelines/{pipeline_id}", "admins": admins(work),
        "rows": [one for one in shown if one["archived_at"] is None],
        "hidden": [one for one in shown if one["archived_at"] is not None],
        "use": used_by(word_uses(work, "pipeline").get(pipeline_id, {})), "typed": fields or {},
        "new_stage": stage_fields, "others": told["others"],
        "problems": {} if stage_fields is not None else told["problems"],
        "stage_problems": told["problems"] if stage_fields is not None else {},
    }  # fmt: skip
    return Page("settings/pipeline.html", words, part="words", status=status_of(trouble))


def _marks(stage: Mapping[str, Any]) -> list[str]:
    return [] if stage["win_probability"] is None else [f"{stage['win_probability']} %"]


def add_stage(work: Work, visit: Visit) -> GoTo:
    body = {**word_body(_STAGE, visit), "pipeline_id": _living(work, "pipeline", visit.id)["id"]}
    work.group.label = f"Stage “{visit.fields.get('name', '').strip()}” added"
    create_word(work, _STAGE, body)
    return GoTo(f"/settings/pipelines/{visit.id}")


def put_stages_in_order(work: Work, visit: Visit) -> Page | GoTo:
    found = _living(work, "pipeline", visit.id)
    own = [one["id"] for one in work.vocabulary.stages_of(visit.id)]
    wanted = iter(wanted_order(visit, own))
    work.group.label = f"Stages of {found['name']} put in order"
    # The stages of other pipelines stay where they are among all.
    order_words(work, _STAGE, [next(wanted) if one["id"] in own else one["id"] for one in work.vocabulary.living(_STAGE)])
    return _page(work, visit, visit.id) if visit.is_part else GoTo(f"/settings/pipelines/{visit.id}")


def stage(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    found = _living(work, _STAGE, visit.id)
    words = {
        "stage": found, "base": f"/settings/pipelines/{found['pipeline_id']}", "admins": admins(work),
        "pipeline": work.vocabulary.words["pipeline"][found["pipeline_id"]], "count": deals_in(work, visit.id),
        "others_of_it": [(one["id"], one["name"]) for one in work.vocabulary.stages_of(found["pipeline_id"])
                         if one["id"] != visit.id],
        "typed": visit.fields if trouble else {}, **problems_of(trouble, {*WORD_KINDS[_STAGE].readers, "into"}),
    }  # fmt: skip
    return Page("settings/stage.html", words, status=status_of(trouble))


def save_stage(work: Work, visit: Visit) -> GoTo:
    found = _living(work, _STAGE, visit.id)
    work.group.label = f"Stage “{found['name']}” changed"
    change_word(work, _STAGE, visit.id, {key: value for key, value in word_body(_STAGE, visit).items() if key != "pipeline_id"})
    return GoTo(f"/settings/pipelines/{found['pipeline_id']}")


def remove_stage(work: Work, visit: Visit) -> Begun:
    found = _living(work, _STAGE, visit.id)
    asked = {"stage_id": visit.id, "into_id": number(visit.fields.get("into"))}
    return LongWork(STAGE_REMOVAL, asked, f"Stage “{found['name']}” removed"), f"/settings/pipelines/{found['pipeline_id']}"


def show_stage(work: Work, visit: Visit) -> GoTo:
    found = work.vocabulary.words[_STAGE].get(visit.id)
    if found is None:
        raise NotFound
    work.group.label = f"Stage “{found['name']}” taken back"
    restore_word(work, _STAGE, visit.id)
    return GoTo(f"/settings/pipelines/{found['pipeline_id']}")


def _living(work: Work, table: str, word_id: int) -> Mapping[str, Any]:
    found = work.vocabulary.words[table].get(word_id)
    if found is None or found["archived_at"] is not None:
        raise NotFound
    return found
