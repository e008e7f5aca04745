"""Reports as pages: every figure opens exactly its rows, what no figure holds is said, and the address says what is shown."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from sqlalchemy import update

from automation import share
from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import user
from cuprum.web.pages.reports.charts import chart_of
from cuprum.web.shown import Shown

WINTER = "from=2026-01-01&to=2026-03-31"
NAMES = ("sales_by_owner", "forecast", "stage_funnel", "won_and_lost")


def deal(person, name, **values):
    return person.post("/opportunities", {"name": name, "close_date": "02/10/2026", "monetary_value": 100, **values})


@pytest.fixture
def sales(cuprum, ada):
    reason = ada.get("/loss_reasons")[0]["id"]
    deal(ada, "January", close_date="01/01/2026", status="Won", assignee_id=ada.id)
    deal(ada, "Yen", status="Won", assignee_id=ada.id, monetary_unit="JPY")
    deal(ada, "Nobody's", close_date="03/31/2026", status="Won")
    deal(ada, "April", close_date="04/01/2026", status="Won", assignee_id=ada.id)
    deal(ada, "Open", assignee_id=cuprum.grace.id, win_probability=50)
    deal(ada, "Later", close_date="05/01/2026")
    deal(ada, "Undated", close_date=None)
    deal(ada, "Lost", status="Lost", loss_reason_id=reason)
    deal(ada, "Given up", status="Abandoned")
    secret = deal(ada, "Secret", status="Won", assignee_id=ada.id, monetary_value=7)
    share(ada, "opportunities", secret["id"], "only_me")
    return cuprum


def listed(browser, address: str) -> set[str]:
    """The names on a list."""
    page = browser.get(address)
    assert page.status == 200
    return {html.unescape(name) for name in re.findall(r'<th scope="row"><a href="/opportunities/\d+"[^>]*>(.*?)</a>', page.text)}


def figures(page) -> list[tuple[str, str]]:
    """The address and the words of each figure that opens its rows."""
    return [
        (html.unescape(address), words) for address, words in re.findall(r'<a href="(/opportunities\?[^"]+)">([^<]+)</a>', page)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_count_opens_as_many_rows(sales, browser, name):
    asked = WINTER if name != "stage_funnel" else "period=last_30_days"
    page = browser.get(f"/reports/{name}?{asked}")
    assert page.status == 200
    counts = [(address, int(words)) for address, words in figures(page.text) if words.isdecimal()]
    assert len(counts) >= 2
    for address, count in counts:
        assert len(listed(browser, address)) == count, address


def test_sales_say_who_what_and_what_has_no_rate(sales, browser):
    page = browser.get(f"/reports/sales_by_owner?{WINTER}").text
    assert "Ada" in page
    assert "Nobody&#39;s" in page
    assert "€107" in page
    assert "1 in another currency</a>; counted, and in no sum" in page
    unrated = [address for address, words in figures(page) if words in ("1 without a rate", "1 in another currency")]
    assert [listed(browser, address) for address in unrated] == [{"Yen"}] * 3
    assert "1 Jan 2026 – 31 Mar 2026 · Europe/Lisbon" in page
    opened = {words: listed(browser, address) for address, words in figures(page)}
    assert opened["3"] == {"January", "Yen", "Secret"}


def test_a_figure_of_the_funnel_says_on_the_list_which_rows_these_are(sales, browser):
    page = browser.get("/reports/stage_funnel?period=custom&from=2026-01-01&to=2045-12-31").text
    address = next(address for address, words in figures(page) if "entered_stage" in address)
    assert "Qualified, 1 Jan 2026 – 31 Dec 2045" in browser.get(address).text


def test_nobody_counts_or_opens_what_they_may_not_see(sales, browser_of):
    page = browser_of("mallory").get(f"/reports/sales_by_owner?{WINTER}").text
    assert "€107" not in page
    opened = {words: listed(browser_of("mallory"), address) for address, words in figures(page)}
    assert opened["2"] == {"January", "Yen"}


def test_the_forecast_says_what_lies_outside_and_opens_it(sales, browser):
    page = browser.get(f"/reports/forecast?{WINTER}").text
    assert "weighted" in page
    outside = {words: listed(browser, address) for address, words in figures(page) if "later" in words}
    assert outside == {"1 that close later": {"Later"}}
    undated = [address for address, words in figures(page) if words == "1 without a close date"]
    assert [listed(browser, address) for address in undated] == [{"Undated"}]


def test_a_report_is_of_an_owner_and_a_pipeline(sales, browser, ada):
    pipeline = ada.get("/pipelines")[0]["id"]
    page = browser.get(f"/reports/won_and_lost?{WINTER}&owner_id=-2&pipeline_id={pipeline}")
    rows = {words: listed(browser, address) for address, words in figures(page.text)}
    assert rows["3"] == {"Nobody's", "Lost", "Given up"}
    assert "no reason given" not in page.text


def test_the_address_says_what_is_shown_and_no_more(sales, browser):
    assert browser.get("/reports").location == "/reports/sales_by_owner"
    went = browser.get(f"/reports/forecast?period=this_year&{WINTER}&owner_id=")
    assert (went.status, went.location) == (303, "/reports/forecast?period=this_year")
    tabs = browser.get("/reports/forecast?period=this_year&owner_id=-2").text
    assert 'href="/reports/won_and_lost?period=this_year&amp;owner_id=-2"' in tabs


@pytest.mark.parametrize(
    "query",
    ["period=yesterday", "from=2026-01-01", "from=2026-02-01&to=2026-01-01", "from=x%00&to=9999-99-99", "from=1000-01-01&to=9000-01-01",
     "owner_id=99999", "owner_id=999999999999999999999999", "pipeline_id=%ED%A0%80", "pipeline_id=-1"],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_under_the_filters(browser, query):
    for name in NAMES:
        page = browser.get(f"/reports/{name}?{query}")
        assert page.status == 422
        assert 'role="alert"' in page.text
        assert browser.get(f"/reports/{name}.csv?{query}").status == 422


def test_another_report_is_not_there(browser):
    for path in ("/reports/nothing", "/reports/nothing.csv", "/reports/__class__"):
        assert browser.get(path).status == 404


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_report_says_so(browser, name):
    page = browser.get(f"/reports/{name}")
    assert page.status == 200
    assert "empty-here" in page.text
    assert "<table" not in page.text


@pytest.mark.parametrize("name", NAMES)
def test_the_longest_period_is_shown(sales, browser, name):
    assert browser.get(f"/reports/{name}?from=2010-01-01&to=2030-12-31").status == 200


def test_a_table_is_kept_as_csv_that_runs_nothing(sales, browser):
    formula = sales.ada.post(
        "/opportunities", {"name": "x", "status": "Won", "close_date": "02/10/2026", "assignee_id": sales.grace.id}
    )
    assert formula["id"]
    sales.as_person("ada", lambda work: _rename(work, sales.grace.id, '=HYPERLINK("https://evil.example")'))
    kept = browser.get(f"/reports/sales_by_owner.csv?{WINTER}")
    assert kept.headers["content-type"] == "text/csv; charset=utf-8"
    assert kept.headers["content-disposition"] == 'attachment; filename="sales_by_owner-2026-01-01-2026-03-31.csv"'
    assert kept.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(kept.text)))
    assert {row["name"] for row in rows} == {"Ada", "", '\'=HYPERLINK("https://evil.example")'}


def _rename(work, user_id, name):
    work.execute(update(user).where(user.c.id == user_id).values(name=name))
    touch_vocabulary(work.connection)


def test_names_of_any_length_and_values_below_nothing_are_drawn(cuprum):
    shown = cuprum.as_person("ada", lambda work: Shown.of(work, "en-GB"))
    rows = [{"name": "漢" * 300, "total": -5.0}, *({"name": f"N{number}", "total": 10.0} for number in range(30))]
    chart = chart_of("sales_by_owner", rows, shown)
    assert len(chart.marks[0].label) < 40
    assert chart.marks[0].whole == 0
    assert chart.further == 6
