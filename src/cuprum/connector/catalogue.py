"""Everything the connector can do: actions and triggers, listed by hand."""

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

from cuprum.connector import connections
from cuprum.connector.actions import (
    attach_file,
    convert_lead,
    create_activity,
    create_company,
    create_person,
    create_task,
    custom_call,
    list_activities,
    look_ups,
    relate,
    upsert_lead,
    webhooks,
)
from cuprum.connector.actions.action import Action
from cuprum.connector.actions.bulk import bulk_create, bulk_update
from cuprum.connector.actions.find_or_create import find_or_create, upsert
from cuprum.connector.actions.get_by_email import get_by_email
from cuprum.connector.actions.search import search
from cuprum.connector.actions.uniform import create, delete, get, update
from cuprum.connector.errors import InvalidInput, Problem
from cuprum.connector.triggers import custom_field_changed, followed, passed, tags_changed, turned
from cuprum.connector.triggers.field_changed import field_changed, owner_changed
from cuprum.connector.triggers.trigger import Trigger
from cuprum.connector.triggers.uniform import created, created_or_updated, deleted, updated

One = TypeVar("One")

DESCRIPTION = (
    "Copper is a customer relationship management (CRM) software designed to streamline and optimize sales processes, "
    "providing tools for managing contact, leads, opportunities, and communications in one centralized platform."
)

FIRST_DOCUMENT: tuple[Action, ...] = (
    create_activity.ACTION,
    create_company.ACTION,
    create_person.ACTION,
    create_task.ACTION,
)

SECOND_DOCUMENT: tuple[Action, ...] = (
    delete("company", summary="Deletes an existing company"),
    create_company.ACTION,
    update("company", summary="Updates an existing company"),
    delete("lead", summary="Deletes an existing lead"),
    create("lead", summary="Creates a new lead"),
    update("lead", summary="Updates an existing lead in your copper account"),
    get_by_email("lead", "POST /leads/search", "Fetches details of a lead record by email"),
    get("lead", summary="Fetches details of a lead by ID"),
    upsert_lead.ACTION,
    delete("task", summary="Deletes an existing task"),
    create_task.ACTION,
    update("task", summary="Updates an existing task"),
    delete("opportunity", summary="Deletes an existing opportunity"),
    create("opportunity", summary="Creates a new opportunity"),
    update("opportunity", summary="Updates an existing opportunity"),
    delete("person", summary="Deletes an existing person"),
    create_person.ACTION,
    update("person", summary="Updates an existing person"),
    get_by_email("person", "POST /people/fetch_by_email", "Fetches details of a person record by email"),
    get("person", summary="Fetches details of a person record by ID"),
)

UNIFORM_REST: tuple[Action, ...] = (
    get("company"),
    get("opportunity"),
    get("project"),
    get("task"),
    get("activity"),
    create("project"),
    update("project"),
    delete("project"),
    update("activity"),
    delete("activity"),
    search("lead"),
    search("person"),
    search("company"),
    search("opportunity"),
    search("project"),
    search("task"),
    search("activity"),
    find_or_create("lead"),
    find_or_create("person"),
    find_or_create("company"),
    find_or_create("opportunity"),
    find_or_create("project"),
    find_or_create("task"),
    upsert("person"),
    upsert("company"),
    upsert("opportunity"),
    upsert("project"),
    upsert("task"),
    convert_lead.ACTION,
    relate.RELATE,
    relate.UNRELATE,
    relate.LIST_RELATED,
    list_activities.ACTION,
    attach_file.ATTACH,
    attach_file.LIST,
    *look_ups.ACTIONS,
    bulk_create("lead"),
    bulk_update("lead"),
    bulk_create("person"),
    bulk_update("person"),
    bulk_create("company"),
    bulk_update("company"),
    bulk_create("opportunity"),
    webhooks.SUBSCRIBE,
    webhooks.LIST,
    webhooks.UNSUBSCRIBE,
    custom_call.ACTION,
)

ACTIONS: dict[str, Action] = {one.name: one for one in (*FIRST_DOCUMENT, *SECOND_DOCUMENT, *UNIFORM_REST)}

TWELVE: tuple[Trigger, ...] = (
    created("company", "Triggers when a new company is created"),
    updated("company", "Triggers when a new company is updated"),
    deleted("company", "Triggers when an existing company is deleted"),
    created_or_updated("lead", "Triggers when a lead is created or updated"),
    # The document's own word: "a new opportunity is deleted".
    deleted("opportunity", "Triggers when a new opportunity is deleted"),
    created("opportunity", "Triggers when a new opportunity is created"),
    updated("opportunity", "Triggers when a new opportunity is updated"),
    created("person", "Triggers when a person is created"),
    created_or_updated("person", "Triggers when a person is created or updated"),
    created("task", "Triggers when a new task is created"),
    updated("task", "Triggers when a task is updated"),
    deleted("task", "Triggers when an existing task is deleted"),
)

MORE_TRIGGERS: tuple[Trigger, ...] = (
    created_or_updated("company"),
    created("lead"),
    updated("lead"),
    deleted("lead"),
    created_or_updated("opportunity"),
    updated("person"),
    deleted("person"),
    created_or_updated("task"),
    created("project"),
    updated("project"),
    created_or_updated("project"),
    deleted("project"),
    created("activity"),
    updated("activity"),
    created_or_updated("activity"),
    deleted("activity"),
    field_changed("leadStatusChanged", "Lead Status Changed", "Triggers when the status of a lead changes", "lead", "status_id"),
    turned.LEAD_CONVERTED,
    field_changed(
        "opportunityStageChanged",
        "Opportunity Stage Changed",
        "Triggers when an opportunity moves to another stage",
        "opportunity",
        "pipeline_stage_id",
    ),
    field_changed(
        "opportunityStatusChanged",
        "Opportunity Status Changed",
        "Triggers when an opportunity is won, lost, abandoned or opened again",
        "opportunity",
        "status",
    ),
    field_changed(
        "opportunityValueChanged",
        "Opportunity Value Changed",
        "Triggers when the value of an opportunity changes",
        "opportunity",
        "monetary_value",
    ),
    field_changed(
        "personContactTypeChanged",
        "Person Contact Type Changed",
        "Triggers when the contact type of a person changes",
        "person",
        "contact_type_id",
    ),
    field_changed(
        "personCompanyChanged",
        "Person Company Changed",
        "Triggers when a person moves to another company",
        "person",
        "company_id",
    ),
    owner_changed(),
    tags_changed.ADDED,
    tags_changed.REMOVED,
    custom_field_changed.TRIGGER,
    turned.TASK_COMPLETED,
    passed.TASK_OVERDUE,
    passed.RECORD_STALE,
    followed.FOLLOWED,
    followed.UNFOLLOWED,
)

TRIGGERS: dict[str, Trigger] = {one.name: one for one in (*TWELVE, *MORE_TRIGGERS)}
OPERATIONS: dict[str, Action | Trigger] = {**ACTIONS, **TRIGGERS}


def action(name: str) -> Action:
    """The action of that name, `createPerson` or `copper/v1/createPerson`. Raises InvalidInput for another."""
    return known(ACTIONS, name, "an action")


def trigger(name: str) -> Trigger:
    """The trigger of that name. Raises InvalidInput for another."""
    return known(TRIGGERS, name, "a trigger")


def operation(name: str) -> Action | Trigger:
    """The action or trigger of that name. Raises InvalidInput for another."""
    return known(OPERATIONS, name, "an operation")


def known(listed: Mapping[str, One], name: str, what: str) -> One:
    short = name.removeprefix("copper/v1/")
    if short not in listed:
        near = difflib.get_close_matches(short, listed, 1)
        hint = f"; is {near[0]} meant?" if near else ""
        raise InvalidInput([Problem("operation", f"{name} is not {what} of the catalogue{hint}", "Operation")])
    return listed[short]


def catalogue() -> dict[str, Any]:
    """The whole catalogue as plain data, shaped like ByteChef's component definition."""
    return {
        "name": "copper",
        "title": "Copper",
        "description": DESCRIPTION,
        "version": 1,
        "type": "copper/v1",
        "categories": [{"key": "crm", "label": "crm"}],
        "connections": connections.as_json(),
        "actions": [one.as_json() for one in ACTIONS.values()],
        "triggers": [one.as_json() for one in TRIGGERS.values()],
        "customAction": True,
    }
