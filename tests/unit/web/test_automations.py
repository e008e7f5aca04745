"""Automations on the web: the list, the editor without script, files, runs; for admins only."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from automation import automation
from cuprum.automation import history
from cuprum.automation.connections import Connections
from cuprum.automation.starting import Beginning, Starter
from cuprum.automation.templates import TEMPLATES
from cuprum.kit import jsonio
from forms import filled, form_of

SAVE = "/automations/draft/save"
FILE = {
    "label": "Welcome",
    "x-ours": {"b": 1, "a": [None, True]},
    "triggers": [{"name": "trigger_1", "type": "copper/v1/leadCreated", "metadata": {"ui": 1}}],
    "tasks": [
        {
            "name": "copper_1",
            "type": "copper/v1/createTask",
            "parameters": {"name": "Call", "assignee_id": 17, "tags": ["a", "${trigger_1.record.name}"], "priority": "High", "status": "Open"},
            "node": "europe",
        },
        {
            "name": "condition_1",
            "type": "condition/v1",
            "parameters": {
                "conditions": [[{"type": "number", "value1": "${trigger_1.record.monetary_value}", "operation": "GREATER", "value2": 5}]],
                "caseTrue": [{"name": "logger_1", "type": "logger/v1/info", "parameters": {"text": "big"}}],
                "caseFalse": [],
            },
        },
        {
            "name": "each_1",
            "type": "each/v1",
            "parameters": {"items": "=${trigger_1.record.tags}", "iteratee": {"name": "logger_2", "type": "logger/v1/info", "parameters": {"text": "${each_1.item}"}}},
        },
        {
            "name": "httpClient_1",
            "type": "httpClient/v1/post",
            "parameters": {"uri": "https://example.org", "headers": {"X-One": "1"}, "body": {"a": [1, 2.5, None]}, "fullResponse": True},
        },
    ],
    "outputs": [{"name": "task", "value": "${copper_1.id}"}],
}  # fmt: skip


def send(browser, path: str, pairs: list[tuple[str, str]]):
    from urllib.parse import urlencode

    headers = {"Origin": browser.base, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    browser.cuprum.client.cookies.clear()
    answer = browser.cuprum.client.post(
        browser.base + path, content=urlencode(pairs), headers={**headers, "Cookie": cookies}, follow_redirects=False
    )
    return answer


def keep(ada, definition: Any = FILE, **further: Any) -> int:
    return automation(ada, "POST", "/workflows", {"definition": definition, **further})["id"]


def definition(ada, number: int) -> Any:
    return automation(ada, "GET", f"/workflows/{number}")["definition"]


def editor(browser, path: str) -> list[tuple[str, str]]:
    page = browser.get(path)
    assert page.status == 200, page.text
    return form_of(page.text, SAVE)


def connect(cuprum, name: str = "main", base_url: str = "http://127.0.0.1:9") -> None:
    Connections(cuprum.settings, cuprum.database).add_api_key(name, email="ada@harbour.example", key="k", base_url=base_url)


@pytest.fixture
def posted(browser):
    return lambda path, page, **typed: browser.post(path, {"form_token": browser.get(page).fields["form_token"], **typed})


def test_the_list_says_what_belongs_there(browser):
    page = browser.get("/automations")
    assert page.status == 200
    assert "Let the routine happen by itself" in page.text
    assert all(html.escape(one.label) in browser.get("/automations/new").text for one in TEMPLATES)


def test_the_trigger_is_said_in_words(ada, browser):
    keep(ada)
    page = browser.get("/automations").text
    assert "When a lead is created" in page
    assert "No runs yet" in page


PAGES = ("/automations", "/automations/new", "/automations/edit", "/automations/runs", "/automations/file", "/automations/1",
         "/automations/1/download.yaml", "/automations/1/versions", "/automations/1/versions/1", "/settings/connections", "/settings/connections/new")  # fmt: skip
DEEDS = ("/automations/1/switch", "/automations/1/start", "/automations/1/remove", "/automations/file", "/automations/1/versions/1/restore", "/automations/draft",
         "/automations/draft/check", "/automations/draft/options", "/automations/draft/try", SAVE, "/automations/1/file",
         "/automations/runs/retry", "/automations/runs/x/retry", "/automations/runs/x/discard", "/settings/connections/new",
         "/settings/connections/here", "/settings/connections/let-in", "/settings/connections/1/test",
         "/settings/connections/1/renew", "/settings/connections/1/let-in",
         "/settings/connections/1/remove")  # fmt: skip


def test_members_are_told_who_can(cuprum, browser_of):
    keep(cuprum.ada)
    for name in ("grace", "mallory"):
        browser = browser_of(name)
        for path in PAGES:
            page = browser.get(path)
            assert page.status == 403, path
            assert "Ask Ada." in page.text
        assert 'href="/automations"' not in browser.get("/people").text


def test_mallory_does_nothing(cuprum, browser_of):
    keep(cuprum.ada)
    mallory = browser_of("mallory")
    token = mallory.get("/home").fields["form_token"]
    for path in DEEDS:
        answer = mallory.post(path, {"form_token": token, "draft": jsonio.text(FILE), "on": "1", "text": "tasks: []"})
        assert answer.status == 403, path
    kept = automation(cuprum.ada, "GET", "/workflows/1")
    assert not kept["enabled"]
    assert kept["definition"] == FILE


def test_a_template_is_saved_without_script(ada, browser):
    pairs = editor(browser, "/automations/edit?template=call-new-leads")
    answer = send(browser, SAVE, filled(pairs, label="Ring them, at once"))
    assert answer.status_code == 303, answer.text
    number = int(re.search(r"/automations/(\d+)", answer.headers["location"])[1])
    kept = automation(ada, "GET", f"/workflows/{number}")
    assert kept["name"] == "Ring them at once"
    assert kept["definition"]["label"] == "Ring them, at once"
    assert kept["definition"]["tasks"] == TEMPLATES[0].workflow["tasks"]


def test_what_is_not_touched_stays_to_the_last_key(ada, browser):
    number = keep(ada)
    assert send(browser, SAVE, editor(browser, f"/automations/{number}")).status_code == 303
    assert json.dumps(definition(ada, number)) == json.dumps(FILE)


def test_one_field_is_changed_and_nothing_else(ada, browser):
    number = keep(ada)
    changes = {"tasks[0].parameters.name": "Ring ${trigger_1.record.name}", "tasks[0].parameters.tags[1]": "",
               "tasks[3].parameters.headers#1.name": "X-Two", "tasks[3].parameters.headers#1.value": "2",
               "tasks[1].parameters.conditions[0][0].operation": "number:LESS"}  # fmt: skip
    assert send(browser, SAVE, filled(editor(browser, f"/automations/{number}"), **changes)).status_code == 303
    expected = json.loads(json.dumps(FILE))
    expected["tasks"][0]["parameters"] |= {"name": "Ring ${trigger_1.record.name}", "tags": ["a"]}
    expected["tasks"][3]["parameters"]["headers"] = {"X-One": "1", "X-Two": "2"}
    expected["tasks"][1]["parameters"]["conditions"][0][0]["operation"] = "LESS"
    for made, wanted in zip(definition(ada, number)["tasks"], expected["tasks"], strict=True):
        assert made == wanted


def test_a_record_is_kept_by_its_number_and_shown_by_its_name(ada, browser):
    number = keep(ada)
    pairs = filled(editor(browser, f"/automations/{number}"), **{"tasks[0].parameters.assignee_id": "Grace Łucja (#3)", "do": ""})
    answer = send(browser, "/automations/draft", pairs)
    assert "Grace Łucja (#3)" in html.unescape(answer.text)
    assert json.loads(dict(form_of(answer.text, SAVE))["draft"])["tasks"][0]["parameters"]["assignee_id"] == "3"


BUTTONS = [
    ("put|tasks|1|copper/v1/createPerson", ["copper_1", "copper_2", "condition_1", "each_1", "httpClient_1"]),
    ("remove|tasks[0]", ["condition_1", "each_1", "httpClient_1"]),
    ("up|tasks[1]", ["condition_1", "copper_1", "each_1", "httpClient_1"]),
    ("down|tasks[3]", ["copper_1", "condition_1", "each_1", "httpClient_1"]),
    ("put|tasks[1].parameters.caseFalse|0|wait/v1/afterTimeInterval", ["copper_1", "condition_1", "each_1", "httpClient_1"]),
    ("put|tasks[2].parameters.iteratee|1|var/v1/set", ["copper_1", "condition_1", "each_1", "httpClient_1"]),
    ("nonsense|a|b|c", ["copper_1", "condition_1", "each_1", "httpClient_1"]),
    ("put|tasks[0].name|999999999999|copper/v1/createTask", ["copper_1", "condition_1", "each_1", "httpClient_1"]),
    ("remove|", ["copper_1", "condition_1", "each_1", "httpClient_1"]),
]


def test_a_record_is_picked_from_pages_without_script(cuprum, ada, browser, monkeypatch):
    connect(cuprum)
    asked = []

    def offered(database, connection, operation, path, given, *, search, page):
        asked.append((connection, operation, path, search, page))
        return {"options": [{"label": "Łukasz | “x”", "value": "17"}], "more": page == 1}

    monkeypatch.setattr("cuprum.web.pages.automations.picking.offered", offered)
    field = "tasks[0].parameters.assignee_id"
    form = filled(editor(browser, "/automations/edit?template=call-new-leads"), **{field: "Łu"})
    first = send(browser, "/automations/draft", [*form, ("do", f"pick|{field}|1")]).text
    assert f"pick|{field}|2" in html.unescape(first)
    second = html.unescape(send(browser, "/automations/draft", [*form_of(first, SAVE), ("do", f"pick|{field}|2")]).text)
    assert f"pick|{field}|1" in second
    assert f"pick|{field}|3" not in second
    assert asked == [("main", "createTask", "assignee_id", "Łu", page) for page in (1, 2)]
    chosen = next(one for one in re.findall(r'value="(picked[^"]+)"', first))
    picked = send(browser, "/automations/draft", [*form_of(first, SAVE), ("do", html.unescape(chosen))])
    assert dict(form_of(picked.text, SAVE))[field] == "Łukasz | “x” (#17)"
    assert send(browser, SAVE, form_of(picked.text, SAVE)).status_code == 303
    assert definition(ada, 1)["tasks"][0]["parameters"]["assignee_id"] == "17"


@pytest.mark.parametrize("do", ["pick|tasks[9].parameters.x|1", "pick||x", "picked|", "picked|[1]", 'picked|["a","b","c"]', "picked|{", "pick|tasks[0].parameters.assignee_id|-1"])  # fmt: skip
def test_picking_what_is_not_there_changes_nothing(browser, do):
    form = editor(browser, "/automations/edit?template=call-new-leads")
    answer = send(browser, "/automations/draft", [*form, ("do", do)])
    assert answer.status_code == 200
    assert dict(form_of(answer.text, SAVE))["draft"] == dict(form)["draft"]


def test_steps_are_added_moved_and_removed_by_buttons(ada, browser):
    pairs = editor(browser, f"/automations/{keep(ada)}")
    for do, names in BUTTONS:
        answer = send(browser, "/automations/draft", filled(pairs, do=do))
        assert answer.status_code == 200
        made = json.loads(dict(form_of(answer.text, SAVE))["draft"])
        assert [one["name"] for one in made["tasks"]] == names, do
        inner = next(one for one in made["tasks"] if one["name"] == "condition_1")["parameters"]["caseFalse"]
        assert not inner or inner[0]["name"] == "wait_1"


def test_a_step_is_chosen_of_a_list(ada, browser):
    pairs = editor(browser, f"/automations/{keep(ada)}")
    page = html.unescape(send(browser, "/automations/draft", filled(pairs, do="choose|tasks|4")).text)
    assert 'value="put|tasks|4|copper/v1/createPerson"' in page
    triggers = html.unescape(send(browser, "/automations/draft", filled(pairs, do="choose-trigger|triggers|0")).text)
    assert 'value="set-trigger|triggers|0|schedule/v1/everyDay"' in triggers
    other = send(browser, "/automations/draft", filled(pairs, do="set-trigger|triggers|0|copper/v1/taskCompleted")).text
    assert json.loads(dict(form_of(other, SAVE))["draft"])["triggers"][0] == {"name": "trigger_1", "type": "copper/v1/taskCompleted", "metadata": {"ui": 1}}  # fmt: skip


def test_a_renamed_step_is_followed_by_what_is_said_of_it(cuprum, ada, browser):
    connect(cuprum)
    connect(cuprum, "second")
    number = keep(ada, connections={"copper_1": "second", "": "main"})
    form = editor(browser, f"/automations/{number}")
    answer = send(browser, "/automations/draft", [*filled(form, **{"tasks[0].name": "call"}), ("do", "rename|tasks[0]")])
    assert answer.status_code == 200
    assert "<code>copper_1</code> is called <code>call</code> now" in answer.text
    assert "also in the outputs" in answer.text
    assert send(browser, SAVE, form_of(answer.text, SAVE)).status_code == 303
    kept = definition(ada, number)
    assert kept["tasks"][0]["name"] == "call"
    assert kept["outputs"] == [{"name": "task", "value": "${call.id}"}]
    assert automation(ada, "GET", f"/workflows/{number}")["connections"] == {"call": "second", "": "main"}


def test_a_name_that_cannot_be_is_told_under_its_field(ada, browser):
    number = keep(ada)
    form = editor(browser, f"/automations/{number}")
    answer = send(browser, SAVE, filled(form, **{"tasks[0].name": "condition_1"}))
    assert answer.status_code == 422
    assert "omething else here is called condition_1 already" in answer.text
    assert 'value="condition_1"' in answer.text
    assert definition(ada, number) == FILE


def test_what_is_wrong_stands_under_its_field_and_nothing_is_kept(ada, browser):
    number = keep(ada)
    pairs = filled(
        editor(browser, f"/automations/{number}"), **{"tasks[0].parameters.name": "Call ${lead.name} or ${oh", "label": "Other"}
    )
    answer = send(browser, SAVE, pairs)
    assert answer.status_code == 422
    text = html.unescape(answer.text)
    under = re.search(r'data-problem="tasks\[0\]\.parameters\.name">([^<]+)<', text)[1]
    assert "character" in under
    assert "Call ${lead.name} or ${oh" in text
    assert definition(ada, number)["label"] == "Welcome"


def test_the_check_names_what_is_to_be_filled_in(ada, browser):
    pairs = filled(
        editor(browser, "/automations/edit?template=call-new-leads"),
        **{"tasks[0].parameters.name": " ", "tasks[0].parameters.due_date": "soon"},
    )
    text = html.unescape(send(browser, "/automations/draft/check", pairs).text)
    assert "2 things to fill in" in text
    assert "can't be blank" in text


def test_what_another_saved_meanwhile_is_not_lost(ada, browser):
    number = keep(ada)
    pairs = filled(editor(browser, f"/automations/{number}"), label="Mine")
    automation(ada, "PUT", f"/workflows/{number}", {"definition": {**FILE, "label": "Theirs"}})
    answer = send(browser, SAVE, pairs)
    assert answer.status_code == 409
    assert "Somebody else saved this automation meanwhile" in answer.text
    assert 'value="Mine"' in answer.text
    assert definition(ada, number)["label"] == "Theirs"


def test_one_that_was_removed_meanwhile_is_not_there(ada, browser):
    number = keep(ada)
    pairs = editor(browser, f"/automations/{number}")
    automation(ada, "DELETE", f"/workflows/{number}")
    assert send(browser, SAVE, pairs).status_code == 404
    assert browser.get(f"/automations/{number}").status == 404


def test_trying_it_out_writes_nothing(cuprum, ada, browser):
    connect(cuprum)
    ada.post("/leads", {"name": "Elena Costa", "assignee_id": ada.id})
    pairs = editor(browser, "/automations/edit?template=call-new-leads")
    text = html.unescape(send(browser, "/automations/draft/try", pairs).text)
    assert "it would work" in text
    assert "Call Elena Costa" in text
    assert "would write" in text
    # As it reads in the form, not by the keys of the wire; nobody answers here who knew the names of numbers.
    said = text[text.index('id="tried"') : text.index("What the trigger said")]
    for label in ("Name", "Assignee", "Due Date", "Related Record", "Record"):
        assert f"<dt>{label}</dt>" in said, label
    assert "assignee_id" not in said
    assert ada.post("/tasks/search", {}) == []
    assert "there is no lead named" in send(browser, "/automations/draft/try", filled(pairs, sample="Nobody")).text.lower()


def test_it_is_tried_with_a_record_that_it_could_happen_to(cuprum, ada, browser):
    connect(cuprum)
    stages = ada.get("/pipeline_stages")
    for name, status in (("Lost deal", "Lost"), ("Won deal", "Won"), ("Open deal", "Open")):
        ada.post(
            "/opportunities",
            {
                "name": name,
                "pipeline_id": stages[0]["pipeline_id"],
                "status": status,
                "primary_contact_id": ada.post("/people", {"name": name})["id"],
            },
        )
    pairs = editor(browser, "/automations/edit?template=start-project")
    assert "With Won deal:" in send(browser, "/automations/draft/try", pairs).text
    refused = send(browser, "/automations/draft/try", filled(pairs, sample="Open deal"))
    assert refused.status_code == 422
    assert "none that this could happen to" in refused.text
    made_up = editor(browser, "/automations/edit?template=call-new-leads")
    assert "With a made-up lead" in send(browser, "/automations/draft/try", made_up).text


def test_trying_it_out_without_a_connection_says_so(ada, browser):
    ada.post("/leads", {"name": "Elena Costa"})
    answer = send(browser, "/automations/draft/try", editor(browser, "/automations/edit?template=call-new-leads"))
    assert answer.status_code == 422
    assert "no connection is bound" in answer.text.lower()
    # Also where all of it is listed, with the way there.
    assert re.search(r'data-message="no connection is bound[^"]*"><a href="#n-triggers-0-">', answer.text)


def test_a_webhook_is_tried_with_an_example_of_what_callers_send(cuprum, browser):
    connect(cuprum)
    pairs = editor(browser, "/automations/edit?template=form-to-lead")
    assert json.loads(dict(pairs)["sample_event"])["body"] == {"email": "elena@example.com", "name": "Name"}
    assert "it would work" in send(browser, "/automations/draft/try", pairs).text
    assert "cannot be read" in send(browser, "/automations/draft/try", filled(pairs, sample_event="{")).text.lower()


def test_it_is_turned_on_with_the_only_connection_and_off_again(cuprum, ada, browser, posted):
    number = keep(ada)
    refused = posted(f"/automations/{number}/switch", "/automations", on="1")
    assert refused.status == 422
    assert "no connection is bound" in refused.text.lower()
    connect(cuprum)
    assert posted(f"/automations/{number}/switch", "/automations", on="1").status == 303
    kept = automation(ada, "GET", f"/workflows/{number}")
    assert kept["enabled"]
    assert kept["connections"] == {"": "main"}
    assert 'aria-checked="true"' in browser.get("/automations").text
    assert posted(f"/automations/{number}/switch", "/automations", on="0").status == 303
    assert not automation(ada, "GET", f"/workflows/{number}")["enabled"]


def test_what_has_no_other_trigger_is_started_by_hand(cuprum, ada, browser, posted):
    number = keep(ada, {"label": "By hand", "tasks": [{"name": "a", "type": "logger/v1/info", "parameters": {"text": "x"}}]})
    assert "Start it now" in browser.get("/automations").text
    started = posted(f"/automations/{number}/start", "/automations", x="")
    assert started.status == 303
    assert browser.get(started.location).status == 200
    assert posted("/automations/999/start", "/automations", x="").status == 404


def test_what_was_never_turned_on_goes_through_the_only_connection_by_hand(cuprum, ada):
    connect(cuprum)
    task = {"name": "copper_1", "type": "copper/v1/getAccount", "parameters": {}}
    number = keep(ada, {"label": "By hand", "tasks": [task]})
    run_id = Starter(cuprum.database, lambda: None).start_run(number, Beginning({}))
    arguments = jsonio.decode(cuprum.database.read_now(history.one_run, run_id).arguments)
    assert arguments["connections"] == {"": "main"}


def test_it_is_removed_after_a_question(ada, browser, posted):
    number = keep(ada)
    assert "cannot be taken back" in browser.get(f"/automations/{number}/remove").text
    assert posted(f"/automations/{number}/remove", f"/automations/{number}/remove").status == 303
    assert automation(ada, "GET", "/workflows") == []


def test_a_file_comes_in_and_goes_out_with_every_key(ada, browser, posted):
    text = "label: Łoś, 漢\nx-more: {b: 2, a: 1}\ntasks:\n- name: logger_1\n  type: logger/v1/info\n  parameters: {text: hi}\n"
    made = posted("/automations/file", "/automations/file", text=text)
    assert made.status == 303, made.text
    number = int(re.search(r"\d+", made.location)[0])
    out = browser.get(f"/automations/{number}/download.json")
    assert list(json.loads(out.text)) == ["label", "x-more", "tasks"]
    assert list(json.loads(out.text)["x-more"]) == ["b", "a"]
    assert browser.get(f"/automations/{number}/download.yaml").text == text
    assert browser.get(f"/automations/{number}/download.exe").status == 404
    assert "attachment" in out.headers["content-disposition"]


def test_a_file_that_cannot_run_is_refused_with_what_was_typed(browser):
    token = browser.get("/automations/file").fields["form_token"]
    unreadable = ("", "{", "tasks: [", "- a", "tasks: []", "a: &a [*a]", "tasks: " + "[" * 3000, "\0", "a: .inf\ntasks: [1]")
    for text in (
        *unreadable,
        "tasks:\n- {name: x, type: nonsense/v1}",
        "label: '\\ud800'\ntasks: [{name: a, type: logger/v1/info}]",
    ):
        answer = browser.post("/automations/file", {"form_token": token, "text": text})
        assert answer.status == 422 or (answer.status == 303 and "ud800" in text), (answer.status, text[:40])
        assert answer.status == 303 or 'role="alert"' in answer.text


def test_the_text_of_a_file_is_edited(ada, browser):
    number = keep(ada)
    path = f"/automations/{number}/file"
    pairs = form_of(browser.get(path).text, path)
    text = dict(pairs)["text"].replace("label: Welcome", "label: Well come")
    assert send(browser, path, filled(pairs, text=text)).status_code == 303
    assert definition(ada, number) == {**FILE, "label": "Well come"}
    assert send(browser, path, filled(pairs, text=text)).status_code == 409


ODD_DRAFTS = ("", "[]", "{", "null", '{"tasks": 7}', '{"triggers": {"a": 1}, "tasks": {"b": 2}}', "{" * 60 + "}" * 60,
    '{"tasks": [1, null, {"type": 5, "name": []}], "triggers": [null, {"type": "copper/v1/nope"}]}',
    '{"tasks": [{"name": "a", "type": "condition/v1", "parameters": []}]}',
    '{"tasks": [{"name": "a", "type": "copper/v1/createTask", "parameters": {"name": {"a": 1}, "tags": 5, "related_resource": [1],'
    ' "custom_fields": "x"}}]}',
    '{"tasks": [{"name": "a", "type": "branch/v1", "parameters": {"cases": [1, {"key": null, "tasks": 5}]}}]}',
    '{"tasks": [{"name": "a", "type": "condition/v1", "parameters": {"conditions": [[1], {"a": 2}]}}]}',
    '{"label": {"a": 1}, "description": [1], "tasks": []}')  # fmt: skip
POSTS = ("/automations/draft", "/automations/draft/check", "/automations/draft/options", "/automations/draft/try", SAVE)


def test_a_form_that_no_page_of_ours_made_is_refused_or_shown_never_more(ada, browser):
    token = browser.get("/automations/new").fields["form_token"]
    for draft in ODD_DRAFTS:
        typed = {"form_token": token, "draft": draft, "do": "put|tasks|0|copper/v1/createTask", "id": "9" * 30, "names": "[]"}
        for path in POSTS:
            answer = send(browser, path, [*typed.items(), ("label", "x\0")])
            assert answer.status_code in (200, 400, 404, 422), (path, draft, answer.text)
    assert automation(ada, "GET", "/workflows") == []


def test_hostile_words_in_a_field_are_words(browser):
    page = editor(browser, "/automations/edit?template=call-new-leads")
    for value in ("\0", "9" * 400, "<script>alert(1)</script>", "x (#99999999999999999999)"):
        names = ("automation", "was", "of", "search", "sample", "do", "connections.", "label", "tasks[0].parameters.assignee_id")
        for path in POSTS[:-1]:
            answer = send(browser, path, filled(page, **dict.fromkeys(names, value)))
            assert answer.status_code < 500, (path, value, answer.text)
            assert "<script>alert" not in answer.text
        for name in names:
            assert send(browser, SAVE, filled(page, **{name: value})).status_code in (303, 404, 422), (name, value)


# --- runs


def noted(cuprum, run_id: str, state: str, reason: str | None = None, workflow_id: int | None = None) -> None:
    """A run with one step that went wrong as said."""
    error = {
        "error": "X",
        "class": "permanent",
        "message": "Name can't be <blank>",
        "node": "copper_1",
        "place": "copper_1",
        "details": {},
        "connection": "main",
    }
    step = {
        "place": "copper_1",
        "node": "copper_1",
        "type": "copper/v1/createTask",
        "input": {"name": "", "due": None, "list": [{"a": 1}]},
    }

    def write(db) -> None:
        arguments = {"names": {"trigger_1": {"record": {"name": "Elena <Costa>"}}}, "tasks": []}
        history.add_run(db, run_id, name="Welcome", arguments=arguments, workflow_id=workflow_id, depth=0)
        history.begin(db, run_id, "")
        history.begin_step(db, run_id, step)
        if state in ("failed", "parked"):
            history.fail_step(db, run_id, "copper_1", history.STEP_FAILED, error, may_have_happened=reason == "ambiguous")
        if state == "done":
            history.end_step(db, run_id, "copper_1", {"id": 5})
        if state != "running":
            history.finish(db, run_id, {"state": state, "reason": reason, "error": error if state != "done" else None})

    cuprum.database.write_now(write)


RUN = "3/trigger_1@2026-11-28T10:00:00Z"


def test_a_run_shows_every_step_and_what_went_wrong(cuprum, browser):
    noted(cuprum, RUN, "failed")
    text = browser.get("/automations/runs").text
    assert f'href="/automations/runs/{RUN}"' in text
    page = browser.get(f"/automations/runs/{quote(RUN)}")
    assert page.status == 200
    assert "Name can&#39;t be &lt;blank&gt;" in page.text
    assert "Elena &lt;Costa&gt;" in page.text
    assert "Create Task" in page.text
    assert "<dt>list</dt>" in page.text
    assert "Blank: name, due" in page.text


@pytest.mark.parametrize(("reason", "said"), [("needs_reauth", "Renew the connection main"), ("ambiguous", "though it may have happened"), ("unavailable", "when the server answers")])  # fmt: skip
def test_a_parked_run_says_what_it_waits_for(cuprum, browser, reason, said):
    noted(cuprum, "r-1", "parked", reason)
    assert said in browser.get("/automations/runs/r-1").text


def test_runs_are_found_by_state_and_automation(cuprum, ada, browser):
    number = keep(ada)
    noted(cuprum, "r-good", "done", workflow_id=number)
    noted(cuprum, "r-bad", "failed")
    only = browser.get(f"/automations/runs?workflow={number}").text
    assert "r-good" in only
    assert "r-bad" not in only
    assert "r-good" not in browser.get("/automations/runs?state=failed").text
    assert browser.get("/automations/runs?state=nonsense&workflow=x&before=gone").status == 200
    assert "Last" not in browser.get("/automations").text


def test_a_run_is_tried_again_with_another_input_or_given_up(cuprum, browser, posted):
    noted(cuprum, "r-1", "failed")
    here = "/automations/runs/r-1"
    refused = posted(f"{here}/retry", here, input="[1")
    assert refused.status == 422
    assert "[1</textarea>" in refused.text
    assert posted(f"{here}/retry", here, input='{"name": "Call"}').status == 303
    row = cuprum.database.read_now(history.one_run, "r-1")
    assert row.state == "queued"
    assert jsonio.decode(row.arguments)["edits"]["copper_1"]["input"] == {"name": "Call"}
    assert posted(f"{here}/retry", here).status == 409
    noted(cuprum, "r-2", "parked", "unavailable")
    assert posted("/automations/runs/r-2/discard", here).status == 303
    assert cuprum.database.read_now(history.one_run, "r-2").state == "discarded"
    noted(cuprum, "r-3", "parked", "unavailable")
    assert posted("/automations/runs/retry", "/automations/runs", workflow="").status == 303
    assert cuprum.database.read_now(history.one_run, "r-3").state == "queued"


def test_what_a_script_has_seen_is_not_sent_again(cuprum, browser):
    noted(cuprum, "r-1", "running")
    page = browser.get("/automations/runs/r-1").text
    seen = re.search(r'hx-get="([^"]+)"', page)[1]
    assert browser.ask("GET", html.unescape(seen), headers={"HX-Request": "true"}).status == 204
    assert (
        browser.ask("GET", "/automations/runs/r-1?seen=old", headers={"HX-Request": "true"})
        .text.lstrip()
        .startswith('<div id="run"')
    )


def test_a_run_that_is_not_there_is_not_found(browser, posted):
    assert browser.get("/automations/runs/nobody/knows").status == 404
    assert posted("/automations/runs/nobody/retry", "/automations/runs").status == 404
