"""What each action of the catalogue is given, and the requests that must go out, for any server that holds the world below."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cuprum.connector import Copper

World = dict[str, Any]
Expected = list[tuple[str, str, Any]]


@dataclass
class Scenario:
    """What is given, and the requests that must go out, in order; the world's ids are filled in."""

    given: Callable[[World], dict[str, Any]]
    sent: Callable[[World], Expected]


def scenario(given: Any, *sent: tuple[str, str, Any]) -> Scenario:
    return Scenario(lambda world: filled(given, world), lambda world: [filled(one, world) for one in sent])


def filled(value: Any, world: World) -> Any:
    """`<lead>` stands for the lead's id; `"<lead>"` alone is a number, `"#<lead>"` the numeric string that forms give."""
    if isinstance(value, dict):
        return {key: filled(part, world) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(filled(part, world) for part in value)
    if isinstance(value, str):
        if value.startswith("#<"):
            return str(world[value[2:-1]])
        for name, number in world.items():
            if value == f"<{name}>":
                return number
            value = value.replace(f"<{name}>", str(number))
    return value


def world_of(copper: Copper) -> World:
    """One record of each kind, a custom field, a subscription, and the ids that every account has of its own."""
    region = copper.custom_field_definitions.create(
        name="Region",
        data_type="Dropdown",
        available_on=["lead", "person", "task", "opportunity"],
        options=[{"name": "North"}, {"name": "South"}],
    )
    company = copper.companies.create(name="Quill & Sons", email_domain="quill.example")
    person = copper.people.create(
        name="Ada Quill", emails=[{"email": "ada@quill.example", "category": "work"}], tags=["vip"], company_id=company["id"]
    )
    lead = copper.leads.create(name="Lea Drift", email={"email": "lea@drift.example", "category": "work"})
    pipeline = copper.pipelines.all()[0]
    users = list(copper.users.each())
    return {
        "company": company["id"],
        "person": person["id"],
        "lead": lead["id"],
        "opportunity": copper.opportunities.create(name="Shelving", primary_contact_id=person["id"])["id"],
        "project": copper.projects.create(name="Kick-off")["id"],
        "task": copper.tasks.create(name="Call back", due_date=1790100000)["id"],
        "activity": copper.activities.create(
            parent={"type": "person", "id": person["id"]}, type={"category": "user", "id": 0}, details="Called"
        )["id"],
        "region": region["id"],
        "north": region["options"][0]["id"],
        "hook": copper.webhooks.create("https://example.org/hook", "lead", "new")["id"],
        "user": users[0]["id"],
        "colleague": users[1]["id"],
        "contact_type": copper.contact_types.all()[0]["id"],
        "pipeline": pipeline["id"],
        "stage": pipeline["stages"][1]["id"],
    }


ACCOUNT = ("GET", "/account", None)
DEFINITIONS = ("GET", "/custom_field_definitions", None)


def uniform(entity: str, plural: str, *after: tuple[str, str, Any]) -> dict[str, Scenario]:
    """`after` is what the output asks for: a task's due date is shown in the account's time zone."""
    title = entity.capitalize()
    searches = f"search{plural.capitalize()}"
    return {
        f"get{title}ById": scenario({"id": f"<{entity}>"}, ("GET", f"/{plural}/<{entity}>", None), *after),
        f"delete{title}": scenario({"id": f"#<{entity}>"}, ("DELETE", f"/{plural}/<{entity}>", None)),
        searches: scenario(
            {"page_size": "5"} if entity == "activity" else {"page_size": "5", "ids": [f"<{entity}>"]},
            ("POST", f"/{plural}/search", {"page_size": 5} | ({} if entity == "activity" else {"ids": [f"<{entity}>"]})),
            *after,
        ),
    }


SCENARIOS: dict[str, Scenario] = {
    **uniform("lead", "leads"),
    **uniform("person", "people"),
    **uniform("company", "companies"),
    **uniform("opportunity", "opportunities"),
    **uniform("project", "projects"),
    **uniform("task", "tasks", ACCOUNT),
    **uniform("activity", "activities"),
    "createActivity": scenario(
        {"activity_type": "0", "details": "Left a voicemail", "type": "person", "id": "<person>"},
        (
            "POST",
            "/activities",
            {
                "type": {"category": "user", "id": 0},
                "details": "Left a voicemail",
                "parent": {"type": "person", "id": "<person>"},
            },
        ),
    ),
    "createCompany": scenario(
        {
            "name": "Acme",
            "assignee_id": "#<user>",
            "email_domain": "acme.example",
            "contact_type_id": "<contact_type>",
            "details": "",
            "phone_numbers": [{"number": "+351 1", "category": "work"}],
            "socials": [{"url": "", "category": ""}],
            "websites": [{"url": "https://acme.example", "category": "work"}],
            "address": {"street": "", "city": "Porto", "state": "", "postal_code": "", "country": "PT"},
            "tags": [""],
        },
        (
            "POST",
            "/companies",
            {
                "name": "Acme",
                "assignee_id": "<user>",
                "email_domain": "acme.example",
                "contact_type_id": "<contact_type>",
                "phone_numbers": [{"number": "+351 1", "category": "work"}],
                "websites": [{"url": "https://acme.example", "category": "work"}],
                "address": {"city": "Porto", "country": "PT"},
            },
        ),
    ),
    "createPerson": scenario(
        {"name": "Grace", "emails": [{"email": "grace@x.example", "category": "work"}], "company_id": "<company>", "tags": ["a"]},
        (
            "POST",
            "/people",
            {
                "name": "Grace",
                "emails": [{"email": "grace@x.example", "category": "work"}],
                "company_id": "<company>",
                "tags": ["a"],
            },
        ),
    ),
    "createTask": scenario(
        {"name": "Call", "due_date": "2026-07-01", "priority": "High", "status": "Open"},
        ACCOUNT,
        # Lisbon keeps summer time in July: the day starts an hour before UTC's.
        ("POST", "/tasks", {"name": "Call", "due_date": 1782860400, "priority": "High", "status": "Open"}),
    ),
    "createLead": scenario(
        {"name": "Max", "email": {"email": "max@x.example", "category": "work"}, "custom_fields": {"region": "north"}},
        DEFINITIONS,
        (
            "POST",
            "/leads",
            {
                "name": "Max",
                "email": {"email": "max@x.example", "category": "work"},
                "custom_fields": [{"custom_field_definition_id": "<region>", "value": "<north>"}],
            },
        ),
    ),
    "createOpportunity": scenario(
        {
            "name": "Roof",
            "close_date": "2027-03-31",
            "monetary_value": "12500.50",
            "pipeline_id": "#<pipeline>",
            "pipeline_stage_id": "<stage>",
        },
        (
            "POST",
            "/opportunities",
            {
                "name": "Roof",
                "close_date": "03/31/2027",
                "monetary_value": 12500.50,
                "pipeline_id": "<pipeline>",
                "pipeline_stage_id": "<stage>",
            },
        ),
    ),
    "createProject": scenario(
        {"name": "Move", "related_resource": {"id": "<company>", "type": "company"}},
        ("POST", "/projects", {"name": "Move", "related_resource": {"id": "<company>", "type": "company"}}),
    ),
    "updateLead": scenario(
        {"id": "<lead>", "title": "Boss", "details": None, "company_name": ""},
        ("PUT", "/leads/<lead>", {"title": "Boss", "details": None}),
    ),
    "updatePerson": scenario(
        {"id": "<person>", "tags": ["VIP", "new"], "tags_mode": "add"},
        ("GET", "/people/<person>", None),
        ("PUT", "/people/<person>", {"tags": ["vip", "new"]}),
    ),
    "updateCompany": scenario(
        {"id": "<company>", "assignee_id": "<colleague>"}, ("PUT", "/companies/<company>", {"assignee_id": "<colleague>"})
    ),
    "updateOpportunity": scenario(
        {"id": "<opportunity>", "status": "won"}, ("PUT", "/opportunities/<opportunity>", {"status": "Won"})
    ),
    "updateProject": scenario(
        {"id": "<project>", "status": "Completed"}, ("PUT", "/projects/<project>", {"status": "Completed"})
    ),
    "updateTask": scenario(
        {"id": "<task>", "status": "Completed"},
        ("PUT", "/tasks/<task>", {"status": "Completed"}),
        # The task has a due date, which is shown in the account's time zone.
        ACCOUNT,
    ),
    "updateActivity": scenario(
        {"id": "<activity>", "details": "Called twice", "activity_date": "2026-01-02T03:04:05Z"},
        ("PUT", "/activities/<activity>", {"details": "Called twice", "activity_date": 1767323045}),
    ),
    "getLeadByEmail": scenario(
        {"email": "LEA@drift.example"},
        ("POST", "/leads/search", {"emails": "LEA@drift.example", "page_size": 200}),
    ),
    "getPersonByEmail": scenario(
        {"email": "ada@QUILL.example"}, ("POST", "/people/fetch_by_email", {"email": "ada@QUILL.example"})
    ),
    "upsertLead": scenario(
        {"match_by": "email", "email": {"email": "lea@drift.example", "category": "work"}, "title": "Captain"},
        (
            "PUT",
            "/leads/upsert",
            {
                "properties": {"email": {"email": "lea@drift.example", "category": "work"}, "title": "Captain"},
                "match": {"field_name": "email", "field_value": "lea@drift.example"},
            },
        ),
    ),
    "findOrCreateLead": scenario(
        {"match_by": ["email"], "name": "Lea", "email": {"email": "Lea@drift.example"}},
        ("POST", "/leads/search", {"emails": "Lea@drift.example", "page_size": 200, "page_number": 1}),
    ),
    "findOrCreatePerson": scenario(
        {"name": "New One", "emails": [{"email": "new@x.example", "category": "work"}]},
        ("POST", "/people/search", {"emails": ["new@x.example"], "page_size": 200, "page_number": 1}),
        ("POST", "/people", {"name": "New One", "emails": [{"email": "new@x.example", "category": "work"}]}),
    ),
    "findOrCreateCompany": scenario(
        {"name": "quill & sons"}, ("POST", "/companies/search", {"name": "quill & sons", "page_size": 200, "page_number": 1})
    ),
    "findOrCreateOpportunity": scenario(
        {"match_by": ["name", "primary_contact_id"], "name": "Shelving", "primary_contact_id": "<person>"},
        (
            "POST",
            "/opportunities/search",
            {"name": "Shelving", "primary_contact_ids": ["<person>"], "page_size": 200, "page_number": 1},
        ),
    ),
    "findOrCreateProject": scenario(
        {"name": "Kick-off"}, ("POST", "/projects/search", {"name": "Kick-off", "page_size": 200, "page_number": 1})
    ),
    "findOrCreateTask": scenario(
        {"name": "Call back"}, ("POST", "/tasks/search", {"name": "Call back", "page_size": 200, "page_number": 1}), ACCOUNT
    ),
    "upsertPerson": scenario(
        {"name": "Ada Q.", "emails": [{"email": "ADA@quill.example", "category": "work"}]},
        ("POST", "/people/search", {"emails": ["ADA@quill.example"], "page_size": 200, "page_number": 1}),
        (
            "PUT",
            "/people/<person>",
            {"name": "Ada Q.", "emails": [{"email": "ADA@quill.example", "category": "work"}]},
        ),
    ),
    "upsertCompany": scenario(
        {"match_by": ["email_domain"], "name": "Quill", "email_domain": "quill.example"},
        ("POST", "/companies/search", {"email_domains": "quill.example", "page_size": 200, "page_number": 1}),
        ("PUT", "/companies/<company>", {"name": "Quill", "email_domain": "quill.example"}),
    ),
    "upsertOpportunity": scenario(
        {"name": "Nothing yet"},
        ("POST", "/opportunities/search", {"name": "Nothing yet", "page_size": 200, "page_number": 1}),
        ("POST", "/opportunities", {"name": "Nothing yet"}),
    ),
    "upsertProject": scenario(
        {"name": "Kick-off", "details": "soon"},
        ("POST", "/projects/search", {"name": "Kick-off", "page_size": 200, "page_number": 1}),
        ("PUT", "/projects/<project>", {"name": "Kick-off", "details": "soon"}),
    ),
    "upsertTask": scenario(
        {"name": "New task"},
        ("POST", "/tasks/search", {"name": "New task", "page_size": 200, "page_number": 1}),
        ("POST", "/tasks", {"name": "New task"}),
    ),
    "convertLead": scenario(
        {
            "id": "<lead>",
            "company": {"name": "Drift", "exact_match": True},
            "opportunity": {"name": "Sail", "pipeline_id": "<pipeline>"},
        },
        (
            "POST",
            "/leads/<lead>/convert",
            {
                "details": {
                    "company": {"name": "Drift", "exact_match": True},
                    "opportunity": {"name": "Sail", "pipeline_id": "<pipeline>"},
                }
            },
        ),
    ),
    "relateRecords": scenario(
        {"type": "person", "id": "<person>", "related_type": "opportunity", "related_id": "<opportunity>"},
        ("POST", "/people/<person>/related", {"resource": {"id": "<opportunity>", "type": "opportunity"}}),
    ),
    "unrelateRecords": scenario(
        {"type": "person", "id": "<person>", "related_type": "opportunity", "related_id": "<opportunity>"},
        ("DELETE", "/people/<person>/related", {"resource": {"id": "<opportunity>", "type": "opportunity"}}),
    ),
    "listRelatedRecords": scenario(
        {"type": "person", "id": "<person>", "related_type": "task"}, ("GET", "/people/<person>/related/tasks", None)
    ),
    "listActivities": scenario(
        {"type": "person", "id": "<person>", "activity_types": [{"id": "0", "category": "user"}]},
        ("POST", "/people/<person>/activities", {"activity_types": [{"id": 0, "category": "user"}]}),
    ),
    "attachFile": scenario(
        {"type": "person", "id": "<person>", "file_name": "plan.txt", "content": "aGVsbG8="},
        ("GET", "/people/<person>/files/s3_signed_url", None),
        ("POST", "/s3/", ...),
        ("POST", "/people/<person>/files", ...),
    ),
    "listFiles": scenario({"type": "person", "id": "<person>"}, ("GET", "/people/<person>/files", None)),
    "listUsers": scenario({}, ("POST", "/users/search", {"page_size": 200, "page_number": 1})),
    "getUser": scenario({}, ("GET", "/users/me", None)),
    "getAccount": scenario({}, ACCOUNT),
    "listPipelines": scenario({}, ("GET", "/pipelines", None)),
    "listPipelineStages": scenario({"pipeline_id": "#<pipeline>"}, ("GET", "/pipeline_stages/pipeline/<pipeline>", None)),
    "listLeadStatuses": scenario({}, ("GET", "/lead_statuses", None)),
    "listCustomerSources": scenario({}, ("GET", "/customer_sources", None)),
    "listLossReasons": scenario({}, ("GET", "/loss_reasons", None)),
    "listContactTypes": scenario({}, ("GET", "/contact_types", None)),
    "listActivityTypes": scenario({}, ("GET", "/activity_types", None)),
    "listTags": scenario({}, ("GET", "/tags", None)),
    "listCustomFieldDefinitions": scenario({}, DEFINITIONS),
    "bulkCreateLeads": scenario(
        {"items": [{"name": "One"}, {"name": "Two", "assignee_id": "#<user>"}]},
        ("POST", "/leads/bulk_create", {"leads": [{"name": "One"}, {"name": "Two", "assignee_id": "<user>"}]}),
    ),
    "bulkUpdateLeads": scenario(
        {"items": [{"id": "<lead>", "title": "Boss"}]},
        ("POST", "/leads/bulk_update", {"leads": [{"id": "<lead>", "title": "Boss"}]}),
    ),
    "bulkCreatePeople": scenario({"items": [{"name": "One"}]}, ("POST", "/people/bulk_create", {"people": [{"name": "One"}]})),
    "bulkUpdatePeople": scenario(
        {"items": [{"id": "<person>", "title": "Boss"}]},
        ("POST", "/people/bulk_update", {"people": [{"id": "<person>", "title": "Boss"}]}),
    ),
    "bulkCreateCompanies": scenario(
        {"items": [{"name": "One"}]}, ("POST", "/companies/bulk_create", {"companies": [{"name": "One"}]})
    ),
    "bulkUpdateCompanies": scenario(
        {"items": [{"id": "<company>", "details": "x"}]},
        ("POST", "/companies/bulk_update", {"companies": [{"id": "<company>", "details": "x"}]}),
    ),
    "bulkCreateOpportunities": scenario(
        {"items": [{"name": "One", "close_date": "2027-01-02"}]},
        ("POST", "/opportunities/bulk_create", {"opportunities": [{"name": "One", "close_date": "01/02/2027"}]}),
    ),
    "subscribeWebhook": scenario(
        {"target": "https://example.org/h", "type": "lead", "event": "update", "secret": {"k": "v"}},
        ("POST", "/webhooks", {"target": "https://example.org/h", "type": "lead", "event": "update", "secret": {"k": "v"}}),
    ),
    "listWebhooks": scenario({}, ("GET", "/webhooks", None)),
    "unsubscribeWebhook": scenario({"id": "<hook>"}, ("DELETE", "/webhooks/<hook>", None)),
    "customCall": scenario({"method": "GET", "path": "/people/<person>"}, ("GET", "/people/<person>", None)),
}
