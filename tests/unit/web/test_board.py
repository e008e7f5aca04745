"""The board of a pipeline, without script: read by its columns, moved by forms."""

from __future__ import annotations

import html
import re

import pytest

from automation import share
from oauth import Browser

BOARD = "/opportunities/board"


@pytest.fixture
def stages(ada) -> list[dict]:
    """Of the first pipeline."""
    return ada.get("/pipelines")[0]["stages"]


@pytest.fixture
def deal(ada, stages) -> dict:
    company = ada.post("/companies", {"name": "Costa Yachts"})
    body = {"name": "Roof", "company_id": company["id"], "monetary_value": 1000, "pipeline_stage_id": stages[0]["id"]}
    return ada.post("/opportunities", body)


def column(browser: Browser, stage: dict, query: str = "") -> str:
    """What a reader of the page finds in a column."""
    page = browser.get(BOARD + query)
    assert page.status == 200, page.text
    section = re.search(rf'<section class="stage" id="stage-{stage["id"]}".*?</section>', page.text, re.S)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", section)).split())


def sent(browser: Browser, deal: dict, **fields: str) -> object:
    token = browser.get(f"/opportunities/{deal['id']}/move").fields["form_token"]
    return browser.post(f"/opportunities/{deal['id']}/move", {"form_token": token, "next": BOARD, **fields})


def test_a_card_says_what_one_looks_for(browser, ada, deal, stages):
    ada.post("/tasks", {"name": "Ring", "related_resource": {"type": "opportunity", "id": deal["id"]}})
    assert re.fullmatch(
        r"\S.* 1 \D*1,000 .* weighted Roof Costa Yachts \D*1,000 Here since today Ring .*Move… Roof", column(browser, stages[0])
    )
    assert "No open opportunities" in column(browser, stages[1])


def test_sums_are_those_of_the_cards_that_fit(browser, ada, deal, stages):
    ada.post("/opportunities", {"name": "Desk", "monetary_value": 500, "pipeline_stage_id": stages[0]["id"], "tags": ["oak"]})
    assert "1,500" in column(browser, stages[0])
    filtered = column(browser, stages[0], "?tags=oak")
    assert "500" in filtered
    assert "1,500" not in filtered
    assert "Roof" not in filtered
    assert 'href="/opportunities?tags=oak"' in browser.get(f"{BOARD}?tags=oak").text


def test_a_card_is_moved_and_the_move_taken_back(browser, ada, deal, stages):
    answer = sent(browser, deal, stage=str(stages[2]["id"]), was=str(stages[0]["id"]))
    assert answer.status == 303
    page = browser.get(answer.location)
    assert f"Roof moved to {stages[2]['name']}" in html.unescape(page.text)
    assert ada.get(f"/opportunities/{deal['id']}")["pipeline_stage_id"] == stages[2]["id"]
    undo = re.search(r'action="(/undo/[^"]+)"', page.text)[1]
    assert browser.post(undo, page.fields | {"next": BOARD}).status == 303
    assert "Roof" in column(browser, stages[0])


@pytest.mark.parametrize("status", ["Lost", "Abandoned"])
def test_what_is_lost_asks_why(browser, ada, deal, status):
    refused = sent(browser, deal, status=status)
    assert refused.status == 422
    assert "Choose why" in refused.text
    assert ada.get(f"/opportunities/{deal['id']}")["status"] == "Open"
    reason = ada.get("/loss_reasons")[0]
    assert reason["name"] in browser.get(f"/opportunities/{deal['id']}/move?to={status}").text
    assert sent(browser, deal, status=status, reason=str(reason["id"])).status == 303
    closed = ada.get(f"/opportunities/{deal['id']}")
    assert (closed["status"], closed["loss_reason_id"]) == (status, reason["id"])


def test_a_card_that_somebody_else_moved_stays_where_they_put_it(browser, ada, deal, stages):
    ada.put(f"/opportunities/{deal['id']}", {"pipeline_stage_id": stages[1]["id"]})
    refused = sent(browser, deal, stage=str(stages[2]["id"]), was=str(stages[0]["id"]))
    assert refused.status == 409
    assert f"moved Roof to {stages[1]['name']} meanwhile" in refused.text
    assert ada.get(f"/opportunities/{deal['id']}")["pipeline_stage_id"] == stages[1]["id"]


@pytest.mark.parametrize(
    "fields", [{}, {"stage": "x"}, {"stage": "999999"}, {"status": "Sold"}, {"status": "Lost", "reason": "99999"}]
)
def test_nonsense_is_refused_in_words(browser, ada, deal, fields):
    refused = sent(browser, deal, **fields)
    assert refused.status == 422
    assert 'class="trouble"' in refused.text
    assert ada.get(f"/opportunities/{deal['id']}")["status"] == "Open"


def test_a_long_column_leads_to_the_list(browser, ada, stages):
    for number in range(51):
        ada.post("/opportunities", {"name": f"Deal {number}", "pipeline_stage_id": stages[0]["id"]})
    found = column(browser, stages[0])
    assert found.count("Move…") == 50
    assert "All 51 in the list" in found


def test_mallory_sees_no_card_of_a_private_deal(browser_of, ada, deal, stages):
    ada.put(f"/opportunities/{deal['id']}", {"assignee_id": ada.id})
    share(ada, "opportunities", deal["id"], "only_me")
    mallory = browser_of("mallory")
    assert "Roof" not in column(mallory, stages[0])
    assert "1,000" not in column(mallory, stages[0])
    assert mallory.get(f"/opportunities/{deal['id']}/move").status == 404
    token = mallory.get("/home").fields["form_token"]
    body = {"form_token": token, "stage": str(stages[1]["id"])}
    assert mallory.post(f"/opportunities/{deal['id']}/move", body).status == 404


def test_the_board_opens_at_the_first_pipeline_on_which_something_is_open(browser, ada):
    first, other = ada.get("/pipelines")[:2]
    assert f"<h1>{first['name']}</h1>" in browser.get("/opportunities/board").text
    place = {"pipeline_id": other["id"], "pipeline_stage_id": other["stages"][0]["id"]}
    deal = ada.post("/opportunities", {"name": "Deck", **place})
    assert f"<h1>{other['name']}</h1>" in browser.get("/opportunities/board").text
    assert f"<h1>{first['name']}</h1>" in browser.get(f"/opportunities/board?pipeline_ids={first['id']}").text
    ada.put(f"/opportunities/{deal['id']}", {"status": "Abandoned"})
    assert f"<h1>{first['name']}</h1>" in browser.get("/opportunities/board").text
