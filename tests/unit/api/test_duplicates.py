"""Duplicates: found by what records have in common, told apart once and for all."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from automation import automation, undo
from cuprum.records.near_names import is_near
from cuprum.storage.tables import TABLES


def groups(person, entity):
    """Each group as its names and its reasons, the surest first."""
    read = automation(person, "GET", f"/duplicates?entity={entity}")
    assert read["total"] == len(read["groups"])
    return [([one["name"] for one in group["records"]], [one["reason"] for one in group["reasons"]]) for group in read["groups"]]


def phone(number):
    return [{"number": number, "category": "work"}]


def test_people_are_alike_by_phone_by_name_and_company_and_by_a_slip_in_it(ada):
    quill, other = (ada.post("/companies", {"name": name})["id"] for name in ("Quill", "Other"))
    ada.post("/people", {"name": "Élena Łań", "company_id": quill, "phone_numbers": phone("+351 21 123 4567")})
    ada.post("/people", {"name": "Elena Lan", "company_id": quill, "phone_numbers": phone("(351) 211234567")})
    ada.post("/people", {"name": "Jon Smith", "company_id": quill})
    ada.post("/people", {"name": "John Smith", "company_id": quill})
    ada.post("/people", {"name": "John Smith", "company_id": other, "phone_numbers": phone("112")})
    ada.post("/people", {"name": "Jane Brown", "company_id": other, "phone_numbers": phone("112")})
    assert groups(ada, "person") == [
        (["Élena Łań", "Elena Lan"], ["same_phone", "same_name_and_company"]), (["Jon Smith", "John Smith"], ["near_name"])
    ]  # fmt: skip
    (first, _) = automation(ada, "GET", "/duplicates?entity=person")["groups"]
    assert (first["score"], first["reasons"][0]["value"]) == (95, "351211234567")


def test_companies_are_alike_by_website_by_name_and_but_for_their_legal_form(ada):
    for name, website in (
        ("Costa Yachts Lda", None), ("Costa Yachts", None), ("Harbor", "https://www.harbor.example/"), ("Hbr", "harbor.example"),
        ("Unit 1", None), ("Unit 2", None), ("Solo", None),
    ):  # fmt: skip
        ada.post("/companies", {"name": name, "websites": [{"url": website, "category": "work"}] if website else []})
    assert groups(ada, "company") == [
        (["Harbor", "Hbr"], ["same_website"]), (["Costa Yachts Lda", "Costa Yachts"], ["near_name"])
    ]  # fmt: skip


def test_leads_are_alike_by_their_address(ada):
    for name in ("Iris", "Iris Fontaine"):
        ada.post("/leads", {"name": name, "email": {"email": "Iris@fontaine.example", "category": "work"}})
    assert groups(ada, "lead") == [(["Iris", "Iris Fontaine"], ["same_email"])]


def test_what_is_told_apart_is_no_duplicate_any_more_until_that_is_undone(cuprum, ada):
    ids = [ada.post("/companies", {"name": "Quill"})["id"] for _ in range(3)]
    body = {"entity": "company", "ids": ids[:2]}
    answer = ada.client.post("/automation/v1/duplicates/told_apart", json=body, headers=ada.headers)
    automation(ada, "POST", "/duplicates/told_apart", body)
    assert len(groups(ada, "company")[0][0]) == 3, "both are alike to the third"
    automation(cuprum.grace, "POST", "/duplicates/told_apart", {"entity": "company", "ids": ids})
    assert groups(ada, "company") == []
    undo(ada, answer.headers["X-Cuprum-Group"])
    assert groups(ada, "company") == [(["Quill", "Quill"], ["same_name"])]


def test_nobody_learns_of_a_duplicate_that_they_may_not_see(cuprum, ada):
    ids = [
        ada.post("/people", {"name": f"P{n}", "phone_numbers": phone("555 0199 22"), "assignee_id": ada.id})["id"] for n in "12"
    ]
    people = TABLES["person"]
    hide = update(people).where(people.c.id == ids[0]).values(visibility=3)
    cuprum.database.write_now(lambda connection: connection.execute(hide))
    assert groups(cuprum.mallory, "person") == []
    assert len(groups(ada, "person")) == 1
    automation(cuprum.mallory, "POST", "/duplicates/told_apart", {"entity": "person", "ids": ids}, status=404)


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"entity": "task", "ids": [1, 2]}, "Entity: must be one of person, company, lead"),
        ({"entity": "person", "ids": [1]}, "Ids: must name 2 to 20 records"),
        ({"entity": "person", "ids": [1, "x"]}, "Ids: "),
        ({"entity": "person", "ids": [1, 2], "why": 1}, "Unrecognized attributes specified: why"),
    ],
)
def test_what_cannot_be_told_apart_is_named(ada, body, rule):
    assert rule in automation(ada, "POST", "/duplicates/told_apart", body, status=422)["message"]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("jon", "john", True), ("jon", "jonathan", True), ("j.", "jon", True), ("maria", "mraia", True), ("maria", "marta", True),
     ("ana", "eva", False), ("maria", "mario", True), ("", "ana", False), ("ana", "ana", False), ("漢字", "漢", True)],
)  # fmt: skip
def test_a_slip_makes_names_near(one, other, near):
    assert is_near(one, other) is near
