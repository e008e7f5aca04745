"""From an uploaded file to a plan: read, proposed, and changed to what somebody chose."""

from __future__ import annotations

from typing import Any

from cuprum.auth.may import may
from cuprum.records.work import Work
from cuprum.transfer.new_options import new_options
from cuprum.transfer.plan import Plan, changed, proposed
from cuprum.transfer.sheet import Sheet, read_sheet


def planned(work: Work, content: bytes, entity: str, choices: dict[str, Any]) -> tuple[Sheet, Plan]:
    """Raises Refused for a file that cannot be read, Invalid for choices that cannot be, Forbidden for those not theirs."""
    sheet = read_sheet(content, encoding=_text(choices, "encoding"), delimiter=_delimiter(choices))
    plan = changed(proposed(sheet, entity, work.vocabulary), choices, sheet.headers, work.vocabulary)
    if new_options(work, plan, sheet):
        may(work.actor, "manage", "custom fields")
    return sheet, plan


def replanned(work: Work, content: bytes, plan: Plan, choices: dict[str, Any]) -> tuple[Sheet, Plan]:
    """The same for a plan that is there; read another way, the file is matched anew."""
    if {"encoding", "delimiter"} & choices.keys():
        kept = {"matches": plan.matches, "unknown_owner": plan.unknown_owner, "unknown_options": plan.unknown_options}
        return planned(work, content, plan.entity, kept | choices)
    sheet = read_sheet(content, encoding=plan.encoding, delimiter=plan.delimiter)
    plan = changed(plan, choices, sheet.headers, work.vocabulary)
    if new_options(work, plan, sheet):
        may(work.actor, "manage", "custom fields")
    return sheet, plan


def _text(choices: dict[str, Any], name: str) -> str | None:
    given = choices.get(name)
    return given if isinstance(given, str) and given else None


def _delimiter(choices: dict[str, Any]) -> str | None:
    given = _text(choices, "delimiter")
    # What is no delimiter is refused with the other choices.
    return given if given and len(given) == 1 else None
