"""Lists without script: narrowed by any field, paged by key both ways, with columns chosen, views saved and files taken."""

from __future__ import annotations

import csv
import html
import io
import re
from urllib.parse import quote, urlencode

import pytest

from automation import share
from cuprum.entities import BY_PLURAL, ENTITIES
from cuprum.kit.csv_text import safe_cell
from cuprum.records import write
from cuprum.records.filterable import OPERATORS, takes
from cuprum.records.listing import Listing
from cuprum.records.trash import delete
from cuprum.transfer import export as transfer_export
from cuprum.web.arrangement import MAIN
from cuprum.web.chips import OPERATOR_WORDS
from custom_fields import DATA_TYPES, define, entries, option_ids
from oauth import Browser

PLURALS = [ENTITIES[entity].plural for entity in MAIN]
PART = {"HX-Request": "true"}


def rows(browser: Browser, address: str) -> list[str]:
    """The names in a list, in their order."""
    page = browser.get(address)
    assert page.status == 200, page.text
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a [^>]*>(.*?)</a>', page.text)]


def chips(browser: Browser, address: str) -> list[str]:
    """The conditions as they are read aloud by the links that take them away."""
    return [html.unescape(one) for one in re.findall(r'aria-label="Without: ([^"]*)"', browser.get(address).text)]


def link(page: str, rel: str) -> str:
    return html.unescape(re.search(rf'href="([^"]+)" rel="{rel}"', page)[1])


def filtered(browser: Browser, of: str, field: str, operator: str, **given: str) -> str:
    """Where the form of a condition leads."""
    page = browser.get(
        f"/{of.split('?')[0].split('/')[1]}/filter?" + urlencode({"of": of, "field": field, "operator": operator, **given})
    )
    assert page.status == 303, page.text
    return page.location


# --- windows


def test_windows_go_through_everything_once_and_back_again(browser, ada):
    for number in range(230):
        ada.post("/projects", {"name": f"P{number:03}"})
    wanted = [f"P{number:03}" for number in range(230)]
    first = browser.get("/projects").text
    second = browser.get(link(first, "next")).text
    third = browser.get(link(second, "next")).text
    assert "201–230 of <strong>230</strong>" in third
    assert 'rel="next"' not in third
    seen = [name for page in (first, second, third) for name in re.findall(r">(P\d{3})<", page)]
    assert seen == wanted
    back = browser.get(link(third, "prev")).text
    assert "101–200 of <strong>230</strong>" in back
    assert re.findall(r">(P\d{3})<", back) == wanted[100:200]
    front = browser.get(link(back, "prev")).text
    assert re.findall(r">(P\d{3})<", front) == wanted[:100]
    assert 'rel="prev"' not in front


ORDERS = {
    "people": ("first_name", "company_name", "title", "last_interaction", "phone"),
    "opportunities": ("close_date", "value", "stage"),
    "tasks": ("due_date", "related_to"),
    "companies": ("city",),
    "leads": ("email",),
}


@pytest.mark.parametrize("plural", ORDERS)
def test_windows_are_in_the_order_of_the_search(cuprum, ada, plural):
    company, other = (ada.post("/companies", {"name": name})["id"] for name in ("Costa", "Ärmel"))
    contact = ada.post("/people", {"name": "Contact Person", "title": "Zz"})["id"]
    for number in range(14):
        body = {
            "people": {"title": ["Baker", "", "Ärztin"][number % 3], "company_id": [company, None, other][number % 3],
                       "phone_numbers": [{"number": str(number % 4), "category": "work"}] if number % 2 else []},
            "opportunities": {"close_date": f"{number % 4 + 1}/1/2027" if number % 3 else None, "primary_contact_id": contact,
                              "monetary_value": number % 4 if number % 3 else None},
            "tasks": {"due_date": 1800000000 + number % 4 if number % 3 else None,
                      "related_resource": {"type": "company", "id": company} if number % 2 else None},
            "companies": {"address": {"city": ["Porto", "", "Åbo"][number % 3]} if number % 2 else None},
            "leads": {"email": {"email": f"a{number % 5}@x.example", "category": "work"} if number % 2 else None},
        }[plural]  # fmt: skip
        ada.post(f"/{plural}", {"name": f"Name {number % 5}", **body})
    for sort in ORDERS[plural]:
        for way in ("asc", "desc"):
            query = {"sort_by": sort, "sort_direction": way, "page_size": 200}
            wanted = [one["id"] for one in ada.post(f"/{plural}/search", query)]
            forward, backward, whole = cuprum.as_person("ada", lambda work, query=query: walked(work, plural, query))
            assert forward == whole == wanted, (sort, way)
            assert backward == wanted, (sort, way)


def walked(work, plural: str, query) -> tuple[list[int], list[int], list[int]]:
    """The ids in windows from the first to the last, from the last back to the first, and as a file has them."""
    listing = Listing(work, BY_PLURAL[plural].entity, query)
    window = listing.window(4)
    forward = [one["id"] for one in window.records]
    while window.after:
        window = listing.window(4, after=forward[-1])
        assert (window.first, window.before) == (len(forward) + 1, True)
        forward += [one["id"] for one in window.records]
    backward = [one["id"] for one in window.records]
    while window.before:
        window = listing.window(4, before=backward[0])
        backward = [*(one["id"] for one in window.records), *backward]
        assert window.first == forward.index(backward[0]) + 1
    whole, position = listing.after(None, 5)
    while position:
        further, position = listing.after(position, 5)
        whole += further
    return forward, backward, [one["id"] for one in whole]


def test_a_window_begins_where_a_record_was_that_is_gone(browser, ada):
    made = [ada.post("/projects", {"name": f"P{number}"})["id"] for number in range(4)]
    ada.delete(f"/projects/{made[1]}")
    assert rows(browser, f"/projects?after={made[1]}") == ["P2", "P3"]
    assert rows(browser, f"/projects?before={made[1]}") == ["P0"]
    for nonsense in ("0", "x", "-1", "9" * 30, "%00", "999999"):
        assert rows(browser, f"/projects?after={nonsense}") == ["P0", "P2", "P3"]


def test_the_box_finds_any_part_of_a_name_in_any_script(browser, ada):
    for plural in PLURALS:
        box_finds(browser, ada, plural)


def box_finds(browser, ada, plural):
    for name in ("Élena Łan", "東京建設", "Ольга Нова"):
        ada.post(f"/{plural}", {"name": name})
    for words, name in (("LAN", "Élena Łan"), ("el", "Élena Łan"), ("東", "東京建設"), ("京建", "東京建設"), ("建設", "東京建設"), ("ольг", "Ольга Нова"), ("н", "Ольга Нова")):  # fmt: skip
        assert rows(browser, f"/{plural}?name={quote(words)}") == [name], words


# --- filters


def test_every_operator_has_its_words():
    assert {one for several in OPERATORS.values() for one in several} == set(OPERATOR_WORDS)


def test_every_field_has_a_form_whose_operators_all_lead_somewhere(browser, ada):
    for kind in ("String", "Dropdown", "MultiSelect", "Date", "Checkbox", "Float"):
        define(ada, kind)
    # Between them they have every kind of field.
    for plural in ("people", "opportunities", "tasks"):
        ada.post(f"/{plural}", {"name": "Oak"})
        every_operator_leads_somewhere(browser, plural)


def every_operator_leads_somewhere(browser, plural):
    offered = [html.unescape(one) for one in re.findall(r'class="option" href="([^"]+)"', browser.get(f"/{plural}/filter").text)]
    assert len(offered) > 12
    for address in offered:
        page = browser.get(address)
        assert page.status == 200
        field = page.fields["field"]
        assert page.fields["of"] == f"/{plural}"
        for operator, kind in re.findall(r'<option value="(\w+)" data-takes="(\w+)"', page.text):
            assert takes(operator) == kind
            one = {"any": "1"} if kind == "many" else {"days": "7"} if kind == "days" else {}
            is_date = 'type="date"' in page.text
            one |= {"value": "2026-11-28" if is_date else "5"} if kind == "one" else {}
            one |= {"least": "2026-11-01" if is_date else "1", "most": "2026-12-01" if is_date else "5"} if kind == "two" else {}
            if kind == "many" and (ticks := re.findall(r'name="any" value="([^"]+)"', page.text)):
                one["any"] = ticks[0]
            there = filtered(browser, f"/{plural}", field, operator, **one)
            page_there = browser.get(there)
            assert page_there.status == 200, there
            assert page_there.text.count('class="chip-off"') == 1


def test_a_filter_is_built_changed_grouped_and_taken_apart(browser, ada):
    for name, value, owner in (("Roof", 9000, None), ("Desk", 100, ada.id), ("Door", 9000, ada.id), ("Shed", None, None)):
        ada.post("/opportunities", {"name": name, "monetary_value": value, "assignee_id": owner})
    here = filtered(browser, "/opportunities", "monetary_value", "least", value="5000")
    assert here == "/opportunities?where=monetary_value.least.5000"
    assert rows(browser, here) == ["Door", "Roof"]
    here = filtered(browser, here, "assignee_id", "any", any="me")
    assert here == "/opportunities?where=monetary_value.least.5000;assignee_id.any.me"
    assert rows(browser, here) == ["Door"]
    assert chips(browser, here) == ["Value is at least €5,000", "Owner is me"]
    here = filtered(browser, here, "assignee_id", "empty", at="1.new")
    assert here == "/opportunities?where=monetary_value.least.5000;(assignee_id.any.me;assignee_id.empty)"
    assert rows(browser, here) == ["Door", "Roof"]
    here = filtered(browser, here, "monetary_value", "most", at="0", value="500")
    assert rows(browser, here) == ["Desk"]
    page = browser.get(here).text
    either = html.unescape(re.search(r'class="chip match" href="([^"]+)"', page)[1])
    assert either.endswith("&match=any")
    assert rows(browser, either) == ["Desk"]
    gone = [html.unescape(one) for one in re.findall(r'class="chip-off" href="([^"]+)"', page)]
    assert gone[1] == "/opportunities?where=monetary_value.most.500;assignee_id.empty"


def test_what_was_typed_is_kept_and_told_where_it_is_wrong(browser, ada):
    query = {"of": "/opportunities", "field": "monetary_value", "operator": "least", "value": "a lot"}
    page = browser.get("/opportunities/filter?" + urlencode(query))
    assert page.status == 422
    assert 'value="a lot"' in page.text
    assert "Value is not a number" in page.text
    query = {"of": "/people", "field": "company_id", "operator": "any", "chosen": "Nobody Ltd"}
    assert "there is no company named “Nobody Ltd”" in browser.get("/people/filter?" + urlencode(query)).text


def test_a_record_is_chosen_by_its_name(browser, ada):
    company = ada.post("/companies", {"name": "Costa, Yachts"})
    ada.post("/people", {"name": "Iris", "company_id": company["id"]})
    ada.post("/people", {"name": "Oto"})
    here = filtered(browser, "/people", "company_id", "any", chosen="costa, yachts")
    assert rows(browser, here) == ["Iris"]
    assert chips(browser, here) == ["Company is Costa, Yachts"]


BAD = (
    "name.has", "nothing.has.x", "(name.has.x", "monetary_value.least.x", "close_date.on.never", "\x00", "\ud800", "%", ".",
    "custom_1.is.x", "assignee_id.any." + "9" * 9000, "monetary_value.least.1e999999999", "close_date.next.1e999999", "name.has." + "x" * 5000, ";".join(["name.has.x"] * 60),
)  # fmt: skip


def test_a_bad_filter_is_told_under_the_bar_and_everything_beside_it_still_opens(browser, ada):
    ada.post("/opportunities", {"name": "Roof"})
    for where in BAD:
        query = urlencode({"where": where}, errors="surrogatepass")
        page = browser.get(f"/opportunities?{query}")
        assert page.status == 422, where
        assert re.search(r'class="trouble" role="alert"><p>.+</p>', page.text)
        assert "Roof" not in page.text
        of = urlencode({"of": f"/opportunities?{query}"})
        for beside in ("filter", "columns", "views"):
            assert browser.get(f"/opportunities/{beside}?{of}").status == 200, (beside, where)
        assert browser.get(f"/opportunities/export?{of}").status == 422, where
        assert browser.get(f"/opportunities/export.csv?{of}").status == 422, where
        assert browser.get(f"/opportunities/board?{query}").status == 422, where
        assert browser.get(f"/opportunities?{query}&sort_by=shoe_size&ids=x").status == 422, where


def test_a_page_beside_a_list_leads_back_to_that_list_alone(browser):
    for of in ("https://evil.example/", "//evil.example", "/people", "/settings", "\x00", "x" * 9000):
        assert browser.get("/opportunities/filter?" + urlencode({"of": of})).status == 404


def test_links_of_reports_still_narrow_and_say_by_what(browser, ada):
    ada.post("/opportunities", {"name": "Roof", "close_date": "1/15/2019"})
    ada.post("/opportunities", {"name": "Desk", "close_date": "3/15/2019"})
    here = "/opportunities?minimum_close_date=1546300800&maximum_close_date=1548979199"
    assert rows(browser, here) == ["Roof"]
    assert chips(browser, here) == ["Close date is at least 1 Jan 2019", "Close date is at most 31 Jan 2019"]
    assert rows(browser, f"{here}&where=name.has.desk") == []


def test_the_board_and_the_agenda_keep_to_the_filter_of_the_list(browser, ada):
    stage = ada.get("/pipelines")[0]["stages"][0]["id"]
    for name, value in (("Roof", 9000), ("Desk", 70)):
        ada.post("/opportunities", {"name": name, "monetary_value": value, "pipeline_stage_id": stage})
        ada.post("/tasks", {"name": name, "assignee_id": ada.id, "priority": "High" if value > 100 else "Low"})
    board = browser.get("/opportunities/board?where=monetary_value.least.5000").text
    assert ("Roof" in board, "Desk" in board) == (True, False)
    assert "9,070" not in board
    assert 'href="/opportunities?where=monetary_value.least.5000"' in board
    agenda = browser.get("/tasks/agenda?where=priority.any.High").text
    assert (">Roof<" in agenda, ">Desk<" in agenda) == (True, False)


def test_typing_in_the_box_keeps_the_filter_and_a_script_gets_the_rows(browser, ada):
    ada.post("/people", {"name": "Iris", "title": "Baker"})
    page = browser.get("/people?where=title.is.baker&columns=title")
    assert page.fields["where"] == "title.is.baker"
    part = browser.ask("GET", "/people?where=title.is.baker&name=iris", headers=PART).text
    assert "<html" not in part
    assert part.count("<section") == 1
    assert "Iris" in part


# --- columns and order


def test_columns_are_chosen_put_in_order_and_sorted_by_custom_fields_too(browser, ada):
    wood, cut = define(ada, "Dropdown", "Oak", "Ash"), define(ada, "Float")
    for name, option, number in (("A", 1, 2), ("B", 0, 10), ("C", None, None)):
        values = {wood["id"]: option_ids(wood)[option] if option is not None else None, cut["id"]: number}
        ada.post("/companies", {"name": name, "custom_fields": entries(values)})
    form = browser.get("/companies/columns").text
    assert f'value="custom_{wood["id"]}"' in form
    chosen = f"column=custom_{wood['id']}&column=tags&column=custom_{cut['id']}"
    moved = browser.get(f"/companies/columns?of=/companies&{chosen}&up=custom_{cut['id']}").text
    assert re.findall(r'name="column" value="(\w+)" checked', moved) == [f"custom_{wood['id']}", f"custom_{cut['id']}", "tags"]
    there = browser.get(f"/companies/columns?of=/companies&{chosen}&set=1").location
    assert there == f"/companies?columns=custom_{wood['id']},tags,custom_{cut['id']}"
    page = browser.get(there).text
    assert [html.unescape(one) for one in re.findall(r'<td data-label="([^"]+)"', page)][:3] == ["Dropdown", "Tags", "Float"]
    assert rows(browser, f"/companies?sort_by=custom_{cut['id']}") == ["A", "B", "C"]
    assert rows(browser, f"/companies?sort_by=custom_{cut['id']}&sort_direction=desc") == ["B", "A", "C"]
    assert rows(browser, f"/companies?sort_by=custom_{wood['id']}") == ["B", "A", "C"]
    assert rows(browser, "/companies?columns=nothing,,%00,custom_999") == ["A", "B", "C"]
    assert browser.get("/companies?sort_by=custom_999").status == 422


def test_a_list_can_show_every_column_there_is_and_be_sorted_by_most(browser, ada):
    for kind in DATA_TYPES:
        define(ada, kind)
    for plural in PLURALS:
        ada.post(f"/{plural}", {"name": "Oak"})
        every_column(browser, plural)


def every_column(browser, plural):
    every = re.findall(r'name="column" value="(\w+)"', browser.get(f"/{plural}/columns").text)
    page = browser.get(f"/{plural}?columns={','.join(every)}")
    assert page.status == 200
    orders = [html.unescape(one) for one in re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', page.text)]
    assert len(orders) > 8
    for address in orders:
        assert rows(browser, address) == ["Oak"], address


# --- files


def csv_of(browser: Browser, address: str) -> list[dict[str, str]]:
    page = browser.get(address)
    assert page.status == 200, page.text
    assert page.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(page.text)))


def test_the_file_has_what_the_list_shows_in_its_order(browser, ada):
    for number in range(3):
        ada.post(
            "/opportunities",
            {"name": f"Deal {number}", "monetary_value": 100 - number, "close_date": "12/31/2026", "tags": ["a", "b"]},
        )
    of = quote(
        "/opportunities?where=monetary_value.least.99&sort_by=value&columns=monetary_value,close_date,tags,assignee_id", safe=""
    )
    assert "Export 2 opportunities" in browser.get(f"/opportunities/export?of={of}").text
    assert csv_of(browser, f"/opportunities/export.csv?of={of}") == [
        {"Name": "Deal 1", "Value": "99", "Close date": "2026-12-31", "Tags": "a; b", "Owner": ""},
        {"Name": "Deal 0", "Value": "100", "Close date": "2026-12-31", "Tags": "a; b", "Owner": ""},
    ]
    whole = csv_of(browser, f"/opportunities/export.csv?of={of}&all_columns=1")
    assert {"Id", "Stage", "Status", "Created"} <= whole[0].keys()
    assert browser.get(f"/opportunities/export.csv?of={of}&bom=1").text.startswith("\ufeffName")


def test_a_long_file_has_every_row_once(browser, ada, monkeypatch):
    monkeypatch.setattr("cuprum.transfer.export.ROWS_A_WINDOW", 7)
    for number in range(31):
        ada.post("/people", {"name": f"P{number:02}", "title": "" if number % 3 else "Baker"})
    for sort in ("first_name", "title", "date_created"):
        found = csv_of(browser, f"/people/export.csv?of={quote(f'/people?sort_by={sort}', safe='')}")
        assert sorted(one["Name"] for one in found) == [f"P{number:02}" for number in range(31)]


def test_nothing_in_a_file_runs_in_a_spreadsheet(browser, ada):
    for text in ("=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1"):
        ada.post("/people", {"name": "Iris", "title": text})
    cells = [one["Title"] for one in csv_of(browser, f"/people/export.csv?of={quote('/people?columns=title', safe='')}")]
    assert len(cells) == 7
    assert all(one.startswith("'") for one in cells)


def test_numbers_with_a_sign_stay_numbers():
    assert [safe_cell(one) for one in ("-5", "+5.25", "-5,25", "-5-5", "+351 912", -5)] == [
        "-5",
        "+5.25",
        "-5,25",
        "'-5-5",
        "'+351 912",
        -5,
    ]


def test_mallory_exports_what_she_sees(browser_of, ada):
    hidden = ada.post("/companies", {"name": "Hidden", "assignee_id": ada.id})["id"]
    ada.post("/people", {"name": "Iris", "company_id": hidden})
    share(ada, "companies", hidden, "only_me")
    mallory = browser_of("mallory")
    assert csv_of(mallory, "/companies/export.csv?of=/companies") == []
    assert csv_of(mallory, f"/companies/export.csv?of=/companies&ids={hidden}") == []
    assert csv_of(mallory, "/people/export.csv?of=/people")[0]["Company"] == ""
    assert rows(mallory, "/people?where=company_id.has.hidden") == []
    assert Browser(mallory.cuprum).get("/people/export.csv?of=/people").status == 303


def test_an_export_is_of_one_moment_whatever_is_written_meanwhile(cuprum, browser, ada, monkeypatch):
    made = [ada.post("/people", {"name": f"P{number}"})["id"] for number in range(5)]
    monkeypatch.setattr(transfer_export, "ROWS_A_WINDOW", 2)
    as_it_was, windows = transfer_export.csv_lines, []

    def lines(rows):
        windows.append(1)
        if len(windows) == 2:
            # The first window is read: what comes in the next ones is changed, and is added to.
            cuprum.as_person("ada", lambda work: write.change(work, "person", made[3], {"name": "P3 renamed"}))
            cuprum.as_person("ada", lambda work: write.create(work, "person", {"name": "P9"}))
            cuprum.as_person("ada", lambda work: delete(work, "person", made[4]))
        return as_it_was(rows)

    monkeypatch.setattr(transfer_export, "csv_lines", lines)
    found = csv_of(browser, "/people/export.csv?of=/people&sort_by=name")
    assert [one["Name"] for one in found] == ["P0", "P1", "P2", "P3", "P4"]
    assert len(windows) > 3
    again = csv_of(browser, "/people/export.csv?of=/people&sort_by=name")
    assert [one["Name"] for one in again] == ["P0", "P1", "P2", "P3 renamed", "P9"]


# --- saved views


def press(browser: Browser, path: str, **typed: str):
    token = browser.get("/home").fields["form_token"]
    return browser.post(path, {"form_token": token, **typed})


def told(browser: Browser, path: str, **typed: str) -> str:
    page = browser.get(press(browser, path, **typed).location).text
    return html.unescape(re.search(r"data-toast>\s*<p>.*?<span>(.*?)</span>", page, re.S)[1])


def tabs(browser: Browser, address: str) -> dict[str, str]:
    page = browser.get(address)
    assert page.status == 200, page.text
    found = re.findall(r'class="view-tab" href="([^"]+)"[^>]*><span class="cut">(.*?)</span>', page.text)
    return {html.unescape(name): html.unescape(there) for there, name in found}


def saved(browser: Browser, of: str, name: str, **typed: str) -> str:
    answer = press(browser, f"/{of.split('?')[0].split('/')[1]}/views", of=of, name=name, **typed)
    assert answer.status == 303, answer.text
    return answer.location.partition("&done")[0].partition("?done")[0]


def test_a_view_is_saved_opened_changed_renamed_unpinned_and_deleted(browser, ada):
    of = "/opportunities?where=monetary_value.least.5000&columns=tags"
    there = saved(browser, of, "Large ones")
    assert there.startswith(of + "&view=")
    assert told(browser, "/opportunities/views", of=of, name="Again") == "View “Again” saved"
    assert tabs(browser, "/opportunities")["Large ones"] == there
    number = there.rpartition("=")[2]
    assert browser.get(f"/opportunities/views/{number}").location == there
    assert "Save changes" not in browser.get(there).text
    changed = there.replace("5000", "7000")
    assert "Save changes" in browser.get(changed).text
    assert press(browser, f"/opportunities/views/{number}", of=changed, do="update").status == 303
    assert tabs(browser, "/opportunities")["Large ones"] == changed
    press(browser, f"/opportunities/views/{number}", of=changed, do="rename", name="Huge ones")
    assert "Huge ones" in tabs(browser, "/opportunities")
    press(browser, f"/opportunities/views/{number}", of="/opportunities", do="unpin")
    assert "Huge ones" not in tabs(browser, "/opportunities")
    assert "Huge ones" in tabs(browser, changed)
    gone = press(browser, f"/opportunities/views/{number}", of=changed, do="delete")
    assert "Huge ones" not in tabs(browser, changed)
    page = browser.get(gone.location)
    assert "View “Huge ones” deleted" in html.unescape(page.text)
    assert (
        browser.post(re.search(r'action="(/undo/[^"]+)"', page.text)[1], page.fields | {"next": "/opportunities"}).status == 303
    )
    assert "Huge ones" in tabs(browser, changed)


def test_a_private_view_is_its_owners_alone_and_a_shared_one_is_changed_by_owner_or_admin(browser_of):
    ada, grace, mallory = map(browser_of, ("ada", "grace", "mallory"))
    private = saved(grace, "/people?where=title.is.baker", "Bakers")
    number = private.rpartition("=")[2]
    for other in (ada, mallory):
        assert "Bakers" not in other.get("/people/views").text
        assert other.get(f"/people?view={number}").status == 404
        assert "Bakers" not in other.get(private).text
        assert other.get(f"/people/views/{number}").status == 404
        for do in ("pin", "update", "rename", "delete"):
            assert press(other, f"/people/views/{number}", of="/people", do=do, name="Mine now").status == 404
    press(grace, f"/people/views/{number}", of=private, do="rename", name="Bakers", is_shared="1")
    assert "shared by Grace" in mallory.get("/people/views").text
    assert mallory.get(private).status == 200
    assert "Bakers" not in tabs(mallory, "/people")
    press(mallory, f"/people/views/{number}", of="/people", do="pin")
    assert "Bakers" in tabs(mallory, "/people")
    refused = press(mallory, f"/people/views/{number}", of="/people", do="delete")
    assert refused.status == 403
    assert "that is for Grace, who shares it, or an admin" in html.unescape(refused.text)
    assert press(ada, f"/people/views/{number}", of="/people", do="rename", name="All bakers", is_shared="1").status == 303
    assert "All bakers" in tabs(mallory, "/people")
    assert mallory.get(f"/companies/views/{number}").status == 404


def test_mine_means_whoever_looks(browser_of, ada, cuprum):
    ada.post("/people", {"name": "Iris", "assignee_id": ada.id})
    ada.post("/people", {"name": "Oto", "assignee_id": cuprum.grace.id})
    assert {name: rows(browser_of(name), tabs(browser_of(name), "/people")["Mine"]) for name in ("ada", "grace")} == {
        "ada": ["Iris"], "grace": ["Oto"],
    }  # fmt: skip


def test_a_view_needs_a_name(browser):
    for name in ("", "   ", "x" * 81, "\x00", None):
        typed = {} if name is None else {"name": name}
        assert press(browser, "/people/views", of="/people", **typed).status == 422


def test_a_view_of_the_board_opens_as_a_board(browser, ada):
    there = saved(browser, "/opportunities/board?where=monetary_value.least.1", "Worth it")
    assert there.startswith("/opportunities/board?")
    assert tabs(browser, there)["Worth it"] == there
    assert f'href="{html.escape(there.replace("/board", ""))}"' in browser.get(there).text
