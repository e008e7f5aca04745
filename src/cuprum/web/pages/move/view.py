"""Move an opportunity: to a stage of its pipeline, or out of it, won, lost or abandoned."""

from __future__ import annotations

from typing import Any

from cuprum.entities import Opportunity, field
from cuprum.kit.errors import Conflict, CuprumError, Invalid, Problem
from cuprum.records import write
from cuprum.records.stored import stored
from cuprum.records.work import Work
from cuprum.web.pages.board.view import board
from cuprum.web.pages.record.view import as_plain
from cuprum.web.visit import GoTo, Page, Visit
from cuprum.web.ways import BOARD

_CLOSINGS = field(Opportunity, "status").kind.options[1:]  # type: ignore[attr-defined]
# These ask why.
_WITH_REASON = ("Lost", "Abandoned")


def ask(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """Where to? `?to=Lost` asks only why. A script that was refused gets the board as it is now."""
    if trouble and visit.is_part:
        return board(work, visit.at(visit.next(BOARD)), trouble=trouble)
    deal = as_plain(work, "opportunity", visit.id)
    words = {
        "deal": deal, "stages": work.vocabulary.stages_of(deal["pipeline_id"]), "closings": _CLOSINGS,
        "with_reason": _WITH_REASON, "reasons": work.vocabulary.living("loss_reason"), "trouble": trouble,
        "to": next((word for word in _CLOSINGS if word == (visit.query.get("to") or visit.fields.get("status"))), None),
        "next": visit.next(visit.query.get("next") or BOARD), "path": visit.path,
    }  # fmt: skip
    return Page("move/move.html", words, part="ask", status=trouble.status if trouble else 200)


def move(work: Work, visit: Visit) -> Page | GoTo:
    fields = visit.fields
    # Locked until the commit: what is compared is what is changed.
    before = stored(work, "opportunity", visit.id)
    if "was" in fields and fields["was"] != str(before["pipeline_stage_id"]) and before["status"] == "Open":
        raise _Meanwhile(work, before)
    body, label = _asked(work, fields)
    work.group.label = f"{before['name']} {label}"
    write.change(work, "opportunity", visit.id, body)
    there = visit.next(BOARD)
    return board(work, visit.at(there)) if visit.is_part else GoTo(there)


class _Meanwhile(Conflict):
    """Somebody else moved it first."""

    def __init__(self, work: Work, before: dict[str, Any]) -> None:
        stage = work.vocabulary.words["pipeline_stage"].get(before["pipeline_stage_id"], {}).get("name", "another stage")
        super().__init__(
            f"Somebody else moved {before['name']} to {stage} meanwhile, and there it stays. Move it again if you like."
        )


def _asked(work: Work, fields: dict[str, str]) -> tuple[dict[str, Any], str]:
    """The body of the change, and what it is called."""
    if status := fields.get("status"):
        if status in _WITH_REASON and "reason" not in fields:
            raise Invalid(Problem("loss_reason_id", "choose why, or say that it is not known", "blank"))
        reason = fields.get("reason", "")
        why = {"loss_reason_id": int(reason) if reason.isdecimal() else None} if status in _WITH_REASON else {}
        return {"status": status, **why}, status.lower()
    stage_id = int(fields["stage"]) if fields.get("stage", "").isdecimal() else 0
    stage = work.vocabulary.words["pipeline_stage"].get(stage_id)
    if stage is None or stage["archived_at"] is not None:
        raise Invalid(Problem("pipeline_stage_id", "choose a stage", "blank"))
    # A card of a column is open: what was closed is open again.
    body = {"pipeline_id": stage["pipeline_id"], "pipeline_stage_id": stage_id, "status": "Open"}
    return body, f"moved to {stage['name']}"
