"""The user of the connection began to follow a record, or no longer does."""

from cuprum.connector.triggers.field_changed import ANY_ENTITY
from cuprum.connector.triggers.trigger import FOLLOWING, Trigger

FOLLOWED = Trigger(
    "recordFollowed",
    "Record Followed",
    "Triggers when the user of the connection follows a record",
    "Polling",
    "",
    lambda event, given: event.kind == "followed",
    (ANY_ENTITY,),
    found_by=FOLLOWING,
)
UNFOLLOWED = Trigger(
    "recordUnfollowed",
    "Record Unfollowed",
    "Triggers when the user of the connection no longer follows a record",
    "Polling",
    "",
    lambda event, given: event.kind == "unfollowed",
    (ANY_ENTITY,),
    found_by=FOLLOWING,
)
