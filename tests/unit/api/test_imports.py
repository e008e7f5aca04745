"""Imports over `/automation/v1`: proposed, chosen, tried out, brought in; the policies for matches; whose they are."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from automation import automation
from cuprum.api.openapi import imports as declared
from cuprum.events.handoff import note_for_webhooks
from cuprum.storage.event_tables import change, handoff
from cuprum.storage.import_tables import import_file
from cuprum.transfer import imports, plan, targets
from cuprum.transfer.decide import OUTCOMES
from cuprum.transfer.write_rows import RowWriter
from installation import Installation, Person

BASE = "/automation/v1/imports"


def upload(who: Person, content: str | bytes, entity: str = "person", status: int = 200) -> Any:
    body = content.encode() if isinstance(content, str) else content
    headers = {**who.headers, "Content-Type": "text/csv"}
    answer = who.client.post(f"{BASE}?entity={entity}&file_name=some.csv", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def call(who: Person, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = who.client.request(method, f"{BASE}{path}", json=body, headers=who.headers)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.headers["content-type"] == "application/json" else answer.text


def bring_in(cuprum: Installation, who: Person, job: int) -> dict[str, Any]:
    """Start it, and do here what the engine would."""
    call(who, "POST", f"/{job}/start")
    database = cuprum.database
    assert database.write_now(imports.begin, job)
    writer = RowWriter(database, job, (), lambda: None)
    writer.prepare()
    while writer.write():
        pass
    database.write_now(imports.end, job, imports.DONE)
    return call(who, "GET", f"/{job}")


def imported(cuprum: Installation, content: str, entity: str = "person", **choices: Any) -> dict[str, Any]:
    """An import by Ada, of which the dry run says what then happens."""
    job = upload(cuprum.ada, content, entity)["id"]
    if choices:
        call(cuprum.ada, "PUT", f"/{job}", choices)
    trial = call(cuprum.ada, "POST", f"/{job}/dry_run")
    ended = bring_in(cuprum, cuprum.ada, job)
    assert ended["counts"] == trial["counts"]
    return ended


def kept_parts(cuprum: Installation) -> int:
    return cuprum.database.read_now(lambda connection: connection.execute(select(func.count()).select_from(import_file)).scalar())


def reasons(cuprum: Installation, job: dict[str, Any]) -> list[str]:
    delimiter = call(cuprum.ada, "GET", f"/{job['id']}")["delimiter"]
    text = call(cuprum.ada, "GET", f"/{job['id']}/left_out")
    return [row["Reason"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter)]


def found(cuprum: Installation, plural: str, name: str) -> dict[str, Any]:
    (one,) = cuprum.ada.post(f"/{plural}/search", {"name": name})
    return one


def test_what_is_declared_is_what_there_is() -> None:
    assert declared.IMPORTED == targets.IMPORTED
    assert declared.STATES == imports.STATES
    assert declared.OUTCOMES == OUTCOMES
    assert {name: tuple(schema["enum"]) for name, schema in declared.CHOICES.items()} == plan.CHOICES


def test_columns_are_matched_by_label_wire_name_and_usual_words(cuprum: Installation) -> None:
    field = cuprum.ada.post("/custom_field_definitions", {"name": "Shoe size", "data_type": "Float", "available_on": ["person"]})
    headers = "First Name,surname,E-mail 1 - Value,Work Email,Mobile,ZIP,Organization,Owner,Job Title,LinkedIn,SHOE SIZE,Nonsense"
    columns = {one["header"]: one["field"] for one in upload(cuprum.ada, headers)["columns"]}
    assert columns == {
        "First Name": "first_name", "surname": "last_name", "E-mail 1 - Value": "emails", "Work Email": "emails.work",
        "Mobile": "phone_numbers.mobile", "ZIP": "address.postal_code", "Organization": "company", "Owner": "owner",
        "Job Title": "title", "LinkedIn": "socials.linkedin", "SHOE SIZE": f"custom_fields.{field['id']}", "Nonsense": None,
    }  # fmt: skip


def test_dates_and_decimals_are_proposed_by_what_the_cells_say(cuprum: Installation) -> None:
    sheet = upload(cuprum.ada, "Name;Value;Close date\nA;1.500,50;31/12/2026\n", "opportunity")
    assert (sheet["dates"], sheet["decimal"], sheet["delimiter"]) == ("dmy", ",", ";")


def test_a_person_comes_in_with_all_their_parts(cuprum: Installation) -> None:
    cuprum.ada.post("/companies", {"name": "Quill & Sons", "email_domain": "quill.example"})
    rows = 'Name,Email,Mobile,City,Owner,Tags,Company\n漢 字,kan@quill.example,+351 9,Łódź,Grace,"a; b",\nŁ Ñ,l@gmail.com,,,,,New Ltd\n'
    ended = imported(cuprum, rows)
    assert ended["counts"]["new"] == 2
    kan, l = found(cuprum, "people", "漢 字"), found(cuprum, "people", "Ł Ñ")  # noqa: E741
    assert kan["emails"] == [{"email": "kan@quill.example", "category": "work"}]
    assert kan["phone_numbers"] == [{"number": "+351 9", "category": "mobile"}]
    assert (kan["address"]["city"], kan["assignee_id"], kan["tags"]) == ("Łódź", cuprum.grace.id, ["a", "b"])
    assert (kan["company_name"], l["company_name"]) == ("Quill & Sons", "New Ltd")


def test_opportunities_come_in_with_stage_company_contact_and_value(cuprum: Installation) -> None:
    cuprum.ada.post("/people", {"name": "Ada Quill", "emails": [{"email": "ada@quill.example", "category": "work"}]})
    stage = cuprum.ada.get("/pipeline_stages")[1]
    rows = f"Deal;Amount;Stage;Contact email;Company;Close date\nRoof;1.250,75 €;{stage['name'].upper()};ADA@quill.example;Quill;31.12.2026\n"
    rows += "Wall;many;nowhere;nobody@x.example;;never\n"
    ended = imported(cuprum, rows, "opportunity")
    roof = found(cuprum, "opportunities", "Roof")
    assert (roof["monetary_value"], roof["pipeline_stage_id"], roof["company_name"]) == (1250.75, stage["id"], "Quill")
    assert roof["close_date"] == "12/31/2026"
    (reason,) = reasons(cuprum, ended)
    for part in ("many is not a number", "no pipeline stage nowhere", "no person nobody@x.example", "never is not a date"):
        assert part in reason


def test_leads_and_companies_come_in(cuprum: Installation) -> None:
    assert imported(cuprum, "Name,Company,Email,Value\nZoë,Acme,zoe@acme.example,12.50\n", "lead")["counts"]["new"] == 1
    assert found(cuprum, "leads", "Zoë")["email"]["email"] == "zoe@acme.example"
    rows = "Company Name,Website,Domain\nAcme,https://acme.example,https://www.acme.example/x\nMail,,gmail.com\nMail too,,gmail.com\n"
    assert imported(cuprum, rows, "company", columns={"Company Name": "name"})["counts"]["new"] == 3
    assert found(cuprum, "companies", "Acme")["email_domain"] == "acme.example"


@pytest.mark.parametrize(
    ("policy", "outcome", "title", "details", "tags"),
    [
        ("skip", "same", "Captain", None, ["old"]),
        ("fill", "changed", "Captain", "from the file", ["old", "new"]),
        ("overwrite", "changed", "Cook", "from the file", ["old", "new"]),
    ],
)
def test_matches(cuprum: Installation, policy: str, outcome: str, title: str, details: str | None, tags: list[str]) -> None:
    emails = [{"email": "ada@quill.example", "category": "work"}, {"email": "a@q.example", "category": "work"}]
    ada = cuprum.ada.post("/people", {"name": "Ada Quill", "emails": emails, "title": "Captain", "tags": ["old"]})
    rows = "Email,Title,Notes,Tags\nADA@Quill.example,Cook,from the file,new\n"
    ended = imported(cuprum, rows, matches=policy)
    assert ended["counts"][outcome] == 1
    now = cuprum.ada.get(f"/people/{ada['id']}")
    assert (now["title"], now["details"], now["tags"], now["emails"]) == (title, details, tags, emails)


def test_a_row_that_repeats_another_is_named_with_its_line(cuprum: Installation) -> None:
    ended = imported(cuprum, "Name,Email\nAda,not one\nAda,ada@quill.example\nAda again,ADA@QUILL.EXAMPLE\n")
    assert (ended["counts"]["new"], ended["counts"]["repeated"], ended["counts"]["refused"]) == (1, 1, 1)
    assert reasons(cuprum, ended) == ["Emails: not one is not an e-mail address", "repeats line 3"]


def test_rows_written_together_are_refused_one_by_one_where_they_clash(cuprum: Installation) -> None:
    cuprum.ada.post("/people", {"name": "Old", "emails": [{"email": "old@x.example", "category": "work"}]})
    rows = "Name,Email,Company\nA,a@x.example,Quill\nB,A@x.example,New & Sons\nC,c@x.example,Quill\nD,old@x.example,Other\n"
    job = upload(cuprum.ada, rows)["id"]
    call(cuprum.ada, "PUT", f"/{job}", {"keys": ["name"]})
    ended = bring_in(cuprum, cuprum.ada, job)
    assert ended["counts"] == {"new": 2, "changed": 0, "same": 0, "repeated": 0, "refused": 2}
    assert reasons(cuprum, ended) == [
        "Emails: A@x.example has already been taken",
        "Emails: old@x.example has already been taken",
    ]
    assert sorted(one["name"] for one in cuprum.ada.post("/people/search", {})) == ["A", "C", "Old"]
    # Nothing of a refused row stays, its company neither.
    assert [one["name"] for one in cuprum.ada.post("/companies/search", {})] == ["Quill"]
    assert [one["name"] for one in cuprum.ada.post("/people/search", {"emails": ["a@x.example"]})] == ["A"]


def test_webhooks_hear_of_every_row_in_the_order_of_the_file(cuprum: Installation) -> None:
    subscription = {"target": "https://hooks.example.com/x", "type": "person", "event": "new"}
    cuprum.ada.post("/webhooks", subscription)
    job = upload(cuprum.ada, "Name\n" + "".join(f"P{number}\n" for number in range(60)))["id"]
    call(cuprum.ada, "POST", f"/{job}/start")
    assert cuprum.database.write_now(imports.begin, job)
    writer = RowWriter(cuprum.database, job, (note_for_webhooks,), lambda: None)
    while writer.write():
        pass
    heard = select(change.c.after).join(handoff, handoff.c.change_seq == change.c.seq).order_by(handoff.c.change_seq)
    told = cuprum.database.read_now(lambda connection: list(connection.execute(heard).scalars()))
    assert [json.loads(one)["name"] for one in told] == [f"P{number}" for number in range(60)]


def test_options_and_owners_that_are_unknown_are_refused_or_made_by_choice(cuprum: Installation) -> None:
    size = {"name": "Size", "data_type": "Dropdown", "available_on": ["person"], "options": [{"name": "Small"}]}
    definition = cuprum.ada.post("/custom_field_definitions", size)
    rows = "Name,Size,Owner\nA,huge,Nobody\nB,HUGE,Nobody\nC,small,ada\n"
    assert imported(cuprum, rows)["counts"]["refused"] == 2
    job = upload(cuprum.ada, rows)["id"]
    call(cuprum.ada, "PUT", f"/{job}", {"unknown_options": "create", "unknown_owner": "nobody"})
    assert bring_in(cuprum, cuprum.ada, job)["counts"]["new"] == 3
    options = cuprum.ada.get(f"/custom_field_definitions/{definition['id']}")["options"]
    assert [one["name"] for one in options] == ["Small", "huge"]


def test_a_member_creates_no_options(cuprum: Installation) -> None:
    size = {"name": "Size", "data_type": "Dropdown", "available_on": ["person"], "options": [{"name": "Small"}]}
    cuprum.ada.post("/custom_field_definitions", size)
    job = upload(cuprum.mallory, "Name,Size\nA,huge\n")["id"]
    call(cuprum.mallory, "PUT", f"/{job}", {"unknown_options": "create"}, status=403)


def test_whoever_cannot_see_a_record_does_not_meet_it(cuprum: Installation) -> None:
    emails = [{"email": "secret@quill.example", "category": "work"}]
    secret = cuprum.ada.post("/people", {"name": "Secret", "emails": emails, "assignee_id": cuprum.ada.id})
    seen_by = {"visibility": "only_me", "user_ids": [], "team_ids": []}
    path = f"/automation/v1/people/{secret['id']}/visibility"
    assert cuprum.ada.client.put(path, json=seen_by, headers=cuprum.ada.headers).status_code == 200
    job = upload(cuprum.mallory, "Name,Email\nX,secret@quill.example\n")["id"]
    call(cuprum.mallory, "PUT", f"/{job}", {"matches": "overwrite"})
    trial = call(cuprum.mallory, "POST", f"/{job}/dry_run")
    assert trial["counts"]["refused"] == 1
    assert bring_in(cuprum, cuprum.mallory, job)["counts"]["refused"] == 1
    assert cuprum.ada.get(f"/people/{secret['id']}")["name"] == "Secret"


def test_imports_of_others_are_not_there(cuprum: Installation) -> None:
    job = upload(cuprum.grace, "Name\nA\n")["id"]
    for method, path in [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/dry_run"),
        ("POST", "/start"),
        ("POST", "/cancel"),
        ("GET", "/left_out"),
    ]:
        call(cuprum.mallory, method, f"/{job}{path}", {} if method == "PUT" else None, status=404)
    assert call(cuprum.mallory, "GET", "") == []
    assert [one["id"] for one in call(cuprum.ada, "GET", "")] == [job]


def test_an_import_starts_once_and_cancelled_it_brings_nothing_more(cuprum: Installation) -> None:
    job = upload(cuprum.ada, "Name\nA\n")["id"]
    call(cuprum.ada, "POST", f"/{job}/start")
    call(cuprum.ada, "POST", f"/{job}/start", status=409)
    call(cuprum.ada, "PUT", f"/{job}", {"matches": "fill"}, status=409)
    call(cuprum.ada, "DELETE", f"/{job}", status=409)
    assert call(cuprum.ada, "POST", f"/{job}/cancel")["state"] == "cancelled"
    assert not cuprum.database.write_now(imports.begin, job)
    assert call(cuprum.ada, "DELETE", f"/{job}") == {"id": job, "is_deleted": True}
    assert kept_parts(cuprum) == 0


def test_an_undo_takes_rows_and_updates_back_and_leaves_what_was_edited_since(cuprum: Installation) -> None:
    emails = [{"email": "ada@quill.example", "category": "work"}]
    ada = cuprum.ada.post("/people", {"name": "Ada", "emails": emails, "title": "Captain"})
    rows = "Name,Email,Title\nAda,ada@quill.example,Cook\nB,b@quill.example,Mate\nC,c@quill.example,Mate\n"
    ended = imported(cuprum, rows, matches="overwrite")
    edited = found(cuprum, "people", "B")
    cuprum.ada.put(f"/people/{edited['id']}", {"title": "First mate"})
    undone = cuprum.ada.client.post(f"/automation/v1/changes/{ended['group']}/undo", headers=cuprum.ada.headers).json()
    assert [(one["id"], one["reason"]) for one in undone["conflicts"]] == [(edited["id"], "was changed since, and stays")]
    assert {one["name"]: one["title"] for one in cuprum.ada.post("/people/search", {})} == {"Ada": "Captain", "B": "First mate"}
    assert ada["id"] in [one["id"] for one in cuprum.ada.post("/people/search", {})]


@pytest.mark.parametrize(
    ("content", "entity", "said"),
    [
        ("", "person", "The file is empty"),
        ("Name\nA\n", "task", "Entity: must be one of"),
        ("Name\nA\n", "", "Entity: must be one of"),
    ],
)
def test_what_cannot_be_imported_is_refused(cuprum: Installation, content: str, entity: str, said: str) -> None:
    assert said in upload(cuprum.ada, content, entity, status=422)["message"]
    assert kept_parts(cuprum) == 0


def test_choices_are_checked_all_at_once(cuprum: Installation) -> None:
    job = upload(cuprum.ada, "Name,Mail\nA,a@x.example\n")["id"]
    wrong = {"matches": "maybe", "keys": ["shoe"], "columns": {"Nose": "name", "Mail": "nose"}, "colour": "red"}
    message = call(cuprum.ada, "PUT", f"/{job}", wrong, status=422)["message"]
    for part in (
        "Matches: must be one of",
        "Keys: must be a list",
        "no column Nose",
        "no field nose",
        "Colour: is not known here",
    ):
        assert part in message


def test_whoever_started_it_is_told_once_when_it_is_finished(cuprum):
    ended = imported(cuprum, "Name\nIris\nElena\n")
    cuprum.database.write_now(imports.end, ended["id"], imports.DONE)
    (one,) = automation(cuprum.ada, "GET", "/notifications")["notifications"]
    assert (one["kind"], one["text"], one["path"]) == (
        "import", "The import of some.csv is finished: 2 new", f"/imports/{ended['id']}"
    )  # fmt: skip


def test_whom_the_rows_belong_to_is_told_once_of_all(cuprum):
    imported(cuprum, "Name,Owner\nIris,Grace\nElena,Grace\n")
    (one,) = automation(cuprum.grace, "GET", "/notifications")["notifications"]
    assert (one["kind"], one["text"]) == ("assigned", "Ada gave you 2 people")
