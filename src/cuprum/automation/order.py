"""What a run works with: its order, and what the walk through its tasks needs of whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from cuprum.jobs.backoff import Backoff, exponential
from cuprum.kit.errors import Unavailable

# A note waits for our own database for as long as that takes, within reason.
while_unavailable = exponential(attempts=60, longest_seconds=60.0, when=lambda error: isinstance(error, Unavailable))


class Steps(Protocol):
    """What the walk needs of a run of the engine (`jobs.Run`), or of a run in memory."""

    id: str

    def step(self, function: Callable[..., Any], *args: Any, name: str | None = None, retry: Backoff | None = None) -> Any: ...
    def sleep(self, seconds: float) -> None: ...
    def start(self, workflow: str, run_id: str, *args: Any) -> str: ...
    def result(self, run_id: str) -> Any: ...
    def receive(self, topic: str, timeout_seconds: float) -> Any: ...


@dataclass(frozen=True)
class Order:
    """Everything that a run works with, as it was when the run started."""

    run_id: str
    tasks: list[Any]
    names: dict[str, Any]
    outputs: list[Any] = field(default_factory=list)
    connections: dict[str, str] = field(default_factory=dict)
    # {place: {"input", "edition"}}: what a person put in the place of a step's input.
    edits: dict[str, Any] = field(default_factory=dict)
    max_retries: int | None = None
    strict: bool = True
    zone: str = "UTC"
    # Of a child: where its tasks stand, and what time it is.
    prefix: str = ""
    now: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Failed(Exception):
    """A task failed for good; `error` is what the history shows of it."""

    def __init__(self, place: str, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.place, self.error = place, error
