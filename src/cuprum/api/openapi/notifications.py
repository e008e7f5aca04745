"""Notifications: what a user was told, and what they have read."""

from __future__ import annotations

from cuprum.api.openapi.changes import WHO
from cuprum.api.openapi.schemas import BOOLEAN, ID, SECONDS, TEXT, Named, Schema, closed, listed, one_of_words, or_null, whole
from cuprum.entities import ENTITIES
from cuprum.records.inbox import KINDS, MOST_COUNTED

MOST = 200

QUERY: dict[str, Schema] = {
    "unread": {**BOOLEAN, "default": False, "description": "Only what was not read."},
    "before": {**ID, "description": "The `next` of the page before."},
    "limit": whole(1, MOST, default=50),
}
_NOTIFICATION = Named(
    "Notification",
    closed(
        {
            "id": ID,
            "kind": one_of_words(*KINDS),
            "at": SECONDS,
            "read_at": or_null(SECONDS),
            "actor": WHO,
            "entity": or_null(one_of_words(*ENTITIES)),
            "record_id": or_null(ID),
            "name": or_null({**TEXT, "description": "Of the record that it is about."}),
            "count": {**whole(1, 2**31 - 1), "description": "How many records, where one change gave you several."},
            "text": {**TEXT, "description": "The notification as a sentence."},
            "excerpt": or_null({**TEXT, "description": "What was written where you are mentioned."}),
            "path": {**TEXT, "description": "Where it leads to on the web face."},
        }
    ),
)
LISTED = Named(
    "Notifications",
    closed(
        {
            "notifications": listed(_NOTIFICATION),
            "unread": {**whole(0, MOST_COUNTED), "description": f"{MOST_COUNTED} stands for that many or more."},
            "next": or_null(ID),
        }
    ),
)
TO_READ = Named(
    "NotificationsToRead",
    closed(
        {
            "ids": {"type": ["array", "null"], "items": ID, "minItems": 1, "maxItems": MOST},
            "up_to": or_null({**ID, "description": "Instead of `ids`: this one and all before it."}),
        },
        (),
    ),
)
READ = Named("NotificationsRead", closed({"read": whole(0, 2**53)}))
