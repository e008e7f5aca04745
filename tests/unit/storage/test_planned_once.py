"""SQLite plans a statement when it first meets it: what is asked again and again is not planned anew for each value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cuprum.records.read import person_by_email
from cuprum.records.search import search
from cuprum.records.work import Work
from installation import Template

PEOPLE = 6


def found_by_email(work: Work, number: int) -> Any:
    return person_by_email(work, f"{number}@quill.example")


def a_page(work: Work, number: int) -> Any:
    return search(work, "person", {"assignee_ids": [1 + number % 2], "page_size": 2, "page_number": 1 + number % 3}, {})


def a_page_by_tag(work: Work, number: int) -> Any:
    return search(work, "person", {"tags": [f"tag {number}"], "page_size": 2, "sort_by": "name"}, {})


def a_page_by_name(work: Work, number: int) -> Any:
    return search(work, "person", {"name": f"quill {number}", "page_size": 2}, {})


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["ada", "mallory"])
@pytest.mark.parametrize("ask", [found_by_email, a_page, a_page_by_tag, a_page_by_name])
def test_what_differs_in_its_values_alone_is_planned_once(
    template: Template, tmp_path: Path, ask: Callable[[Work, int], Any], name: str
):
    with template.copy(tmp_path / "home") as cuprum:
        for number in range(PEOPLE):
            person = {"name": f"Quill {number}", "assignee_id": 1 + number % 2, "tags": [f"tag {number}"]}
            cuprum.ada.post("/people", person | {"emails": [{"email": f"{number}@quill.example", "category": "work"}]})

        def asked(work: Work) -> tuple[int, int]:
            planned, driver = 0, work.connection.connection.driver_connection

            def plans(*said: Any) -> int:
                nonlocal planned
                planned += 1
                return 0

            # SQLite asks it about each table and column of what it plans.
            driver.set_authorizer(plans)
            ask(work, 0)
            first = planned
            for number in range(1, PEOPLE):
                ask(work, number)
            driver.set_authorizer(None)
            return first, planned - first

        first, later = cuprum.as_person(name, asked)
    assert first > 0
    assert later == 0
