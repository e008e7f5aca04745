"""No text becomes markup: everything that people, programs and settings can name, on every page of the web face."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import update

from cuprum.entities import ENTITIES, fields, kinds
from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.tables import metadata
from cuprum.web.arrangement import MAIN
from web_routes import PARTS, Markup, plurals, usual, web_addresses

# Escaping knows nothing of databases.
pytestmark = pytest.mark.parametrize("template", ["sqlite"], indirect=True, scope="session")
PAYLOAD = "\"'><x-pwn onclick=alert(1)>x</x-pwn><svg/onload=alert(2)><script>alert(3)</script>{{7*7}}<!--]]>"
ADDRESSES = ("javascript:alert(1)//http://x.example", " JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>",
             "https://x.example/\"onclick=alert(1)", "//evil.example", "vbscript:x", "java\tscript:alert(1)")  # fmt: skip
NAMED = ("account", "user", "team", "api_key", "pipeline", "pipeline_stage", "lead_status", "customer_source", "loss_reason",
         "contact_type", "activity_type", "custom_field_definition", "custom_field_option")  # fmt: skip


@pytest.fixture
def hostile(cuprum) -> dict[str, int]:
    """An account where everything is named by somebody who means ill; the ids of a record of each kind."""
    ada = cuprum.ada
    definitions = [
        ada.post("/custom_field_definitions", {"name": kind, "data_type": kind, "available_on": list(MAIN), **options})
        for kind, options in (("String", {}), ("Text", {}), ("URL", {}), ("Dropdown", {"options": [{"name": "x"}]}))
    ]
    ids: dict[str, int] = {}
    for entity in ("company", *(one for one in MAIN if one != "company")):
        plural, record = plurals()[entity], ENTITIES[entity]
        body = {
            one.name: _hostile(one.kind) for one in fields(record) if _hostile(one.kind) is not None and not one.kind.read_only
        }
        custom = [{"custom_field_definition_id": definitions[0]["id"], "value": PAYLOAD},
                  {"custom_field_definition_id": definitions[1]["id"], "value": PAYLOAD},
                  {"custom_field_definition_id": definitions[2]["id"], "value": ADDRESSES[0]}]  # fmt: skip
        links = {"assignee_id": ada.id} | ({"company_id": ids["companies"]} if entity == "person" else {})
        if entity == "task":
            links["related_resource"] = {"type": "person", "id": ids["people"]}
        for refused in ("monetary_unit", *(("company_name",) if entity != "lead" else ())):
            body.pop(refused, None)
        ids[plural] = ada.post(f"/{plural}", body | links | {"custom_fields": custom, "name": PAYLOAD})["id"]
        parent = {"type": entity, "id": ids[plural]}
        ada.post("/activities", {"parent": parent, "type": {"category": "user", "id": 0}, "details": PAYLOAD})
    cuprum.database.write_now(_renamed)
    return ids


def _hostile(kind):
    match kind:
        case kinds.Text():
            return PAYLOAD
        case kinds.Tags():
            return [PAYLOAD[:60]]
        case kinds.Address():
            return dict.fromkeys(("street", "city", "state", "postal_code"), PAYLOAD)
        case kinds.Contacts(item="url", categories=categories):
            return [{"url": one, "category": categories[0]} for one in ADDRESSES]
        case kinds.Contacts(item="number"):
            return [{"number": PAYLOAD[:40], "category": "work"}]
    return None


def _renamed(connection):
    for name in NAMED:
        table = metadata.tables[name]
        column = table.c.label if "label" in table.c else table.c.name
        connection.execute(update(table).values({column: PAYLOAD}))
    connection.execute(update(metadata.tables["change_group"]).values(label=PAYLOAD, via=PAYLOAD))
    touch_vocabulary(connection)


def test_no_page_lets_text_be_markup(cuprum, browser, hostile):
    pages = [one.path for one in web_addresses(cuprum, lambda place, name: usual(place, name, hostile)) if one.method == "GET"]
    group = browser.get("/changes").text.split('href="/changes/')[1].split('"')[0]
    pages += [f"/changes/{group}", "/opportunities?statuses=Open", "/home?whose=all", "/tasks/agenda?assignee_ids=all", "/find?q=x-pwn",
              "/find?recent=" + ",".join(f"{entity}-{hostile[plural]}" for entity, plural in plurals().items())]  # fmt: skip
    pages += [f"/suggest/{entity}?list=x&name=x-pwn" for entity in plurals()]
    pages += [f"/reports/{name}?period=last_12_months" for name in ("sales_by_owner", "stage_funnel", "won_and_lost")]
    shown = 0
    for path in pages:
        for headers in ({}, PARTS):
            answer = browser.ask("GET", path, headers=headers)
            assert answer.status < 500, path
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            assert not Markup(answer.text).found, f"{path}: {Markup(answer.text).found}"
            shown += html.escape(PAYLOAD[:30]) in answer.text or "x-pwn" in answer.text
    assert shown > 40


def test_what_is_asked_for_is_shown_as_text(cuprum, browser, hostile):
    from urllib.parse import quote

    for parameter in ("name", "tags", "q", "next", "seen", "about", "type", "page", "of", "before", "for", "id", "period", "from",
                      "owner_id", "assignee_ids", "statuses", "pipeline_ids", "sort_by", "whose", "done", "recent", "list", "to"):  # fmt: skip
        for path in ("/people", "/opportunities", "/opportunities/board", "/tasks/agenda", "/home", "/find", "/changes", "/people/new",
                     f"/people/{hostile['people']}", "/reports/forecast", f"/opportunities/{hostile['opportunities']}/move", "/sign-in"):  # fmt: skip
            answer = browser.get(f"{path}?{parameter}={quote(PAYLOAD)}")
            assert answer.status < 500, f"{path}?{parameter}"
            assert not Markup(answer.text).found, f"{path}?{parameter}: {Markup(answer.text).found}"


def test_what_was_typed_is_shown_again_as_text(cuprum, browser, hostile):
    token = browser.get("/home").fields["form_token"]
    typed = {"form_token": token, "name": "", "details": PAYLOAD, "emails.email": PAYLOAD, "emails.category": PAYLOAD, "email": PAYLOAD,
             "monetary_value": PAYLOAD, "close_date": PAYLOAD, "due_date": PAYLOAD, "company_id": PAYLOAD, "tags": PAYLOAD,
             "related_resource.type": PAYLOAD, "related_resource.name": PAYLOAD, "label": PAYLOAD * 9, "role": PAYLOAD, "status": PAYLOAD,
             "title": PAYLOAD, "websites.url": PAYLOAD, "was": PAYLOAD}  # fmt: skip
    for form in web_addresses(cuprum, lambda place, name: usual(place, name, hostile)):
        if form.method == "POST" and not form.path.endswith(("/delete", "/sign-out", "/revoke", "/disable", "/end")):
            answer = browser.post(form.path, typed)
            assert answer.status < 500, f"{form.path}: {answer.text[-500:]}"
            assert not Markup(answer.text).found, f"{form.path}: {Markup(answer.text).found}"


@pytest.mark.parametrize("value", ["{{7*7}}", "{% raw %}", "${7*7}", "<%= 7*7 %>"])
def test_no_text_is_a_template(cuprum, browser, value):
    person = cuprum.ada.post("/people", {"name": value})
    page = browser.get(f"/people/{person['id']}").text
    assert html.escape(value) in page
    assert ">49<" not in page
