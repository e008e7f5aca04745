"""The account and its lists of words."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from cuprum.records.vocabulary import touch_vocabulary
from cuprum.records.words_of_account import archive_word, change_word, order_words
from cuprum.storage.account_tables import account, team, team_member


def switch_leads_off(cuprum):
    def switch(connection):
        connection.execute(update(account).values(leads_enabled=False))
        touch_vocabulary(connection)

    cuprum.database.write_now(switch)


def without_ids(words):
    return [{key: value for key, value in word.items() if key != "id"} for word in words]


def test_the_account_says_its_name_zone_and_settings(ada):
    answer = ada.get("/account")
    assert list(answer) == ["id", "name", "primary_timezone", "settings"]
    assert isinstance(answer["id"], int)
    assert (answer["name"], answer["primary_timezone"]) == ("Harbour & Pine", "Europe/Lisbon")
    assert answer["settings"] == {"setting_team_permissions_enabled": True, "setting_enable_leads": True}


def test_team_permissions_are_on_while_there_are_teams(cuprum):
    def disband(connection):
        connection.execute(delete(team_member))
        connection.execute(delete(team))
        touch_vocabulary(connection)

    cuprum.database.write_now(disband)
    assert cuprum.ada.get("/account")["settings"]["setting_team_permissions_enabled"] is False


def test_lead_statuses_are_numbered_from_one_with_one_default(ada):
    assert without_ids(ada.get("/lead_statuses")) == [
        {"name": "New", "order": 1, "is_default": True},
        {"name": "Open", "order": 2, "is_default": False},
        {"name": "Unqualified", "order": 3, "is_default": False},
        {"name": "Junk", "order": 4, "is_default": False},
    ]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/customer_sources", ["Email", "Cold Call", "Advertising"]),
        ("/loss_reasons", ["Price", "Features", "Competitor"]),
        ("/contact_types", ["Potential Customer", "Current Customer", "Uncategorized", "Other"]),
    ],
)
def test_plain_words_are_ids_and_names_in_their_order(cuprum, path, names):
    words = cuprum.mallory.get(path)
    assert [list(word) for word in words] == [["id", "name"]] * len(names)
    assert [word["name"] for word in words] == names


def test_pipelines_hold_their_stages_without_the_pipelines_id(ada):
    sales, business = ada.get("/pipelines")
    assert list(sales) == ["id", "name", "stages", "type", "is_revenue"]
    assert (sales["name"], sales["type"], sales["is_revenue"]) == ("Sales", "opportunity", True)
    assert without_ids(sales["stages"]) == [
        {"name": "Qualified", "win_probability": 5},
        {"name": "Follow-up", "win_probability": 10},
        {"name": "Presentation", "win_probability": 20},
        {"name": "Contract Sent", "win_probability": 40},
        {"name": "Negotiation", "win_probability": 80},
    ]
    assert business["stages"][0]["name"] == "First Meeting"


def test_stages_name_their_pipeline_and_come_pipeline_by_pipeline(ada):
    sales, business = ada.get("/pipelines")
    stages = ada.get("/pipeline_stages")
    assert [stage["pipeline_id"] for stage in stages] == [sales["id"]] * 5 + [business["id"]] * 4
    assert list(stages[0]) == ["id", "name", "pipeline_id", "win_probability"]
    assert ada.get(f"/pipeline_stages/pipeline/{business['id']}") == stages[5:]
    assert ada.refused("GET", "/pipeline_stages/pipeline/999", status=404) == "Resource not found"
    assert ada.refused("GET", "/pipeline_stages/pipeline/sales", status=404) == "Resource not found"


def test_lists_follow_changes_at_once(cuprum):
    new, opened, *_ = (one["id"] for one in cuprum.ada.get("/lead_statuses"))
    cuprum.as_person("ada", lambda work: order_words(work, "lead_status", [opened, new]))
    cuprum.as_person("ada", lambda work: change_word(work, "lead_status", opened, {"name": "Talking"}))
    sales, business = cuprum.ada.get("/pipelines")
    cuprum.as_person("ada", lambda work: archive_word(work, "pipeline", business["id"]))
    assert [(one["name"], one["order"]) for one in cuprum.ada.get("/lead_statuses")][:2] == [("Talking", 1), ("New", 2)]
    assert cuprum.ada.get("/pipelines") == [sales]
    assert {stage["pipeline_id"] for stage in cuprum.ada.get("/pipeline_stages")} == {sales["id"]}
    assert cuprum.ada.refused("GET", f"/pipeline_stages/pipeline/{business['id']}", status=404) == "Resource not found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/leads"),
        ("POST", "/leads/search"),
        ("GET", "/leads/1"),
        ("GET", "/leads/1/"),
        ("PUT", "/leads/1"),
        ("DELETE", "/leads/1"),
        ("PUT", "/leads/upsert"),
        ("POST", "/leads/1/convert"),
    ],
)
def test_leads_that_are_switched_off_answer_feature_not_enabled(cuprum, method, path):
    switch_leads_off(cuprum)
    answer = cuprum.ada.call(method, path, {"name": "Quill"} if method != "GET" else None)
    assert (answer.status_code, answer.json()) == (403, {"success": False, "status": 403, "message": "Feature not enabled"})


def test_switching_leads_off_touches_nothing_else(cuprum):
    switch_leads_off(cuprum)
    assert cuprum.ada.get("/account")["settings"]["setting_enable_leads"] is False
    assert len(cuprum.ada.get("/lead_statuses")) == 4
    assert cuprum.ada.post("/people/search", {}) == []


def test_words_are_for_those_we_know(cuprum):
    for path in ("/account", "/pipelines", "/tags", "/activity_types", "/custom_field_definitions", "/users/me"):
        assert cuprum.ada.call("GET", path, headers={}).status_code == 401
