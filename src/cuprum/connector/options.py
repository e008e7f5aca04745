"""What a property's picker offers: paged, searchable, dependent on what was chosen before."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cuprum.connector.catalogue import operation
from cuprum.connector.custom_fields import definitions, find, usable
from cuprum.connector.drive import Stepwise
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.exchange import Flow
from cuprum.connector.given import is_blank
from cuprum.connector.properties import Property
from cuprum.connector.resources.base import Record, as_number
from cuprum.entities import BY_PLURAL

if TYPE_CHECKING:
    from cuprum.connector.client import Api

PAGE = 50
# How far a search by text goes where the API has no "contains" (opportunities, projects, tasks).
FURTHEST = 25
SEARCHES_NAMES = {"leads", "people", "companies"}

Options = dict[str, Any]
Given = Mapping[str, Any]


def options_for(
    api: "Api[Stepwise]", operation_name: str, path: str, given: Given | None = None, search: str = "", page: int = 1
) -> Flow[Options]:
    """`{"options": [{"label", "value"}], "more": bool}` for a property, named by its path (`related_resource.id`).

    Nothing is offered while a property that it depends on is blank. Raises InvalidInput for an unknown property.
    """
    given = given or {}
    if page < 1:
        raise InvalidInput([Problem("page", "must be 1 or more")])
    one, custom = find_property(operation_name, path)
    if custom is not None:
        return (yield from custom_options(api, operation_name, custom, search, page))
    # Of a list of plain values the item says what each may be.
    items = one.items if one.type == "ARRAY" and not one.source else ()
    if fixed := tuple(option for part in (one, *items) for option in (*part.options, *part.more_options)):
        return page_of([{"label": option.label, "value": option.value} for option in fixed], search, page)
    if any(is_blank(at(given, name)) for name in one.depends_on):
        return {"options": [], "more": False}
    if not one.source:
        raise InvalidInput([Problem(path, "is free text and has no options", one.label)])
    if one.source in BY_PLURAL:
        return (yield from records_named(api, one.source, search, page))
    return (yield from SOURCES[one.source](api, operation_name, one, given, search, page))


def find_property(operation_name: str, path: str) -> tuple[Property, str | None]:
    """The property at the path, and the custom field's name when the path goes into custom fields."""
    known: tuple[Property, ...] = operation(operation_name).fields
    found: Property | None = None
    names = path.replace("[]", "").split(".")
    for place, name in enumerate(names):
        found = next((one for one in known if one.name == name), None)
        if found is None:
            raise InvalidInput([Problem(path, f"is not a property of {operation_name}", path)])
        if found.name == "custom_fields" and place + 1 < len(names):
            return found, ".".join(names[place + 1 :])
        known = found.properties or (found.items[0].properties if found.items else ())
    assert found is not None
    return found, None


def at(given: Given, path: str) -> Any:
    value: Any = given
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def page_of(offered: list[Record], search: str, page: int) -> Options:
    """A page of a list that is wholly known."""
    wanted = search.strip().casefold()
    fitting = [one for one in offered if wanted in str(one["label"]).casefold()]
    return {"options": fitting[(page - 1) * PAGE : page * PAGE], "more": len(fitting) > page * PAGE}


def named(rows: list[Record]) -> list[Record]:
    return [{"label": str(one["name"]), "value": str(one["id"])} for one in rows]


def records_named(api: "Api[Stepwise]", plural: str, search: str, page: int) -> Flow[Options]:
    part = api.records_of(BY_PLURAL[plural].entity)
    if plural == "activities":
        rows = yield from part.search({"page_number": page, "page_size": PAGE})
        offered = [{"label": str(one.get("details") or one["id"])[:80], "value": str(one["id"])} for one in rows]
        return {"options": offered, "more": bool(rows.total and rows.total > page * PAGE)}
    if search.strip() and plural not in SEARCHES_NAMES:
        return (yield from records_scanned(part, search, page))
    wanted: Record = {"page_number": page, "page_size": PAGE, "sort_by": "name", "sort_direction": "asc"}
    if search.strip():
        wanted["name"] = search.strip()
    rows = yield from part.search(wanted)
    more = rows.total > page * PAGE if rows.total is not None else len(rows) >= PAGE
    return {"options": named(rows.rows), "more": more}


def records_scanned(part: Any, search: str, page: int) -> Flow[Options]:
    """Read by name until the page is full; the API itself only finds whole names here."""
    found: list[Record] = []
    for number in range(1, FURTHEST + 1):
        rows = yield from part.search({"page_number": number, "page_size": 200, "sort_by": "name", "sort_direction": "asc"})
        found += [one for one in rows if search.strip().casefold() in str(one["name"]).casefold()]
        if len(found) > page * PAGE or not rows.rows:
            break
    return {"options": named(found[(page - 1) * PAGE : page * PAGE]), "more": len(found) > page * PAGE}


Look = Callable[["Api[Stepwise]", str, Property, Given, str, int], Flow[Options]]


def a_list(resource: str) -> Look:
    def look(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
        rows = yield from getattr(api, resource).all()
        return page_of(named(rows), search, page)

    return look


def users(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    return page_of(named((yield from api.users.each())), search, page)


def activity_types(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    """Only the user group can be written, and only what is not switched off."""
    groups = yield from api.activity_types.all()
    return page_of(named([kind for kind in groups.get("user", []) if not kind.get("is_disabled")]), search, page)


def tags(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    words = yield from api.tags.names()
    return page_of([{"label": word, "value": word} for word in words], search, page)


def stages(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    pipeline = as_number(at(given, one.depends_on[0])) if one.depends_on else None
    rows = yield from (api.pipeline_stages.all() if pipeline is None else api.pipeline_stages.of_pipeline(pipeline))
    return page_of(named(rows), search, page)


def records_by_type(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    """The type chosen before says which records."""
    entity = str(at(given, one.depends_on[0])).strip().lower()
    plural = next((plural for plural, kind in BY_PLURAL.items() if kind.entity == entity), None)
    if plural is None:
        raise InvalidInput([Problem(one.depends_on[0], f"{entity} is not a type of record")])
    return (yield from records_named(api, plural, search, page))


def webhooks(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    rows = yield from api.webhooks.all()
    said = [{"label": f"{row['type']} {row['event']} → {row['target']}", "value": str(row["id"])} for row in rows]
    return page_of(said, search, page)


def custom_field_names(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    known = yield from definitions(api._session)
    entity = operation(name).entity or at(given, "entity")
    fitting = usable(entity, known) if entity else known
    return page_of([{"label": field["name"], "value": field["name"]} for field in fitting], search, page)


def custom_field_ids(api: "Api[Stepwise]", name: str, one: Property, given: Given, search: str, page: int) -> Flow[Options]:
    known = yield from definitions(api._session)
    return page_of(named(usable(str(at(given, "entity")), known)), search, page)


def custom_options(api: "Api[Stepwise]", name: str, field: str, search: str, page: int) -> Flow[Options]:
    """The options of one custom field: `custom_fields.Region`."""
    entity = operation(name).entity
    known = yield from definitions(api._session)
    definition = find(field, usable(entity, known) if entity else known)
    if definition is None:
        raise InvalidInput([Problem(f"custom_fields.{field}", "is not a custom field")])
    ranked = sorted(definition.get("options") or [], key=lambda option: as_number(option.get("rank")) or 0)
    return page_of([{"label": option["name"], "value": option["name"]} for option in ranked], search, page)


SOURCES: dict[str, Look] = {
    "users": users,
    "activity_types": activity_types,
    "tags": tags,
    "pipeline_stages": stages,
    "records": records_by_type,
    "webhooks": webhooks,
    "custom_fields": custom_field_names,
    "custom_field_names": custom_field_names,
    "custom_field_ids": custom_field_ids,
    "contact_types": a_list("contact_types"),
    "customer_sources": a_list("customer_sources"),
    "lead_statuses": a_list("lead_statuses"),
    "loss_reasons": a_list("loss_reasons"),
    "pipelines": a_list("pipelines"),
    "custom_activity_types": a_list("custom_activity_types"),
}
