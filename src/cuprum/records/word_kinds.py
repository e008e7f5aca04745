"""What each list of the account's words holds: the attributes that may be written, and the rules of the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cuprum.entities import reading
from cuprum.records.attributes import Reader

# `copper-api/part2.md §4.5`
ICONS = (
    "Message", "Phone", "Event", "Assignment", "Assessment", "Group", "Description", "Speaker Notes", "Forum", "Web",
    "Loyalty", "Content Paste", "Headset", "Share", "Navigation", "Notification", "Voicemail", "Room", "Edit", "Send",
    "Videocam", "Play Arrow", "Grocery Store", "Mic", "Camera Mic", "Todo",
)  # fmt: skip

# The built-in type; ids of the others follow the account's own sequence (`part2.md §4.4`).
NOTE = 0


@dataclass(frozen=True)
class WordKind:
    """`readers` take attributes from a request, `defaults` stand in for absent ones; `keeps_one`: never left empty."""

    plural: str
    readers: Mapping[str, Reader]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    required: tuple[str, ...] = ("name",)
    passed_over: tuple[str, ...] = ("id",)
    keeps_one: bool = False
    untouchable: tuple[int, ...] = ()


def _name(value: Any) -> str | None:
    return (reading.text(value, 255) or "").strip() or None


def _yes(value: Any) -> bool:
    return reading.flag(value) is True


def _chance(value: Any) -> int | None:
    return reading.whole_number(value, 0, 100)


_DEFAULTED = {"name": _name, "is_default": _yes}

WORD_KINDS = {
    "contact_type": WordKind("contact types", _DEFAULTED, {"is_default": False}, keeps_one=True),
    "lead_status": WordKind("lead statuses", _DEFAULTED, {"is_default": False}, keeps_one=True),
    "customer_source": WordKind("customer sources", {"name": _name}),
    "loss_reason": WordKind("loss reasons", {"name": _name}),
    "pipeline": WordKind(
        "pipelines",
        {"name": _name, "is_revenue": _yes, "silent_after_days": lambda value: reading.whole_number(value, 1, 3650)},
        {"type": "opportunity", "is_revenue": True, "silent_after_days": None},
        keeps_one=True,
    ),
    "pipeline_stage": WordKind(
        "pipeline stages",
        {"name": _name, "pipeline_id": lambda value: reading.record_id(value, "Pipeline Id"), "win_probability": _chance},
        {"win_probability": None},
        required=("name", "pipeline_id"),
        keeps_one=True,
    ),
    "activity_type": WordKind(
        "activity types",
        {
            "name": _name,
            "icon_type": lambda value: reading.choice(value, ICONS, nullable=True),
            "is_disabled": _yes,
            "is_interaction": _yes,
            "is_default_task_type": lambda value: reading.flag(value) or None,
        },
        {"is_disabled": False, "is_interaction": False, "is_default_task_type": None},
        required=("name", "icon_type"),
        passed_over=("id", "company_id"),
        untouchable=(NOTE,),
    ),
}
