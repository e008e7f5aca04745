"""The account and its lists of words (`copper-api/part1.md §8, §12`, `part2.md §7`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.routing import Route

from cuprum.api.automation import CHANGES
from cuprum.api.call import Call
from cuprum.api.desk import reads
from cuprum.api.idempotency import ANNOUNCED
from cuprum.api.openapi.account import ACCOUNT, LEAD_STATUS, NAMED_WORD, PIPELINE, STAGE
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import listed
from cuprum.kit.errors import NotFound
from cuprum.records.work import Work

Words = Iterable[Mapping[str, Any]]


@declares(id="getAccount", summary="The account", tag="Account", answer=ACCOUNT, answer_headers=("X-Cuprum-Changes", ANNOUNCED))
def account(work: Work, call: Call) -> Any:
    stored = work.vocabulary.account
    # Readers that know this need not poll the searches.
    call.answer_headers |= {"X-Cuprum-Changes": CHANGES, ANNOUNCED: "1"}
    return {
        "id": stored["id"],
        "name": stored["name"],
        "primary_timezone": stored["primary_timezone"],
        "settings": {
            "setting_team_permissions_enabled": bool(work.vocabulary.living("team")),
            "setting_enable_leads": stored["leads_enabled"],
        },
    }


@declares(id="listLeadStatuses", summary="List the lead statuses", tag="Lists", answer=listed(LEAD_STATUS))
def lead_statuses(work: Work, call: Call) -> Any:
    return [
        {"id": one["id"], "name": one["name"], "order": order, "is_default": one["is_default"]}
        for order, one in enumerate(work.vocabulary.living("lead_status"), start=1)
    ]


@declares(id="listCustomerSources", summary="List the customer sources", tag="Lists", answer=listed(NAMED_WORD))
def customer_sources(work: Work, call: Call) -> Any:
    return _named(work.vocabulary.living("customer_source"))


@declares(id="listLossReasons", summary="List the loss reasons", tag="Lists", answer=listed(NAMED_WORD))
def loss_reasons(work: Work, call: Call) -> Any:
    return _named(work.vocabulary.living("loss_reason"))


@declares(id="listContactTypes", summary="List the contact types", tag="Lists", answer=listed(NAMED_WORD))
def contact_types(work: Work, call: Call) -> Any:
    return _named(work.vocabulary.living("contact_type"))


@declares(id="listPipelines", summary="List the pipelines with their stages", tag="Lists", answer=listed(PIPELINE))
def pipelines(work: Work, call: Call) -> Any:
    return [
        {
            "id": one["id"],
            "name": one["name"],
            "stages": _only(work.vocabulary.stages_of(one["id"]), "id", "name", "win_probability"),
            "type": one["type"],
            "is_revenue": one["is_revenue"],
        }
        for one in work.vocabulary.living("pipeline")
    ]


@declares(id="listPipelineStages", summary="List the stages of every pipeline", tag="Lists", answer=listed(STAGE))
def pipeline_stages(work: Work, call: Call) -> Any:
    return [stage for pipeline in work.vocabulary.living("pipeline") for stage in _stages(work, pipeline["id"])]


@declares(id="listStagesOfPipeline", summary="List the stages of a pipeline", tag="Lists", answer=listed(STAGE))
def stages_of_pipeline(work: Work, call: Call) -> Any:
    if call.id("pipeline_id") not in {one["id"] for one in work.vocabulary.living("pipeline")}:
        raise NotFound
    return _stages(work, call.id("pipeline_id"))


def _stages(work: Work, pipeline_id: int) -> list[dict[str, Any]]:
    return _only(work.vocabulary.stages_of(pipeline_id), "id", "name", "pipeline_id", "win_probability")


def _named(words: Words) -> list[dict[str, Any]]:
    return _only(words, "id", "name")


def _only(words: Words, *keys: str) -> list[dict[str, Any]]:
    return [{key: word[key] for key in keys} for word in words]


def routes() -> list[Route]:
    return [
        Route("/account", reads(account, by_key=True), methods=["GET"]),
        Route("/lead_statuses", reads(lead_statuses, by_key=True), methods=["GET"]),
        Route("/customer_sources", reads(customer_sources, by_key=True), methods=["GET"]),
        Route("/loss_reasons", reads(loss_reasons, by_key=True), methods=["GET"]),
        Route("/contact_types", reads(contact_types, by_key=True), methods=["GET"]),
        Route("/pipelines", reads(pipelines, by_key=True), methods=["GET"]),
        Route("/pipeline_stages", reads(pipeline_stages, by_key=True), methods=["GET"]),
        Route("/pipeline_stages/pipeline/{pipeline_id}", reads(stages_of_pipeline, by_key=True), methods=["GET"]),
    ]
