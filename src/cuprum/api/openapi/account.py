"""The account, its users and its lists of words."""

from __future__ import annotations

from cuprum.api.openapi.schemas import BOOLEAN, ID, TEXT, Named, Schema, closed, listed, one_of_words, or_null, whole
from cuprum.records.word_kinds import ICONS

_COUNT = whole(0, 2**53)
_CHANCE = or_null(whole(0, 100))

USER = Named(
    "User",
    closed({"id": ID, "name": TEXT, "email": TEXT, "groups": listed(Named("Team", closed({"id": ID, "name": TEXT})))}),
)
ACCOUNT = Named(
    "Account",
    closed(
        {
            "id": ID,
            "name": TEXT,
            "primary_timezone": {**TEXT, "description": "An IANA name."},
            "settings": closed({"setting_team_permissions_enabled": BOOLEAN, "setting_enable_leads": BOOLEAN}),
        }
    ),
)
NAMED_WORD = Named("Word", closed({"id": ID, "name": TEXT}, description="A customer source, loss reason or contact type."))
LEAD_STATUS = Named("LeadStatus", closed({"id": ID, "name": TEXT, "order": whole(1, 2**31 - 1), "is_default": BOOLEAN}))
STAGE = Named("PipelineStage", closed({"id": ID, "name": TEXT, "pipeline_id": ID, "win_probability": _CHANCE}))
PIPELINE = Named(
    "Pipeline",
    closed(
        {
            "id": ID,
            "name": TEXT,
            "stages": listed(closed({"id": ID, "name": TEXT, "win_probability": _CHANCE})),
            "type": TEXT,
            "is_revenue": BOOLEAN,
        }
    ),
)

_TYPE = Named(
    "ActivityType",
    closed(
        {
            "id": {**ID, "minimum": 0},
            "category": one_of_words("user", "system"),
            "name": TEXT,
            "is_disabled": BOOLEAN,
            "count_as_interaction": BOOLEAN,
        }
    ),
)
ACTIVITY_TYPES = Named("ActivityTypes", closed({"user": listed(_TYPE), "system": listed(_TYPE)}))

CUSTOM_TYPE = Named(
    "CustomActivityType",
    closed(
        {
            "id": ID,
            "company_id": {**ID, "description": "The account."},
            "icon_type": or_null(TEXT),
            "is_disabled": BOOLEAN,
            "is_interaction": BOOLEAN,
            "name": TEXT,
            "is_default_task_type": or_null(BOOLEAN),
        }
    ),
)
_WRITTEN_TYPE: dict[str, Schema] = {
    "name": {**TEXT, "minLength": 1, "maxLength": 255, "pattern": r"\S"},
    "icon_type": one_of_words(*ICONS),
    "is_disabled": BOOLEAN,
    "is_interaction": {**BOOLEAN, "description": "Whether it counts as an interaction."},
    "is_default_task_type": or_null(BOOLEAN),
}
NEW_CUSTOM_TYPE = Named("NewCustomActivityType", closed(_WRITTEN_TYPE, ("name", "icon_type")))
CUSTOM_TYPE_CHANGE = Named("CustomActivityTypeChange", closed(_WRITTEN_TYPE, ()))

TAG = Named(
    "Tag",
    closed(
        {
            "name": TEXT,
            "count": _COUNT,
            **{f"count_{plural}": _COUNT for plural in ("people", "leads", "companies", "opportunities", "projects", "tasks")},
        }
    ),
)
