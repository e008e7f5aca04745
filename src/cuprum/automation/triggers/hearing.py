"""Does an event concern a binding? What its trigger picks, what its filter says, and nothing from before its time."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from cuprum.automation.expressions import ExpressionError, Scope, check, evaluate
from cuprum.automation.expressions.values import Wrong, as_truth
from cuprum.automation.triggers.bindings import Binding
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.polling.event import Event
from cuprum.connector.triggers.trigger import Trigger

log = logging.getLogger("cuprum.triggers")


def read_inputs(trigger: Trigger, given: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a trigger; raises InvalidInput with every problem, those of the filter's formula too."""
    read = trigger.read(given)
    problems = [Problem("filter", str(one), "Filter") for one in check(formula_of(read), "filter")]
    if problems:
        raise InvalidInput(problems)
    return read


def concerns(binding: Binding, event: Event, zone: str) -> bool:
    """Whether the event is one for this binding."""
    if binding.is_deaf_to(event) or not binding.trigger.wants(event, binding.given):
        return False
    formula = formula_of(binding.given)
    if not formula:
        return True
    try:
        return as_truth(evaluate(formula, Scope(event.as_json(), zone=zone)))
    except (ExpressionError, Wrong) as trouble:
        # A path that this record does not have: then it is not true.
        log.warning("%s leaves out event %s: its filter has no value, %s", binding.name, event.event_id, trouble)
        return False


def formula_of(given: Mapping[str, Any]) -> str:
    """A filter is a formula, with or without its sign."""
    written = str(given.get("filter") or "").strip()
    return written if not written or written.startswith("=") else f"={written}"
