"""Webhook subscriptions and deliveries: what is shown, what may be written."""

from __future__ import annotations

from cuprum.api.openapi.schemas import ANY, BOOLEAN, ID, SECONDS, TEXT, Named, Schema, closed, one_of_words, or_null, whole
from cuprum.events.delivery import STATES
from cuprum.records.webhooks import EVENTS, MODES, TYPES

_TEXTS: Schema = {"type": "object", "additionalProperties": {**TEXT, "maxLength": 4_000}, "maxProperties": 50}

_SHOWN: dict[str, Schema] = {
    "id": ID,
    "target": TEXT,
    "type": one_of_words(*TYPES),
    "event": one_of_words(*EVENTS),
    "secret": or_null({"type": "object", "additionalProperties": TEXT}),
    "headers": or_null({"type": "object", "additionalProperties": TEXT}),
    "custom_field_computed_values": BOOLEAN,
    "created_at": SECONDS,
}
_WRITTEN: dict[str, Schema] = {
    "target": {
        **TEXT,
        "format": "uri",
        "maxLength": 2_000,
        "pattern": "^https?://",
        "description": "https, unless a setting allows http.",
    },
    "type": one_of_words(*TYPES),
    "event": one_of_words(*EVENTS),
    "secret": or_null({**_TEXTS, "description": "Put at the top level of each notification."}),
    "headers": or_null({**_TEXTS, "description": "Sent as headers with each notification."}),
    "custom_field_computed_values": BOOLEAN,
}
_NEEDED = ("target", "type", "event")
_MODE: dict[str, Schema] = {
    "mode": one_of_words(*MODES, description="copper: once, unsigned. reliable: signed, repeated until it arrives.")
}
_SIGNING: Schema = {**TEXT, "description": "Shown this once, when the subscription becomes reliable."}

SUBSCRIPTION = Named("Webhook", closed(_SHOWN))
NEW_SUBSCRIPTION = Named("NewWebhook", closed(_WRITTEN, _NEEDED))
SUBSCRIPTION_CHANGE = Named("WebhookChange", closed(_WRITTEN, ()))
UNSUBSCRIBED = Named("Unsubscribed", closed({"id": ID}))

WITH_MODE = Named(
    "WebhookWithMode", closed({**_SHOWN, **_MODE, "user_id": ID, "signing_secret": _SIGNING}, (*_SHOWN, "mode", "user_id"))
)
NEW_WITH_MODE = Named("NewWebhookWithMode", closed({**_WRITTEN, **_MODE}, _NEEDED))
WITH_MODE_CHANGE = Named("WebhookWithModeChange", closed({**_WRITTEN, **_MODE}, ()))

DELIVERY = Named(
    "Delivery",
    closed(
        {
            "id": TEXT,
            "at": SECONDS,
            "body": {**ANY, "description": "The notification."},
            "state": one_of_words(*STATES),
            "attempts": whole(0, 2**31 - 1),
            "last_status": or_null(whole(0, 999)),
            "last_reason": or_null(TEXT),
            "last_attempt_at": or_null(SECONDS),
            "next_attempt_at": or_null(SECONDS),
        }
    ),
)
DELIVERIES_QUERY: dict[str, Schema] = {
    "state": one_of_words(*STATES),
    "before": {**TEXT, "description": "Only deliveries older than the one with this id."},
    "limit": whole(1, 200, default=50),
}
REDELIVERY = Named(
    "Redelivery",
    closed({"ids": {"type": ["array", "null"], "items": TEXT, "description": "Absent: all that failed."}}, ()),
)
