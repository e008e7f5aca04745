"""What a step or trigger can be: the kinds that the editor offers, in groups."""

from __future__ import annotations

from cuprum.automation.node_forms import TASK_FORMS, TRIGGER_FORMS
from cuprum.automation.words import trigger_kind_in_words
from cuprum.connector.catalogue import ACTIONS, TRIGGERS
from cuprum.web.pages.automations.draft import Draft
from cuprum.web.pages.automations.fields import said_beyond

_TRIGGER_GROUPS = (
    "Lead", "Person", "Company", "Opportunity", "Project", "Task", "Activity", "Any record",
    "By the clock", "By a call", "By hand",
)  # fmt: skip
_STEP_GROUPS = ("Task", "Lead", "Person", "Company", "Opportunity", "Project", "Activity", "Flow", "Tools", "The account")

# (type, title, about)
Choice = tuple[str, str, str]


def choices(draft: Draft) -> list[tuple[str, list[Choice]]]:
    """What can be put in the place where somebody is choosing."""
    return _triggers() if draft.choosing and draft.choosing[0] == "trigger" else _steps()


def _triggers() -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {group: [] for group in _TRIGGER_GROUPS}
    for trigger in TRIGGERS.values():
        group = trigger.entity.capitalize() if trigger.entity else "Any record"
        groups[group].append((trigger.type, trigger_kind_in_words(trigger.type), ""))
    for kind, form in TRIGGER_FORMS.items():
        group = "By the clock" if kind.startswith("schedule") else "By a call" if kind.startswith("webhook") else "By hand"
        # One of the three ways to write it is enough.
        if kind not in ("manual", "manual/v1"):
            groups[group].append((kind, form.title, form.description))
    return list(groups.items())


def _steps() -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {group: [] for group in _STEP_GROUPS}
    for kind, form in TASK_FORMS.items():
        is_flow = bool(form.lists) or kind.startswith(("loop", "wait", "delay"))
        groups["Flow" if is_flow else "Tools"].append((kind, form.title, form.description))
    for action in ACTIONS.values():
        group = action.entity.capitalize() if action.entity else "The account"
        groups[group].append((action.type, action.title, said_beyond(action.title, action.summary or action.description)))
    return list(groups.items())
