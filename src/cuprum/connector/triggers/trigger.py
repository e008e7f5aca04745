"""A trigger: one entity or any, which events it picks, and what it emits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cuprum.connector.facts import outputs
from cuprum.connector.given import read_given
from cuprum.connector.polling.event import Event
from cuprum.connector.polling.passing import Passing
from cuprum.connector.properties import Form, Property, an_array, an_object, options, record_id, string

START = options(("Now", "now"), ("A moment", "moment"), ("The beginning", "beginning"))

COMMON = (
    string("start_from", "Start From", "Where to begin; no history when left out.", options=START, default="now"),
    Property("start_at", "Start At", "DATE_TIME", "The moment to begin at.", form=Form.INSTANT, depends_on=("start_from",)),
    string("filter", "Filter", "A formula; only events for which it is true are emitted."),
)
WATCHED = an_array(
    "watched",
    string(""),
    label="Watched Fields",
    description="Only when one of these changed; custom_fields stands for all custom fields, custom_fields.17 for one.",
)
METADATA = Property(
    "include_metadata", "Include Metadata", "BOOLEAN", "Also when only counters, last contact and the like changed."
)

FOLLOWING: Literal["following"] = "following"
Picks = Callable[[Event, Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Trigger:
    """`kind` as the second document states it: Polling or Instant. `entity` is blank for a trigger that takes any.

    `found_by` is what the server is asked beside the changes, for what is none: a moment that passes, who follows.
    """

    name: str
    title: str
    description: str
    kind: str
    entity: str
    picks: Picks
    asks: tuple[Property, ...] = ()
    found_by: Passing | Literal["following"] | None = None

    @property
    def type(self) -> str:
        return f"copper/v1/{self.name}"

    @property
    def fields(self) -> tuple[Property, ...]:
        return (*self.asks, *COMMON)

    @property
    def output(self) -> tuple[Property, ...]:
        """The event as `watch` prints it."""
        record = outputs(self.entity) if self.entity else ()
        return (
            string("event_id"),
            string("event"),
            string("entity"),
            record_id("id"),
            string("at", form=Form.INSTANT),
            an_object("record", *record),
            an_array("changed", string("")),
            an_object("previous"),
            string("group"),
        )

    def entity_for(self, given: Mapping[str, Any]) -> str:
        """The entity that must be watched for these inputs."""
        return self.entity or str(given["entity"])

    def asked(self, given: Mapping[str, Any]) -> Any:
        """What the server is asked beside the changes: equal for inputs that ask the same, None for nothing."""
        return (self.name, self.found_by.while_seconds(given)) if isinstance(self.found_by, Passing) else self.found_by

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs, read. Raises InvalidInput with every problem."""
        return read_given(self.fields, given, operation=self.name)

    def wants(self, event: Event, given: Mapping[str, Any]) -> bool:
        """Does this event start what hangs on the trigger? The filter formula is not ours to evaluate."""
        if event.entity != self.entity_for(given):
            return False
        if event.is_metadata_only and not given.get("include_metadata") and not given.get("watched"):
            return False
        return self.picks(event, given)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "kind": self.kind,
            # ByteChef's own words for the two.
            "type": "DYNAMIC_WEBHOOK" if self.kind == "Instant" else "POLLING",
            "entity": self.entity or None,
            "properties": [one.as_json() for one in self.fields],
            "outputDefinition": {"outputSchema": {"type": "OBJECT", "properties": [one.as_json() for one in self.output]}},
        }


def names_changed(event: Event, wanted: Any) -> bool:
    """Is one of the wanted names among what changed? `custom_fields` stands for any custom field."""
    heads = {name.partition(".")[0] for name in event.changed} | set(event.changed)
    return bool(heads & set(wanted))
