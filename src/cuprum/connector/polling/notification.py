"""Reading an incoming webhook notification: is it ours, and which records does it speak of?"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from cuprum.connector.resources.base import as_number

KINDS = {"new": "created", "update": "updated", "delete": "deleted"}
SECRET_KEY = "cuprum_secret"
HEADER = "x-cuprum-hook"


@dataclass(frozen=True)
class Notification:
    """What a notification says. It carries no record: that is fetched, and a deletion is confirmed."""

    entity: str
    kind: str
    ids: tuple[int, ...]
    subscription_id: int | None
    updated_attributes: Mapping[str, Any] = field(default_factory=dict)


def read_notification(body: bytes, headers: Mapping[str, str], *, secret: str, token: str) -> Notification | None:
    """The notification, or None when it is forged or unreadable.

    Both the secret in the body and the token in the header must be ours; they are compared in constant time.
    """
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    # Both are compared, whatever the first says, so that time tells nothing.
    genuine = same(said.get(SECRET_KEY), secret) & same(given, token)
    ids = [number for one in said.get("ids") or () if (number := as_number(one)) is not None]
    kind = KINDS.get(str(said.get("event")))
    if not genuine or kind is None or not ids:
        return None
    entity = {"activity_log": "activity"}.get(str(said.get("type")), str(said.get("type")))
    attributes = said.get("updated_attributes")
    return Notification(
        entity, kind, tuple(ids), as_number(said.get("subscription_id")), attributes if isinstance(attributes, dict) else {}
    )


def same(given: Any, wanted: str) -> bool:
    return hmac.compare_digest(str(given).encode(), wanted.encode())
