"""`wait/v1/…` and `delay/v1/sleep`: for how long."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cuprum.automation.expressions.values import Wrong, said
from cuprum.automation.node_types import AFTER_INTERVAL, SLEEP

_SECONDS = {"MILLISECONDS": 0.001, "SECONDS": 1, "MINUTES": 60, "HOURS": 3_600, "DAYS": 86_400, "WEEKS": 604_800}
LONGEST_SECONDS = 366 * 86_400.0


def resume_at(kind: str, given: dict[str, Any], now: float, zone: str) -> float:
    """The Unix second at which the run goes on; raises Wrong for what says no time."""
    if kind == AFTER_INTERVAL:
        unit = str(given.get("unit", "SECONDS")).upper()
        if unit not in _SECONDS:
            raise Wrong(f"unit must be one of {', '.join(_SECONDS)}")
        until = now + _count(given.get("amount"), "amount") * _SECONDS[unit]
    elif kind == SLEEP:
        until = now + _count(given.get("millis"), "millis") / 1000
    else:
        until = _moment(given.get("dateTime"), zone)
    if until - now > LONGEST_SECONDS:
        raise Wrong("nothing waits for more than a year")
    return until


def patience_seconds(given: dict[str, Any]) -> float:
    """For how long a call is waited for: 30 days where nothing is said."""
    unit = str(given.get("unit") or "DAYS").upper()
    if unit not in _SECONDS:
        raise Wrong(f"unit must be one of {', '.join(_SECONDS)}")
    amount = given.get("amount")
    seconds = _count(30 if amount in (None, "") else amount, "amount") * _SECONDS[unit]
    if seconds > LONGEST_SECONDS:
        raise Wrong("nothing waits for more than a year")
    return seconds


def written(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


def _count(value: Any, name: str) -> float:
    try:
        if not isinstance(value, bool) and (number := float(value)) >= 0:
            return number
    except (TypeError, ValueError):
        pass
    raise Wrong(f"{name} must be a number from 0, not {said(value)}")


def _moment(value: Any, zone: str) -> float:
    try:
        when = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong(f"dateTime must be a moment such as 2026-03-29T10:00:00, not {said(value)}") from None
    # What names no zone is meant in the account's.
    return (when if when.tzinfo else when.replace(tzinfo=ZoneInfo(zone))).timestamp()
