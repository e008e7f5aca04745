"""Webhooks on the web: subscribed to, changed, deleted and back; deliveries looked at and sent again."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert

from automation import automation
from cuprum.storage.event_tables import delivery
from cuprum.web.pages.webhooks.reasons import in_words

LIST = "/settings/webhooks"
TARGET = "https://example.org/hook"


def ask(browser, path: str, page: str, **typed: str):
    return browser.post(path, {"form_token": browser.get(page).fields["form_token"], **typed})


def add(browser, **changes: str):
    return ask(
        browser,
        f"{LIST}/new",
        f"{LIST}/new",
        **({"target": TARGET, "type": "lead", "event": "new", "mode": "reliable"} | changes),
    )


def sent(cuprum, webhook_id: int, number: int, state: str) -> str:
    delivery_id = f"01a22240-0000-7000-8000-{number:012d}"
    row = {
        "id": delivery_id,
        "webhook_id": webhook_id,
        "at": 1_767_225_600,
        "body": '{"ids":[17],"note":"<b>"}',
        "state": state,
        "attempts": 3,
    }
    cuprum.database.write_now(lambda db: db.execute(insert(delivery).values(**row, last_status=503, last_reason="Busy <now>")))
    return delivery_id


def test_the_page_says_what_belongs_there(browser):
    assert "Tell other programs what happens" in browser.get(LIST).text


def test_a_reliable_one_shows_its_secret_once(cuprum, browser):
    made = add(browser, headers="Authorization: Bearer top", secret="key: hidden-word")
    assert made.status == 200
    secret = re.search(r"<code>(whsec_[^<]+)</code>", made.text)[1]
    [row] = automation(cuprum.ada, "GET", "/webhooks")
    assert row["headers"] == {"Authorization": "Bearer top"}
    assert row["secret"] == {"key": "hidden-word"}
    for path in (LIST, f"{LIST}/{row['id']}", f"{LIST}/{row['id']}/edit"):
        page = browser.get(path).text
        assert secret not in page
        assert "Bearer top" not in page
        assert "hidden-word" not in page


def test_an_edit_keeps_the_secrets_that_are_not_touched(cuprum, browser):
    add(browser, headers="X-One: 1", secret="key: word")
    [row] = automation(cuprum.ada, "GET", "/webhooks")
    page = f"{LIST}/{row['id']}/edit"
    fields = {"target": TARGET + "/2", "type": "person", "event": "delete", "mode": "reliable", "headers": "", "secret": ""}
    assert ask(browser, page, page, **fields).status == 303
    assert ask(browser, page, page, **fields, no_secret="1").status == 303
    [after] = automation(cuprum.ada, "GET", "/webhooks")
    assert (after["target"], after["type"], after["event"]) == (TARGET + "/2", "person", "delete")
    assert after["headers"] == {"X-One": "1"}
    assert after["secret"] is None


def test_a_target_that_is_refused_names_the_setting(browser):
    for target, words in (
        ("http://example.org", "CUPRUM_WEBHOOK_ALLOW_HTTP=1"),
        ("https://127.0.0.1/x", "CUPRUM_WEBHOOK_ALLOW_PRIVATE=1"),
    ):
        answer = add(browser, target=target)
        assert answer.status == 422
        assert words in re.search(r'id="target-problem"[^>]*>(.*?)</p>', answer.text)[1]
        assert "Invalid URI" not in answer.text
        assert f'value="{target}"' in answer.text


def test_nonsense_is_refused_under_its_field(cuprum, browser):
    for typed in ({"target": ""}, {"type": "king"}, {"event": "\0"}, {"mode": "x"}, {"headers": "no colon"}, {"headers": "Host: x"},
                  {"secret": "ids: 1"}, {"target": "x" * 5000}):  # fmt: skip
        answer = add(browser, **typed)
        assert answer.status == 422, typed
        assert 'class="problem"' in answer.text or 'class="trouble"' in answer.text
    assert automation(cuprum.ada, "GET", "/webhooks") == []


def test_deletion_can_be_taken_back(cuprum, browser):
    add(browser, mode="copper")
    [row] = automation(cuprum.ada, "GET", "/webhooks")
    gone = ask(browser, f"{LIST}/{row['id']}/delete", f"{LIST}/{row['id']}")
    assert gone.status == 303
    assert automation(cuprum.ada, "GET", "/webhooks") == []
    undo = re.search(r'action="(/undo/[^"]+)"', browser.get(gone.location).text)[1]
    assert ask(browser, undo, LIST, next=LIST).status == 303
    assert [one["id"] for one in automation(cuprum.ada, "GET", "/webhooks")] == [row["id"]]


def test_deliveries_are_looked_at_and_sent_again(cuprum, browser):
    add(browser)
    [row] = automation(cuprum.ada, "GET", "/webhooks")
    page = f"{LIST}/{row['id']}"
    first, second = sent(cuprum, row["id"], 1, "dead"), sent(cuprum, row["id"], 2, "dead")
    sent(cuprum, row["id"], 3, "delivered")
    text = browser.get(page).text
    assert "answered 503" in text
    assert "Busy &lt;now&gt;" in text
    assert "&lt;b&gt;" in text
    assert "2 not delivered" in browser.get(LIST).text
    assert browser.get(f"{page}?state=delivered").text.count('id="d-') == 1
    assert ask(browser, f"{page}/redeliver", page, delivery=first).status == 303
    states = {one["id"]: one["state"] for one in automation(cuprum.ada, "GET", f"/webhooks/{row['id']}/deliveries")}
    assert (states[first], states[second]) == ("unstarted", "dead")
    assert ask(browser, f"{page}/redeliver", page).status == 303
    assert "dead" not in {one["state"] for one in automation(cuprum.ada, "GET", f"/webhooks/{row['id']}/deliveries")}
    assert ask(browser, f"{page}/redeliver", page, delivery="x").status == 422
    assert browser.get(f"{page}?state=nonsense&before=x").status == 200


def test_a_test_is_sent_about_the_latest_record_that_its_owner_sees(cuprum, browser, browser_of):
    add(browser)
    [row] = automation(cuprum.ada, "GET", "/webhooks")
    page = f"{LIST}/{row['id']}"
    refused = ask(browser, f"{page}/test", page)
    assert refused.status == 422
    assert "There is no lead yet that the message could be about" in refused.text
    lead = cuprum.ada.post("/leads", {"name": "Elena Costa"})["id"]
    assert ask(browser, f"{page}/test", page).status == 303
    [sent_now] = automation(cuprum.ada, "GET", f"/webhooks/{row['id']}/deliveries")
    assert (sent_now["state"], sent_now["attempts"]) == ("unstarted", 0)
    body = sent_now["body"]
    assert (body["ids"], body["type"], body["event"], body["test"]) == ([lead], "lead", "new", True)
    mallory = browser_of("mallory")
    assert ask(mallory, f"{page}/test", LIST).status == 404


def test_a_test_of_deletions_is_about_what_is_in_the_trash_and_copper_s_message_has_no_word_of_it(cuprum, browser):
    add(browser, event="delete", mode="copper")
    [row] = automation(cuprum.ada, "GET", "/webhooks")
    page = f"{LIST}/{row['id']}"
    gone = cuprum.ada.post("/leads", {"name": "Gone"})["id"]
    assert "no lead in the trash" in ask(browser, f"{page}/test", page).text
    cuprum.ada.delete(f"/leads/{gone}")
    cuprum.ada.post("/leads", {"name": "Later"})
    assert ask(browser, f"{page}/test", page).status == 303
    sent_now = automation(cuprum.ada, "GET", f"/webhooks/{row['id']}/deliveries")
    assert {tuple(one["body"]["ids"]) for one in sent_now} == {(gone,)}
    assert all("test" not in one["body"] for one in sent_now)


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        (503, "503 Service Unavailable", "The receiver itself is broken or overloaded"),
        (404, "404 Not Found", "The receiver has nothing at this address"),
        (301, "301 Moved Permanently", "edit the webhook to have the new one"),
        (402, "402 Payment Required", "The receiver refuses the message"),
        (None, "ConnectError: [Errno 111] Connection refused", "Nobody listens there"),
        (None, "ConnectError: the name x.invalid does not resolve: [Errno -2]", "No computer has this name"),
        (None, "ReadTimeout: The read operation timed out", "did not answer in time"),
        (None, "The subscription was deleted", ""),
        (200, "200 OK", ""),
    ],
)
def test_why_a_message_did_not_arrive_is_said_in_words(status, reason, said):
    words = in_words(status, reason)
    assert said in words
    assert bool(words) is bool(said)


def test_what_is_somebody_elses_is_not_there(cuprum, browser, browser_of):
    add(browser)
    [row] = automation(cuprum.ada, "GET", "/webhooks")
    other = sent(cuprum, row["id"], 1, "dead")
    mallory = browser_of("mallory")
    page = f"{LIST}/{row['id']}"
    assert TARGET not in mallory.get(LIST).text
    assert mallory.get(page).status == 404
    assert mallory.get(f"{page}/edit").status == 404
    for path in (f"{page}/edit", f"{page}/delete", f"{page}/redeliver"):
        assert (
            ask(mallory, path, LIST + "/new", target=TARGET, type="lead", event="new", mode="copper", delivery=other).status
            == 404
        )
    assert add(mallory, target="https://mallory.example").status == 200
    mine = next(one for one in automation(cuprum.ada, "GET", "/webhooks") if "mallory" in one["target"])
    assert ask(mallory, f"{LIST}/{mine['id']}/redeliver", LIST, delivery=other).status == 404
    assert "Mallory’s" in browser.get(LIST).text
