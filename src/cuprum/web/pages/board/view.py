"""The board of a pipeline: a column a stage, a card an open opportunity, with the filters of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from cuprum.entities import ENTITIES, Opportunity, field
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError, NotFound
from cuprum.records.listing import Listing
from cuprum.records.naming import names_of
from cuprum.records.next_tasks import NextTask, next_tasks
from cuprum.records.reports.figures import code, deals
from cuprum.records.reports.open_by_stage import open_by_stage
from cuprum.records.search import matching
from cuprum.records.silence import Sign, days_since, is_silent, last_signs
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.web.facts import fact_from
from cuprum.web.list_bar import bar_of
from cuprum.web.list_state import ListState, within_of
from cuprum.web.news import followed
from cuprum.web.pages.records_list.view import Filter, kept_beside
from cuprum.web.visit import Page, Visit
from cuprum.web.ways import BOARD, ways_to_see

CARDS_A_COLUMN = 50
# The board has places of its own for these.
_OWN = ("statuses", "pipeline_ids", "pipeline_stage_ids", "sort_by", "sort_direction")


@dataclass(frozen=True)
class Card:
    """`about` names company and contact, `days_here` are in this stage; `silent_days` only where that is too long, with the
    last `sign` of life."""

    deal: Mapping[str, Any]
    about: str
    owner: str | None
    task: NextTask | None
    days_here: int
    silent_days: int | None
    sign: Sign


@dataclass(frozen=True)
class Column:
    """`further` is the address of the list where all of its cards are, when not all of them are here."""

    stage: Mapping[str, Any]
    sums: Mapping[str, Any]
    cards: Sequence[Card]
    further: str | None


def board(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """The board at `visit`; `trouble` is why a card was not moved."""
    live = followed(work, "opportunity", "activity", "task", "person", "company")
    pipelines = [one for one in work.vocabulary.living("pipeline") if one["type"] == "opportunity"]
    if not pipelines:
        raise NotFound
    pipeline = _pipeline(work, visit, pipelines)
    state, filters = ListState.at_visit(visit, Opportunity), _filters(work, visit, pipelines, pipeline)
    asked = {name: value for name, value in state.asked.items() if name not in _OWN}
    within, problems = within_of(work, state)
    words = {
        "record": Opportunity, "pipeline": pipeline, "columns": _columns(work, pipeline, asked, within, state), "path": BOARD,
        "filters": filters, "words": visit.query.get("name", ""),
        "tag": visit.query.get("tags", ""), "is_filtered": bool(asked or state.where_text),
        "list_ways": ways_to_see(visit, Opportunity), "kept": kept_beside(state, filters),
        "bar": bar_of(work, state, visit, problems), "live": live, "here": visit.here, "trouble": trouble,
        "closings": field(Opportunity, "status").kind.options[1:],  # type: ignore[attr-defined]
    }  # fmt: skip
    return Page("board/board.html", words, part="board", status=trouble.status if trouble else 422 if problems else 200)


def _pipeline(work: Work, visit: Visit, pipelines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one asked for, else the first on which something is open: an empty board tells nothing."""
    chosen = visit.query.get("pipeline_ids", "")
    asked_for = next((one for one in pipelines if str(one["id"]) == chosen), None)
    return asked_for or next((one for one in pipelines if _holds_deals(work, one)), pipelines[0])


def _holds_deals(work: Work, pipeline: Mapping[str, Any]) -> bool:
    is_open = deals.c.status == code("Open"), deals.c.pipeline_id == pipeline["id"]
    return work.execute(select(deals.c.id).where(*is_open, present(work.actor, "opportunity")).limit(1)).first() is not None


def _columns(
    work: Work, pipeline: Mapping[str, Any], asked: Mapping[str, Any], within: ColumnElement[bool], state: ListState
) -> list[Column]:
    every = open_by_stage(work, pipeline["id"], within=and_(matching(work, "opportunity", asked), within))
    sums = {one["pipeline_stage_id"]: one for one in every}
    stages = work.vocabulary.stages_of(pipeline["id"])
    found = {stage["id"]: _deals(work, stage, asked, within) if sums[stage["id"]]["count"] else [] for stage in stages}
    cards = _cards(work, [deal for deals in found.values() for deal in deals])
    return [
        Column(
            stage,
            sums[stage["id"]],
            [cards[deal["id"]] for deal in found[stage["id"]]],
            _further(state, stage) if sums[stage["id"]]["count"] > len(found[stage["id"]]) else None,
        )
        for stage in stages
    ]


def _deals(work: Work, stage: Mapping[str, Any], asked: Mapping[str, Any], within: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = {**asked, "statuses": ["Open"], "pipeline_stage_ids": [stage["id"]], "sort_by": "close_date"}
    # Walks an index, and counts nothing: the sums have been.
    found, _ = Listing(work, "opportunity", query, within=within).after(None, CARDS_A_COLUMN)
    plain: list[dict[str, Any]] = jsonio.decode(jsonio.encode(found))
    return plain


def _cards(work: Work, deals: Sequence[Mapping[str, Any]]) -> dict[int, Card]:
    signs, tasks = last_signs(work, deals), next_tasks(work, "opportunity", [deal["id"] for deal in deals])
    names = names_of(work, {("person", deal["primary_contact_id"]) for deal in deals if deal["primary_contact_id"]})
    users = work.vocabulary.words["user"]
    return {
        deal["id"]: Card(
            deal,
            " · ".join(filter(None, (deal["company_name"], names.get(("person", deal["primary_contact_id"]))))),
            users[deal["assignee_id"]]["name"] if deal["assignee_id"] in users else None,
            tasks.get(deal["id"]),
            days_since(work, deal["date_stage_changed"] or deal["date_created"]),
            days_since(work, sign.at) if is_silent(work, deal, sign := signs[deal["id"]]) else None,
            sign,
        )
        for deal in deals
    }


def _further(state: ListState, stage: Mapping[str, Any]) -> str:
    kept = {name: value for name, value in state.query.items() if name != "pipeline_ids"}
    return ListState(Opportunity, "/opportunities", kept).with_(statuses="Open", pipeline_stage_ids=stage["id"])


def _filters(work: Work, visit: Visit, pipelines: Sequence[Mapping[str, Any]], pipeline: Mapping[str, Any]) -> list[Filter]:
    owners = fact_from(work, field(ENTITIES["opportunity"], "assignee_id"), {})
    found = [Filter("assignee_ids", owners.label, visit.query.get("assignee_ids", ""), owners.choices)]
    if len(pipelines) > 1:
        named = [(None, [(one["id"], one["name"]) for one in pipelines])]
        found.insert(0, Filter("pipeline_ids", "Pipeline", str(pipeline["id"]), named, is_needed=True))
    return found
