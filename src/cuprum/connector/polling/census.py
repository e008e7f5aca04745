"""Finding what was deleted where no notification says so: count all ids, and confirm before telling."""

from collections.abc import Mapping

from cuprum.connector.polling.diff import Shadow
from cuprum.connector.polling.event import Event


def deleted(entity: str, record_id: int, shadows: Mapping[int, Shadow], at: int, source: str = "census") -> Event:
    """The event for a record that is gone (a fetch answered 404), with the record as it last was.

    The version names the state that ended; of a record that was restored and is deleted again, `Event.in_life` tells.
    """
    known = shadows.get(record_id)
    version = f"deleted-{known.body.get('date_modified')}-{known.digest}" if known else "deleted"
    return Event(entity, record_id, "deleted", at, version, known.body if known else None, source=source)
