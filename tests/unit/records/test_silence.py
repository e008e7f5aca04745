"""An opportunity is silent when nothing has been heard of it for longer than its pipeline waits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from automation import share
from cuprum.kit import jsonio
from cuprum.records import read
from cuprum.records.silence import Sign, is_silent, last_signs
from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import pipeline
from cuprum.storage.tables import TABLES

DAY = 86_400


@pytest.fixture
def deal(cuprum, ada) -> dict:
    """Of a pipeline that waits for 14 days, with a contact; made 30 days ago."""
    contact = ada.post("/people", {"name": "Elena Costa", "assignee_id": ada.id})
    made = ada.post("/opportunities", {"name": "Roof", "primary_contact_id": contact["id"]})

    def age(work):
        old = work.now - 30 * DAY
        table = TABLES["opportunity"]
        work.execute(update(table).where(table.c.id == made["id"]).values(date_created=old, date_stage_changed=old))
        work.execute(update(pipeline).values(silent_after_days=14))
        touch_vocabulary(work.connection)

    cuprum.as_person("ada", age)
    return made


def judged(cuprum, deal_id: int, name: str = "ada", later: int = 0) -> tuple[Sign, int, bool]:
    def look(work):
        work = replace(work, now=work.now + later)
        plain = jsonio.decode(jsonio.encode(read.one(work, "opportunity", deal_id)))
        sign = last_signs(work, [plain])[deal_id]
        return sign, (work.now - sign.at) // DAY, is_silent(work, plain, sign)

    return cuprum.as_person(name, look)


def log(ada, entity: str, record_id: int, days_ago: int, now: int) -> None:
    kind = next(one for one in ada.get("/activity_types")["user"] if one["name"] == "Phone Call")
    parent = {"type": entity, "id": record_id}
    ada.post("/activities", {"parent": parent, "type": {"category": "user", "id": kind["id"]}, "details": "x",
                             "activity_date": now - days_ago * DAY})  # fmt: skip


def test_without_a_word_it_is_silent_since_it_was_created(cuprum, deal):
    sign, days, silent = judged(cuprum, deal["id"])
    assert (sign.what, days, silent) == ("created", 30, True)


def test_a_call_breaks_the_silence_and_so_does_one_with_the_contact(cuprum, ada, deal):
    now = cuprum.as_person("ada", lambda work: work.now)
    log(ada, "opportunity", deal["id"], 20, now)
    sign, days, silent = judged(cuprum, deal["id"])
    assert (sign.what, days, silent) == ("Phone Call", 20, True)
    log(ada, "person", deal["primary_contact_id"], 3, now)
    sign, days, silent = judged(cuprum, deal["id"])
    assert (sign.what, days, silent) == ("Phone Call with the contact", 3, False)


def test_what_is_planned_for_tomorrow_breaks_no_silence_yet(cuprum, ada, deal):
    log(ada, "opportunity", deal["id"], -1, cuprum.as_person("ada", lambda work: work.now))
    assert judged(cuprum, deal["id"])[2]


def test_a_new_stage_breaks_it(cuprum, ada, deal):
    stages = next(one for one in ada.get("/pipelines") if one["id"] == deal["pipeline_id"])["stages"]
    ada.put(f"/opportunities/{deal['id']}", {"pipeline_stage_id": stages[1]["id"]})
    sign, days, silent = judged(cuprum, deal["id"])
    assert (sign.what, days, silent) == ("moved to this stage", 0, False)
    assert judged(cuprum, deal["id"], later=14 * DAY)[2]


def test_what_is_won_is_never_silent(cuprum, ada, deal):
    ada.put(f"/opportunities/{deal['id']}", {"status": "Won"})
    assert not judged(cuprum, deal["id"])[2]


def test_a_call_with_a_contact_that_one_may_not_see_is_not_told(cuprum, ada, deal):
    log(ada, "person", deal["primary_contact_id"], 3, cuprum.as_person("ada", lambda work: work.now))
    share(ada, "people", deal["primary_contact_id"], "only_me")
    assert judged(cuprum, deal["id"], "mallory")[0].what == "created"
