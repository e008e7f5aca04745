"""What upserting and converting a lead take and answer."""

from __future__ import annotations

from cuprum.api.openapi.entities import new_schema, record_schema
from cuprum.api.openapi.kinds import NEW_CUSTOM_FIELD
from cuprum.api.openapi.schemas import BOOLEAN, ID, TEXT, Named, Schema, closed, one_of_words, or_null
from cuprum.entities import Company, Lead, Opportunity, Person

_FILLED: Schema = {**TEXT, "minLength": 1, "maxLength": 1024}

UPSERT = Named(
    "LeadUpsert",
    closed(
        {
            "properties": new_schema(Lead),
            "match": closed(
                {
                    "field_name": one_of_words("name", "email", "custom"),
                    "field_value": {
                        "anyOf": [_FILLED, NEW_CUSTOM_FIELD],
                        "description": "For `custom`, the field and its value.",
                    },
                }
            ),
        },
        description="No lead that fits: it is created. One: it is changed. Several: refused, with their ids.",
    ),
)

CONVERSION = Named(
    "LeadConversion",
    closed(
        {
            "details": closed(
                {
                    "person": closed({"id": ID, "name": TEXT, "contact_type_id": or_null(ID), "assignee_id": or_null(ID)}, ()),
                    "company": closed({"id": ID, "name": TEXT, "exact_match": BOOLEAN}, ()),
                    "opportunity": closed(
                        {
                            "id": ID,
                            "name": TEXT,
                            "pipeline_id": ID,
                            "pipeline_stage_id": ID,
                            "monetary_value": {"type": ["number", "null"]},
                            "assignee_id": or_null(ID),
                        },
                        (),
                    ),
                },
                (),
            )
        },
        (),
        description="A company by id or by name, not both. No opportunity is made unless one is asked for. "
        "The ids of a person and of an opportunity (an addition of this server) take those that are there already.",
    ),
)

CONVERTED = Named(
    "ConvertedLead",
    closed(
        {"person": record_schema(Person), "company": record_schema(Company), "opportunity": record_schema(Opportunity)},
        ("person",),
    ),
)
