"""Every parameter and every sort name that the documentation lists is taken, in both generations of names."""

from __future__ import annotations

import pytest

from searching import search

_PAGE = {"page_number": 1, "page_size": 20, "sort_direction": "asc", "ids": [1], "fields": ["name"]}
_DATES = {
    f"{bound}_{name}": 1767225600
    for bound in ("minimum", "maximum")
    for name in ("created_date", "modified_date", "interaction_date", "interaction_count")
}
_CREATED_AND_MODIFIED = {key: value for key, value in _DATES.items() if key.endswith(("created_date", "modified_date"))}
_COMMON = {**_PAGE, "name": "a", "assignee_ids": [-2], "tags": ["a"], "followed": 2, "age": 60, "custom_fields": []}
_CONTACT = {
    **_COMMON, **_DATES, "phone_number": "5550123", "city": "a", "state": "a", "postal_code": "a", "country": "PT",
    "socials": ["a"],
}  # fmt: skip

LISTED = {
    "leads": {  # part1.md §10.3
        **_CONTACT, "emails": "a@b.example", "status_ids": [1], "customer_source_ids": [-2], "minimum_monetary_value": 1,
        "maximum_monetary_value": 2.5, "include_converted_leads": True, "first_name": "a", "last_name": "a", "middle_name": "a",
        "company_name": "a", "title": "a", "minimum_status_change_date": 1, "maximum_status_change_date": 1,
    },
    "people": {  # part1.md §11.3
        **_CONTACT, "emails": ["a@b.example"], "contact_type_ids": [1], "company_ids": [-2], "opportunity_ids": [1], "title": "a",
        "phone_numbers": ["5550123"],
    },
    "companies": {  # part1.md §11.6
        **_CONTACT, "email_domains": "a.example", "contact_type_ids": [1], "primary_contact_ids": [1],
        "email_domain": "a.example",
    },
    "opportunities": {  # part2.md §1.4
        **_COMMON, **_DATES, "company_name": "a", "status_ids": [0], "statuses": ["Open"], "pipeline_ids": [1],
        "pipeline_stage_ids": [1], "priority_ids": [0], "priorities": ["High"], "primary_contact_ids": [1],
        "customer_source_ids": [-2], "loss_reason_ids": [-2], "company_ids": [-2], "minimum_monetary_value": 1,
        "maximum_monetary_value": 1, "minimum_win_probability": 1, "maximum_win_probability": 1, "close_date": 1767225600,
        "minimum_close_date": 1, "maximum_close_date": 1, "minimum_stage_change_date": 1, "maximum_stage_change_date": 1,
        "minimum_date_stage_changed": 1, "maximum_date_stage_changed": 1,
    },
    "projects": {**_COMMON, **_CREATED_AND_MODIFIED, "status_ids": [0]},  # part2.md §2
    "tasks": {  # part2.md §3
        **_COMMON, **_CREATED_AND_MODIFIED, "opportunity_ids": [1], "project_ids": [-2], "statuses": ["Open"], "phrase": "a",
        "related_resource": {"id": 1, "type": "project"}, "priorities": ["High"], "minimum_due_date": 1, "maximum_due_date": 1,
        "minimum_reminder_date": 1, "maximum_reminder_date": 1, "minimum_completed_date": 1, "maximum_completed_date": 1,
        "minimum_close_date": 1, "maximum_close_date": 1,
    },
    "activities": {  # part2.md §4.3
        "parent": {"id": 1, "type": "person"}, "activity_types": [{"id": 0, "category": "user"}], "page_number": 1,
        "page_size": 20,
        "minimum_activity_date": 1, "maximum_activity_date": 1, "full_result": True, "user_ids": [1], "sort_by": "activity_date",
        "sort_direction": "desc",
    },
    "users": {"page_number": 1, "page_size": 20, "sort_by": "date_modified", "sort_direction": "desc"},  # part1.md §9
}  # fmt: skip

SORTS = {
    "leads": "name first_name last_name company_name title value email phone date_modified date_created city state country zip "
    "inactive_days socials",
    "people": "name first_name last_name title email phone date_modified date_created city state country zip socials",
    "companies": "name phone contact contact_first_name contact_last_name date_modified date_created email_domain city "
    "state country zip assignee contact_group last_interaction interaction_count primary_website socials",
    "opportunities": "name account company_name value assignee customer_source_id date_modified date_created contact stage "
    "status close_date source priority last_interaction interaction_count deal_last_stage win_probability inactive_days "
    "monetary_unit monetary_value primary_contact",
    "projects": "name assigned_to related_to status date_modified date_created",
    "tasks": "name assigned_to related_to status priority due_date reminder_date completed_date date_created date_modified",
}

SEARCHED = tuple(LISTED)
LENIENT = tuple(plural for plural in LISTED if plural != "users")


@pytest.mark.parametrize("plural", SEARCHED)
def test_every_listed_parameter_is_taken_in_a_body(ada, plural):
    for key, value in LISTED[plural].items():
        search(ada, plural, {key: value})
    search(ada, plural, LISTED[plural])


@pytest.mark.parametrize("plural", SEARCHED)
def test_null_and_blank_parameters_filter_nothing(ada, plural):
    _, everything = search(ada, plural)
    blank = {key: [] if isinstance(value, list) else "" for key, value in LISTED[plural].items()}
    for body in (dict.fromkeys(LISTED[plural]), blank):
        assert search(ada, plural, body)[1] == everything


@pytest.mark.parametrize("plural", LENIENT)
def test_numbers_may_be_text(ada, plural):
    as_text = {key: str(value) for key, value in LISTED[plural].items() if isinstance(value, int) and not isinstance(value, bool)}
    search(ada, plural, as_text)
    search(ada, plural, {key: [str(one) for one in value] for key, value in LISTED[plural].items() if isinstance(value, list)
                         and all(isinstance(one, int) for one in value)})  # fmt: skip


@pytest.mark.parametrize("plural", SORTS)
def test_every_listed_sort_name_is_taken(ada, plural):
    for sort_by in SORTS[plural].split():
        for direction in ("asc", "desc"):
            search(ada, plural, {"sort_by": sort_by, "sort_direction": direction})


@pytest.mark.parametrize("plural", LENIENT)
def test_an_unknown_sort_name_is_refused_and_the_message_has_the_names(ada, plural):
    message = ada.refused("POST", f"/{plural}/search", {"sort_by": "shoe_size"})
    assert message.startswith("Invalid input: Validation errors: Sort By: must be one of ")


@pytest.mark.parametrize("plural", SEARCHED)
def test_unknown_keys_of_a_body_are_all_named(ada, plural):
    message = ada.refused("POST", f"/{plural}/search", {"pageSize": 20, "page_size": 20, "shoe": 1})
    assert message == "Invalid input: Validation errors: Base: Unrecognized attributes specified: pageSize, shoe"


@pytest.mark.parametrize("plural", SEARCHED)
def test_unknown_keys_of_a_query_are_passed_over(ada, plural):
    search(ada, plural, params={"pageSize": "20", "shoe[]": "1", "utm[source]": "x"})


def test_every_problem_of_a_search_is_told(ada):
    body = {"followed": 3, "ids": ["x"], "minimum_created_date": "soon", "hat": 1, "page_number": 0}
    message = ada.refused("POST", "/leads/search", body).removeprefix("Invalid input: Validation errors: ")
    told = {line.partition(": ")[0] for line in message.split("\n")}
    assert told == {"Base", "Page Number", "Followed", "Ids", "Minimum Created Date"}
