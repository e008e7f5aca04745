"""What a search of an entity may ask for, read from the search keys that stand beside its fields."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cuprum.connector.actions import parts
from cuprum.connector.facts import label_of
from cuprum.connector.properties import Form, Property, an_array, an_object, options, record_id, string
from cuprum.entities import ENTITIES, kinds, search_keys
from cuprum.entities.record import Field, fields


@cache
def criteria(entity: str) -> tuple[Property, ...]:
    """The form of a search: each criterion once, then custom fields, order and paging."""
    asked: dict[str, Property] = {}
    for one in fields(ENTITIES[entity]):
        for fact in one.facts:
            for said in criterion(entity, one, fact):
                asked.setdefault(said.name, said)
    for fact in ENTITIES[entity].searches:
        for said in criterion(entity, None, fact):
            asked.setdefault(said.name, said)
    if entity != "activity":
        asked["custom_fields"] = CUSTOM_CRITERIA
    return (*asked.values(), *ordering(entity))


def criterion(entity: str, one: Field | None, fact: Any) -> Iterator[Property]:
    label = label_of(one) if one else ""
    choices = one.kind.options if one and isinstance(one.kind, kinds.Choice) else ()
    match fact:
        case search_keys.Contains(key=key) | search_keys.Equals(key=key):
            yield string(key, label, f"{label} to find.")
        case search_keys.Phone(key=key):
            yield string(key, label, "Digits that the number ends with.")
        case search_keys.OneOf(key=key) | search_keys.RefersTo(key=key) | search_keys.LinkedFrom(key=key):
            words = key.removesuffix("_ids").replace("_", " ").title()
            said = "Any of these; -2 stands for none."
            yield an_array(key, record_id(""), label=f"{words} IDs" if key != "ids" else "IDs", description=said)
        case search_keys.Words(key=key):
            yield an_array(key, string("", options=options(*choices)), label=f"{label} Is", description="Any of these.")
        case search_keys.Codes(key=key):
            said = ", ".join(f"{place} {word}" for place, word in enumerate(choices))
            yield an_array(key, Property("", type="INTEGER"), label=f"{label} Codes", description=f"Any of: {said}.")
        case search_keys.Range(key=key):
            yield from between(key, label, one)
        case search_keys.AnyTag(key=key):
            yield an_array(key, parts.TAG_ITEM, label="Tags", description="Any of these.", source="tags")
        case search_keys.AnyUrl(key=key):
            yield an_array(key, string(""), label=label, description="Any of these addresses.")
        case search_keys.AnyEmail(key=key) if entity == "lead":
            # The lead search takes one address under a plural name.
            yield string(key, label, "The address to find.")
        case search_keys.AnyEmail(key=key):
            yield an_array(key, string(""), label=label, description="Any of these addresses.")
        case search_keys.AddressParts():
            yield from (string(part.name, part.label, f"{part.label} to find.") for part in parts.ADDRESS_PARTS[1:])
        case search_keys.RefersToOne(key=key):
            yield an_object(key, record_id("id", "ID"), string("type", "Type"), label=label)
        case search_keys.TypeIn(key=key):
            item = an_object("", record_id("id", "ID"), string("category", "Category", options=options("user", "system")))
            yield an_array(key, item, label="Activity Types", description="Any of these.")
        case search_keys.IncludeConverted(key=key):
            yield Property(key, "Include Converted Leads", "BOOLEAN")


def between(key: str, label: str, one: Field | None) -> Iterator[Property]:
    """Bounds are inclusive; days are asked for as moments, since the wire compares seconds."""
    match one.kind if one else None:
        case kinds.Amount():
            kind, form = "NUMBER", Form.PLAIN
        case kinds.Count():
            kind, form = "INTEGER", Form.PLAIN
        case _:
            kind, form = "DATE_TIME", Form.INSTANT
    yield Property(f"minimum_{key}", f"{label} From", kind, form=form)
    yield Property(f"maximum_{key}", f"{label} To", kind, form=form)


CUSTOM_CRITERIA = an_object(
    "custom_fields",
    label="Custom Fields",
    description='By name: a value, a list of options, or {"minimum", "maximum"}.',
    form=Form.CUSTOM_FIELDS,
    source="custom_fields",
)


def ordering(entity: str) -> tuple[Property, ...]:
    keys = [
        key for one in fields(ENTITIES[entity]) for fact in one.facts if isinstance(fact, search_keys.Sort) for key in fact.keys
    ]
    return (
        string("sort_by", "Sort By", "What to order by.", options=options(*dict.fromkeys(keys))),
        string("sort_direction", "Sort Direction", "Which way.", options=options("asc", "desc")),
        Property("page_number", "Page Number", "INTEGER", "Which page, from 1."),
        Property("page_size", "Page Size", "INTEGER", "Rows a page, at most 200."),
        Property("all_pages", "All Pages", "BOOLEAN", "Read every page, not one."),
    )


def filter_for(entity: str, name: str, value: Any) -> dict[str, Any] | None:
    """The search criteria that find records whose field may equal the value; None when it cannot be searched by."""
    one = next((field for field in fields(ENTITIES[entity]) if field.name == name), None)
    for fact in one.facts if one else ():
        match fact:
            case search_keys.Contains(key=key) | search_keys.Equals(key=key):
                return {key: value}
            case search_keys.OneOf(key=key):
                return {key: [value]}
            case search_keys.Words(key=key):
                return {key: [value]}
            case search_keys.AnyEmail(key=key):
                addresses = [item["email"] for item in (value if isinstance(value, list) else [value])]
                return {key: addresses[0] if entity == "lead" else addresses}
            case search_keys.Phone(key=key) if value:
                return {key: value[0]["number"]}
    return None


def is_same(held: Any, wanted: Any) -> bool:
    """Equal as a person sees it: text without case, contacts when one is in both."""
    if isinstance(wanted, list):
        return bool({main(one) for one in held or ()} & {main(one) for one in wanted})
    return main(held) == main(wanted)


def main(value: Any) -> str:
    if isinstance(value, Mapping):
        value = next((part for key, part in value.items() if key != "category"), "")
    return "" if value is None else str(value).strip().casefold()
