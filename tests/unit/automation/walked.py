"""Walks tasks in memory, where nothing has to survive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cuprum.automation import history
from cuprum.automation.hands import Hands
from cuprum.automation.interpreter import interpret
from cuprum.automation.memory_run import MemoryNotes, MemoryRun
from cuprum.automation.order import Order
from cuprum.config import Settings


class Walked:
    """How a walk ended, the outputs by place, and the seconds that it would have waited."""

    def __init__(self, tasks: list[Any], **names: Any) -> None:
        self.notes, self.slept = MemoryNotes(), []
        hands = Hands(Settings(home=Path("/nowhere")), self.notes, lambda name, lane: pytest.fail("no connection is needed"))

        def body(run: MemoryRun, order: dict[str, Any]) -> Any:
            return interpret(run, Order(**order), hands, "item")

        order = Order("r", tasks, names, zone="Europe/Lisbon").as_json()
        self.ended = body(MemoryRun("r", body, self.slept.append), order)

    @property
    def state(self) -> str:
        return str(self.ended["state"])

    @property
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ended["error"]
        return found

    def outputs(self, node: str = "") -> dict[str, Any]:
        return {
            place: step.get("output")
            for place, step in self.notes.steps.items()
            if step["type"] == "var/v1/set" and step["state"] == history.STEP_DONE and step["node"].startswith(node)
        }


def var(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "type": "var/v1/set", "parameters": {"value": value}}
