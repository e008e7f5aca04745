"""From the cells of a row to a request body as the API takes it; what the API's own readers check is left to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import PydanticCustomError

from cuprum.entities import kinds
from cuprum.kit.errors import Problem
from cuprum.kit.public_mail import company_domain
from cuprum.kit.text import fold
from cuprum.records.work import Work
from cuprum.transfer import people_and_words as known
from cuprum.transfer.habits import local_day, local_number, tick, words
from cuprum.transfer.plan import Plan
from cuprum.transfer.sheet import Row
from cuprum.transfer.targets import Target


@dataclass
class Body:
    """`values` by wire name, for a new record; `id` where a column gives it; `guesses` are values for empty fields only."""

    values: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    guesses: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_body(work: Work, plan: Plan, targets: dict[str, Target], row: Row) -> Body:
    """Empty cells say nothing. Problems name the target, and hold back nothing else of the row."""
    body = Body()
    if row.is_too_long:
        body.problems.append(Problem("base", f"has {len(row.cells)} cells, the header has {len(plan.columns)}"))
        return body
    # Pipelines first: the name of a stage means one of its pipeline's.
    filled = [(targets[name], cell) for name, cell in zip(plan.columns, row.cells, strict=False) if name and cell]
    for target, cell in sorted(filled, key=lambda one: one[0].name != "pipeline"):
        try:
            _fill(work, plan, body, target, cell)
        except PydanticCustomError as refusal:
            what = f"{target.label} " if target.definition else ""
            body.problems.append(Problem(target.field.name, f"{what}{refusal.message()}", refusal.type))
    return body


def _fill(work: Work, plan: Plan, body: Body, target: Target, cell: str) -> None:
    name, values = target.field.name, body.values
    match target.field.kind:
        case kinds.Key():
            body.id = cell
        case kinds.LinkTo(entity="user"):
            if (owner_id := known.owner(work, cell, plan.unknown_owner)) is not None:
                values[name] = owner_id
        case kinds.LinkTo(entity="company"):
            company_id = known.company(work, cell)
            values.update({name: company_id} if company_id else {"company_name": cell})
        case kinds.LinkTo(entity="person"):
            values[name] = known.contact(work, cell)
        case kinds.LinkTo(entity="pipeline_stage" as table):
            values[name] = known.word(work, table, cell, values.get("pipeline_id"))
        case kinds.LinkTo(entity=table):
            values[name] = known.word(work, table, cell)
        case kinds.Address():
            values.setdefault(name, {})[target.part] = cell
        case kinds.OneEmail():
            values[name] = {"email": _bare(cell), "category": "work"}
        case kinds.Contacts(item=item):
            cells = [_bare(one) for one in re.split(r"[;,\n]\s*", cell) if one.strip()] if item == "email" else [cell]
            contact = {"category": target.part} if target.part else {}
            values.setdefault(name, []).extend({item: one, **contact} for one in cells)
        case kinds.Tags():
            values.setdefault(name, []).extend(words(cell))
        case kinds.Day():
            values[name] = local_day(cell, plan.dates)
        case kinds.Amount() | kinds.Count():
            values[name] = local_number(cell, plan.decimal)
        case kinds.CustomFields():
            _custom(plan, body, target, cell)
        case kinds.Text(long=True) if name in values:
            values[name] += f"\n{cell}"
        case _ if name == "email_domain":
            values[name] = _domain(cell)
        case _:
            values[name] = cell


def _bare(cell: str) -> str:
    """`Ada <ada@quill.example>` and `mailto:` links hold an address."""
    return cell.strip().rpartition("<")[2].rstrip(">").removeprefix("mailto:")


def _domain(cell: str) -> str | None:
    """Of an address, a page or bare; a public mail provider's says nothing about a company, so it is left out."""
    domain = re.sub(r"^https?://", "", cell.lower()).partition("/")[0].rpartition("@")[2].removeprefix("www.")
    return company_domain(domain)


def _custom(plan: Plan, body: Body, target: Target, cell: str) -> None:
    definition = target.definition
    assert definition is not None
    value: Any
    match definition.data_type:
        case "Dropdown":
            value = _options(plan, target, [cell])[:1] or None
            value = value and value[0]
        case "MultiSelect":
            whole = known.option(definition, cell)
            value = [whole] if whole else _options(plan, target, words(cell))
        case "Checkbox":
            value = tick(cell)
        case "Float" | "Currency" | "Percentage":
            value = local_number(cell, plan.decimal)
        case "Date":
            value = local_day(cell, plan.dates)
        case _:
            value = cell
    if value not in (None, []):
        body.values.setdefault("custom_fields", []).append({"custom_field_definition_id": definition.id, "value": value})


def _options(plan: Plan, target: Target, cells: list[str]) -> list[int]:
    assert target.definition is not None
    found = {cell: known.option(target.definition, cell) for cell in cells}
    for cell, option_id in found.items():
        if option_id is None and plan.unknown_options == "refuse":
            raise known.no_option(target.definition, cell)
    # In a dry run those to be created are not there yet.
    return [option_id for option_id in found.values() if option_id is not None]


def guess_companies(work: Work, plan: Plan, bodies: Sequence[Body]) -> None:
    """Somebody without a company works for the one whose domain their address has; looked up for some rows at once."""
    if plan.entity != "person":
        return
    alone = [body for body in bodies if not (body.values.get("company_id") or body.values.get("company_name"))]
    domains = {id(body): _domains(body) for body in alone}
    found = known.companies_of_domains(work, {domain for some in domains.values() for domain in some})
    for body in alone:
        company_id = next((found[domain] for domain in domains[id(body)] if domain in found), None)
        if company_id is not None:
            body.guesses["company_id"] = company_id


def _domains(body: Body) -> list[str]:
    """Public mail providers are nobody's company."""
    read = (company_domain(one["email"]) for one in body.values.get("emails", ()))
    return [fold(domain) for domain in read if domain]
