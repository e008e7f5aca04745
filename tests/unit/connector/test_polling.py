"""Polling: nothing is missed and nothing is told twice, whatever moves while we read."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cuprum.connector import Copper
from cuprum.connector.polling.census import deleted
from cuprum.connector.polling.diff import Shadow, compare, is_metadata_only
from cuprum.connector.polling.event import Event
from cuprum.connector.polling.feed import feed_query, read_feed
from cuprum.connector.polling.sweep import advance, begin
from standin import StandIn

Between = Callable[[int], None]


def nothing(_: int) -> None:
    return None


class Watcher:
    """What a poller keeps: the cursor, the shadows and every event it told, once each."""

    def __init__(self, entity: str, since: int = 0) -> None:
        self.entity, self.since = entity, since
        self.cursor: int | None = None
        self.shadows: dict[int, Shadow] = {}
        self.told: dict[str, Event] = {}
        self.pages = 0

    def tick(
        self, copper: Copper, between: Between = nothing, *, size: int = 200, quiet: bool = False, overlap: int = 120
    ) -> list[Event]:
        """One sweep to its end; `between` happens after each page was answered."""
        sweep, done, fresh = begin(self.entity, self.cursor, overlap), False, []
        while not done:
            page = copper.records_of(self.entity).search(sweep.criteria(size))
            self.pages += 1
            events, changed = compare(self.entity, page.rows, self.shadows, since=self.since, quiet=quiet)
            self.shadows |= changed
            fresh += [one for one in events if one.event_id not in self.told]
            self.told |= {one.event_id: one for one in events}
            sweep, done = advance(sweep, page.rows, page.total)
            between(self.pages)
        self.cursor = sweep.cursor
        return fresh


def fill(standin: StandIn, entity: str, count: int, second: int) -> list[int]:
    """Records put straight into the stand-in's memory, all in one second."""
    table = standin.state.records[entity]
    made = []
    for _ in range(count):
        number = standin.state.new_id()
        table[number] = plain(entity, number, second)
        made.append(number)
    return made


def plain(entity: str, number: int, second: int) -> dict[str, Any]:
    from standin.contract import ENTITIES

    record = {key: list(value) if isinstance(value, list) else value for key, value in ENTITIES[entity].defaults.items()}
    return record | {
        "id": number, "name": f"{entity} {number}", "custom_fields": {}, "date_created": second, "date_modified": second,
    }  # fmt: skip


def edit(standin: StandIn, entity: str, number: int, second: int, **changes: Any) -> None:
    standin.state.records[entity][number].update(changes, date_modified=second)


def test_five_hundred_edits_in_one_second_while_paging_at_two_hundred_are_all_seen(standin: StandIn, copper: Copper):
    ids = fill(standin, "person", 700, 1_000)
    watcher = Watcher("person", since=2_000)
    watcher.tick(copper, quiet=True)
    for number in ids[:500]:
        edit(standin, "person", number, 5_000, title="Boss")
    told = watcher.tick(copper)
    assert sorted(one.record_id for one in told) == ids[:500]
    assert {(one.kind, one.changed, one.previous["title"]) for one in told} == {("updated", ("title",), None)}
    assert watcher.tick(copper) == []


def test_rows_edited_while_a_crowded_second_is_read_are_not_skipped(standin: StandIn, copper: Copper):
    ids = fill(standin, "person", 600, 5_000)

    def somebody_edits(page: int) -> None:
        # Rows of the first page leave the second, so that the later ones move up.
        for number in ids[(page - 1) * 30 : page * 30]:
            edit(standin, "person", number, 6_000 + page, title=f"Edit {page}")

    watcher = Watcher("person")
    told = watcher.tick(copper, somebody_edits)
    told += watcher.tick(copper)
    assert {one.record_id for one in told} == set(ids)
    last = {one.record_id: one.record for one in told}
    assert {number: last[number]["title"] for number in ids} == {  # type: ignore[index]
        number: standin.state.records["person"][number]["title"] for number in ids
    }


def test_rows_edited_between_pages_are_met_again_with_their_last_state(standin: StandIn, copper: Copper):
    ids = [fill(standin, "person", 1, 1_000 + n)[0] for n in range(450)]
    watcher = Watcher("person")

    def somebody_edits(page: int) -> None:
        if page <= 2:
            for number in ids[:50]:
                edit(standin, "person", number, 9_000 + page, title=f"Edit {page}")

    watcher.tick(copper, somebody_edits)
    assert set(watcher.shadows) == set(ids)
    assert {watcher.shadows[number].body["title"] for number in ids[:50]} == {"Edit 2"}


@pytest.mark.parametrize(
    "quirk", [{"string_numbers": True}, {"short_pages": 7}, {"no_total": True}, {"short_pages": 7, "no_total": True}]
)
def test_odd_answers_lose_nothing(quirk: dict[str, Any], standin: StandIn, copper: Copper):
    ids = fill(standin, "person", 130, 1_000) + fill(standin, "person", 130, 1_001)
    vars(standin.quirks).update(quirk)
    watcher = Watcher("person")
    assert sorted(one.record_id for one in watcher.tick(copper, size=50)) == ids
    assert watcher.tick(copper, size=50) == []


def test_numbers_that_turn_into_strings_are_no_change(standin: StandIn, copper: Copper):
    fill(standin, "opportunity", 3, 1_000)
    watcher = Watcher("opportunity", since=2_000)
    watcher.tick(copper, quiet=True)
    standin.quirks.string_numbers = True
    assert watcher.tick(copper) == []


def test_the_first_run_remembers_and_tells_no_history(standin: StandIn, copper: Copper):
    fill(standin, "lead", 5, 1_000)
    watcher = Watcher("lead", since=2_000)
    assert watcher.tick(copper, quiet=True) == []
    (number,) = fill(standin, "lead", 1, 3_000)
    assert [(one.record_id, one.kind) for one in watcher.tick(copper)] == [(number, "created")]


def test_a_record_that_came_into_view_is_no_creation(standin: StandIn, copper: Copper):
    watcher = Watcher("lead", since=2_000)
    watcher.tick(copper, quiet=True)
    (number,) = fill(standin, "lead", 1, 1_990)
    edit(standin, "lead", number, 2_500, title="Now visible")
    assert [(one.kind, one.previous) for one in watcher.tick(copper)] == [("updated", {})]


def test_a_row_that_comes_late_with_an_earlier_second_is_seen_through_the_overlap(standin: StandIn, copper: Copper):
    fill(standin, "task", 2, 5_000)
    watcher = Watcher("task")
    watcher.tick(copper)
    (late,) = fill(standin, "task", 1, 4_990)
    assert [one.record_id for one in watcher.tick(copper)] == [late]


def test_two_edits_in_one_second_that_are_both_seen_are_two_events(standin: StandIn, copper: Copper):
    (number,) = fill(standin, "person", 1, 1_000)
    watcher = Watcher("person", since=2_000)
    watcher.tick(copper, quiet=True)
    edit(standin, "person", number, 5_000, title="One")
    edit_one = watcher.tick(copper)
    edit(standin, "person", number, 5_000, title="Two")
    edit_two = watcher.tick(copper)
    assert [(one.previous, one.record["title"]) for one in (*edit_one, *edit_two)] == [  # type: ignore[index]
        ({"title": None}, "One"),
        ({"title": "One"}, "Two"),
    ]


def test_counters_and_last_contact_are_metadata(standin: StandIn, copper: Copper):
    (number,) = fill(standin, "person", 1, 1_000)
    watcher = Watcher("person", since=2_000)
    watcher.tick(copper, quiet=True)
    edit(standin, "person", number, 5_000, interaction_count=3, date_last_contacted=4_999)
    (touched,) = watcher.tick(copper)
    assert touched.is_metadata_only
    edit(standin, "person", number, 5_001, interaction_count=4, title="Boss")
    (edited,) = watcher.tick(copper)
    assert (edited.is_metadata_only, edited.changed) == (False, ("interaction_count", "title"))


def test_a_custom_value_is_named_by_its_definition_with_its_former_value(standin: StandIn, copper: Copper):
    field = copper.custom_field_definitions.create(name="Score", data_type="Float", available_on=["person"])
    person = copper.people.create(name="Ada", custom_fields=[{"custom_field_definition_id": field["id"], "value": 1}])
    watcher = Watcher("person", since=2**31)
    watcher.tick(copper, quiet=True)
    copper.people.update(person["id"], custom_fields=[{"custom_field_definition_id": field["id"], "value": 2}])
    (event,) = watcher.tick(copper)
    name = f"custom_fields.{field['id']}"
    assert (event.changed, event.previous) == ((name,), {name: 1.0})


def test_a_converted_lead_is_still_seen(standin: StandIn, copper: Copper):
    number = copper.leads.create(name="Ada")["id"]
    watcher = Watcher("lead", since=2**31)
    watcher.tick(copper, quiet=True)
    copper.leads.convert(number)
    (event,) = watcher.tick(copper)
    assert "converted_at" in event.changed


def test_activities_are_swept_by_page_for_they_know_no_order(standin: StandIn, copper: Copper):
    person = copper.people.create(name="Ada")
    parent, note = {"type": "person", "id": person["id"]}, {"category": "user", "id": 0}
    ids = [copper.activities.create(parent=parent, type=note, details=f"{n}", activity_date=1_000 + n)["id"] for n in range(45)]
    watcher = Watcher("activity")
    assert sorted(one.record_id for one in watcher.tick(copper, size=10)) == ids
    copper.activities.update(ids[-1], details="changed")
    (event,) = watcher.tick(copper, size=10)
    assert event.previous["details"] == "44"


def test_the_census_finds_what_is_gone_once_and_tells_the_last_body(standin: StandIn, copper: Copper):
    ids = fill(standin, "company", 30, 1_000)
    watcher = Watcher("company")
    watcher.tick(copper)
    copper.companies.delete(ids[3])
    seen = [one["id"] for one in copper.companies.each(page_size=10, sort_by="date_created")]
    assert set(watcher.shadows) - set(seen) == {ids[3]}
    event = deleted("company", ids[3], watcher.shadows, at=9_000)
    assert event.record
    assert event.record["name"] == f"company {ids[3]}"
    again = deleted("company", ids[3], watcher.shadows, at=9_999)
    assert event.event_id == again.event_id


def test_a_server_that_repeats_one_page_for_ever_ends_the_sweep():
    rows = [{"id": n, "date_modified": 5, "date_created": 5} for n in range(200)]
    sweep, done, pages = begin("person", None), False, 0
    while not done and pages < 1_000:
        sweep, done = advance(sweep, rows if sweep.since <= 5 else [], None)
        pages += 1
    assert done


def test_a_poll_costs_one_request_when_nothing_happens(standin: StandIn, copper: Copper):
    fill(standin, "person", 150, 1_000)
    watcher = Watcher("person")
    watcher.tick(copper)
    before = len(standin.seen)
    for _ in range(3):
        watcher.tick(copper)
    assert len(standin.seen) - before == 3


def test_the_requests_of_a_sweep_are_the_contracts(standin: StandIn, copper: Copper):
    fill(standin, "person", 25, 5_000)
    Watcher("person").tick(copper, size=10)
    first, second = standin.seen[0].json, standin.seen[1].json
    assert first == {
        "minimum_modified_date": 0, "page_size": 10, "page_number": 1, "sort_by": "date_modified", "sort_direction": "asc",
    }  # fmt: skip
    assert second == first | {"minimum_modified_date": 5_000}
    assert standin.seen[2].json == second | {"maximum_modified_date": 5_000}


def changed(uid: str, kind: str, record: dict[str, Any], **previous: Any) -> dict[str, Any]:
    """A change as the server tells it."""
    return {
        "cursor": uid, "uid": uid, "group": "g", "at": 10, "actor": {"id": 1, "name": "Ada"}, "entity": "person", "id": 1,
        "kind": kind, "record": {"id": 1, **record}, "changed": list(previous), "previous": previous,
    }  # fmt: skip


def test_a_change_feed_gives_exact_events():
    field = {"custom_field_definition_id": 9}
    answer = {
        "cursor": "c2",
        "more": False,
        "changes": [
            changed("u1", "new", {"name": "Ada"}),
            changed(
                "u2", "update", {"name": "Bea", "custom_fields": [{**field, "value": 2}]},
                name="Ada", custom_fields=[{**field, "value": 1}],
            ),
            changed("u3", "share", {"name": "Bea"}),
            changed("u4", "delete", {"name": "Bea"}),
        ],
    }  # fmt: skip
    page = read_feed(answer)
    assert [(one.kind, one.changed) for one in page.events] == [
        ("created", ()),
        ("updated", ("custom_fields.9", "name")),
        ("deleted", ()),
    ]
    assert page.events[1].previous == {"name": "Ada", "custom_fields.9": 1}
    assert (page.cursor, page.more) == ("c2", False)
    assert read_feed(answer).events == page.events
    assert len({one.event_id for one in page.events}) == 3
    assert feed_query("c2", "person", wait_seconds=10) == {"after": "c2", "entity": "person", "limit": "500", "wait": "10"}


def test_the_status_of_a_project_is_its_own_and_that_of_a_lead_follows_another_field():
    assert not is_metadata_only("project", ["status"])
    assert is_metadata_only("lead", ["status", "interaction_count"])


class Table:
    """A server in memory that answers a sweep's criteria as the contract says."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[str, Any]] = {}

    def page(self, asked: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
        low, high = asked["minimum_modified_date"], asked.get("maximum_modified_date", 2**40)
        fitting = sorted(
            (row for row in self.rows.values() if low <= row["date_modified"] <= high),
            key=lambda row: (row["date_modified"], row["id"]),
        )
        start = (asked["page_number"] - 1) * asked["page_size"]
        return [dict(row) for row in fitting[start : start + asked["page_size"]]], len(fitting)


# How long an example takes says nothing of what is asked here.
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(st.lists(st.tuples(st.integers(1, 25), st.integers(0, 2)), max_size=12), min_size=1, max_size=12),
    size=st.integers(1, 6),
)
def test_whatever_is_edited_between_any_two_pages_the_last_state_is_told(steps: list[list[tuple[int, int]]], size: int):
    """Each step is a page; before it some records are made or edited, up to two seconds later than the last edit."""
    table, now, told, shadows, cursor = Table(), 1_000, {}, {}, None
    pending = list(steps)
    for tick in range(len(steps) + 1):
        sweep, done = begin("person", cursor, overlap_seconds=10), False
        while not done:
            for number, later in pending.pop(0) if pending else ():
                now += later
                known = table.rows.get(number, {"id": number, "date_created": now, "edits": 0})
                table.rows[number] = {**known, "date_modified": now, "edits": known["edits"] + 1}
            rows, total = table.page(sweep.criteria(size))
            events, changed = compare("person", rows, shadows, since=0)
            shadows |= changed
            told |= {one.event_id: one for one in events}
            sweep, done = advance(sweep, rows, total)
        cursor = sweep.cursor
        if not pending and tick > 0:
            break
    last = {number: max(one.record["edits"] for one in told.values() if one.record_id == number) for number in table.rows}
    assert last == {number: row["edits"] for number, row in table.rows.items()}
