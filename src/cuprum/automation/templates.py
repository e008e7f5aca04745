"""Workflows to begin with: whole files, as somebody would have written them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Template:
    """`key` stands in addresses."""

    key: str
    about: str
    workflow: dict[str, Any]

    @property
    def label(self) -> str:
        return str(self.workflow["label"])


TEMPLATES = (
    Template(
        "call-new-leads",
        "The lead's owner gets a task to call, about the lead and due at once.",
        {
            "label": "When a lead is created, make a task to call",
            "triggers": [{"name": "trigger_1", "label": "A lead is created", "type": "copper/v1/leadCreated"}],
            "tasks": [
                {
                    "name": "copper_1",
                    "label": "Task to call",
                    "type": "copper/v1/createTask",
                    "parameters": {
                        "name": "Call ${trigger_1.record.name}",
                        "assignee_id": "${trigger_1.record.assignee_id}",
                        "due_date": "=format(now(), 'yyyy-MM-dd')",
                        "related_resource": {"type": "lead", "id": "${trigger_1.record.id}"},
                        "priority": "High",
                        "status": "Open",
                    },
                }
            ],
        },
    ),
    Template(
        "start-project",
        "What was sold has a project of the same name, kept by whoever sold it.",
        {
            "label": "When a deal is won, start a project",
            "triggers": [
                {
                    "name": "trigger_1",
                    "label": "A deal is won",
                    "type": "copper/v1/opportunityStatusChanged",
                    "parameters": {"to": "Won"},
                }
            ],
            "tasks": [
                {
                    "name": "copper_1",
                    "label": "Project",
                    "type": "copper/v1/createProject",
                    "parameters": {
                        "name": "${trigger_1.record.name}",
                        "assignee_id": "${trigger_1.record.assignee_id}",
                        "related_resource": {"type": "opportunity", "id": "${trigger_1.record.id}"},
                        "status": "Open",
                    },
                }
            ],
        },
    ),
    Template(
        "form-to-lead",
        "The form sends name and email as JSON to an address that only you know; whoever is known already is updated.",
        {
            "label": "When a form is sent, keep a lead",
            "triggers": [{"name": "trigger_1", "label": "The form is sent", "type": "webhook/v1/autoRespondWithHTTP200"}],
            "tasks": [
                {
                    "name": "copper_1",
                    "label": "Lead",
                    "type": "copper/v1/upsertLead",
                    "parameters": {
                        "match_by": "email",
                        "match_value": "${trigger_1.body.email}",
                        "name": "${trigger_1.body.name}",
                        "email": {"email": "${trigger_1.body.email}", "category": "work"},
                    },
                }
            ],
        },
    ),
    Template(
        "monday-review",
        "A task on Monday at eight, for somebody you choose.",
        {
            "label": "Every Monday, a task to go through the deals",
            "triggers": [
                {
                    "name": "trigger_1",
                    "label": "Monday morning",
                    "type": "schedule/v1/everyWeek",
                    "parameters": {"hour": 8, "minute": 0, "dayOfWeek": [1]},
                }
            ],
            "tasks": [
                {
                    "name": "copper_1",
                    "label": "Task",
                    "type": "copper/v1/createTask",
                    "parameters": {"name": "Go through the open deals", "priority": "Medium", "status": "Open"},
                }
            ],
        },
    ),
)

BLANK = Template(
    "blank",
    "One trigger and one step, to be chosen.",
    {
        "label": "New automation",
        "triggers": [{"name": "trigger_1", "type": "copper/v1/leadCreated"}],
        "tasks": [
            {
                "name": "copper_1",
                "type": "copper/v1/createTask",
                "parameters": {"name": "", "priority": "None", "status": "Open"},
            }
        ],
    },
)


def template(key: str) -> Template | None:
    return next((one for one in (*TEMPLATES, BLANK) if one.key == key), None)
