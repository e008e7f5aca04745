"""The schema of each kind of field: as it is shown, and as it may be written."""

from __future__ import annotations

from typing import Any

from cuprum.api.openapi.schemas import (
    ANY,
    BOOLEAN,
    ID,
    NUMBER,
    SECONDS,
    TEXT,
    Named,
    Schema,
    closed,
    listed,
    one_of_words,
    or_null,
    whole,
)
from cuprum.entities import Field, Record, kinds
from cuprum.entities.reading import ADDRESS_KEYS, EMAIL_CATEGORIES, LARGEST_AMOUNT, LINE_LENGTH, LIST_LENGTH, TEXT_LENGTH
from cuprum.records.wire import linked_entity
from cuprum.storage.schema import metadata

_DAY: Schema = {"type": "string", "pattern": r"^\d{1,2}/\d{1,2}/\d{4}$", "examples": ["3/31/2027"]}
_LINE: Schema = {**TEXT, "maxLength": LINE_LENGTH}
_CUSTOM_ID: Schema = {**ID, "description": "The id of the custom field's definition."}
_CUSTOM_VALUE = "Text, number, true or false, Unix seconds, an option's id or a list of them, as the definition's data_type says."


def shown(record: type[Record], field: Field) -> Schema:
    """The schema of a field in an answer."""
    schema = _shown(record, field)
    if field.kind.read_only:
        schema = {**schema, "readOnly": True}
    return schema


def _shown(record: type[Record], field: Field) -> Schema:
    match field.kind:
        case kinds.Key():
            return ID
        case kinds.Text():
            return or_null(TEXT)
        case kinds.Choice(options=options, nullable=nullable):
            return or_null(one_of_words(*options)) if nullable else one_of_words(*options)
        case kinds.Count(least=least, most=most):
            return _unless_set(field, whole(least, most))
        case kinds.Flag():
            return BOOLEAN
        case kinds.Amount(as_float=as_float):
            return or_null({**NUMBER, "format": "double"} if as_float else NUMBER)
        case kinds.Instant():
            return _unless_set(field, SECONDS)
        case kinds.Day():
            return or_null(_DAY)
        case kinds.LinkTo():
            return or_null({**ID, "description": f"The id of a {field.kind.entity.replace('_', ' ')}."})
        case kinds.Joined(link=link, column=column):
            is_flag = metadata.tables[linked_entity(record, link)].c[column].type.python_type is bool
            return or_null(BOOLEAN if is_flag else TEXT)
        case kinds.OneEmail():
            return or_null(_contact("email", EMAIL_CATEGORIES))
        case kinds.Contacts(item=item, categories=categories):
            return listed(_contact(item, categories))
        case kinds.Address():
            return or_null(Named("Address", closed({key: or_null(TEXT) for key in ADDRESS_KEYS})))
        case kinds.Tags():
            return listed(TEXT)
        case kinds.Reference(types=types, null_as_object=True):
            return closed({"id": or_null(ID), "type": or_null(one_of_words(*types))})
        case kinds.Reference(types=types):
            return or_null(closed({"id": ID, "type": one_of_words(*types)}))
        case kinds.ActivityType():
            return ACTIVITY_TYPE
        case kinds.Json(empty="[]"):
            return listed(ID)
        case kinds.Json():
            return ANY
        case kinds.CustomFields():
            return listed(CUSTOM_FIELD)
    raise TypeError(f"no schema for {field.kind!r}")


def written(field: Field) -> Schema:
    """The schema of a field in a request; null clears it, or brings back its default."""
    match field.kind:
        case kinds.Text(long=long):
            return or_null({**TEXT, "maxLength": TEXT_LENGTH if long else LINE_LENGTH})
        case kinds.Joined():
            return or_null(_LINE)
        case kinds.Choice(options=options):
            return or_null(one_of_words(*options))
        case kinds.Count(least=least, most=most):
            return or_null(whole(least, most))
        case kinds.Flag():
            return or_null(BOOLEAN)
        case kinds.Amount():
            return or_null({**NUMBER, "minimum": -int(LARGEST_AMOUNT), "maximum": int(LARGEST_AMOUNT)})
        case kinds.Instant():
            return or_null(SECONDS)
        case kinds.Day():
            return or_null({**_DAY, "description": "MM/DD/YYYY; YYYY-MM-DD and Unix seconds are understood too."})
        case kinds.LinkTo():
            return or_null({**ID, "description": f"The id of a {field.kind.entity.replace('_', ' ')}."})
        case kinds.OneEmail():
            return or_null(_new_contact("email", EMAIL_CATEGORIES))
        case kinds.Contacts(item=item, categories=categories):
            return or_null(listed(_new_contact(item, categories), maxItems=LIST_LENGTH))
        case kinds.Address():
            return or_null(Named("NewAddress", closed({key: or_null(_LINE) for key in ADDRESS_KEYS}, ())))
        case kinds.Tags():
            return or_null(listed({**TEXT, "maxLength": 255}, maxItems=LIST_LENGTH))
        case kinds.Reference(types=types):
            return or_null(closed({"id": or_null(ID), "type": or_null(one_of_words(*types))}))
        case kinds.ActivityType():
            return or_null(NEW_ACTIVITY_TYPE)
        case kinds.CustomFields():
            return or_null(listed(NEW_CUSTOM_FIELD, maxItems=LIST_LENGTH))
    raise TypeError(f"{field.kind!r} is not written")


def _unless_set(field: Field, schema: Schema) -> Schema:
    """A field without a default may be null."""
    return or_null(schema) if field.default is None else schema


_NAMES = {"email": "Email", "number": "PhoneNumber", "url": "Url"}


def _contact(item: str, categories: tuple[str, ...]) -> Schema:
    return Named(_contact_name(item, categories), closed({item: TEXT, "category": or_null(one_of_words(*categories))}))


def _new_contact(item: str, categories: tuple[str, ...]) -> Schema:
    properties: dict[str, Any] = {item: or_null(_LINE), "category": or_null(one_of_words(*categories))}
    if item == "email":
        properties[item] = or_null({**_LINE, "format": "email"})
    return Named(f"New{_contact_name(item, categories)}", closed(properties, (item,)))


def _contact_name(item: str, categories: tuple[str, ...]) -> str:
    # Socials and websites are both urls; only the former know networks.
    return "Social" if "linkedin" in categories else "Website" if item == "url" else _NAMES[item]


ACTIVITY_TYPE = Named("ActivityTypeReference", closed({"id": {**ID, "minimum": 0}, "category": one_of_words("user", "system")}))
NEW_ACTIVITY_TYPE = Named(
    "NewActivityTypeReference",
    {
        "type": "object",
        "properties": {"id": {**ID, "minimum": 0}, "category": or_null(one_of_words("user", "system"))},
        "required": ["id"],
        "description": "Further keys are ignored. The id 0 is Note.",
    },
)
CUSTOM_FIELD = Named(
    "CustomField",
    closed(
        {
            "custom_field_definition_id": _CUSTOM_ID,
            "value": {"description": _CUSTOM_VALUE},
            "computed_value": {"description": "Names in place of option ids; only with `custom_field_computed_values=true`."},
        },
        ("custom_field_definition_id", "value"),
    ),
)
NEW_CUSTOM_FIELD = Named(
    "NewCustomField",
    closed(
        {"custom_field_definition_id": _CUSTOM_ID, "value": {"description": f"{_CUSTOM_VALUE} Null clears it."}},
        ("custom_field_definition_id", "value"),
    ),
)
