"""The sample data of an account: loaded beside what is there, removed without what somebody works with, brought back by undo."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from cuprum.kit.errors import Conflict, Forbidden
from cuprum.records.demo.samples import Loading
from cuprum.records.sample_stays import sample_group
from cuprum.records.undo import Undone, undo_part
from cuprum.storage.tables import TABLES
from installation import Installation

LONG = 5


def load(cuprum: Installation, who: str = "ada") -> str:
    loading = Loading()
    while not loading.is_done:
        cuprum.as_person(who, loading.part)
    return loading.group


def undo(cuprum: Installation, group: str) -> Undone:
    undone = Undone()
    while not undone.is_done:
        undone = cuprum.as_person("ada", partial(undo_part, group_id=group, so_far=undone))
    return undone


def counted(cuprum: Installation) -> dict[str, int]:
    def count(connection: Any) -> dict[str, int]:
        return {
            entity: connection.execute(select(func.count()).select_from(records).where(records.c.deleted_at.is_(None))).scalar()
            for entity, records in TABLES.items()
        }

    return cuprum.database.read_now(count)


def words(cuprum: Installation) -> dict[str, list[str]]:
    return {
        "pipelines": [one["name"] for one in cuprum.ada.get("/pipelines")],
        "fields": [one["name"] for one in cuprum.ada.get("/custom_field_definitions")],
    }


def one_named(cuprum: Installation, plural: str, name: str) -> dict[str, Any]:
    (found,) = cuprum.ada.post(f"/{plural}/search", {"name": name})
    return found


def test_it_is_loaded_once_removed_as_a_whole_and_undo_brings_it_back(cuprum: Installation) -> None:
    before, own_words = counted(cuprum), words(cuprum)
    group = load(cuprum)
    loaded = counted(cuprum)
    assert (loaded["person"], loaded["company"], loaded["opportunity"]) == (40, 12, 15)
    assert {"Sales", "Sales (sample)"} <= set(words(cuprum)["pipelines"])
    with pytest.raises(Conflict):
        cuprum.as_person("ada", Loading().part)
    undone = undo(cuprum, group)
    assert undone.conflicts == []
    assert counted(cuprum) == before
    assert words(cuprum) == own_words
    assert cuprum.as_person("ada", sample_group) is None
    assert undo(cuprum, undone.group).conflicts == []
    assert counted(cuprum) == loaded
    assert cuprum.as_person("ada", sample_group) == group


def test_its_days_are_told_from_today_and_nothing_of_it_is_to_come_but_tasks(cuprum: Installation) -> None:
    load(cuprum)
    for records in TABLES.values():
        made = cuprum.database.read_now(
            lambda connection, one=records: connection.execute(select(func.max(one.c.date_created))).scalar()
        )
        assert made <= time.time() + LONG
    open_tasks = [one for one in cuprum.ada.post("/tasks/search", {"page_size": 100}) if one["status"] == "Open"]
    assert any(one["due_date"] < time.time() for one in open_tasks)
    assert any(one["due_date"] > time.time() + 86_400 for one in open_tasks)


def test_what_somebody_made_stays_with_the_sample_records_it_hangs_on(cuprum: Installation) -> None:
    group = load(cuprum)
    tejo = one_named(cuprum, "companies", "Estaleiro do Tejo")
    elena = cuprum.ada.post("/people", {"name": "Elena Costa", "company_id": tejo["id"]})
    siv = one_named(cuprum, "people", "Siv Mjelde")
    cuprum.ada.put(f"/people/{siv['id']}", {"title": "Chief of purchasing"})
    deal = one_named(cuprum, "opportunities", "Varino refit")
    called = {"parent": {"type": "opportunity", "id": deal["id"]}, "type": {"category": "user", "id": 0}, "details": "Agreed"}
    cuprum.ada.post("/activities", called)
    undone = undo(cuprum, group)
    people = {one["name"]: one for one in cuprum.ada.post("/people/search", {"page_size": 100})}
    assert set(people) == {"Elena Costa", "Siv Mjelde", "Åse Hagen", "Joaquim Salgado"}
    assert people["Elena Costa"]["company_id"] == elena["company_id"] == tejo["id"]
    assert people["Siv Mjelde"]["title"] == "Chief of purchasing"
    assert people["Siv Mjelde"]["company_name"] == "Nordlys Båtbyggeri"
    (kept,) = cuprum.ada.post("/opportunities/search", {})
    assert {kept[name] == deal[name] for name in ("id", "pipeline_stage_id", "monetary_value", "company_id")} == {True}
    reasons = {(one["entity"], one["reason"]) for one in undone.conflicts}
    assert ("person", "was changed since, and stays") in reasons
    assert ("company", "has something of yours linked to it, and stays") in reasons
    assert ("pipeline", "is in use, and stays") in reasons
    notes = cuprum.ada.post("/activities/search", {"parent": {"type": "opportunity", "id": deal["id"]}})
    assert [one["details"] for one in notes if one["type"]["category"] == "user"] == ["Agreed"]
    assert undo(cuprum, undone.group).conflicts == []
    assert counted(cuprum)["person"] == 41


def test_it_is_loaded_again_beside_what_stayed(cuprum: Installation) -> None:
    group = load(cuprum)
    siv = one_named(cuprum, "people", "Siv Mjelde")
    cuprum.ada.put(f"/people/{siv['id']}", {"title": "Chief of purchasing"})
    undo(cuprum, group)
    again = load(cuprum)
    assert len(cuprum.ada.post("/people/search", {"name": "Siv Mjelde"})) == 2
    undo(cuprum, again)
    assert one_named(cuprum, "people", "Siv Mjelde")["id"] == siv["id"]


def test_members_do_not_load_it(cuprum: Installation) -> None:
    with pytest.raises(Forbidden, match="admin"):
        cuprum.as_person("grace", Loading().part)
    assert counted(cuprum)["person"] == 0
