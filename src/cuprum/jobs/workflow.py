"""A durable workflow, declared without the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Workflow:
    """A name that stays for ever, and a body `body(run, *args)` that touches the world only through `run`."""

    name: str
    body: Callable[..., Any]

    def __call__(self, run: Any, *args: Any) -> Any:
        return self.body(run, *args)


def workflow(name: str) -> Callable[[Callable[..., Any]], Workflow]:
    """Declare a function as the workflow `name`; `launch(workflows=[...])` makes it known to the engine."""
    return lambda body: Workflow(name, body)
