"""What a record has in the lookup tables is found by the record, however many others there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from cuprum.entities import Person
from cuprum.records import write
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import RECORD_LOOKUPS
from cuprum.storage.lookups import remove_lookups
from installation import Template

EVERYTHING: dict[str, Any] = {
    "name": "Ada Quill",
    "emails": [{"email": "ada@quill.example", "category": "work"}],
    "phone_numbers": [{"number": "+351 91 000", "category": "work"}],
    "websites": [{"url": "https://quill.example", "category": "work"}],
    "address": {"street": "Rua 1", "city": "Porto", "state": None, "postal_code": "4000", "country": "PT"},
    "tags": ["vip"],
}


@pytest.mark.parametrize("template", ["sqlite"], indirect=True)
def test_no_change_and_no_removal_walks_through_the_rows_of_other_records(template: Template, tmp_path: Path):
    def plans(work: Work) -> dict[str, str]:
        """How SQLite goes about each removal of lookup rows."""
        removals: list[tuple[str, Any]] = []

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.startswith("DELETE"):
                removals.append((statement, parameters))

        engine = work.connection.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            write.change(work, "person", record_id, {**EVERYTHING, "name": "Ada Byron"})
            remove_lookups(work.connection, Person, [record_id, record_id + 1])
        finally:
            event.remove(engine, "before_cursor_execute", note)
        driver: Any = work.connection.connection.driver_connection
        return {
            statement: "; ".join(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))
            for statement, parameters in removals
        }

    with template.copy(tmp_path / "home") as cuprum:
        record_id = cuprum.ada.post("/people", EVERYTHING)["id"]
        found = cuprum.as_person("ada", plans)
    told = "\n".join(f"{statement}: {plan}" for statement, plan in found.items())
    assert {table.name for table in RECORD_LOOKUPS if any(table.name in one for one in found)} == {t.name for t in RECORD_LOOKUPS}
    assert all("record_id=?" in plan for plan in found.values()), told
