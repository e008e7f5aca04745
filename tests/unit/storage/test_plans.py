"""How SQLite goes about what must not take longer the more records there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cuprum.entities import Person
from cuprum.records import write
from cuprum.records.search import search
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import RECORD_LOOKUPS
from cuprum.storage.lookups import remove_lookups
from installation import Installation, Template
from plans import plan_of, sent

pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True)

EVERYTHING: dict[str, Any] = {
    "name": "Ada Quill",
    "emails": [{"email": "ada@quill.example", "category": "work"}],
    "phone_numbers": [{"number": "+351 91 000", "category": "work"}],
    "websites": [{"url": "https://quill.example", "category": "work"}],
    "address": {"street": "Rua 1", "city": "Porto", "state": None, "postal_code": "4000", "country": "PT"},
    "tags": ["vip"],
}


def plans(cuprum: Installation, act: Callable[[Work], Any], begins: str) -> dict[str, str]:
    """The statements of `act` that begin so, each with the steps that SQLite takes for it."""

    def told(work: Work) -> dict[str, str]:
        with sent() as statements:
            act(work)
        return {one[0]: plan_of(work.connection, one) for one in statements if one[0].startswith(begins)}

    found: dict[str, str] = cuprum.as_person("ada", told)
    return found


def test_what_is_derived_from_a_record_is_found_by_the_record(template: Template, tmp_path: Path):
    def changed_and_removed(work: Work) -> None:
        write.change(work, "person", record_id, {**EVERYTHING, "name": "Ada Byron"})
        remove_lookups(work.connection, Person, [record_id, record_id + 1])

    with template.copy(tmp_path / "home") as cuprum:
        record_id = cuprum.ada.post("/people", EVERYTHING)["id"]
        found = plans(cuprum, changed_and_removed, "DELETE FROM")
    assert {one.name for one in RECORD_LOOKUPS} <= {statement.split()[2] for statement in found}
    assert {statement: plan for statement, plan in found.items() if "record_id=?" not in plan} == {}


@pytest.mark.parametrize("bound", ["minimum_created_date", "minimum_modified_date"])
@pytest.mark.parametrize("sort_by", ["name", "date_created"])
def test_a_few_new_ones_are_found_by_their_date_whatever_the_order(template: Template, tmp_path: Path, bound: str, sort_by: str):
    with template.copy(tmp_path / "home") as cuprum:
        cuprum.ada.post("/people", EVERYTHING)
        asked = {bound: 1, "sort_by": sort_by}
        found = plans(cuprum, lambda work: search(work, "person", asked, {}), "SELECT person.id")
    (plan,) = found.values()
    assert "SCAN" not in plan, plan
