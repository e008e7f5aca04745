"""Imports on the web: uploaded, mapped, tried out, started once, watched, undone; everything without script."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import func, select, update

from cuprum.storage.import_tables import import_file, import_job
from cuprum.transfer import imports
from cuprum.transfer.tidying import drop_a_left_file, forget_plans
from cuprum.transfer.write_rows import RowWriter
from installation import Installation
from oauth import Browser, Page

ROWS = "Name;E-mail;Value;Notes\nŁucja Ñandú;lucja@pine.example;;first\n漢 字;kanji@pine.example;;\nBad;bad at mail;;\n"
_EDGE = "----edge"


def upload(browser: Browser, content: bytes | str, entity: str = "person", name: str = "some.csv", **changes: str) -> Page:
    fields = {"form_token": browser.get("/imports/new").fields["form_token"], "entity": entity} | changes
    body = b"".join(
        f'--{_EDGE}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()
    )
    head = f'--{_EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    body += head.encode() + (content.encode() if isinstance(content, str) else content) + f"\r\n--{_EDGE}--\r\n".encode()
    return sent(browser, "/imports/new", body)


def sent(browser: Browser, path: str, body: bytes, kind: str = f"multipart/form-data; boundary={_EDGE}") -> Page:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": kind, "Origin": browser.base, "Sec-Fetch-Site": "same-origin"}
    browser.cuprum.client.cookies.clear()
    answer = browser.cuprum.client.post(browser.base + path, content=body, headers=headers, follow_redirects=False)
    return Page(answer.status_code, answer.text, answer.headers.get("location", ""), answer.headers)


def planned(browser: Browser, content: bytes | str = ROWS, entity: str = "person") -> str:
    """The address of an import that was uploaded."""
    answer = upload(browser, content, entity)
    assert answer.status == 303, answer.text
    assert answer.location.endswith("/plan")
    return answer.location.removesuffix("/plan")


def chosen(browser: Browser, path: str, **changes: str) -> Page:
    """The form of the plan as it stands, with some of it chosen otherwise, sent."""
    page = browser.get(f"{path}/plan")
    fields = {"form_token": page.fields["form_token"], "keys": "email"}
    for name, options in re.findall(r'<select class="select"[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page.text, re.S):
        found = re.search(r'<option value="([^"]*)" selected', options)
        fields[name] = html.unescape(found[1]) if found else ""
    fields["on_match"] = re.search(r'name="on_match" value="(\w+)" checked', page.text)[1]
    return browser.post(f"{path}/plan", fields | {name.replace("__", "."): value for name, value in changes.items()})


def press(browser: Browser, path: str, act: str) -> Page:
    return browser.post(f"{path}/{act}", {"form_token": browser.get("/imports").fields.get("form_token", "")})


def run(cuprum: Installation, path: str) -> None:
    """What the engine would do with it."""
    job, database = int(path.rpartition("/")[2]), cuprum.database
    assert database.write_now(imports.begin, job)
    writer = RowWriter(database, job, (), lambda: None)
    writer.prepare()
    while writer.write():
        pass
    database.write_now(imports.end, job, imports.DONE)


def text_of(page: Page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def test_a_file_is_uploaded_mapped_tried_out_brought_in_and_taken_back(cuprum: Installation, browser: Browser) -> None:
    path = planned(browser, "\ufeff" + ROWS)
    plan = text_of(browser.get(f"{path}/plan"))
    assert "UTF-8 with a mark" in plan
    assert "Not imported: Value" in plan
    assert "lucja@pine.example" in plan
    assert chosen(browser, path, on_match="overwrite").location == f"{path}/trial"
    trial = text_of(browser.get(f"{path}/trial"))
    for words in ("2 New", "1 Refused", "Łucja Ñandú", "Line 4 Bad · bad at mail", "is not an e-mail address", "Import 2 people"):
        assert re.sub(r"^(\d) (\w+)$", r"\2 \1", words) in trial
    assert cuprum.ada.post("/people/search", {}) == []
    assert press(browser, path, "start").location == path
    assert "Waiting for its turn" in text_of(browser.get(path))
    run(cuprum, path)
    done = text_of(browser.get(path))
    assert "all 3 rows were looked at" in done
    assert "Undo this import" in done
    assert sorted(one["name"] for one in cuprum.ada.post("/people/search", {})) == ["Łucja Ñandú", "漢 字"]
    left = browser.get(f"{path}/left-out.csv")
    assert left.headers["content-disposition"] == f'attachment; filename="import-{path.rpartition("/")[2]}-left-out.csv"'
    assert "Bad;bad at mail;;;4;refused" in left.text
    edited = next(one["id"] for one in cuprum.ada.post("/people/search", {"name": "漢"}))
    cuprum.ada.put(f"/people/{edited}", {"title": "Captain"})
    undo = re.search(r'action="(/undo/[^"]+)"', browser.get(path).text)[1]
    told = browser.post(undo, browser.get(path).fields)
    assert "漢 字" in text_of(told)
    after = text_of(browser.get(path))
    assert "This import was undone. What somebody changed since has stayed: 漢 字" in after
    assert "undone" in text_of(browser.get("/imports"))
    assert [one["id"] for one in cuprum.ada.post("/people/search", {})] == [edited]


def test_a_change_is_shown_as_it_stands_and_as_it_would_be(cuprum: Installation, browser: Browser) -> None:
    emails = [{"email": "lucja@pine.example", "category": "work"}]
    cuprum.ada.post("/people", {"name": "Lucja", "emails": emails, "tags": ["old"]})
    path = planned(browser, "Name,Email,Title,Company,Tags\nŁucja,lucja@pine.example,Captain,Sosna & Co,new\n")
    chosen(browser, path, on_match="overwrite")
    page = browser.get(f"{path}/trial").text
    shown = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in re.findall(r"<dd>(.*?)</dd>", page, re.S)]
    assert "Lucja → becomes Łucja" in shown
    assert "empty → becomes Captain" in shown
    assert "empty → becomes Sosna & Co (new)" in shown
    assert "old → becomes new old" in shown or "old → becomes old new" in shown
    assert cuprum.ada.post("/companies/search", {}) == []


def test_a_second_click_on_start_starts_nothing_more_and_a_cancelled_one_says_so(browser: Browser) -> None:
    path = planned(browser)
    for _ in range(2):
        assert press(browser, path, "start").location == path
    assert chosen_status(browser, path) == 303
    assert press(browser, path, "cancel").location == path
    assert "Cancelled before anything came in." in text_of(browser.get(path))
    assert press(browser, path, "start").location == path
    assert press(browser, path, "forget").location == "/imports"
    assert "No imports yet" in text_of(browser.get("/imports"))


def chosen_status(browser: Browser, path: str) -> int:
    """The plan of one that has begun is no page any more."""
    return browser.get(f"{path}/plan").status


@pytest.mark.parametrize(
    ("content", "entity", "said"),
    [
        (b"", "person", "The file is empty"),
        (b"\n\n", "person", "The file is empty"),
        (b"PK\x03\x04" + b"\0" * 90, "person", "This is a workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "person", "This is no text file"),
        (b"Name,E-mail\nA\0da,ada@quill.example\n", "person", "This is no text file"),
        (b"Name\nA\n", "task", "must be one of"),
        (b'Name\n"A\n' + b"x" * 140_000, "person", "cannot be read at line"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    cuprum: Installation, browser: Browser, content: bytes, entity: str, said: str
) -> None:
    answer = upload(browser, content, entity)
    assert answer.status == 422
    assert said in text_of(answer)
    assert kept(cuprum) == 0


def kept(cuprum: Installation) -> int:
    return cuprum.database.read_now(lambda connection: connection.execute(select(func.count()).select_from(import_file)).scalar())


def test_a_file_without_rows_says_so_and_does_not_start(browser: Browser) -> None:
    path = planned(browser, "Name;E-mail\n")
    assert "has no rows below them" in text_of(browser.get(f"{path}/plan"))
    assert chosen(browser, path).location == f"{path}/plan"


def test_no_file_and_too_large_a_file_are_refused(browser: Browser) -> None:
    assert "Choose a file first" in text_of(upload(browser, b"", name=""))
    limit = browser.cuprum.settings.max_import_bytes
    assert "The file is too large: the most is 50 MB" in text_of(upload(browser, b"x" * (limit + 1)))
    assert sent(browser, "/imports/new", b"nothing of the kind").status == 400
    assert sent(browser, "/imports/new", b"a=b", "application/x-www-form-urlencoded").status == 400
    assert upload(browser, "Name\nA\n", form_token="stolen").status == 403


def test_names_of_files_of_every_kind_are_shown_plainly(browser: Browser) -> None:
    answer = upload(browser, "Name\nA\n", name="C:\\\\folder\\\\Łódź <b>漢.csv")
    assert answer.status == 303
    page = browser.get("/imports").text
    assert ">Łódź &lt;b&gt;漢.csv</a>" in page


def test_read_another_way_the_columns_are_shown_anew(browser: Browser) -> None:
    path = planned(browser, "Name;E-mail\nA,b;a@x.example\n".encode("utf-16"))
    assert "UTF-16" in text_of(browser.get(f"{path}/plan"))
    assert chosen(browser, path, delimiter=",").location == f"{path}/plan"
    assert "Not imported: Name;E-mail" in text_of(browser.get(f"{path}/plan"))
    refused = chosen(browser, path, encoding="utf-8")
    assert refused.status == 422
    assert "is not in utf-8" in text_of(refused)
    assert chosen(browser, path, encoding="no-such-thing").status == 422


def test_a_plan_that_cannot_be_keeps_what_was_chosen(browser: Browser) -> None:
    path = planned(browser, "Name,Other\nA,B\n")
    answer = chosen(browser, path, column__1="name", dates="dmy")
    assert answer.status == 422
    assert "Name is filled by more than one column" in text_of(answer)
    assert '<option value="dmy" selected' in answer.text
    assert chosen(browser, path, column__1="nose").status == 422
    assert chosen(browser, path, column__1="\0").status == 422


def test_imports_of_others_are_not_there(browser_of) -> None:
    path = planned(browser_of("grace"))
    for name, status in (("mallory", 404), ("ada", 303)):
        browser = browser_of(name)
        assert browser.get(path).status == status
        assert browser.get(f"{path}/left-out.csv").status == (404 if status == 404 else 200)
    mallory = browser_of("mallory")
    for act in ("start", "cancel", "forget", "plan"):
        assert press(mallory, path, act).status in (403, 404)
    assert "some.csv" not in mallory.get("/imports").text
    assert "some.csv" in browser_of("ada").get("/imports").text
    assert browser_of("ada").get("/imports/999999999999").status == 404


def test_who_is_not_signed_in_uploads_nothing(cuprum: Installation) -> None:
    stranger = Browser(cuprum)
    assert sent(stranger, "/imports/new", b"x" * 1_000).location.startswith("/sign-in")
    assert stranger.get("/imports/1/left-out.csv").location.startswith("/sign-in")


def test_what_was_never_started_goes_after_a_week_with_its_file(cuprum: Installation, browser: Browser) -> None:
    path = planned(browser)
    database = cuprum.database
    begun = database.read_now(_begun)
    early, late = begun + 6 * 86_400, begun + 8 * 86_400
    assert database.write_now(forget_plans, early) == 0
    assert database.write_now(drop_a_left_file, early) == 0
    assert database.write_now(forget_plans, late) == 1
    assert database.write_now(drop_a_left_file, late) == 1
    assert kept(cuprum) == 0
    assert browser.get(path).status == 404


def test_the_file_of_a_cancelled_import_goes_and_that_of_a_running_one_stays(cuprum: Installation, browser: Browser) -> None:
    paths = [planned(browser), planned(browser)]
    database = cuprum.database
    press(browser, paths[0], "cancel")
    press(browser, paths[1], "start")
    assert database.write_now(drop_a_left_file, database.read_now(_begun) + 86_400) == 1
    assert database.write_now(drop_a_left_file, database.read_now(_begun) + 86_400) == 0
    assert kept(cuprum) == 1


def _begun(connection) -> int:
    return connection.execute(select(func.min(import_job.c.created_at))).scalar()


def test_a_large_file_is_tried_out_after_the_page_is_there(browser: Browser) -> None:
    path = planned(browser, "Name\n" + "".join(f"P{number}\n" for number in range(600)))
    shell = browser.get(f"{path}/trial").text
    assert f'hx-get="{path}/trial"' in shell
    assert "600 New" not in text_of(browser.get(f"{path}/trial"))
    for page in (browser.get(f"{path}/trial?now=1"), browser.ask("GET", f"{path}/trial", headers={"HX-Request": "true"})):
        assert "Import 600 people" in text_of(page)


def test_an_import_whose_file_is_gone_says_what_to_do(cuprum: Installation, browser: Browser) -> None:
    path = planned(browser)
    cuprum.database.write_now(lambda connection: connection.execute(update(import_file).values(uid="gone")))
    answer = browser.get(f"{path}/trial")
    assert answer.status == 410
    assert "Upload it again" in text_of(answer)
