"""People over the API."""

from __future__ import annotations


def test_a_person_created_is_found_by_email_whatever_its_case(ada):
    created = ada.post("/people", {"name": "Ada Quill", "emails": [{"email": "Ada@quill.example", "category": "work"}]})
    assert ada.post("/people/fetch_by_email", {"email": "aDA@QUILL.example"}) == created


def test_an_unknown_address_is_not_found(ada):
    assert ada.refused("POST", "/people/fetch_by_email", {"email": "nobody@quill.example"}, 404) == "Resource not found"


def test_an_address_is_looked_up_by_its_name_and_nothing_else(ada):
    assert "Unrecognized attributes specified: mail" in ada.refused("POST", "/people/fetch_by_email", {"mail": "a@quill.example"})


def test_every_problem_is_told_at_once(ada):
    message = ada.refused("POST", "/people", {"name": " ", "company_id": "test", "pageSize": 3})
    assert message == (
        "Invalid input: Validation errors: Base: Unrecognized attributes specified: pageSize\n"
        "Name: can't be blank\n"
        "Company Id: Invalid value for Company Id: IDs must be positive integers: test"
    )


def test_a_name_is_found_by_any_part_without_marks(ada):
    ada.post("/people", {"name": "Łukasz Ñandú"})
    assert [one["name"] for one in ada.post("/people/search", {"name": "kasz nan"})] == ["Łukasz Ñandú"]
