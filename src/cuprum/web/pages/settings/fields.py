"""The account's own fields: defined, changed, put in order, deleted; with the options of those that are chosen from."""

from __future__ import annotations

from typing import Any

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError, Invalid, NotFound
from cuprum.records.admins import admins
from cuprum.records.attributes import blank
from cuprum.records.custom_field_draft import AVAILABLE_ON, DATA_TYPES, LEAST_OPTIONS
from cuprum.records.custom_field_use import field_uses, option_uses
from cuprum.records.custom_fields import (
    as_logged,
    change_definition,
    create_definition,
    delete_definition,
    order_definitions,
)
from cuprum.records.required_fields import NEVER_REQUIRED
from cuprum.records.vocabulary import Definition
from cuprum.records.work import Work
from cuprum.web.pages.settings.ordering import wanted_order
from cuprum.web.pages.settings.trouble import problems_of, status_of
from cuprum.web.pages.settings.words import used_by
from cuprum.web.visit import GoTo, Page, Visit
from cuprum.web.world import currencies

PATH = "/settings/fields"
TYPE_WORDS = {
    "String": "Text, one line", "Text": "Text, many lines", "Dropdown": "Choice of one", "MultiSelect": "Choice of several",
    "Date": "Date", "Checkbox": "Yes or no", "Float": "Number", "URL": "Web address", "Percentage": "Percentage",
    "Currency": "Amount of money", "Connect": "Connection",
}  # fmt: skip
_PARTS = ("name", "data_type", "available_on", "currency", "options")


def fields(work: Work, visit: Visit) -> Page:
    every = list(work.vocabulary.definitions.values())
    uses = field_uses(work, *(one.id for one in every))
    rows = [{"id": one.id, "name": one.name, "marks": _marks(one), "use": used_by(uses.get(one.id, {}))} for one in every]
    return Page("settings/fields.html", {"rows": rows, "base": PATH, "admins": admins(work)}, part="words")


def _marks(one: Definition) -> list[str]:
    on = ", ".join(ENTITIES[entity].plural for entity in one.available_on) or "on nothing"
    return [TYPE_WORDS[one.data_type], on] + (["required"] if one.is_required else [])


def put_fields_in_order(work: Work, visit: Visit) -> Page | GoTo:
    work.group.label = "Custom fields put in order"
    order_definitions(work, wanted_order(visit, list(work.vocabulary.definitions)))
    return fields(work, visit) if visit.is_part else GoTo(PATH)


def new_field(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    words = _form_words(work, visit, trouble) | {"types": [(one, TYPE_WORDS[one]) for one in DATA_TYPES if one != "Connect"]}
    return Page("settings/new_field.html", words, status=status_of(trouble))


def _form_words(work: Work, visit: Visit, trouble: CuprumError | None) -> dict[str, Any]:
    return {
        "entities": [(one, ENTITIES[one].plural.capitalize()) for one in AVAILABLE_ON], "base": PATH, "admins": admins(work),
        "currencies": currencies(), "own_currency": work.vocabulary.account["currency"], "typed": visit.fields if trouble else {},
        "ticked": _all(visit, "available_on") if trouble else None, **problems_of(trouble, _PARTS),
    }  # fmt: skip


def add_field(work: Work, visit: Visit) -> GoTo:
    typed = visit.fields
    data_type = typed.get("data_type", "")
    body: dict[str, Any] = {
        "name": typed.get("name", ""), "data_type": data_type, "available_on": _all(visit, "available_on"),
        "is_filterable": True,
    }  # fmt: skip
    # A form shows the fields of every type: those of the others are passed over.
    if data_type in LEAST_OPTIONS:
        body["options"] = [{"name": line.strip()} for line in typed.get("options", "").splitlines() if line.strip()]
    if data_type == "Currency":
        body["currency"] = typed.get("currency") or None
    work.group.label = f"Field “{typed.get('name', '').strip()}” added"
    create_definition(work, body, is_required=typed.get("is_required") == "1" and data_type not in NEVER_REQUIRED)
    return GoTo(PATH)


def one_field(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    found = definition_of(work, visit)
    uses = option_uses(work, found.id) if found.data_type in LEAST_OPTIONS else {}
    rows = [{"id": one, "name": name, "marks": (), "use": used_by(uses.get(one, {}))} for one, name in found.living.items()]
    words = _form_words(work, visit, trouble) | {
        "definition": found, "type_word": TYPE_WORDS[found.data_type], "rows": rows, "path": f"{PATH}/{found.id}",
        "use": used_by(field_uses(work, found.id).get(found.id, {})), "has_options": found.data_type in LEAST_OPTIONS,
        "may_be_required": found.data_type not in NEVER_REQUIRED,
    }  # fmt: skip
    return Page("settings/field.html", words, part="words", status=status_of(trouble))


def save_field(work: Work, visit: Visit) -> GoTo:
    found, typed = definition_of(work, visit), visit.fields
    body: dict[str, Any] = {"name": typed.get("name", ""), "available_on": _all(visit, "available_on")}
    if found.data_type == "Currency":
        body["currency"] = typed.get("currency") or None
    work.group.label = f"Field “{found.name}” changed"
    change_definition(work, found.id, body, is_required=typed.get("is_required") == "1" and found.data_type not in NEVER_REQUIRED)
    return GoTo(PATH)


def delete_field(work: Work, visit: Visit) -> GoTo:
    work.group.label = f"Field “{definition_of(work, visit).name}” deleted"
    delete_definition(work, visit.id)
    return GoTo(PATH)


def add_option(work: Work, visit: Visit) -> GoTo:
    found, name = definition_of(work, visit), visit.fields.get("name", "")
    work.group.label = f"Option “{name.strip()}” added to {found.name}"
    change_definition(work, found.id, {"options": [*_options(found), {"name": name}]})
    return GoTo(f"{PATH}/{found.id}")


def put_options_in_order(work: Work, visit: Visit) -> Page | GoTo:
    found = definition_of(work, visit)
    work.group.label = f"Options of {found.name} put in order"
    order = wanted_order(visit, list(found.living))
    change_definition(work, found.id, {"options": [{"id": one, "name": found.living[one]} for one in order]})
    return one_field(work, visit) if visit.is_part else GoTo(f"{PATH}/{found.id}")


def one_option(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    found = definition_of(work, visit)
    name = _option_name(found, visit)
    words = {
        "definition": found, "option": name, "path": f"{PATH}/{found.id}", "admins": admins(work),
        "use": used_by(option_uses(work, found.id).get(int(visit.parameters["option"]), {})),
        "typed": visit.fields if trouble else {}, "option_id": visit.parameters["option"],
        **problems_of(trouble, ("name",)),
    }  # fmt: skip
    return Page("settings/option.html", words, status=status_of(trouble))


def rename_option(work: Work, visit: Visit) -> GoTo:
    found = definition_of(work, visit)
    former, option_id = _option_name(found, visit), int(visit.parameters["option"])
    work.group.label = f"Option “{former}” of {found.name} renamed"
    name = visit.fields.get("name", "").strip()
    if not name:
        # To the API an option without a name is one that keeps its own.
        raise Invalid(blank("name"))
    listed = [{"id": one["id"], "name": name} if one["id"] == option_id else one for one in _options(found)]
    change_definition(work, found.id, {"options": listed})
    return GoTo(f"{PATH}/{found.id}")


def remove_option(work: Work, visit: Visit) -> GoTo:
    found = definition_of(work, visit)
    work.group.label = f"Option “{_option_name(found, visit)}” of {found.name} removed"
    kept = [one for one in _options(found) if one["id"] != int(visit.parameters["option"])]
    change_definition(work, found.id, {"options": kept})
    return GoTo(f"{PATH}/{found.id}")


def definition_of(work: Work, visit: Visit) -> Definition:
    found = work.vocabulary.definitions.get(visit.id)
    if found is None:
        raise NotFound("There is no such field")
    return found


def _options(found: Definition) -> list[dict[str, Any]]:
    return [{"id": one["id"], "name": one["name"]} for one in as_logged(found)["options"]]


def _option_name(found: Definition, visit: Visit) -> str:
    name = found.living.get(int(visit.parameters["option"]))
    if name is None:
        raise NotFound("There is no such option")
    return name


def _all(visit: Visit, name: str) -> list[str]:
    return [value for key, value in visit.form if key == name and value]
