"""Reports: figures of what one may see, each with the search that opens exactly its rows."""

from __future__ import annotations

import csv
import io
import time
from datetime import date

import pytest
from sqlalchemy import update

from automation import automation, group_of, undo
from cuprum.kit.csv_text import csv_text
from cuprum.records import write
from cuprum.records.reports.asked import days_of
from cuprum.storage.tables import TABLES

WINTER = "period=custom&from=2026-01-01&to=2026-03-31"


def report(person, name, query=WINTER):
    return automation(person, "GET", f"/reports/{name}?{query}")


def deal(person, name, **values):
    return person.post("/opportunities", {"name": name, "close_date": "02/10/2026", "monetary_value": 100, **values})


def opened(person, figure):
    """The names that a figure's search finds."""
    return sorted(one["name"] for one in person.post("/opportunities/search", {"page_size": 200, **figure["search"]}))


@pytest.fixture
def sales(cuprum, ada):
    deal(ada, "January", close_date="01/01/2026", status="Won", assignee_id=ada.id)
    deal(ada, "March", close_date="03/31/2026", status="Won", assignee_id=ada.id, monetary_value=0.55)
    deal(ada, "Yen", status="Won", assignee_id=ada.id, monetary_unit="JPY")
    deal(ada, "Nobody's", status="Won")
    deal(ada, "April", close_date="04/01/2026", status="Won", assignee_id=ada.id)
    deal(ada, "Open", status="Open", assignee_id=cuprum.grace.id, win_probability=50)
    secret = deal(ada, "Secret", status="Won", assignee_id=cuprum.grace.id, monetary_value=7)
    records = TABLES["opportunity"]
    hide = update(records).where(records.c.id == secret["id"]).values(visibility=3)
    cuprum.database.write_now(lambda connection: connection.execute(hide))
    return cuprum


def test_sales_by_owner_sums_what_was_won_and_says_what_no_sum_holds(sales, ada):
    read = report(ada, "sales_by_owner")
    assert read["period"] == {
        "name": "custom", "first_day": "2026-01-01", "last_day": "2026-03-31", "time_zone": "Europe/Lisbon"
    }  # fmt: skip
    told = [(one["name"], one["count"], one["total"], one["without_exchange_rate"]) for one in read["rows"]]
    assert told == [("Ada", 3, 100.55, 1), (None, 1, 100.0, 0), ("Grace", 1, 7.0, 0)]
    assert (read["all"]["count"], read["all"]["total"], read["currency"]) == (5, 207.55, "EUR")
    assert opened(ada, read["rows"][0]) == ["January", "March", "Yen"]
    assert opened(ada, read["rows"][1]) == ["Nobody's"]
    assert len(opened(ada, read["all"])) == 5


def test_a_figure_holds_only_what_one_may_see(sales):
    read = report(sales.mallory, "sales_by_owner")
    assert [one["name"] for one in read["rows"]] == ["Ada", None]
    assert opened(sales.mallory, read["all"]) == ["January", "March", "Nobody's", "Yen"]


def test_reports_are_of_an_owner_or_of_nobody_and_of_a_pipeline(sales, ada):
    assert report(ada, "sales_by_owner", f"{WINTER}&owner_id={sales.grace.id}")["all"]["total"] == 7.0
    nobody = report(ada, "sales_by_owner", f"{WINTER}&owner_id=-2")["all"]
    assert (nobody["count"], opened(ada, nobody)) == (1, ["Nobody's"])
    pipeline = ada.get("/pipelines")[0]["id"]
    assert report(ada, "sales_by_owner", f"{WINTER}&pipeline_id={pipeline}")["all"]["count"] == 5


def test_the_forecast_has_every_month_and_says_what_lies_outside(sales, ada):
    deal(ada, "Undated", close_date=None)
    deal(ada, "Late", close_date="12/01/2025")
    read = report(ada, "forecast")
    assert [(one["month"], one["count"], one["total"], one["weighted"]) for one in read["rows"]] == [
        ("2026-01", 0, 0.0, 0.0), ("2026-02", 1, 100.0, 50.0), ("2026-03", 0, 0.0, 0.0)
    ]  # fmt: skip
    assert read["left_out"] == {"without_close_date": 1, "earlier": 1, "later": 0}
    assert opened(ada, read["rows"][1]) == ["Open"]
    assert opened(ada, read["rows"][0]) == []


def test_the_largest_values_at_full_chance_are_summed_exactly(ada):
    for name in ("One", "Two"):
        deal(ada, name, monetary_value=9_999_999_999_999.25, win_probability=100)
    (row,) = [one for one in report(ada, "forecast")["rows"] if one["count"]]
    assert row["total"] == row["weighted"] == 19_999_999_999_998.5
    stages = automation(ada, "GET", "/reports/open_opportunities_by_stage")
    assert stages[0]["weighted"] == 19_999_999_999_998.5
    assert opened(ada, stages[0]) == ["One", "Two"]


def test_losses_are_told_by_their_reason(ada):
    price, time_ = (one["id"] for one in ada.get("/loss_reasons")[:2])
    for number, reason in enumerate((price, price, time_, None)):
        deal(ada, f"Lost {number}", status="Lost", loss_reason_id=reason)
    deal(ada, "Won", status="Won")
    deal(ada, "Gone", status="Abandoned")
    read = report(ada, "won_and_lost")
    assert [(one["status"], one["loss_reason_id"], one["count"]) for one in read["rows"]] == [
        ("Won", None, 1), ("Lost", price, 2), ("Lost", None, 1), ("Lost", time_, 1), ("Abandoned", None, 1)
    ]  # fmt: skip
    assert opened(ada, read["rows"][1]) == ["Lost 0", "Lost 1"]
    without = next(one for one in read["rows"] if one["status"] == "Lost" and one["loss_reason_id"] is None)
    assert opened(ada, without) == ["Lost 3"]
    assert read["all"]["count"] == 6


def test_the_funnel_counts_who_entered_a_stage_and_who_went_on_without_what_was_undone(cuprum, ada):
    first, second, third = (one["id"] for one in ada.get("/pipelines")[0]["stages"][:3])
    moved, won, stays, back = (deal(ada, name)["id"] for name in ("Moved", "Won", "Stays", "Back"))
    ada.put(f"/opportunities/{moved}", {"pipeline_stage_id": second})
    ada.put(f"/opportunities/{moved}", {"pipeline_stage_id": first})
    ada.put(f"/opportunities/{won}", {"status": "Won"})
    undo(ada, group_of(ada, "PUT", f"/opportunities/{stays}", {"pipeline_stage_id": third}))
    ada.put(f"/opportunities/{back}", {"pipeline_stage_id": third})
    ada.put(f"/opportunities/{back}", {"pipeline_stage_id": second})
    rows = {one["pipeline_stage_id"]: one for one in report(ada, "stage_funnel", "period=last_30_days")["rows"]}
    figures = {stage: (rows[stage]["entered"], rows[stage]["went_on"]) for stage in (first, second, third)}
    assert figures == {first: (4, 3), second: (2, 0), third: (1, 0)}
    assert rows[first]["conversion"] == 75.0
    assert opened(ada, rows[first]) == ["Back", "Moved", "Stays", "Won"]
    assert opened(ada, {"search": rows[first]["search_went_on"]}) == ["Back", "Moved", "Won"]
    assert opened(ada, {"search": rows[second]["search_went_on"]}) == []
    hide = update(TABLES["opportunity"]).values(visibility=3)
    cuprum.database.write_now(lambda connection: connection.execute(hide))
    assert report(cuprum.mallory, "stage_funnel", "period=last_30_days")["rows"][0]["entered"] == 0


def test_a_table_opens_in_a_spreadsheet_without_running_anything(ada):
    sold = deal(ada, "Deal", status="Won", assignee_id=ada.id)
    answer = ada.client.get(f"/automation/v1/reports/sales_by_owner.csv?{WINTER}", headers=ada.headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answer.text))) == [
        ["owner_id", "name", "count", "total", "without_exchange_rate"], [str(sold["assignee_id"]), "Ada", "1", "100.0", "0"]
    ]  # fmt: skip
    cells = ["=1+1", "+351 22", "-1", "@x", "\t=1", " =1", 'a"b', "漢 ñ", -5, None]
    (row,) = csv.reader(io.StringIO(csv_text([], [cells])[2:]))
    assert row == ["'=1+1", "'+351 22", "-1", "'@x", "'\t=1", "' =1", 'a"b', "漢 ñ", "-5", ""]


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("period=tomorrow", "Period: must be one of this_month"),
        ("from=2026-02-30", "From: must be a day such as"),
        ("from=2026-02-02&to=2026-02-01", "To: must not be before from"),
        ("from=1999-02-02&to=2026-02-01", "To: must be within 20 years"),
        ("owner_id=99999", "Owner Id: there is no user 99999"),
        ("pipeline_id=%27", "Pipeline Id: there is no pipeline '"),
    ],
)
def test_what_is_no_period_owner_or_pipeline_is_named(ada, query, rule):
    read = automation(ada, "GET", f"/reports/forecast?{query}", status=422)
    assert rule in read["message"]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("this_month", "2026-11-01", "2026-11-30"),
        ("next_month", "2026-12-01", "2026-12-31"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("next_quarter", "2027-01-01", "2027-03-31"),
        ("last_year", "2025-01-01", "2025-12-31"),
        ("last_30_days", "2026-10-27", "2026-11-25"),
        ("next_12_months", "2026-11-01", "2027-10-31"),
        ("last_12_months", "2025-12-01", "2026-11-30"),
    ],
)
def test_named_periods_are_whole_days(period, first, last):
    assert days_of(period, date(2026, 11, 25)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_today_is_that_of_the_account_s_zone(cuprum, ada, monkeypatch):
    # Half an hour before midnight UTC of the last of June it is July in Lisbon.
    monkeypatch.setattr(time, "time", lambda: 1_782_862_200)
    assert report(ada, "forecast", "period=this_month")["period"]["first_day"] == "2026-07-01"


def test_a_funnel_figure_of_more_than_a_thousand_opens_its_rows(cuprum, ada):
    first, second = (one["id"] for one in ada.get("/pipelines")[0]["stages"][:2])

    def many(work):
        for number in range(1_010):
            record_id = write.create(work, "opportunity", {"name": f"Deal {number:04}", "primary_contact_id": contact})
            if number < 1_005:
                write.change(work, "opportunity", record_id, {"pipeline_stage_id": second})

    contact = ada.post("/people", {"name": "Iris"})["id"]
    cuprum.as_person("ada", many)
    rows = {one["pipeline_stage_id"]: one for one in report(ada, "stage_funnel", "period=last_30_days")["rows"]}
    assert (rows[first]["entered"], rows[first]["went_on"], rows[second]["entered"]) == (1_010, 1_005, 1_005)
    for search, total in (
        (rows[first]["search"], 1_010),
        (rows[first]["search_went_on"], 1_005),
        (rows[second]["search"], 1_005),
    ):
        answer = ada.call("POST", "/opportunities/search", {**search, "page_size": 1})
        assert answer.headers["X-PW-TOTAL"] == str(total)


@pytest.mark.parametrize("value", [[1], [1, 2], [1, 2, 3, 4], "x,1,2", [1, 2, -1], [1, None, 2], {"id": 1}])
def test_a_move_that_cannot_be_is_refused(ada, value):
    assert "Entered Stage: " in ada.refused("POST", "/opportunities/search", {"entered_stage": value})
