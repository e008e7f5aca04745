"""One condition of a list's filter: which field, then how, and compared with what. It leads back to the list with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cuprum.entities import BY_PLURAL, Record, kinds
from cuprum.kit.errors import Invalid, Problem
from cuprum.records.conditions import ME, problem_of
from cuprum.records.filterable import DAYS, MANY, ONE, TWO, Attribute, attributes, takes
from cuprum.records.where import Condition, Item, Where
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES
from cuprum.web.arrangement import MAIN
from cuprum.web.chips import attribute_label, names_in, operator_words, readable
from cuprum.web.given import id_meant
from cuprum.web.list_state import ListState
from cuprum.web.visit import GoTo, Page, Visit

NEW = "new"


@dataclass(frozen=True)
class Offered:
    """A field that can be filtered by, and the address where that is done."""

    name: str
    label: str
    address: str


def filter_page(work: Work, visit: Visit) -> Page | GoTo:
    record = record_beside(visit)
    state = ListState.behind(visit, record)
    where, _ = readable(state)
    at = visit.query.get("at", NEW)
    known = attributes(record.entity, work.vocabulary)
    attribute = known.get(visit.query.get("field", ""))
    if attribute is None:
        return _fields_page(work, state, at, known)
    if "operator" not in visit.query:
        return _editor(work, state, at, attribute, _found_at(where, at, attribute))
    condition, problem = _typed(work, attribute, visit)
    problem = problem or problem_of(work, record.entity, condition)
    if problem:
        return _editor(work, state, at, attribute, condition, problem)
    return GoTo(state.with_where(_placed(where, at, condition)), done="")


def record_beside(visit: Visit) -> type[Record]:
    """The records of the list that a page stands beside."""
    return BY_PLURAL[visit.path.split("/")[1]]


# --- where it stands


def _place(at: str, where: Where) -> tuple[int, str]:
    """`2` is an item, `2.0` one within a group, `2.new` one more in it, `new` one more in all."""
    item, _, within = at.partition(".")
    place = int(item) if item.isascii() and item.isdecimal() and len(item) < 4 else len(where.items)
    return min(place, len(where.items)), within


def _found_at(where: Where, at: str, attribute: Attribute) -> Condition | None:
    place, within = _place(at, where)
    item: Item | None = where.items[place] if place < len(where.items) else None
    if isinstance(item, tuple):
        item = item[int(within)] if within.isdecimal() and int(within) < len(item) else None
    return item if isinstance(item, Condition) and item.field == attribute.name and within != NEW else None


def _placed(where: Where, at: str, condition: Condition) -> Where:
    place, within = _place(at, where)
    item: Item | None = where.items[place] if place < len(where.items) else None
    if item is None or not within:
        return where.with_item(place, condition)
    group = list(item) if isinstance(item, tuple) else [item]
    number = int(within) if within.isascii() and within.isdecimal() and len(within) < 4 else len(group)
    group[number : number + 1] = [condition]
    return where.with_item(place, tuple(group))


# --- choosing the field


def _fields_page(work: Work, state: ListState, at: str, known: dict[str, Attribute]) -> Page:
    main = MAIN[state.record.entity]
    groups: dict[str, list[Offered]] = {"Often": [], "More": [], "Your own": []}
    for one in known.values():
        group = "Your own" if one.definition else "Often" if one.field.name in main else "More"
        groups[group].append(Offered(one.name, attribute_label(one), state.beside("filter", at=at, field=one.name)))
    groups["Often"].sort(key=lambda one: main.index(known[one.name].field.name))
    words = {"record": state.record, "groups": {name: found for name, found in groups.items() if found}, "back": state.address}
    return Page("list_filter/fields.html", words, part="panel")


# --- how, and with what


def _editor(
    work: Work, state: ListState, at: str, attribute: Attribute, condition: Condition | None, problem: str | None = None
) -> Page:
    operator = condition.operator if condition else attribute.operators[0]
    values = condition.values if condition else ()
    others = [one for one in attribute.operators if attribute.sort != "record" or one != "all"]
    where, _ = readable(state)
    place, within = _place(at, where)
    is_there = condition is not None and place < len(where.items) and within != NEW
    words: dict[str, Any] = {
        "record": state.record, "back": state.address, "at": at, "attribute": attribute, "title": attribute_label(attribute),
        "operators": [(one, operator_words(attribute, one), takes(one)) for one in others], "operator": operator,
        "values": values, "control": _control(attribute), "options": _options(work, attribute, values), "problem": problem,
        "target": getattr(attribute.field.kind, "entity", ""), "action": f"/{state.record.plural}/filter",
        "alternative": state.beside("filter", at=f"{place}.{NEW}") if is_there and not within else None,
        "joined_by": "and" if where.is_any else "or", "takes": {ONE, TWO, MANY, DAYS} & {takes(one) for one in others},
        "other_field": state.beside("filter", at=at),
    }  # fmt: skip
    return Page("list_filter/editor.html", words, part="panel", status=422 if problem else 200)


def _control(attribute: Attribute) -> str:
    """What a single value is typed into."""
    return {"number": "decimal", "date": "date"}.get(attribute.sort, "text")


def _options(work: Work, attribute: Attribute, chosen: Sequence[str]) -> list[tuple[str | None, list[tuple[str, str]]]]:
    """What several are ticked of, in groups: of records only those that stand there, for others are chosen by name."""
    kind = attribute.field.kind
    if attribute.definition:
        return [(None, [(str(option_id), name) for option_id, name in attribute.definition.living.items()])]
    match kind:
        case kinds.Choice(options=words) | kinds.Reference(types=words):
            return [(None, [(one, one.capitalize()) for one in words])]
        case kinds.LinkTo(entity=entity) if entity in TABLES:
            return [(None, list(names_in(work, attribute, chosen).items()))]
        case kinds.LinkTo(entity="pipeline_stage"):
            return [
                (one["name"], [(str(stage["id"]), stage["name"]) for stage in work.vocabulary.stages_of(one["id"])])
                for one in work.vocabulary.living("pipeline")
            ]
        case kinds.LinkTo(entity=table):
            me = [(ME, "Me")] if table == "user" else []
            return [(None, me + [(str(one["id"]), one["name"]) for one in work.vocabulary.living(table)])]
    return []


def _typed(work: Work, attribute: Attribute, visit: Visit) -> tuple[Condition, str | None]:
    """The condition of the form, and what is wrong with a name in it."""
    operator = visit.query.get("operator", "")
    given = {name: [value.strip() for key, value in visit.repeated if key == name and value.strip()] for name in ("value", "any")}
    condition = Condition(attribute.name, operator)
    match takes(operator):
        case one if one == ONE:
            return replace(condition, values=tuple(given["value"][:1])), None
        case two if two == TWO:
            return replace(condition, values=tuple(filter(None, (visit.query.get("least"), visit.query.get("most"))))), None
        case days if days == DAYS:
            return replace(condition, values=tuple(filter(None, (visit.query.get("days", "").strip(),)))), None
        case many if many == MANY:
            values = given["any"]
            if attribute.sort in ("tags", "ids"):
                values = [one.strip() for text in values for one in text.split(",") if one.strip()]
            named = visit.query.get("chosen", "").strip()
            try:
                return replace(condition, values=tuple(dict.fromkeys([*values, *_chosen(work, attribute, named)]))), None
            except Invalid as trouble:
                return replace(condition, values=tuple(values)), trouble.problems[0].reason
    return condition, None


def _chosen(work: Work, attribute: Attribute, name: str) -> list[str]:
    """The record that was chosen by its name, as the list under the field offers it."""
    kind = attribute.field.kind
    if not name or not isinstance(kind, kinds.LinkTo) or kind.entity not in TABLES:
        return []
    found = id_meant(work, attribute.name, kind.entity, name)
    if found is None:
        raise Invalid(Problem(attribute.name, f"there is no {kind.entity} named “{name}”"))
    return [str(found)]
