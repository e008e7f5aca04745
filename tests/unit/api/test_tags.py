"""The list of tags."""

from __future__ import annotations

from sqlalchemy import update

from cuprum.storage.tables import TABLES


def tag(person, plural, *words, name="Quill"):
    body = {"name": name, "tags": list(words)}
    if plural == "opportunities":
        body["primary_contact_id"] = person.post("/people", {"name": "Contact"})["id"]
    return person.post(f"/{plural}", body)


def names(answer):
    return [one["name"] for one in answer]


def test_a_tag_is_counted_on_each_kind_of_record(ada):
    for plural in ("people", "people", "leads", "companies", "opportunities", "projects"):
        tag(ada, plural, "q1", name=f"Quill {plural}")
    counts = {
        "name": "q1",
        "count": 6,
        "count_people": 2,
        "count_leads": 1,
        "count_companies": 1,
        "count_opportunities": 1,
        "count_projects": 1,
        "count_tasks": 0,
    }
    answer = ada.get("/tags")
    assert answer == [counts]
    assert list(answer[0]) == list(counts)


def test_tags_come_by_name_or_the_most_used_first(ada):
    tag(ada, "people", "Zebra", "apple")
    tag(ada, "tasks", "Zebra", "élan")
    assert names(ada.get("/tags")) == ["apple", "élan", "Zebra"]
    assert names(ada.get("/tags?sort_by=name")) == ["apple", "élan", "Zebra"]
    assert names(ada.get("/tags?sort_by=count")) == ["Zebra", "apple", "élan"]
    assert "must be one of name, count" in ada.refused("GET", "/tags?sort_by=age")


def test_tags_that_differ_in_case_alone_are_one_as_most_write_it(ada):
    for spelling in ("VIP", "Vip", "Vip"):
        tag(ada, "leads", spelling)
    assert [(one["name"], one["count"]) for one in ada.get("/tags")] == [("Vip", 3)]


def test_names_alone_are_plain_strings_and_go_on_behind_the_last_one(ada):
    tag(ada, "people", "q1", "q2", "Q3")
    assert ada.get("/tags?tag_names_only=true") == ["q1", "q2", "Q3"]
    assert ada.get("/tags?tag_names_only=true&sort_by=count&last_tag_value=Q1") == ["q2", "Q3"]
    assert ada.get("/tags?tag_names_only=true&last_tag_value=Q3") == []
    assert ada.get("/tags?tag_names_only=1&last_tag_value=") == ["q1", "q2", "Q3"]
    assert len(ada.get("/tags?tag_names_only=false&last_tag_value=q2")) == 3


def test_a_tag_goes_with_the_last_record_that_has_it(ada):
    kept, deleted = tag(ada, "people", "old"), tag(ada, "people", "old", "gone")
    ada.delete(f"/people/{deleted['id']}")
    assert [(one["name"], one["count"]) for one in ada.get("/tags")] == [("old", 1)]
    ada.put(f"/people/{kept['id']}", {"tags": []})
    assert ada.get("/tags") == []


def test_a_member_sees_and_counts_only_tags_of_records_they_may_see(cuprum):
    hidden = tag(cuprum.ada, "people", "shared", "secret")
    tag(cuprum.ada, "leads", "shared")

    def hide(connection):
        people = TABLES["person"]
        connection.execute(update(people).where(people.c.id == hidden["id"]).values(visibility=3, assignee_id=cuprum.ada.id))

    cuprum.database.write_now(hide)
    assert [(one["name"], one["count"]) for one in cuprum.mallory.get("/tags")] == [("shared", 1)]
    assert cuprum.mallory.get("/tags?tag_names_only=true") == ["shared"]
    assert [(one["name"], one["count"]) for one in cuprum.ada.get("/tags")] == [("secret", 1), ("shared", 2)]
