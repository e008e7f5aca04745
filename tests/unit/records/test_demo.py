"""The demo account: a whole story, told through the same rules as everybody's records, and undone like them."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from cuprum.records.demo import OWNER, demo_account, demo_login
from cuprum.records.demo.tale import LABEL
from cuprum.storage.database import Database
from cuprum.storage.event_tables import change, change_group
from cuprum.storage.migrate import migrate
from cuprum.storage.tables import TABLES
from homes import Home


@pytest.fixture
def demo(home: Home):
    migrate(home.settings)
    database = Database(home.settings)
    demo_account(database)
    yield database
    database.close()


def all_of(database: Database, entity: str) -> list[Any]:
    records = TABLES[entity]
    living = select(records).where(records.c.deleted_at.is_(None)).order_by(records.c.id)
    return database.read_now(lambda connection: list(connection.execute(living)))


def test_it_has_the_cast_and_the_figures_of_the_story(demo: Database) -> None:
    counted = {entity: len(all_of(demo, entity)) for entity in TABLES}
    assert counted["person"] == 40
    assert counted["company"] == 12
    assert counted["opportunity"] == 15
    assert min(counted[entity] for entity in ("lead", "project", "task", "activity")) >= 4


def test_it_is_opened_once_and_its_key_stays(demo: Database) -> None:
    login = demo.read_now(demo_login, demo.settings)
    assert login
    assert login.email == OWNER
    assert login.key
    assert login.password
    demo_account(demo)
    assert demo.read_now(demo_login, demo.settings) == login
    assert len(all_of(demo, "company")) == 12


def test_its_days_are_told_from_today(demo: Database) -> None:
    now = time.time()
    for entity in TABLES:
        assert all(one.date_created <= now for one in all_of(demo, entity)), entity
    tasks = [one for one in all_of(demo, "task") if one.completed_date is None]
    day = 86_400
    assert any(one.due_date < now - day / 2 for one in tasks), "nothing is overdue"
    assert any(abs(one.due_date - now) <= day for one in tasks), "nothing is due today"
    assert any(one.due_date > now + day for one in tasks), "nothing is still to come"


def test_told_late_in_the_evening_what_is_due_today_is_still_ahead(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    evening = int(datetime.now(ZoneInfo("Europe/Lisbon")).replace(hour=22, minute=40).timestamp())
    monkeypatch.setattr("cuprum.records.demo.now", lambda: evening)
    migrate(home.settings)
    with closing(Database(home.settings)) as database:
        demo_account(database)
        today = [one for one in all_of(database, "task") if abs(one.due_date - evening) < 80 * 60]
    assert len(today) == 4
    assert all(one.due_date > evening for one in today)


def test_its_opportunities_moved_through_the_stages_and_one_is_silent_too_long(demo: Database) -> None:
    opportunities = all_of(demo, "opportunity")
    assert Counter(one.status for one in opportunities) == {0: 11, 1: 2, 2: 2}
    assert all(one.loss_reason_id for one in opportunities if one.status == 2)
    silent = [one for one in opportunities if one.status == 0 and (one.date_last_contacted or 0) < time.time() - 14 * 86_400]
    assert silent
    assert len({one.pipeline_stage_id for one in opportunities if one.status == 0}) == 4
    moved = [one for one in all_of(demo, "activity") if one.type_category == "system"]
    assert len(moved) > 20


def test_names_of_many_scripts_are_found_by_their_letters(demo: Database) -> None:
    names = " ".join(one.name for entity in ("person", "company", "lead") for one in all_of(demo, entity))
    for script in ("佐藤", "Γιώργος", "Олена", "عمر", "王"):
        assert script in names


def test_the_sample_data_is_one_group_and_undoing_it_leaves_the_house_empty(demo: Database, home: Home) -> None:
    labelled = select(change_group.c.id).where(change_group.c.label == LABEL)
    groups = demo.read_now(lambda connection: list(connection.execute(labelled).scalars()))
    assert len(groups) == 1
    home.ok("undo", groups[0])
    assert {entity: len(all_of(demo, entity)) for entity in TABLES} == dict.fromkeys(TABLES, 0)
    # The words and the people of the house stay, and the log knows both.
    assert "ana@harbour.example" in home.ok("user", "list")
    kinds = demo.read_now(lambda connection: Counter(connection.execute(select(change.c.kind)).scalars()))
    assert kinds["new"] > 150
    assert "WRONG" not in home.ok("doctor")
