"""The facts of a record as a page shows and edits them: its fields and the account's own, each with its control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cuprum.entities import ENTITIES, Field, Record, fields, kinds
from cuprum.kit.errors import Problem
from cuprum.records.custom_values import date_zone
from cuprum.records.naming import End, names_of
from cuprum.records.required_fields import NEVER_REQUIRED
from cuprum.records.vocabulary import Definition
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES
from cuprum.web.arrangement import MAIN, editable, label_of

CUSTOM = "custom_field."
Choice = tuple[Any, str]


@dataclass(frozen=True)
class Fact:
    """`control` names the macro that shows it and the one that edits it; `value` is the wire's, or as its control wants it.

    `choices` are (group, options) pairs of words; `target` is the entity that a record is chosen of, `made_by` the attribute
    whose text makes a new one.
    """

    name: str
    label: str
    control: str
    value: Any = None
    text: str | None = None
    is_required: bool = False
    is_main: bool = True
    is_late: bool = False
    currency: str | None = None
    target: str | None = None
    made_by: str | None = None
    item: str | None = None
    types: tuple[str, ...] = ()
    choices: Sequence[tuple[str | None, Sequence[Choice]]] = ()
    definition: Definition | None = None
    field: Field | None = field(default=None, repr=False)

    def with_value(self, value: Any, **further: Any) -> Fact:
        """A copy: a list has a thousand of them, and `replace` takes ten times as long."""
        made = object.__new__(Fact)
        vars(made).update(vars(self), value=value, **further)
        return made

    @property
    def is_blank(self) -> bool:
        return self.value is None or self.value == "" or self.value == [] or self.value is False

    @property
    def words(self) -> dict[Any, str]:
        return {value: label for _, options in self.choices for value, label in options}


def facts_of(work: Work, entity: str, record: Mapping[str, Any]) -> list[Fact]:
    """All that people may fill in, as it stands in a wire object (an empty one for a new record)."""
    return named(work, [[*_of_fields(work, ENTITIES[entity], record), *_of_definitions(work, entity, record)]])[0]


def fact_of(work: Work, entity: str, record: Mapping[str, Any], name: str) -> Fact | None:
    return next((one for one in facts_of(work, entity, record) if one.name == name), None)


def is_about(problem: Problem, fact: Fact) -> bool:
    """Whether a broken rule belongs under this fact; those of custom fields begin with the name of theirs."""
    if fact.definition:
        return problem.attribute == "custom_fields" and problem.reason.startswith(f"{fact.label} ")
    return problem.attribute in (fact.name, fact.made_by)


def label_in(work: Work, entity: str, name: str) -> str:
    """The label of an attribute by the name that the log or a conflict gives it; custom ones are `custom_fields.12` there."""
    whole, _, definition_id = name.partition(".")
    if definition_id.isdecimal():
        definition = work.vocabulary.definitions.get(int(definition_id))
        return definition.name if definition else "A field that was removed"
    known = next((one for one in fields(ENTITIES[entity]) if one.name == whole), None) if entity in ENTITIES else None
    return label_of(known) if known else name.replace("_", " ").capitalize()


def named(work: Work, rows: Iterable[Iterable[Fact]]) -> list[list[Fact]]:
    """The facts of some records with the names of what they link to, read at once."""
    listed = [list(row) for row in rows]
    names = names_of(work, filter(None, (_end(fact) for row in listed for fact in row)))
    return [[one.with_value(one.value, text=names.get(end)) if (end := _end(one)) else one for one in row] for row in listed]


def _end(fact: Fact) -> End | None:
    if fact.control == "record" and fact.target and isinstance(fact.value, int):
        return fact.target, fact.value
    if fact.control == "reference" and fact.value is not None:
        return fact.value["type"], fact.value["id"]
    return None


def _of_fields(work: Work, record: type[Record], values: Mapping[str, Any]) -> Iterator[Fact]:
    main = MAIN[record.entity]
    for one in editable(record):
        made_by = next((other.name for other in fields(record) if _names(other, one)), None)
        yield replace(fact_from(work, one, values), is_main=one.name in main, made_by=made_by)


def _names(other: Field, one: Field) -> bool:
    return isinstance(other.kind, kinds.Joined) and other.kind.link == one.name and not other.kind.read_only


def fact_from(work: Work, one: Field, values: Mapping[str, Any]) -> Fact:
    """The fact of one field of an entity."""
    return filled(work, blank_fact(work, one), values)


def blank_fact(work: Work, one: Field) -> Fact:
    """What the fact of a field is on every record."""
    fact = Fact(one.name, label_of(one), "text", is_required=one.kind.required, field=one)
    match one.kind:
        case kinds.Text(long=True):
            return replace(fact, control="long_text")
        case kinds.Choice(options=options):
            return replace(fact, control="choice", choices=[(None, [(word, word) for word in options])], is_required=True)
        case kinds.Amount():
            return replace(fact, control="money")
        case kinds.Count():
            return replace(fact, control="number")
        case kinds.Flag():
            return replace(fact, control="flag")
        case kinds.Instant():
            return replace(fact, control="instant")
        case kinds.Day():
            return replace(fact, control="day")
        case kinds.LinkTo(entity=target) if target in TABLES:
            return replace(fact, control="record", target=target)
        case kinds.LinkTo(entity=table):
            return replace(fact, control="choice", choices=_words(work, table))
        case kinds.OneEmail():
            return replace(fact, control="contacts", item="email", types=("work", "personal", "other"))
        case kinds.Contacts(item=item, categories=categories):
            return replace(fact, control="contacts", item=item, types=categories)
        case kinds.Address():
            return replace(fact, control="address")
        case kinds.Tags():
            return replace(fact, control="tags")
        case kinds.Reference(types=types):
            return replace(fact, control="reference", types=types)
    return fact


def filled(work: Work, blank: Fact, values: Mapping[str, Any]) -> Fact:
    """The same fact as one record has it."""
    one, value = blank.field, values.get(blank.name)
    assert one
    match one.kind:
        case kinds.Choice():
            return blank.with_value(value or one.default)
        case kinds.Amount():
            return blank.with_value(value, currency=values.get("monetary_unit"))
        case kinds.Instant():
            return blank.with_value(value, is_late=_is_late(one, values, value is not None and value < work.now))
        case kinds.Day():
            day = _slashed_day(value)
            past = day is not None and day < datetime.fromtimestamp(work.now, ZoneInfo(_zone(work))).date()
            return blank.with_value(day, is_late=_is_late(one, values, past))
        case kinds.LinkTo(entity=table) if table not in TABLES and value is not None and value not in blank.words:
            return blank.with_value(value, choices=_words(work, table, value))
        case kinds.OneEmail():
            return blank.with_value([value] if value else [])
        case kinds.Contacts() | kinds.Tags():
            return blank.with_value(value or [])
        case kinds.Address():
            return blank.with_value(_parts(value))
        case kinds.Reference():
            return blank.with_value(_reference(value))
    return blank.with_value(value)


def _of_definitions(work: Work, entity: str, values: Mapping[str, Any]) -> Iterator[Fact]:
    given = {one["custom_field_definition_id"]: one["value"] for one in values.get("custom_fields") or ()}
    for one in work.vocabulary.definitions_on(entity):
        fact = fact_of_definition(work, one, given.get(one.id))
        if fact.control:
            yield fact


def fact_of_definition(work: Work, one: Definition, value: Any) -> Fact:
    """The fact of one custom field; its control is empty where nobody writes it."""
    fact = Fact(f"{CUSTOM}{one.id}", one.name, _CONTROLS.get(one.data_type, ""), value, definition=one)
    fact = replace(fact, is_required=one.is_required and one.data_type not in NEVER_REQUIRED)
    match one.data_type:
        case "Dropdown" | "MultiSelect":
            return replace(fact, choices=[(None, list(one.living.items()))])
        case "Date":
            return replace(fact, value=None if value is None else datetime.fromtimestamp(value, ZoneInfo(_zone(work))).date())
        case "Currency":
            return replace(fact, currency=one.currency)
    return fact


_CONTROLS = {
    "String": "text", "Text": "long_text", "Dropdown": "choice", "MultiSelect": "several", "Date": "day", "Checkbox": "flag",
    "Float": "number", "URL": "link", "Percentage": "percentage", "Currency": "money",
}  # fmt: skip


def _words(work: Work, table: str, value: Any = None) -> list[tuple[str | None, list[Choice]]]:
    """What can be chosen of the account's words, and the one that stands there even if it cannot be chosen any more."""
    words = [one for one in work.vocabulary.living(table) if one.get("disabled_at") is None or one["id"] == value]
    known = work.vocabulary.words[table]
    if value in known and all(one["id"] != value for one in words):
        words = [*words, known[value]]
    if table != "pipeline_stage":
        return [(None, [(one["id"], one["name"]) for one in words])]
    return [
        (pipeline["name"], [(one["id"], one["name"]) for one in words if one["pipeline_id"] == pipeline["id"]])
        for pipeline in work.vocabulary.living("pipeline")
        if pipeline["type"] == "opportunity"
    ]


def _zone(work: Work) -> str:
    return date_zone(work.settings.date_zone, work.vocabulary)


def _is_late(field: Field, values: Mapping[str, Any], is_past: bool) -> bool:
    """Whether what should be done by now is not."""
    return is_past and values.get("status") == "Open" and field.name in ("due_date", "close_date")


def _slashed_day(value: Any) -> date | None:
    if not value:
        return None
    month, day, year = map(int, str(value).split("/"))
    return date(year, month, day)


def _parts(value: Any) -> dict[str, str] | None:
    parts = {name: part for name, part in (value or {}).items() if part}
    return parts or None


def _reference(value: Any) -> dict[str, Any] | None:
    return value if value and value.get("id") else None
