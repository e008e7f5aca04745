"""Convert a lead: what it becomes part of is proposed and chosen, and where each of its values goes is told beforehand."""

from __future__ import annotations

from typing import Any

from cuprum.entities import Lead, Opportunity, field
from cuprum.kit.errors import CuprumError, Invalid, NotFound, Problem
from cuprum.records.conversion_plan import Candidate, How, Plan, homes, plan
from cuprum.records.convert_lead import convert
from cuprum.records.stored import is_visible
from cuprum.records.whereabouts import whereabouts
from cuprum.records.work import Work
from cuprum.web.facts import CUSTOM, Fact, fact_from, facts_of
from cuprum.web.given import amount_of, id_meant
from cuprum.web.pages.record.view import as_plain
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Unchanged, Visit

_TEMPLATE = "convert/convert.html"
# Beside the ids of the candidates.
NEW, NONE, OTHER = "new", "none", "other"
_KINDS = ("person", "company", "opportunity")


def ask(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page | GoTo | Unchanged:
    """The form, with what is proposed, or as it was filled in; a script gets where the values go by now."""
    if not is_visible(work, "lead", visit.id):
        return _too_late(work, visit)
    found = plan(work, visit.id)
    chosen = _chosen(visit, found)
    others = [str(trouble)] if trouble and not isinstance(trouble, Invalid) else []
    problems = {one.attribute: one.reason for one in trouble.problems} if isinstance(trouble, Invalid) else {}
    words = {
        "lead": found.lead, "plan": found, "chosen": chosen, "typed": _typed(visit, found),
        "stage": _stage(work, visit), "homes": _homes(work, visit, found, chosen), "problems": problems,
        "others": others + [f"{name.replace('_', ' ')} {text}" for name, text in problems.items() if name not in _KINDS],
        "base": f"/leads/{visit.id}", "record": Lead,
    }  # fmt: skip
    return Page(_TEMPLATE, words, part="where", status=trouble.status if trouble else 200)


def _too_late(work: Work, visit: Visit) -> GoTo | Unchanged:
    """Converted or thrown away meanwhile: its own page says so. Raises NotFound for what is not the actor's to see."""
    if whereabouts(work, "lead", visit.id) is None:
        raise NotFound
    # A look that the conversion itself has overtaken; its browser is on the way to another page.
    return Unchanged() if visit.is_part else GoTo(f"/leads/{visit.id}", done="")


def do(work: Work, visit: Visit) -> Page | GoTo | Unchanged:
    if "look" in visit.fields or not is_visible(work, "lead", visit.id):
        # Only where the values would go, now that something else was chosen.
        return ask(work, visit)
    found = plan(work, visit.id)
    work.group.label = f"{found.lead['name']} converted"
    convert(work, visit.id, {"details": _details(work, visit, found)})
    return GoTo(f"/leads/{visit.id}")


def _chosen(visit: Visit, found: Plan) -> dict[str, str]:
    """What is marked of each: what was sent, else what is likeliest."""
    likeliest = {
        "person": str(found.people[0].id) if found.people else NEW,
        "company": str(found.companies[0].id) if found.companies else NEW if found.company_name else NONE,
        "opportunity": NEW if found.lead["monetary_value"] is not None and not found.opportunities else NONE,
    }
    return {kind: visit.fields.get(kind) or likeliest[kind] for kind in _KINDS}


def _typed(visit: Visit, found: Plan) -> dict[str, str]:
    amount = found.lead["monetary_value"]
    proposed = {
        "person_name": found.lead["name"] or "", "company_name": found.company_name, "opportunity_name": found.opportunity_name,
        "monetary_value": "" if amount is None else f"{amount.normalize():f}", "person_other": "", "company_other": "",
        "opportunity_other": "",
    }  # fmt: skip
    return {name: visit.fields.get(name, value) for name, value in proposed.items()}


def _stage(work: Work, visit: Visit) -> Fact:
    """The stages by pipeline; the first of the first, until another is chosen."""
    fact = fact_from(work, field(Opportunity, "pipeline_stage_id"), {})
    first = next((value for _, options in fact.choices for value, _ in options), None)
    given = visit.fields.get("pipeline_stage_id", "")
    return fact_from(work, field(Opportunity, "pipeline_stage_id"), {"pipeline_stage_id": int(given) if _is_id(given) else first})


def _homes(work: Work, visit: Visit, found: Plan, chosen: dict[str, str]) -> list[tuple[Fact, list[str]]]:
    facts = {one.name.replace(CUSTOM, "custom_fields."): one for one in facts_of(work, "lead", as_plain(work, "lead", visit.id))}
    known = _id(chosen["person"], found.people)
    going = homes(work, found.lead, known, _how(chosen["company"]), _how(chosen["opportunity"]))
    return [(facts[name], places) for name, places in going if name in facts]


def _how(choice: str) -> How:
    return "new" if choice == NEW else "none" if choice == NONE else "existing"


def _id(choice: str, candidates: list[Candidate]) -> int | None:
    return next((one.id for one in candidates if str(one.id) == choice), None)


def _details(work: Work, visit: Visit, found: Plan) -> dict[str, Any]:
    """The body that the conversion takes of what was chosen."""
    chosen, typed = _chosen(visit, found), _typed(visit, found)
    person = {"name": typed["person_name"]} if chosen["person"] == NEW else {"id": _meant(work, "person", chosen, typed)}
    details: dict[str, Any] = {"person": person}
    match chosen["company"]:
        case "new":
            details["company"] = {"name": _needed("company", typed["company_name"]), "exact_match": True}
        case "none":
            details["company"] = {"name": ""}
        case _:
            details["company"] = {"id": _meant(work, "company", chosen, typed)}
    match chosen["opportunity"]:
        case "new":
            details["opportunity"] = _new_opportunity(work, visit, typed)
        case "none":
            pass
        case _:
            details["opportunity"] = {"id": _meant(work, "opportunity", chosen, typed)}
    return details


def _needed(kind: str, text: str) -> str:
    if not text.strip():
        raise Invalid(Problem(kind, "needs a name", "blank"))
    return text.strip()


def _new_opportunity(work: Work, visit: Visit, typed: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": _needed("opportunity", typed["opportunity_name"])}
    if amount := amount_of(typed["monetary_value"], Shown.of(work, visit.languages)):
        made["monetary_value"] = amount
    given = visit.fields.get("pipeline_stage_id", "")
    stage = work.vocabulary.words["pipeline_stage"].get(int(given)) if _is_id(given) else None
    if stage:
        made |= {"pipeline_id": stage["pipeline_id"], "pipeline_stage_id": stage["id"]}
    return made


def _meant(work: Work, kind: str, chosen: dict[str, str], typed: dict[str, str]) -> int:
    """The record that was chosen, of the candidates or by its name."""
    if _is_id(chosen[kind]):
        return int(chosen[kind])
    if chosen[kind] != OTHER:
        raise NotFound
    name = _needed(kind, typed[f"{kind}_other"])
    found = id_meant(work, kind, kind, name)
    if found is None:
        raise Invalid(Problem(kind, f"there is none named “{name}”", "unknown"))
    return found


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
