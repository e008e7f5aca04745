"""What subscribers are told, for tests: subscribe, change something, and read the notifications that lie ready to be sent."""

from __future__ import annotations

from typing import Any

from automation import automation
from cuprum.events.notifying import Notifier
from cuprum.records.notifications import describer
from installation import Installation, Person

TARGET = "https://hooks.example.org/crm"


def subscribe(person: Person, entity: str, event: str, **further: Any) -> dict[str, Any]:
    return person.post("/webhooks", {"target": TARGET, "type": entity, "event": event, **further})


def notified(cuprum: Installation, person: Person, subscription: dict[str, Any]) -> list[dict[str, Any]]:
    """The bodies of a subscription's notifications so far, oldest first; none is sent, as no engine runs here."""
    state = cuprum.client.app.state.cuprum
    Notifier(cuprum.database, describer(cuprum.settings, state.vocabulary), lambda: None).catch_up()
    found = automation(person, "GET", f"/webhooks/{subscription['id']}/deliveries?limit=200")
    return [one["body"] for one in reversed(found)]
