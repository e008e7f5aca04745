"""The account's own words: made, renamed, ordered, archived, restored and put back, by admins, each change logged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from cuprum.kit.errors import Forbidden, Invalid, NotFound
from cuprum.records.undo import Undone, undo_part
from cuprum.records.words_of_account import (
    archive_word,
    change_word,
    create_word,
    order_words,
    restore_word,
)

PLAIN = ["contact_type", "lead_status", "customer_source", "loss_reason", "pipeline"]


@pytest.fixture
def words(cuprum):
    """Does one piece of work as Ada and tells what it logged."""
    return Words(cuprum)


class Words:
    def __init__(self, cuprum):
        self.cuprum = cuprum
        self.logged, self.group = [], ""

    def __call__(self, verb, *arguments, by="ada"):
        def act(work):
            answer = verb(work, *arguments)
            self.group = work.group.id
            self.logged = [(one.entity, one.record_id, one.kind, one.before, one.after) for one in work.group.changes]
            return answer

        return self.cuprum.as_person(by, act)

    def living(self, table):
        return self.cuprum.as_person("ada", lambda work: [dict(word) for word in work.vocabulary.living(table)])

    def names(self, table):
        return [word["name"] for word in self.living(table)]

    def id(self, table, name):
        return next(word["id"] for word in self.living(table) if word["name"] == name)


@pytest.mark.parametrize("table", PLAIN)
def test_a_new_word_stands_last_and_is_logged(words, table):
    before = words.names(table)
    word_id = words(create_word, table, {"name": " Word of mouth "})
    assert words.names(table) == [*before, "Word of mouth"]
    [(entity, record_id, kind, former, present)] = words.logged
    assert (entity, record_id, kind, former) == (table, word_id, "new", {})
    assert present["name"] == "Word of mouth"


def test_a_new_word_is_known_within_the_same_piece_of_work(cuprum):
    def act(work):
        pipeline_id = create_word(work, "pipeline", {"name": "Renewals"})
        stage_id = create_word(work, "pipeline_stage", {"name": "Due", "pipeline_id": pipeline_id, "win_probability": 60})
        return [stage["id"] for stage in work.vocabulary.stages_of(pipeline_id)] == [stage_id]

    assert cuprum.as_person("ada", act)


def test_stages_of_two_pipelines_may_have_one_name(words):
    sales, business = (one["id"] for one in words.living("pipeline"))
    with pytest.raises(Invalid, match="Name: has already been taken"):
        words(create_word, "pipeline_stage", {"name": "qualified", "pipeline_id": sales})
    words(create_word, "pipeline_stage", {"name": "Qualified", "pipeline_id": business})


def test_every_problem_of_a_word_is_told_at_once(words):
    with pytest.raises(Invalid) as refusal:
        words(create_word, "pipeline_stage", {"name": "", "pipeline_id": 999, "win_probability": 101, "colour": "red"})
    assert str(refusal.value) == (
        "Invalid input: Validation errors: Base: Unrecognized attributes specified: colour\n"
        "Win Probability: must be between 0 and 100\n"
        "Name: can't be blank\n"
        "Pipeline Id: Invalid value for Pipeline Id: there is no pipeline 999"
    )


@pytest.mark.parametrize("table", PLAIN)
def test_a_renamed_word_logs_what_changed_alone(words, table):
    word = words.living(table)[0]
    words(change_word, table, word["id"], {"name": "Another"})
    assert words.names(table)[0] == "Another"
    assert words.logged == [(table, word["id"], "update", {"name": word["name"]}, {"name": "Another"})]
    words(change_word, table, word["id"], {"name": "Another"})
    assert words.logged == []


def test_a_name_that_is_taken_is_refused_whatever_its_case(words):
    with pytest.raises(Invalid, match="Name: has already been taken"):
        words(change_word, "lead_status", words.id("lead_status", "Open"), {"name": "NEW"})


def test_records_show_the_new_name(cuprum, words):
    lead = cuprum.ada.post("/leads", {"name": "Quill"})
    words(change_word, "lead_status", lead["status_id"], {"name": "Fresh"})
    assert cuprum.ada.get(f"/leads/{lead['id']}")["status"] == "Fresh"


def test_the_default_passes_from_one_to_another(words):
    former, present = words.id("lead_status", "New"), words.id("lead_status", "Open")
    words(change_word, "lead_status", present, {"is_default": True})
    assert [word["name"] for word in words.living("lead_status") if word["is_default"]] == ["Open"]
    assert [(record_id, after) for _, record_id, _, _, after in words.logged] == [
        (present, {"is_default": True}),
        (former, {"is_default": False}),
    ]
    with pytest.raises(Invalid, match="Is Default: must be one of them"):
        words(change_word, "lead_status", present, {"is_default": False})


def test_words_named_come_first_in_that_order(words):
    junk, new = words.id("lead_status", "Junk"), words.id("lead_status", "New")
    words(order_words, "lead_status", [junk, new])
    assert words.names("lead_status") == ["Junk", "New", "Open", "Unqualified"]
    with pytest.raises(NotFound):
        words(order_words, "lead_status", [999])


def test_a_word_made_after_an_ordering_stands_last(words):
    words(order_words, "lead_status", [words.id("lead_status", "Junk")])
    words(create_word, "lead_status", {"name": "Sleeping"})
    assert words.names("lead_status") == ["Junk", "New", "Open", "Unqualified", "Sleeping"]


def test_an_archived_word_is_kept_where_it_was_and_given_to_nobody(cuprum, words):
    source = words.id("customer_source", "Cold Call")
    lead = cuprum.ada.post("/leads", {"name": "Quill", "customer_source_id": source})
    words(archive_word, "customer_source", source)
    assert words.names("customer_source") == ["Email", "Advertising"]
    assert cuprum.ada.put(f"/leads/{lead['id']}", {"name": "Quill & Sons"})["customer_source_id"] == source
    message = cuprum.ada.refused("POST", "/leads", {"name": "Ink", "customer_source_id": source})
    assert message.endswith(f"there is no customer source {source}")
    words(restore_word, "customer_source", source)
    assert words.names("customer_source") == ["Email", "Cold Call", "Advertising"]
    assert [kind for _, _, kind, _, _ in words.logged] == ["restore"]


def test_an_archived_name_is_free_and_its_return_is_refused_when_taken(words):
    former = words.id("loss_reason", "Price")
    words(archive_word, "loss_reason", former)
    words(create_word, "loss_reason", {"name": "price"})
    with pytest.raises(Invalid, match="Name: has already been taken"):
        words(restore_word, "loss_reason", former)


def test_when_the_default_is_archived_the_next_one_is_it(words):
    words(archive_word, "lead_status", words.id("lead_status", "New"))
    first = words.living("lead_status")[0]
    assert (first["name"], first["is_default"]) == ("Open", True)
    words(restore_word, "lead_status", words.logged[0][1])
    assert [one["name"] for one in words.living("lead_status") if one["is_default"]] == ["Open"]


def test_a_default_that_comes_back_leaves_it_to_the_one_that_has_it_now(words):
    former = next(one["id"] for one in words.living("activity_type") if one["is_default_task_type"])
    words(archive_word, "activity_type", former)
    present = words(create_word, "activity_type", {"name": "Errand", "icon_type": "Todo"})
    words(restore_word, "activity_type", former)
    assert [one["id"] for one in words.living("activity_type") if one["is_default_task_type"]] == [former]
    words(archive_word, "activity_type", former)
    words(change_word, "activity_type", present, {"is_default_task_type": True})
    words(restore_word, "activity_type", former)
    assert [one["id"] for one in words.living("activity_type") if one["is_default_task_type"]] == [present]


def test_the_last_stage_of_a_pipeline_stays(words):
    pipeline_id = words(create_word, "pipeline", {"name": "Renewals"})
    stage_id = words(create_word, "pipeline_stage", {"name": "Due", "pipeline_id": pipeline_id})
    with pytest.raises(Invalid, match="The last pipeline stage cannot be archived"):
        words(archive_word, "pipeline_stage", stage_id)


def test_what_is_archived_or_unknown_is_not_found(words):
    source = words.id("customer_source", "Email")
    words(archive_word, "customer_source", source)
    for verb, arguments in ((change_word, ({"name": "Post"},)), (archive_word, ())):
        with pytest.raises(NotFound):
            words(verb, "customer_source", source, *arguments)
    with pytest.raises(NotFound):
        words(restore_word, "customer_source", words.id("customer_source", "Advertising"))


@pytest.mark.parametrize("verb", ["new", "update", "archive", "order"])
def test_every_change_of_words_can_be_undone(words, verb):
    before = words.living("lead_status")
    opened = words.id("lead_status", "Open")
    match verb:
        case "new":
            words(create_word, "lead_status", {"name": "Sleeping", "is_default": True})
        case "update":
            words(change_word, "lead_status", opened, {"name": "Talking", "is_default": True})
        case "archive":
            words(archive_word, "lead_status", before[0]["id"])
        case "order":
            words(order_words, "lead_status", [opened])
    assert words.living("lead_status") != before
    group, undone = words.group, Undone()
    while not undone.is_done:
        undone = words(undo_part, group, undone)
    assert undone.conflicts == []
    assert words.living("lead_status") == before


def test_only_admins_change_words(words):
    status = words.id("lead_status", "Open")
    attempts = [
        (create_word, "lead_status", {"name": "Sleeping"}),
        (change_word, "lead_status", status, {"name": "Talking"}),
        (order_words, "lead_status", [status]),
        (archive_word, "lead_status", status),
        (restore_word, "lead_status", status),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden, match="You may not change lead statuses: that is for admins"):
            words(*attempt, by="grace")


def test_of_many_who_add_one_name_at_once_one_succeeds(cuprum, words):
    def attempt(_):
        try:
            return cuprum.as_person("ada", lambda work: create_word(work, "loss_reason", {"name": "Timing"}))
        except Invalid as refusal:
            return str(refusal)

    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(attempt, range(8)))
    assert [answer for answer in answers if isinstance(answer, int)] == [words.id("loss_reason", "Timing")]
    assert answers.count("Invalid input: Validation errors: Name: has already been taken") == 7
