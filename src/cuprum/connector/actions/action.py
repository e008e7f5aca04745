"""An action: what the form asks, what is sent, what comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cuprum.connector.drive import Stepwise
from cuprum.connector.exchange import Flow
from cuprum.connector.given import read_given
from cuprum.connector.properties import Property, example_of
from cuprum.connector.wire_values import declared, for_wire

if TYPE_CHECKING:
    from cuprum.connector.client import Api

Values = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """The untouched answer, and what the action says of it when that is more than the answer's own keys."""

    raw: Any
    said: Mapping[str, Any]


Run = Callable[["Api[Stepwise]", Values], Flow[Any]]


@dataclass(frozen=True)
class Action:
    """`method` as the documents state it, `call` as the wire has it; `summary` is the second document's description.

    `extras` are optional properties that the documents do not list.
    """

    name: str
    title: str
    description: str
    method: str
    call: str
    properties: tuple[Property, ...]
    output: tuple[Property, ...]
    run: Run
    extras: tuple[Property, ...] = ()
    summary: str = ""
    # Whose custom fields are meant; blank where that is asked or does not matter.
    entity: str = ""
    # null and the empty list clear, instead of being blank.
    clears: bool = False

    @property
    def type(self) -> str:
        return f"copper/v1/{self.name}"

    @property
    def fields(self) -> tuple[Property, ...]:
        return (*self.properties, *self.extras)

    def perform(self, api: "Api[Stepwise]", given: Mapping[str, Any]) -> Flow[dict[str, Any]]:
        """Read, send, return the declared output with the untouched answer under `raw`.

        Raises InvalidInput before any request, else the errors of the API.
        """
        read = read_given(self.fields, given, clears=self.clears, operation=self.name)
        values = yield from for_wire(api._session, read)
        result = yield from self.run(api, values)
        outcome = result if isinstance(result, Outcome) else Outcome(result, result)
        said = yield from declared(api._session, self.output, outcome.said)
        return said | {"raw": outcome.raw}

    def as_json(self) -> dict[str, Any]:
        """The action as plain data, its example as the documents print it."""
        said: dict[str, Any] = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "type": self.type,
            "method": self.method,
            "call": self.call,
            "properties": [one.as_json() for one in self.properties],
        }
        if self.summary:
            said["summary"] = self.summary
        if self.extras:
            said["extraProperties"] = [one.as_json() for one in self.extras]
        said["outputDefinition"] = {"outputSchema": {"type": "OBJECT", "properties": [one.as_json() for one in self.output]}}
        said["example"] = {
            "label": self.title,
            "name": self.name,
            "parameters": example_of(self.properties),
            "type": self.type,
        }
        return said
