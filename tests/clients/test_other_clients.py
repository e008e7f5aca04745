"""Requests as further public clients send them (`copper-api/part1.md §1, §15`, `part2.md §12`)."""

from __future__ import annotations

import hashlib

from searching import named


def test_n8n_loops_over_pages_of_200_in_the_query_until_it_has_as_many_as_the_total(ada):
    named(ada, "companies", Acme={"address": {"country": "PT"}}, Brass={"address": {"country": "ES"}}, Copper={})
    rows: list[dict] = []
    while True:
        # No body and no Content-Type; filters stand beside the size of the page.
        answer = ada.call("POST", "/companies/search", params={"country": "PT", "page_size": 200})
        assert answer.status_code == 200
        rows += answer.json()
        if int(answer.headers["x-pw-total"]) <= len(rows):
            break
    assert [one["name"] for one in rows] == ["Acme"]


def test_n8n_finds_tasks_of_projects_named_by_text(ada):
    project = ada.post("/projects", {"name": "P"})["id"]
    named(ada, "tasks", Of={"related_resource": {"id": project, "type": "project"}}, Free={})
    answer = ada.call("POST", f"/tasks/search?project_ids%5B0%5D={project}&project_ids%5B1%5D=999&page_size=200")
    assert [one["name"] for one in answer.json()] == ["Of"]


def test_n8n_lists_words_and_users_with_a_page_size(ada):
    assert len(ada.get("/customer_sources?page_size=200")) == 3
    answer = ada.call("POST", "/users/search?page_size=200")
    assert (len(answer.json()), answer.headers["x-pw-total"]) == (3, "3")


def test_n8n_creates_a_person_from_its_forms(ada):
    body = {
        "name": "Ada", "address": {"street": "", "city": "Porto", "state": "", "postal_code": "", "country": "PT"},
        "email_domain": None, "emails": [{"email": "ada@quill.example", "category": "work"}],
        "phone_numbers": [{"number": "", "category": "home"}],
    }  # fmt: skip
    message = ada.refused("POST", "/people", body)
    assert message == "Invalid input: Validation errors: Base: Unrecognized attributes specified: email_domain"
    person = ada.post("/people", {key: value for key, value in body.items() if key != "email_domain"})
    assert (person["address"]["city"], person["phone_numbers"]) == ("Porto", [])


def test_n8n_recognises_its_webhook_by_the_digest_in_it(ada):
    secret = hashlib.md5(b"ada@harbour.example,key").hexdigest()
    body = {"target": "https://n8n.example/webhook/1", "type": "lead", "event": "new", "secret": {"secret": secret}}
    hook = ada.post("/webhooks", body)
    assert hook["secret"] == {"secret": secret}
    assert [one["id"] for one in ada.get("/webhooks")] == [hook["id"]]
    assert ada.get(f"/webhooks/{hook['id']}") == hook
    assert ada.delete(f"/webhooks/{hook['id']}") == {"id": hook["id"]}
    assert ada.call("GET", f"/webhooks/{hook['id']}").status_code == 404


def test_bytechef_searches_without_a_body(ada):
    named(ada, "companies", Acme={})
    for path in ("/companies/search", "/users/search", "/people/search"):
        answer = ada.call("POST", path)
        assert answer.status_code == 200
        assert isinstance(answer.json(), list)


def test_bytechef_sends_every_key_and_ids_as_text(ada):
    company = ada.post("/companies", {"name": "Acme"})["id"]
    body = {
        "name": "Ada", "emails": None, "assignee_id": str(ada.id), "title": None, "company_id": str(company),
        "contact_type_id": "2", "details": None, "phone_numbers": None, "socials": None, "websites": None, "address": None,
        "tags": None,
    }  # fmt: skip
    person = ada.post("/people", body)
    assert (person["assignee_id"], person["company_id"], person["contact_type_id"]) == (ada.id, company, 2)
    assert person["emails"] == person["phone_numbers"] == person["socials"] == person["websites"] == person["tags"] == []
    blank = {**body, "assignee_id": "", "company_id": "", "contact_type_id": "", "title": "", "tags": []}
    assert ada.post("/people", blank)["assignee_id"] is None


def test_bytechef_reads_the_status_and_the_message_of_a_refusal(ada):
    refusal = ada.call("POST", "/companies", {"name": ""}).json()
    assert (type(refusal["status"]), type(refusal["message"])) == (int, str)


def test_activepieces_polls_for_what_is_new_and_what_changed(ada):
    named(ada, "people", Old={}, New={})
    for key in ("created", "modified"):
        body = {"page_number": "1", "page_size": "200", f"minimum_{key}_date": "1754518014", "sort_by": f"date_{key}",
                "sort_direction": "desc"}  # fmt: skip
        assert [one["name"] for one in ada.post("/people/search", body)] == ["New", "Old"]


def test_activepieces_searches_opportunities_by_tags_and_fields(ada):
    options = [{"name": "Red"}, {"name": "Blue"}]
    colours = {"name": "Colours", "data_type": "MultiSelect", "available_on": ["opportunity"], "options": options}
    definition = ada.post("/custom_field_definitions", colours)
    red, blue = (option["id"] for option in definition["options"])
    both = [{"custom_field_definition_id": definition["id"], "value": [red, blue]}]
    named(ada, "opportunities", Both={"custom_fields": both, "tags": ["vip"]}, None_={})
    asked = [{"custom_field_definition_id": definition["id"], "value": [red, blue], "option": "ALL"}]
    body = {"tags": ["vip"], "custom_fields": asked, "sort_by": "inactive_days", "followed": "2", "page_size": 20}
    assert [one["name"] for one in ada.post("/opportunities/search", body)] == ["Both"]


def test_amp_labs_reads_changes_with_numbers_as_text(ada):
    named(ada, "projects", Kick={})
    body = {"page_size": 200, "page_number": "1", "sort_by": "date_modified", "sort_direction": "desc",
            "minimum_modified_date": "1754518014", "maximum_modified_date": "2147483648"}  # fmt: skip
    assert [one["name"] for one in ada.post("/projects/search", body)] == ["Kick"]
    assert len(ada.post("/users/search", {"page_number": "1", "sort_by": "date_modified", "sort_direction": "desc"})) == 3
    assert ada.refused("POST", "/projects/search", {"pageSize": 200}).endswith("Unrecognized attributes specified: pageSize")
    assert ada.call("GET", "/nowhere").json() == {"error": "not_found"}


def test_amp_labs_reads_custom_fields_and_writes_with_an_id_in_the_answer(ada):
    ada.post("/custom_field_definitions", {"name": "Score", "data_type": "Float", "available_on": ["company"]})
    company = ada.post("/companies", {"name": "Acme"})
    assert company["custom_fields"] == [{"custom_field_definition_id": 1, "value": None}]
    assert ada.delete(f"/companies/{company['id']}") == {"id": company["id"], "is_deleted": True}


def test_the_singer_tap_reads_every_stream_until_an_empty_page_and_sends_a_body_with_get(ada):
    for plural in ("leads", "people", "companies", "opportunities", "projects", "tasks"):
        named(ada, plural, **{f"{plural} {number}": {} for number in range(3)})
        rows, page = [], 1
        while True:
            asked = {"page_number": page, "page_size": 2, "sort_by": "date_modified", "sort_direction": "asc",
                     "minimum_modified_date": 0}  # fmt: skip
            records = ada.post(f"/{plural}/search", asked)
            if not records:
                break
            rows, page = rows + records, page + 1
        assert [one["name"] for one in rows] == [f"{plural} {number}" for number in range(3)]
    for path in ("/pipelines", "/pipeline_stages", "/loss_reasons", "/lead_statuses", "/contact_types", "/customer_sources",
                 "/custom_field_definitions", "/activity_types", "/account", "/users/me", "/tags"):  # fmt: skip
        assert ada.call("GET", path, {}).status_code == 200, path


def test_hull_sends_the_whole_search_in_the_query(ada):
    named(ada, "leads", Old={}, New={})
    query = {"sort_by": "date_modified", "sort_direction": "desc", "page_number": "1", "page_size": "100",
             "minimum_modified_date": "1500000000", "maximum_modified_date": "2147483648"}  # fmt: skip
    answer = ada.call("POST", "/leads/search", params=query)
    assert [one["name"] for one in answer.json()] == ["New", "Old"]


def test_hull_upserts_a_lead_by_address_and_reads_its_custom_fields(ada):
    dated = ada.post("/custom_field_definitions", {"name": "Since", "data_type": "Date", "available_on": ["lead"]})["id"]
    email = {"email": "ada@quill.example", "category": "work"}
    properties = {"name": "Ada", "email": email, "custom_fields": [{"custom_field_definition_id": dated, "value": "12/15/2020"}]}
    lead = ada.put("/leads/upsert", {"properties": properties, "match": {"field_name": "email", "field_value": email["email"]}})
    assert lead["custom_fields"] == [{"custom_field_definition_id": dated, "value": 1607990400}]


def test_zendesks_app_compares_the_message_of_an_unknown_address(ada):
    answer = ada.call("POST", "/people/fetch_by_email", {"email": "nobody@quill.example"})
    assert (answer.status_code, answer.json()["message"]) == (404, "Resource not found")


def test_formie_finds_a_person_by_address_before_it_writes(ada):
    named(ada, "people", Ada={"emails": [{"email": "ada@quill.example"}]})
    assert [one["name"] for one in ada.post("/people/search", {"emails": ["ada@quill.example"]})] == ["Ada"]
    assert ada.refused("POST", "/people", {"name": "Bo", "company_id": "test"}) == (
        "Invalid input: Validation errors: Company Id: Invalid value for Company Id: IDs must be positive integers: test"
    )


def test_the_php_client_parts_what_is_not_related_without_harm(ada):
    person, project = ada.post("/people", {"name": "A"})["id"], ada.post("/projects", {"name": "P"})["id"]
    body = {"resource": {"id": project, "type": "project"}}
    assert ada.refused("DELETE", f"/people/{person}/related", body) == "Invalid request: Resources are not related"


def test_the_ruby_client_takes_only_200_as_success(ada):
    created = ada.call("POST", "/tasks", {"name": "x"})
    assert created.status_code == 200
    assert ada.call("DELETE", f"/tasks/{created.json()['id']}").status_code == 200


def test_gearplug_sends_every_filter_in_the_query_of_a_post_without_a_body(ada):
    named(ada, "leads", Ada={"email": {"email": "ada@quill.example"}, "phone_numbers": [{"number": "415-123-45678"}]}, Bo={})
    named(ada, "people", Ada={"emails": [{"email": "ada@quill.example"}]})
    for query, names in (
        ({"sort_by": "date_created", "page_size": "200", "sort_direction": "asc"}, ["Ada", "Bo"]),
        ({"emails": "ada@quill.example"}, ["Ada"]),
        ({"name": "Ada"}, ["Ada"]),
        ({"phone_number": "415-123-45678"}, ["Ada"]),
    ):
        assert [one["name"] for one in ada.call("POST", "/leads/search", params=query).json()] == names, query
    found = ada.call("POST", "/people/fetch_by_email", params={"email": "Ada@quill.example"})
    assert (found.status_code, found.json()["name"]) == (200, "Ada")
    assert ada.call("POST", "/people/fetch_by_email", params={"email": "nobody@quill.example"}).status_code == 404
    by_day = {"sort_by": "date_created", "page_size": "200", "sort_direction": "asc"}
    for plural in ("people", "companies", "opportunities", "projects", "tasks", "activities"):
        assert ada.call("POST", f"/{plural}/search", params=by_day).status_code == 200, plural


def test_a_bot_looks_for_a_person_by_a_list_of_phone_numbers(ada):
    named(ada, "people", Ada={"phone_numbers": [{"number": "+351 220 000 111"}]}, Bo={})
    assert [one["name"] for one in ada.post("/people/search", {"phone_numbers": ["+351220000111"]})] == ["Ada"]
    assert ada.post("/people/search", {"phone_numbers": ["+351 999 999 999"]}) == []


def test_codas_pack_reads_words_with_a_page_size_and_records_with_computed_values(ada):
    options = [{"name": "Red"}, {"name": "Blue"}]
    colour = {"name": "Colour", "data_type": "Dropdown", "available_on": ["person"], "options": options}
    definition = ada.post("/custom_field_definitions", colour)
    blue = {"custom_field_definition_id": definition["id"], "value": definition["options"][1]["id"]}
    person = ada.post("/people", {"name": "Ada", "custom_fields": [blue]})["id"]
    for words in ("pipelines", "customer_sources", "loss_reasons", "account", "contact_types", "custom_field_definitions"):
        assert ada.call("GET", f"/{words}", params={"page_size": 200}).status_code == 200, words
    query = {"custom_field_computed_values": "true"}
    read = ada.call("GET", f"/people/{person}", params=query).json()
    [found] = ada.call("POST", "/people/search", {"page_size": 100, "page_number": 1, "sort_by": "name"}, params=query).json()
    assert read["custom_fields"] == found["custom_fields"] == [{**blue, "computed_value": "Blue"}]


def test_the_php_client_asks_plainly_for_a_list_and_then_searches(ada):
    named(ada, "people", **{f"P{number}": {} for number in range(3)})
    assert ada.call("GET", "/people").status_code == 404
    pages = [ada.post("/people/search", {"page_number": page, "page_size": 2}) for page in (1, 2, 3)]
    # It goes on as long as a page is nearly full.
    assert [len(page) for page in pages] == [2, 1, 0]


def test_a_form_of_wordpress_tags_people_and_reads_every_tag_from_them(ada):
    # The parameters of `wp_remote_post` without a body of their own.
    named(ada, "people", Ada={"tags": ["vip"]}, Bo={"tags": ["met", "vip"]})
    everybody = ada.client.post("/developer_api/v1/people/search", headers=ada.headers, content=b"").json()
    assert {tag for person in everybody for tag in person["tags"]} == {"vip", "met"}
    person = everybody[0]
    assert ada.put(f"/people/{person['id']}", {"tags": [*person["tags"], "new"]})["tags"] == [*person["tags"], "new"]


def test_a_worker_writes_back_a_company_with_nothing_but_custom_values(ada):
    days = ada.post("/custom_field_definitions", {"name": "Days", "data_type": "Float", "available_on": ["company"]})["id"]
    best = ada.post("/custom_field_definitions", {"name": "Best", "data_type": "Text", "available_on": ["company"]})["id"]
    company = ada.post("/companies", {"name": "Acme", "tags": ["kept"]})["id"]
    values = [{"custom_field_definition_id": days, "value": 12}, {"custom_field_definition_id": best, "value": "Teak, Oak"}]
    answer = ada.put(f"/companies/{company}", {"custom_fields": values})
    assert answer["custom_fields"] == [{**values[0], "value": 12.0}, values[1]]
    assert answer["tags"] == ["kept"]


def test_prospyr_sorts_by_names_of_older_pages(ada):
    first = ada.get("/customer_sources")[0]["id"]
    named(ada, "leads", Blank={}, Sourced={"customer_source_id": first})
    asked = {"sort_by": "customer_source", "sort_direction": "desc", "page_size": 100, "page_number": 1}
    assert [one["name"] for one in ada.call("POST", "/leads/search", asked).json()] == ["Sourced", "Blank"]
    named(ada, "companies", Acme={})
    assert ada.call("POST", "/companies/search/", {**asked, "sort_by": "inactive_days"}).status_code == 200


def test_prospyr_writes_a_person_back_with_what_only_the_server_writes(ada):
    person = ada.post("/people", {"name": "Ada", "emails": [{"email": "ada@quill.example", "category": "work"}]})
    back = {key: value for key, value in person.items() if key not in ("id", "company_name")} | {"title": "Owner"}
    assert ada.call("PUT", f"/people/{person['id']}/", back).json()["title"] == "Owner"


def test_activepieces_converts_a_lead_with_a_template_of_a_deal(ada):
    lead = ada.post("/leads", {"name": "Ada"})["id"]
    deal = ada.post("/opportunities", {"name": "Template", "monetary_value": 5})
    opportunity = {key: deal[key] for key in ("name", "pipeline_id", "pipeline_stage_id", "monetary_value", "assignee_id")}
    details = {"person": {"name": "Ada"}, "company": {"name": ""}, "opportunity": opportunity}
    made = ada.post(f"/leads/{lead}/convert", {"details": details})
    assert list(made) == ["person", "opportunity"]
    assert (made["opportunity"]["assignee_id"], made["opportunity"]["monetary_value"]) == (None, 5.0)


def test_activepieces_sends_a_day_or_a_time_as_people_write_it(ada):
    task = ada.post("/tasks", {"name": "Call", "due_date": "2026-12-15", "reminder_date": "2026-12-15 09:30", "tags": []})
    assert task["reminder_date"] - task["due_date"] == 9 * 3600 + 30 * 60


def test_the_airbyte_connector_pages_in_the_query_and_asks_the_first_page_twice(ada):
    named(ada, "people", **{f"P{number}": {} for number in range(3)})
    # Its first request has no number, its second the number one.
    for query, length in (
        ({"page_size": 2}, 2),
        ({"page_size": 2, "page_number": 1}, 2),
        ({"page_size": 2, "page_number": 2}, 1),
    ):
        assert len(ada.call("POST", "/people/search", params=query).json()) == length


def test_scripts_send_one_address_alone_and_numbers_as_tags(ada):
    person = ada.post("/people", {
        "name": "Ada", "emails": {"email": "ada@quill.example", "category": "work"}, "phone_numbers": "555 0123", "tags": [2026],
    })  # fmt: skip
    assert person["emails"] == [{"email": "ada@quill.example", "category": "work"}]
    assert (person["phone_numbers"], person["tags"]) == ([{"number": "555 0123", "category": "work"}], ["2026"])
    parent = {"id": person["id"], "type": "person", "name": "Ada"}
    noted = ada.post("/activities", {"parent": parent, "type": {"id": 0, "category": "user", "name": "Note"}, "details": "x"})
    assert noted["parent"] == {"id": person["id"], "type": "person"}
