"""The account in the settings: its name, currency, time zone and rates; and its tags, changed across all records."""

from __future__ import annotations

import pytest

from settings_pages import ask, undo

ACCOUNT, TAGS = "/settings/account", "/settings/tags"


def worth(cuprum, value: int, unit: str) -> dict:
    return cuprum.ada.post("/opportunities", {"name": "Deck", "monetary_value": value, "monetary_unit": unit})


def converted(cuprum, deal) -> tuple:
    found = cuprum.ada.get(f"/opportunities/{deal['id']}")
    return found["converted_value"], found["converted_unit"]


def own(cuprum) -> dict:
    return cuprum.as_person("ada", lambda work: dict(work.vocabulary.account))


def save(browser, cuprum, **changed: str):
    now = {name: own(cuprum)[name] for name in ("name", "currency", "primary_timezone")}
    return ask(browser, ACCOUNT, **(now | changed))


def test_the_account_gets_another_name_and_zone(cuprum, browser):
    saved = save(browser, cuprum, name="Häfen & 漢", primary_timezone="Asia/Tokyo")
    assert saved.status == 303, saved.text
    assert cuprum.ada.get("/account")["name"] == "Häfen & 漢"
    assert (own(cuprum)["primary_timezone"], "Häfen &amp; 漢" in browser.get("/home").text) == ("Asia/Tokyo", True)
    undo(browser, saved)
    assert own(cuprum)["primary_timezone"] != "Asia/Tokyo"


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("name", "x\0"), ("currency", "EURO"), ("currency", "12€"), ("primary_timezone", "../x")]
)
def test_what_an_account_cannot_be_is_told_under_its_field(cuprum, browser, field, value):
    before = own(cuprum)
    answer = save(browser, cuprum, **{field: value})
    assert answer.status in (400, 422)
    if answer.status == 422:
        assert f'id="{field}-said" role="alert"' in answer.text
    assert own(cuprum) == before


def test_a_rate_converts_what_is_written_from_then_on_and_all_when_asked(cuprum, browser):
    before = worth(cuprum, 1000, "KRW")
    assert converted(cuprum, before) == (None, None)
    assert ask(browser, f"{ACCOUNT}/rates", currency="krw", rate="0.00068").status == 303
    currency = own(cuprum)["currency"]
    assert converted(cuprum, worth(cuprum, 100_000, "KRW")) == (68.0, currency)
    assert converted(cuprum, before) == (None, None)
    assert "0.00068" in browser.get(ACCOUNT).text
    anew = ask(browser, f"{ACCOUNT}/convert")
    assert converted(cuprum, before) == (0.68, currency)
    undo(browser, anew)
    assert converted(cuprum, before) == (None, None)


def test_rates_are_changed_removed_and_brought_back(cuprum, browser):
    ask(browser, f"{ACCOUNT}/rates", currency="SEK", rate="0.1")
    changed = ask(browser, f"{ACCOUNT}/rates", currency="SEK", rate="0.2")
    undo(browser, changed)
    assert "1 SEK = 0.1 " in browser.get(ACCOUNT).text
    removed = ask(browser, f"{ACCOUNT}/rates/SEK/remove")
    assert "1 SEK" not in browser.get(ACCOUNT).text
    undo(browser, removed)
    assert "1 SEK = 0.1 " in browser.get(ACCOUNT).text
    assert converted(cuprum, worth(cuprum, 100, "SEK"))[0] == 10
    assert ask(browser, f"{ACCOUNT}/rates/XXX/remove").status == 404


@pytest.mark.parametrize(
    ("currency", "rate"),
    [("SEK", "0"), ("SEK", "-1"), ("SEK", "much"), ("SEK", "1e400"), ("SEK", ""), ("S", "1"), ("SEK", "9" * 30)],
)
def test_a_rate_that_is_none_is_refused(browser, currency, rate):
    answer = ask(browser, f"{ACCOUNT}/rates", currency=currency, rate=rate)
    assert answer.status == 422
    assert "data-invalid" in answer.text.split('id="rates"')[1]


def test_another_currency_converts_every_value_and_drops_the_rates(cuprum, browser):
    former = own(cuprum)["currency"]
    mine, theirs = worth(cuprum, 50, former), worth(cuprum, 100, "NOK")
    ask(browser, f"{ACCOUNT}/rates", currency="NOK", rate="0.5")
    changed = save(browser, cuprum, currency="NOK")
    assert changed.status == 303, changed.text
    assert (converted(cuprum, theirs), converted(cuprum, mine)) == ((100.0, "NOK"), (None, None))
    assert "No rates yet" in browser.get(ACCOUNT).text
    undo(browser, changed)
    assert (own(cuprum)["currency"], converted(cuprum, mine)) == (former, (50.0, former))
    assert "1 NOK" in browser.get(ACCOUNT).text


def test_members_see_the_account_and_who_can_change_it(browser_of):
    mallory = browser_of("mallory")
    assert "Ask Ada" in mallory.get(ACCOUNT).text
    assert 'action="/settings/account' not in mallory.get(ACCOUNT).text
    for path in ("", "/rates", "/rates/SEK/remove", "/convert"):
        assert ask(mallory, ACCOUNT + path, name="Mine", currency="SEK", rate="1", primary_timezone="UTC").status == 403


def tagged(cuprum, name: str, *tags: str) -> str:
    return f"/people/{cuprum.ada.post('/people', {'name': name, 'tags': list(tags)})['id']}"


def tags_of(cuprum, path: str) -> list[str]:
    return cuprum.ada.get(path)["tags"]


def test_a_tag_is_renamed_on_every_record_with_one_undo(cuprum, browser):
    people = [tagged(cuprum, f"P{number}", "Oak", "spring") for number in range(120)]
    assert ">120</a>" in browser.get(f"{TAGS}?q=OA").text
    renamed = ask(browser, f"{TAGS}/rename", tag="oak", into="Eiche 漢")
    assert renamed.status == 303, renamed.text
    assert {tuple(tags_of(cuprum, one)) for one in people} == {("Eiche 漢", "spring")}
    undo(browser, renamed)
    assert {tuple(tags_of(cuprum, one)) for one in people} == {("Oak", "spring")}


def test_tags_are_merged_and_deleted(cuprum, browser):
    both, one = tagged(cuprum, "Both", "Oak", "x", "Quercus"), tagged(cuprum, "One", "quercus")
    ask(browser, f"{TAGS}/rename", tag="Quercus", into="Oak")
    assert (tags_of(cuprum, both), tags_of(cuprum, one)) == (["Oak", "x"], ["Oak"])
    deleted = ask(browser, f"{TAGS}/delete", tag="Oak")
    assert (tags_of(cuprum, both), tags_of(cuprum, one)) == (["x"], [])
    assert "Oak" not in browser.get(TAGS).text.split("<main")[1].split("</main>")[0]
    undo(browser, deleted)
    assert (tags_of(cuprum, both), tags_of(cuprum, one)) == (["Oak", "x"], ["Oak"])
    ask(browser, f"{TAGS}/rename", tag="Oak", into="OAK")
    assert tags_of(cuprum, one) == ["OAK"]


@pytest.mark.parametrize("into", ["", " ", "a,b", "\0", "x" * 300])
def test_a_tag_gets_no_name_that_is_none(cuprum, browser, into):
    tagged(cuprum, "One", "Oak")
    assert ask(browser, f"{TAGS}/rename", tag="Oak", into=into).status in (400, 422)
    assert ask(browser, f"{TAGS}/rename", tag="not there", into="x").status == 404
    assert browser.get(f"{TAGS}/one?tag=").status == 404


def test_members_see_the_tags_of_their_records_and_change_none(cuprum, browser_of):
    tagged(cuprum, "One", "Oak")
    mallory = browser_of("mallory")
    assert "Oak" in mallory.get(TAGS).text
    for path in ("rename", "delete"):
        assert ask(mallory, f"{TAGS}/{path}", tag="Oak", into="x").status == 403
