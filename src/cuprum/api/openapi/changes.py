"""Changes: the feed, groups, undo and its conflicts, and who sees a record."""

from __future__ import annotations

from cuprum.api.openapi.schemas import ANY, ID, SECONDS, TEXT, Named, Schema, closed, listed, one_of_words, or_null, whole
from cuprum.entities import ENTITIES
from cuprum.records.visible import VISIBILITIES

_OBJECT: Schema = {"type": "object"}
WHO = or_null(Named("Who", closed({"id": ID, "name": TEXT})))
_KIND: Schema = {**TEXT, "description": "new, update, delete, convert, merge, restore or share."}
_ENTITY = one_of_words(*ENTITIES)

FEED = Named(
    "ChangeFeed",
    closed(
        {
            "changes": listed(
                Named(
                    "FeedChange",
                    closed(
                        {
                            "cursor": TEXT,
                            "uid": TEXT,
                            "group": TEXT,
                            "at": SECONDS,
                            "actor": WHO,
                            "entity": _ENTITY,
                            "id": ID,
                            "kind": _KIND,
                            "record": {**_OBJECT, "description": "The record as it was then."},
                            "changed": listed(TEXT),
                            "previous": {**_OBJECT, "description": "The former values of what changed."},
                        }
                    ),
                )
            ),
            "cursor": {**TEXT, "description": "Where the next reading goes on."},
            "more": {"type": "boolean", "description": "Whether there is more at once."},
        }
    ),
)
FEED_QUERY: dict[str, Schema] = {
    "after": {**TEXT, "description": "A cursor of an earlier answer; `now` for none yet; absent, from the first change."},
    "since": {**TEXT, "description": "Without a cursor: from that moment on, in Unix seconds, decimals allowed."},
    "entity": {**TEXT, "description": f"Only these, with commas between: {', '.join(ENTITIES)}."},
    "limit": whole(1, 1000, default=100),
    "wait": whole(0, 25, default=0, description="Seconds to wait for something new."),
}

_GROUP: dict[str, Schema] = {
    "id": TEXT,
    "at": SECONDS,
    "actor": WHO,
    "face": TEXT,
    "via": or_null(TEXT),
    "label": TEXT,
    "counts": {"type": "object", "additionalProperties": whole(0, 2**53), "description": "How many changes of each kind."},
    "undone_by": or_null(TEXT),
}
_ENTRY = Named(
    "GroupChange",
    closed(
        {
            "entity": {**TEXT, "description": "A kind of record, or a word of the account."},
            "id": {"type": "integer", "format": "int64"},
            "kind": _KIND,
            "before": _OBJECT,
            "after": _OBJECT,
        }
    ),
)
GROUP = Named("ChangeGroupEntries", closed({**_GROUP, "entries": listed(_ENTRY), "next": or_null(whole(0, 2**62))}))
GROUPS = Named("ChangeGroups", closed({"groups": listed(Named("ChangeGroup", closed(_GROUP))), "next": or_null(TEXT)}))
GROUP_PATH: dict[str, Schema] = {
    "group": {**TEXT, "minLength": 1, "description": "The id of a group, as `X-Cuprum-Group` names it."}
}
GROUP_QUERY: dict[str, Schema] = {"limit": whole(1, 1000, default=200), "after": whole(0, 2**62)}
GROUPS_QUERY: dict[str, Schema] = {
    "before": {**TEXT, "description": "The `next` of the page before."},
    "actor": {**ID, "description": "Only groups of this user."},
    "limit": whole(1, 200, default=50),
}

CONFLICTS = listed(
    Named(
        "Conflict",
        closed(
            {
                "entity": TEXT,
                "id": {"type": "integer", "format": "int64"},
                "field": or_null(TEXT),
                "reason": {**TEXT, "description": "Completes: this was not undone, because it …"},
                "by": WHO,
                "at": or_null(SECONDS),
                "now": {**ANY, "description": "The value today."},
                "holder": ANY,
            },
            ("entity", "id", "field", "reason"),
        ),
    )
)
UNDONE = Named("Undone", closed({"group": or_null(TEXT), "undone": whole(0, 2**53), "conflicts": CONFLICTS}))

VISIBILITY = Named(
    "Visibility", closed({"visibility": one_of_words(*VISIBILITIES), "user_ids": listed(ID), "team_ids": listed(ID)})
)
NEW_VISIBILITY = Named(
    "NewVisibility",
    closed(
        {
            "visibility": one_of_words(*VISIBILITIES),
            "user_ids": {"type": ["array", "null"], "items": ID, "description": "For individuals."},
            "team_ids": {"type": ["array", "null"], "items": ID, "description": "For teams."},
        },
        ("visibility",),
    ),
)
FOLLOWED = Named("Followed", closed({"id": ID, "followed": {"type": "boolean"}}))
