"""Activity types, those of the system, of every account and of this one."""

from __future__ import annotations

from automation import group_of, undo

CUSTOM = "/custom_activity_types"


def test_types_come_in_two_lists_with_note_as_zero(ada):
    answer = ada.get("/activity_types")
    assert list(answer) == ["user", "system"]
    note, call, *_ = answer["user"]
    assert note == {"id": 0, "category": "user", "name": "Note", "is_disabled": False, "count_as_interaction": False}
    assert (call["name"], call["count_as_interaction"]) == ("Phone Call", True)
    changed = {"category": "system", "is_disabled": False, "count_as_interaction": False}
    assert answer["system"][0] == {"id": 1, "name": "Property Changed", **changed}
    assert {"id": 3, "name": "Pipeline Stage Changed", **changed} in answer["system"]


def test_a_custom_type_is_created_listed_and_used(ada):
    created = ada.post(CUSTOM, {"name": "Site visit", "icon_type": "room", "is_interaction": True})
    assert created == {
        "id": created["id"],
        "company_id": ada.get("/account")["id"],
        "icon_type": "Room",
        "is_disabled": False,
        "is_interaction": True,
        "name": "Site visit",
        "is_default_task_type": None,
    }
    assert list(created) == [
        "id", "company_id", "icon_type", "is_disabled", "is_interaction", "name", "is_default_task_type",
    ]  # fmt: skip
    assert ada.get(f"{CUSTOM}/{created['id']}") == created
    assert ada.get(CUSTOM)[-1] == created
    person = ada.post("/people", {"name": "Quill"})
    activity = {
        "parent": {"type": "person", "id": person["id"]},
        "type": {"category": "user", "id": created["id"]},
        "details": "Went there",
    }
    assert ada.post("/activities", activity)["type"] == {"id": created["id"], "category": "user"}
    assert ada.get(f"/people/{person['id']}")["interaction_count"] == 1


def test_a_disabled_type_stays_listed_and_cannot_be_used_anew(ada):
    created = ada.post(CUSTOM, {"name": "Site visit", "icon_type": "Room"})
    changed = ada.put(f"{CUSTOM}/{created['id']}", {"is_disabled": True})
    assert changed == {**created, "is_disabled": True}
    assert (created["id"], True) in {(one["id"], one["is_disabled"]) for one in ada.get("/activity_types")["user"]}
    person = ada.post("/people", {"name": "Quill"})
    activity = {"parent": {"type": "person", "id": person["id"]}, "type": {"id": created["id"]}, "details": "x"}
    assert "there is no enabled activity type" in ada.refused("POST", "/activities", activity)


def test_every_problem_of_a_type_is_told_at_once(ada):
    assert ada.refused("POST", CUSTOM, {"colour": "red", "icon_type": "Boat", "is_interaction": "perhaps"}) == (
        "Invalid input: Validation errors: Base: Unrecognized attributes specified: colour\n"
        "Icon Type: must be one of Message, Phone, Event, Assignment, Assessment, Group, Description, Speaker Notes, Forum, "
        "Web, Loyalty, Content Paste, Headset, Share, Navigation, Notification, Voicemail, Room, Edit, Send, Videocam, "
        "Play Arrow, Grocery Store, Mic, Camera Mic, Todo\n"
        "Is Interaction: must be true or false\n"
        "Name: can't be blank"
    )
    assert ada.refused("POST", CUSTOM) == "Invalid input: Validation errors: Name: can't be blank\nIcon Type: can't be blank"


def test_a_type_that_was_read_may_be_sent_back(ada):
    for one in ada.get(CUSTOM):
        assert ada.put(f"{CUSTOM}/{one['id']}", one) == one


def test_only_one_type_is_the_default_of_tasks(ada):
    created = ada.post(CUSTOM, {"name": "Errand", "icon_type": "Assignment", "is_default_task_type": True})
    defaults = [one["id"] for one in ada.get(CUSTOM) if one["is_default_task_type"]]
    assert defaults == [created["id"]]
    assert ada.post("/tasks", {"name": "Post a letter"})["custom_activity_type_id"] == created["id"]


def test_note_is_built_in_and_unknown_types_are_not_found(ada):
    assert 0 not in {one["id"] for one in ada.get(CUSTOM)}
    for path in (f"{CUSTOM}/0", f"{CUSTOM}/999"):
        assert ada.refused("GET", path, status=404) == "Resource not found"
        assert ada.refused("PUT", path, {"name": "Memo"}, status=404) == "Resource not found"


def test_members_read_types_and_only_admins_write_them(cuprum):
    created = cuprum.ada.post(CUSTOM, {"name": "Site visit", "icon_type": "Room"})
    assert cuprum.grace.get(f"{CUSTOM}/{created['id']}") == created
    for method, path in (("POST", CUSTOM), ("PUT", f"{CUSTOM}/{created['id']}")):
        assert "that is for admins" in cuprum.grace.refused(method, path, {"name": "x", "icon_type": "Room"}, 403)


def test_what_counts_is_counted_anew_when_a_type_begins_or_ceases_to_count(ada):
    created = ada.post(CUSTOM, {"name": "Site visit", "icon_type": "Room"})
    person = ada.post("/people", {"name": "Quill"})["id"]
    at = {"parent": {"type": "person", "id": person}, "type": {"id": created["id"]}, "activity_date": 1767312500}
    ada.post("/activities", at | {"details": "Went there"})

    def counted():
        shown = ada.get(f"/people/{person}")
        return shown["interaction_count"], shown["date_last_contacted"]

    assert counted() == (0, None)
    group = group_of(ada, "PUT", f"{CUSTOM}/{created['id']}", {"is_interaction": True})
    assert counted() == (1, 1767312500)
    undo(ada, group)
    assert counted() == (0, None)
