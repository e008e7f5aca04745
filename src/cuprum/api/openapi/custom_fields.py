"""The definition of a custom field: as it is shown, a new one, a change to one."""

from __future__ import annotations

from cuprum.api.openapi.schemas import BOOLEAN, ID, TEXT, Named, Schema, closed, listed, one_of_words, or_null, whole
from cuprum.records.custom_field_draft import AVAILABLE_ON, DATA_TYPES

_NAME: Schema = {**TEXT, "minLength": 1, "maxLength": 255, "pattern": r"\S"}
_CURRENCY: Schema = {**TEXT, "pattern": "^[A-Za-z]{3}$", "description": "Only for Currency; default the account's."}
_OPTION = Named("Option", closed({"id": ID, "name": TEXT, "rank": whole(0, 2**31 - 1)}))
_NEW_OPTION = Named(
    "NewOption",
    closed({"id": or_null({**ID, "description": "The id of an option that is to stay."}), "name": _NAME}, ("name",)),
)

_SHOWN: dict[str, Schema] = {
    "id": ID,
    "name": TEXT,
    "data_type": one_of_words(*DATA_TYPES),
    "available_on": listed(one_of_words(*AVAILABLE_ON)),
    "is_filterable": BOOLEAN,
    "options": listed(_OPTION, description="Only of Dropdown and MultiSelect."),
    "currency": or_null({**TEXT, "description": "Only of Currency."}),
}
_ALWAYS = ("id", "name", "data_type", "available_on", "is_filterable")
_WRITTEN: dict[str, Schema] = {
    "name": _NAME,
    # Copper's Connect fields are not made through the API.
    "data_type": one_of_words(*(one for one in DATA_TYPES if one != "Connect")),
    "available_on": listed(one_of_words(*AVAILABLE_ON)),
    "is_filterable": {**BOOLEAN, "default": True},
    "options": listed(_NEW_OPTION, description="Dropdown needs one, MultiSelect two. The list replaces the former one."),
    "currency": _CURRENCY,
}

DEFINITION = Named("CustomFieldDefinition", closed(_SHOWN, _ALWAYS))
WRITTEN_DEFINITION = Named(
    "WrittenCustomFieldDefinition", closed({**_SHOWN, "canonical_name": {"type": "null"}}, (*_ALWAYS, "canonical_name"))
)
NEW_DEFINITION = Named("NewCustomFieldDefinition", closed(_WRITTEN, ("name", "data_type")))
DEFINITION_CHANGE = Named(
    "CustomFieldDefinitionChange",
    closed({name: one for name, one in _WRITTEN.items() if name != "data_type"}, (), description="The type stays."),
)
