"""What the stand-in remembers: one account in memory, with the presets of a fresh one."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


class Refusal(Exception):
    """An answer that is not 200: its status and its body."""

    def __init__(self, status: int, body: Record, headers: dict[str, str] | None = None) -> None:
        super().__init__(body)
        self.status, self.body, self.headers = status, body, headers or {}


def refuse(status: int, message: str) -> Refusal:
    """Error shape A: success, status, message."""
    return Refusal(status, {"success": False, "status": status, "message": message})


def invalid(*problems: str) -> Refusal:
    return refuse(422, "Invalid input: Validation errors: " + "\n".join(problems))


def unknown_keys(keys: set[str]) -> Refusal:
    return invalid("Base: Unrecognized attributes specified: " + ", ".join(sorted(keys)))


@dataclass
class State:
    """The whole account: tests may reach in to arrange what they need."""

    clock: Callable[[], float] = time.time
    account: Record = field(
        default_factory=lambda: {
            "id": 70211,
            "name": "Harbor Lane Studio",
            "primary_timezone": "Europe/Lisbon",
            "settings": {"setting_team_permissions_enabled": False, "setting_enable_leads": True},
        }
    )
    users: list[Record] = field(
        default_factory=lambda: [
            {"id": 301, "name": "Ada Duarte", "email": "ada@harborlane.example", "groups": [{"id": 4, "name": "Ops"}]},
            {"id": 302, "name": "Grace Okafor", "email": "grace@harborlane.example", "groups": []},
        ]
    )
    keys: dict[str, str] = field(default_factory=lambda: {"k" * 32: "ada@harborlane.example"})
    tokens: dict[str, str] = field(default_factory=lambda: {"standing-token": "ada@harborlane.example"})
    records: dict[str, dict[int, Record]] = field(
        default_factory=lambda: {kind: {} for kind in ("lead", "person", "company", "opportunity", "project", "task", "activity")}
    )
    # (kind, id) of what the caller follows; the contract has no call that changes it.
    followed: set[tuple[str, int]] = field(default_factory=set)
    lead_statuses: list[Record] = field(
        default_factory=lambda: [
            {"id": 5501 + n, "name": name, "order": n + 1, "is_default": n == 0}
            for n, name in enumerate(("New", "Open", "Unqualified", "Junk"))
        ]
    )
    customer_sources: list[Record] = field(
        default_factory=lambda: [{"id": 811 + n, "name": name} for n, name in enumerate(("Email", "Cold Call", "Advertising"))]
    )
    loss_reasons: list[Record] = field(
        default_factory=lambda: [{"id": 610 + n, "name": name} for n, name in enumerate(("Price", "Features", "Competitor"))]
    )
    contact_types: list[Record] = field(
        default_factory=lambda: [
            {"id": 1201 + n, "name": name}
            for n, name in enumerate(("Potential Customer", "Current Customer", "Uncategorized", "Other"))
        ]
    )
    pipelines: list[Record] = field(
        default_factory=lambda: [
            {
                "id": 40,
                "name": "Sales",
                "stages": [
                    {"id": 401, "name": "Qualified", "win_probability": 5},
                    {"id": 402, "name": "Follow-up", "win_probability": 10},
                    {"id": 403, "name": "Negotiation", "win_probability": 80},
                ],
                "type": "opportunity",
                "is_revenue": True,
            },
            {
                "id": 41,
                "name": "Business Development",
                "stages": [{"id": 411, "name": "First Meeting", "win_probability": 10}],
                "type": "opportunity",
                "is_revenue": True,
            },
        ]
    )
    activity_types: dict[str, list[Record]] = field(
        default_factory=lambda: {
            "user": [
                {"id": n, "category": "user", "name": name, "is_disabled": False, "count_as_interaction": n > 0}
                for n, name in ((0, "Note"), (83001, "Phone Call"), (83002, "Meeting"))
            ],
            "system": [
                {"id": n, "category": "system", "name": name, "is_disabled": False, "count_as_interaction": False}
                for n, name in ((1, "Property Changed"), (3, "Pipeline Stage Changed"))
            ],
        }
    )
    custom_activity_types: dict[int, Record] = field(default_factory=dict)
    definitions: dict[int, Record] = field(default_factory=dict)
    related: set[tuple[tuple[str, int], tuple[str, int]]] = field(default_factory=set)
    links: dict[int, Record] = field(default_factory=dict)
    files: dict[tuple[str, int], list[Record]] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    subscriptions: dict[int, Record] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(90001))

    def now(self) -> int:
        return int(self.clock())

    def new_id(self) -> int:
        return next(self._ids)

    def user_by_email(self, email: str) -> Record | None:
        return next((user for user in self.users if user["email"].lower() == email.lower()), None)

    def stages(self) -> list[Record]:
        """Every stage with its pipeline's id, as GET /pipeline_stages has them."""
        return [
            {"id": s["id"], "name": s["name"], "pipeline_id": p["id"], "win_probability": s["win_probability"]}
            for p in self.pipelines
            for s in p["stages"]
        ]
