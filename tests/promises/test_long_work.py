"""Work too long for one transaction: killed in the middle, it is finished by whoever comes next, and never twice."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

import pytest

import forked
from automation import automation, group_of, undo
from cuprum.api import caretaker
from cuprum.kit import pace
from cuprum.kit.errors import Refused
from cuprum.records import undo as undo_module
from cuprum.records.demo.samples import Loading, take_back_part
from cuprum.records.long_work import DEACTIVATION, MERGE, TAG, LongWork, deletion
from cuprum.records.recount import begin_recount
from cuprum.records.unfinished import left
from installation import Installation, Person, Template
from patience import wait_until

PEOPLE = 30
# An undo in very short parts, whose process is killed in the third.
_KILLED = """
import os, signal
from cuprum.config import Settings
from cuprum.kit import pace
from cuprum.records import undo
from cuprum.storage.database import Database
pace.LONGEST_SECONDS, parts, real = 0.0, [], undo._replay
def replay(*arguments):
    real(*arguments)
    parts.append(1)
    if len(parts) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
undo._replay = replay
undo.undo_at_the_machine(Database(Settings(home={home!r}, database_url={url!r})), {group!r})
"""
# Somebody's work in very short parts; the process is killed after the third, with a fourth that is not committed.
_LEFT = """
import os, signal
from cuprum.config import Settings
from cuprum.kit import pace
from cuprum.records.demo.samples import Loading
from cuprum.records.long_work import LongWork, long_work_part
from cuprum.records.unfinished import work_left_by
from cuprum.storage.database import Database
pace.LONGEST_SECONDS, parts = 0.0, 0
database = Database(Settings(home={home!r}, database_url={url!r}))
loading, so_far = Loading(group="g-1"), {begun}
def part(connection):
    work = work_left_by(connection, {actor}, database.settings, ())
    going = loading.part(work) if so_far is None else long_work_part(work, "g-1", so_far)
    if parts == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return going
while True:
    so_far = database.write_now(part)
    parts += 1
"""


def large_group(ada: Person) -> tuple[str, int]:
    """The deletion of a company that many people work for, and the company."""
    company = ada.post("/companies", {"name": "Mill"})["id"]
    for first in range(0, PEOPLE, 10):
        people = [{"name": f"Iris {number}", "company_id": company} for number in range(first, first + 10)]
        ada.post("/people/bulk_create", {"people": people})
    return group_of(ada, "DELETE", f"/companies/{company}"), company


def employed(ada: Person, company: int) -> int:
    return len(ada.post("/people/search", {"company_ids": [company], "page_size": 200}))


def nothing_is_left(cuprum: Installation) -> bool:
    return not cuprum.database.read_now(left, int(time.time()) + 1)


def test_an_undo_killed_in_the_middle_is_finished_at_the_next_start(template: Template, tmp_path, monkeypatch):
    with template.stored_copy(tmp_path / "home") as settings:
        with template.serving(settings) as cuprum:
            group, company = large_group(cuprum.ada)
        program = _KILLED.format(home=str(settings.home), url=settings.database_url, group=group)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        ended = forked.run("-c", program, env=environment, timeout=120)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        # Where other servers may be at work, what was left is known by its age.
        monkeypatch.setattr(caretaker, "LEFT_AFTER_SECONDS", -1)
        with template.serving(settings) as cuprum:
            wait_until(lambda: nothing_is_left(cuprum))
            assert employed(cuprum.ada, company) == PEOPLE
            by = automation(cuprum.ada, "GET", f"/changes/{group}")["undone_by"]
            assert automation(cuprum.ada, "GET", f"/changes/{by}")["counts"] == {"restore": 1, "update": PEOPLE}
            undo(cuprum.ada, by)
            assert employed(cuprum.ada, company) == 0


def test_whoever_asks_again_goes_on_with_an_undo_that_was_left(cuprum: Installation, monkeypatch):
    ada = cuprum.ada
    group, company = large_group(ada)
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0.0)
    begun = cuprum.as_person("ada", lambda work: undo_module.undo_part(work, group, undo_module.Undone()))
    assert (begun.is_done, begun.count) == (False, 1)
    undone = undo(ada, group)
    assert (undone["undone"], undone["conflicts"], undone["group"]) == (PEOPLE + 1, [], begun.group)
    assert employed(ada, company) == PEOPLE
    assert nothing_is_left(cuprum)
    assert begun.group in automation(ada, "POST", f"/changes/{group}/undo", status=422)["message"]


def leave(settings: Any, actor: int, begun: LongWork | None) -> None:
    """Let somebody begin long work, or for None load the sample data, in a process that is killed on its way."""
    program = _LEFT.format(home=str(settings.home), url=settings.database_url, actor=actor, begun=repr(begun))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = forked.run("-c", program, env=environment, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def tagged(ada: Person, tag: str) -> int:
    return len(ada.post("/people/search", {"tags": [tag], "page_size": 200}))


def test_a_change_of_a_tag_killed_in_the_middle_is_finished_and_undone_as_one(template: Template, tmp_path, monkeypatch):
    with template.stored_copy(tmp_path / "home") as settings:
        with template.serving(settings) as cuprum:
            for first in range(0, PEOPLE, 10):
                people = [{"name": f"Iris {number}", "tags": ["oak"]} for number in range(first, first + 10)]
                cuprum.ada.post("/people/bulk_create", {"people": people})
            ada = cuprum.ada.id
        leave(settings, ada, LongWork(TAG, {"tag": "oak", "into": "ash"}, "Tag “oak” is “ash” now"))
        monkeypatch.setattr(caretaker, "LEFT_AFTER_SECONDS", -1)
        with template.serving(settings) as cuprum:
            wait_until(lambda: nothing_is_left(cuprum))
            assert (tagged(cuprum.ada, "oak"), tagged(cuprum.ada, "ash")) == (0, PEOPLE)
            assert automation(cuprum.ada, "GET", "/changes/g-1")["counts"] == {"update": PEOPLE}
            assert undo(cuprum.ada, "g-1")["undone"] == PEOPLE
            assert (tagged(cuprum.ada, "oak"), tagged(cuprum.ada, "ash")) == (PEOPLE, 0)


def test_a_user_whose_records_were_half_handed_over_is_deactivated_in_the_end(template: Template, tmp_path, monkeypatch):
    with template.stored_copy(tmp_path / "home") as settings:
        with template.serving(settings) as cuprum:
            grace, mallory, ada = cuprum.grace.id, cuprum.mallory.id, cuprum.ada.id
            for first in range(0, PEOPLE, 10):
                people = [{"name": f"Iris {number}", "assignee_id": mallory} for number in range(first, first + 10)]
                cuprum.ada.post("/people/bulk_create", {"people": people})
        leave(settings, ada, LongWork(DEACTIVATION, {"user_id": mallory, "heir": grace}, "Mallory deactivated"))
        monkeypatch.setattr(caretaker, "LEFT_AFTER_SECONDS", -1)
        with template.serving(settings) as cuprum:
            wait_until(lambda: nothing_is_left(cuprum))
            assert cuprum.mallory.call("GET", "/account").status_code == 401
            assert len(cuprum.ada.post("/people/search", {"assignee_ids": [grace], "page_size": 200})) == PEOPLE
            assert undo(cuprum.ada, "g-1")["conflicts"] == []
            assert len(cuprum.mallory.post("/people/search", {"assignee_ids": [mallory], "page_size": 200})) == PEOPLE


def test_sample_data_loaded_by_half_is_taken_back(template: Template, tmp_path, monkeypatch):
    with template.stored_copy(tmp_path / "home") as settings:
        with template.serving(settings) as cuprum:
            ada, before = cuprum.ada.id, cuprum.ada.get("/pipelines")
        leave(settings, ada, None)
        monkeypatch.setattr(caretaker, "LEFT_AFTER_SECONDS", -1)
        with template.serving(settings) as cuprum:
            wait_until(lambda: nothing_is_left(cuprum))
            assert cuprum.ada.get("/pipelines") == before
            assert cuprum.ada.post("/companies/search", {}) == []
            assert automation(cuprum.ada, "GET", "/changes/g-1")["undone_by"]


def test_a_deletion_killed_in_the_middle_is_finished_and_undone_as_one(template: Template, tmp_path, monkeypatch):
    with template.stored_copy(tmp_path / "home") as settings:
        with template.serving(settings) as cuprum:
            company = cuprum.ada.post("/companies", {"name": "Mill"})["id"]
            for first in range(0, PEOPLE, 10):
                people = [{"name": f"Iris {number}", "company_id": company} for number in range(first, first + 10)]
                cuprum.ada.post("/people/bulk_create", {"people": people})
        leave(settings, cuprum.ada.id, deletion("company", company, "Mill deleted"))
        monkeypatch.setattr(caretaker, "LEFT_AFTER_SECONDS", -1)
        with template.serving(settings) as cuprum:
            wait_until(lambda: nothing_is_left(cuprum))
            cuprum.ada.refused("GET", f"/companies/{company}", status=404)
            assert employed(cuprum.ada, company) == 0
            undo(cuprum.ada, "g-1")
            assert employed(cuprum.ada, company) == PEOPLE


def test_a_merge_killed_in_the_middle_is_finished_and_undone_as_one(template: Template, tmp_path, monkeypatch):
    with template.stored_copy(tmp_path / "home") as settings:
        with template.serving(settings) as cuprum:
            winner, loser = (cuprum.ada.post("/companies", {"name": name})["id"] for name in ("Mill", "The Mill"))
            for first in range(0, PEOPLE, 10):
                people = [{"name": f"Iris {number}", "company_id": loser} for number in range(first, first + 10)]
                cuprum.ada.post("/people/bulk_create", {"people": people})
        wish = {"entity": "company", "winner_id": winner, "loser_ids": [loser], "chosen": {}}
        leave(settings, cuprum.ada.id, LongWork(MERGE, wish, "The Mill merged into Mill"))
        monkeypatch.setattr(caretaker, "LEFT_AFTER_SECONDS", -1)
        with template.serving(settings) as cuprum:
            wait_until(lambda: nothing_is_left(cuprum))
            cuprum.ada.refused("GET", f"/companies/{loser}", status=404)
            assert employed(cuprum.ada, winner) == PEOPLE
            undo(cuprum.ada, "g-1")
            assert (employed(cuprum.ada, winner), employed(cuprum.ada, loser)) == (0, PEOPLE)


def test_who_loads_sample_data_that_was_taken_back_meanwhile_is_told(cuprum: Installation, monkeypatch):
    monkeypatch.setattr(pace, "LONGEST_SECONDS", 0.0)
    loading = Loading()
    cuprum.as_person("ada", loading.part)
    while not cuprum.as_person("ada", lambda work: take_back_part(work, loading.group)):
        pass
    with pytest.raises(Refused, match="Load it again"):
        cuprum.as_person("ada", loading.part)
    again = Loading()
    while not again.is_done:
        cuprum.as_person("ada", again.part)
    assert len(cuprum.ada.post("/companies/search", {})) == 12
    assert nothing_is_left(cuprum)


def test_a_recount_left_in_the_middle_is_finished_by_the_server(template: Template, tmp_path, monkeypatch):
    with template.stored_copy(tmp_path / "home") as settings:
        with template.serving(settings) as cuprum:
            ada = cuprum.ada
            call = next(one["id"] for one in ada.get("/activity_types")["user"] if one["name"] == "Phone Call")
            people = [ada.post("/people", {"name": f"Iris {number}"})["id"] for number in range(3)]
            for person in people:
                what = {"type": {"id": call, "category": "user"}, "parent": {"type": "person", "id": person}}
                ada.post("/activities", what | {"details": "Rang."})
            assert counts(ada) == [1, 1, 1]
            monkeypatch.setattr(pace, "LONGEST_SECONDS", 0.0)
            # A whole change whose process ends before the next part.
            monkeypatch.setattr(caretaker, "LOOKS_EVERY_SECONDS", 600)
            ada.put(f"/custom_activity_types/{call}", {"is_interaction": False})
            assert counts(ada) == [0, 1, 1]
        with template.serving(settings) as cuprum:
            wait_until(lambda: nothing_is_left(cuprum))
            assert counts(cuprum.ada) == [0, 0, 0]
            cuprum.as_person("ada", lambda work: begin_recount(work, call))
            assert counts(cuprum.ada) == [0, 0, 0]


def counts(ada: Person) -> list[int]:
    return [one["interaction_count"] for one in ada.post("/people/search", {"sort_by": "date_created"})]
