"""The options of custom fields that a file has and the account has not: created before its rows come in."""

from __future__ import annotations

from cuprum.kit.text import fold
from cuprum.records.custom_fields import as_logged, change_definition
from cuprum.records.work import Work
from cuprum.transfer.habits import words
from cuprum.transfer.people_and_words import option
from cuprum.transfer.plan import Plan
from cuprum.transfer.sheet import Sheet
from cuprum.transfer.targets import Target, targets


def create_options(work: Work, plan: Plan, sheet: Sheet) -> None:
    """Does so only where the plan says it; raises Forbidden for those who may not."""
    for target, names in new_options(work, plan, sheet):
        assert target.definition is not None
        known = as_logged(target.definition)["options"]
        change_definition(work, target.definition.id, {"options": [*known, *({"name": name} for name in names)]})


def new_options(work: Work, plan: Plan, sheet: Sheet) -> list[tuple[Target, list[str]]]:
    """Those that the plan creates, by the field that gets them, as first written in the file."""
    if plan.unknown_options != "create":
        return []
    known = targets(plan.entity, work.vocabulary)
    found: dict[str, dict[str, str]] = {}
    for place, name in enumerate(plan.columns):
        definition = known[name].definition if name else None
        if name is None or definition is None or definition.data_type not in ("Dropdown", "MultiSelect"):
            continue
        for cell in {row.cells[place]: None for row in sheet.rows if row.cells[place] and not row.is_too_long}:
            for one in [cell] if definition.data_type == "Dropdown" or option(definition, cell) else words(cell):
                if option(definition, one) is None:
                    found.setdefault(name, {}).setdefault(fold(one), one)
    return [(known[name], list(names.values())) for name, names in found.items()]
