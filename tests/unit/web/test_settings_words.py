"""The account's words in the settings: added, renamed, ordered, hidden and shown again, by admins, each with its undo."""

from __future__ import annotations

import pytest

from settings_pages import ask, id_of, names, undo

LISTS = ("pipelines", "lead-statuses", "customer-sources", "loss-reasons", "contact-types", "activity-types")


@pytest.mark.parametrize("path", LISTS)
def test_a_word_is_added_renamed_hidden_and_shown_again(browser, path):
    base = f"/settings/{path}"
    added = ask(browser, base, name="Łódź 漢", icon_type="Phone")
    assert added.status == 303, added.text
    word = id_of(browser, base, "Łódź 漢")
    assert ask(browser, f"{base}/{word}", name="Renamed").status == 303
    assert "Renamed" in names(browser, base)
    hidden = ask(browser, f"{base}/{word}/hide")
    assert "Renamed" not in names(browser, base)
    assert undo(browser, hidden).status == 303
    assert "Renamed" in names(browser, base)
    ask(browser, f"{base}/{word}/hide")
    assert ask(browser, f"{base}/{word}/restore").status == 303
    assert "Renamed" in names(browser, base)


@pytest.mark.parametrize("path", LISTS)
def test_a_name_that_is_taken_or_blank_is_told_under_its_field(browser, path):
    base = f"/settings/{path}"
    taken = names(browser, base)[0]
    for typed, said in ((taken, "Has already been taken"), (" ", "Can&#39;t be blank")):
        answer = ask(browser, base, name=typed, icon_type="Phone")
        assert answer.status == 422
        assert said in answer.text
        assert 'id="name-said"' in answer.text


@pytest.mark.parametrize("path", LISTS)
def test_members_see_the_words_and_who_can_change_them(browser_of, path):
    base, mallory = f"/settings/{path}", browser_of("mallory")
    page = mallory.get(base)
    assert names(browser_of("ada"), base) == names(mallory, base)
    assert "Ask Ada" in page.text
    assert f'action="{base}"' not in page.text
    word = id_of(browser_of("ada"), base, names(mallory, base)[0])
    for address in (base, f"{base}/order", f"{base}/{word}", f"{base}/{word}/hide", f"{base}/{word}/restore"):
        assert ask(mallory, address, name="Mine", icon_type="Phone", up=str(word)).status == 403


def test_words_are_put_in_order_by_buttons_and_by_dragging(browser):
    base = "/settings/lead-statuses"
    before = names(browser, base)
    moved = ask(browser, f"{base}/order", down=str(id_of(browser, base, before[0])))
    assert names(browser, base) == [before[1], before[0], *before[2:]]
    undo(browser, moved)
    assert names(browser, base) == before
    ids = [str(id_of(browser, base, name)) for name in reversed(before)]
    ask(browser, f"{base}/order", ids=",".join(ids))
    assert names(browser, base) == before[::-1]
    ask(browser, f"{base}/order", ids=f"x,{10**30},{ids[-1]},-1")
    assert sorted(names(browser, base)) == sorted(before)


def test_a_note_stays_the_first_of_the_activity_types(cuprum, browser):
    base = "/settings/activity-types"
    before = [one["name"] for one in cuprum.ada.get("/activity_types")["user"]]
    ask(browser, f"{base}/order", down=str(id_of(browser, base, before[1])))
    after = [one["name"] for one in cuprum.ada.get("/activity_types")["user"]]
    assert after == [before[0], before[2], before[1], *before[3:]]


def test_a_word_says_how_many_have_it_as_far_as_one_may_see(cuprum, browser_of):
    source = cuprum.ada.get("/customer_sources")[0]
    cuprum.ada.post("/leads", {"name": "Iris", "customer_source_id": source["id"]})
    private = cuprum.ada.post("/leads", {"name": "Odile", "customer_source_id": source["id"], "assignee_id": cuprum.ada.id})
    path = f"/automation/v1/leads/{private['id']}/visibility"
    assert cuprum.client.put(path, headers=cuprum.ada.headers, json={"visibility": "only_me"}).status_code == 200
    assert "2 leads" in browser_of("ada").get("/settings/customer-sources").text
    assert "1 lead<" in browser_of("grace").get("/settings/customer-sources").text


@pytest.mark.parametrize("number", ["0", "999", "9" * 30])
def test_what_is_no_word_is_not_there(browser, number):
    for path in (*LISTS, "stages"):
        assert browser.get(f"/settings/{path}/{number}").status == 404
        assert ask(browser, f"/settings/{path}/{number}", name="x").status == 404


@pytest.mark.parametrize("typed", ["\0", "x" * 300, "x" * 70_000])
@pytest.mark.parametrize("path", LISTS)
def test_hostile_names_are_refused_kindly(browser, path, typed):
    assert ask(browser, f"/settings/{path}", name=typed, icon_type=typed).status in (400, 413, 422)


def deal(cuprum, stage, name="Teak deck"):
    return cuprum.ada.post(
        "/opportunities", {"name": name, "pipeline_id": stage["pipeline_id"], "pipeline_stage_id": stage["id"]}
    )


def stages_of(cuprum):
    return cuprum.ada.get("/pipelines")[0]["stages"]


def test_a_stage_with_opportunities_goes_only_when_they_go_elsewhere(cuprum, browser):
    pipeline = cuprum.ada.get("/pipelines")[0]
    first, second = ({**one, "pipeline_id": pipeline["id"]} for one in pipeline["stages"][:2])
    deals = [deal(cuprum, first, f"Deck {number}")["id"] for number in range(60)]
    path = f"/settings/stages/{first['id']}"
    refused = ask(browser, f"{path}/remove", into="")
    assert refused.status == 422
    assert "60 opportunities stand in" in refused.text
    assert ask(browser, f"{path}/remove", into=str(first["id"])).status == 422
    removed = ask(browser, f"{path}/remove", into=str(second["id"]))
    assert removed.status == 303, removed.text
    assert first["id"] not in [one["id"] for one in stages_of(cuprum)]
    assert {cuprum.ada.get(f"/opportunities/{one}")["pipeline_stage_id"] for one in deals} == {second["id"]}
    assert undo(browser, removed).status == 303
    assert first["id"] in [one["id"] for one in stages_of(cuprum)]
    assert {cuprum.ada.get(f"/opportunities/{one}")["pipeline_stage_id"] for one in deals} == {first["id"]}


def test_stages_are_added_changed_and_put_in_order(cuprum, browser):
    pipeline = cuprum.ada.get("/pipelines")[0]["id"]
    base = f"/settings/pipelines/{pipeline}"
    wrong = ask(browser, f"{base}/stages", name="Handshake", win_probability="101")
    assert wrong.status == 422
    assert 'value="Handshake"' in wrong.text
    assert ask(browser, f"{base}/stages", name="Handshake", win_probability="95").status == 303
    stage = stages_of(cuprum)[-1]
    assert (stage["name"], stage["win_probability"]) == ("Handshake", 95)
    ask(browser, f"/settings/stages/{stage['id']}", name="Shaken", win_probability="")
    assert ask(browser, f"{base}/stages/order", up=str(stage["id"])).status == 303
    assert (stages_of(cuprum)[-2]["name"], stages_of(cuprum)[-2]["win_probability"]) == ("Shaken", None)


def test_a_pipeline_in_which_something_stands_is_not_hidden(cuprum, browser):
    ask(browser, "/settings/pipelines", name="Spare")
    pipeline = cuprum.ada.get("/pipelines")[0]
    deal(cuprum, {**pipeline["stages"][0], "pipeline_id": pipeline["id"]})
    refused = ask(browser, f"/settings/pipelines/{pipeline['id']}/hide")
    assert refused.status == 422
    assert "1 opportunity stands in this pipeline" in refused.text


def test_silence_is_set_for_a_pipeline(cuprum, browser):
    pipeline = cuprum.ada.get("/pipelines")[0]
    path = f"/settings/pipelines/{pipeline['id']}"
    assert ask(browser, path, name=pipeline["name"], silent_after_days="21").status == 303
    assert 'value="21"' in browser.get(path).text
    assert ask(browser, path, name=pipeline["name"], silent_after_days="-3").status == 422
