"""What is somebody else's is not there: Mallory at every address that names something, and before and after a secret."""

from __future__ import annotations

import re

import pytest

from automation import automation, feed, share
from web_routes import PARTS, everything, plurals, usual, web_addresses

SECRET = "Zanzibar Quillfeather"
# What settings hold of somebody or for admins; the account's other words are read by everybody.
OWN = ("/settings/keys", "/settings/apps", "/settings/webhooks", "/settings/connections")
# What differs from one look to the next, whoever did what.
_PASSING = re.compile(r' data-seen="[^"]*"|<time.*?</time>|seen=[0-9-]+|"cursor":"[^"]*"|value="[0-9a-f-]{36}"|"[0-9a-f]{128}"')

TYPED = {
    "name": "Mine", "details": "Mine", "type": "0", "status": "Won", "title": "Mine", "follows": "1", "visibility": "everyone",
    "label": "Mine", "email": "mine@x.example", "role": "member", "to": "restore", "related": "Iris",
}  # fmt: skip


class Secret:
    """What Ada keeps to herself, or to the team that Mallory is not on, done on the web and by the API."""

    def __init__(self, cuprum, ada, visibility: str, **further) -> None:
        self.ids: dict[str, int] = {}
        person = cuprum.ada
        for entity, plural in plurals().items():
            body = {"name": f"{SECRET} {entity}", "assignee_id": person.id, "details": SECRET, "tags": [SECRET]}
            if entity == "opportunity":
                body |= {"monetary_value": 987_654, "close_date": "1/15/2027"}
            if entity == "task":
                body |= {"due_date": 1_700_000_000}
            if entity in ("person", "company"):
                body |= {"phone_numbers": [{"number": "+351 912 345 678", "category": "work"}]}
            made = self.ids[plural] = person.post(f"/{plural}", body)["id"]
            share(person, plural, made, visibility, **further)
            parent = {"type": entity, "id": made}
            person.post("/activities", {"parent": parent, "type": {"category": "user", "id": 0}, "details": f"{SECRET} said so"})
            page = ada.get(f"/{plural}/{made}/fields/name")
            typed = {"form_token": page.fields["form_token"], "was": page.fields["was"], "name": f"{SECRET} the {entity}"}
            assert ada.post(f"/{plural}/{made}/fields/name", typed).status == 303
        self.group = re.search(r'href="/changes/([0-9a-f-]{36})"', ada.get("/changes").text)[1]


@pytest.fixture
def mallory(browser_of):
    return browser_of("mallory")


@pytest.fixture(params=[("only_me", {}), ("teams", {"team_ids": [1]})], ids=["only_me", "teams"])
def shared(request):
    """Who sees the secret."""
    return request.param


@pytest.fixture
def secret(cuprum, browser, shared) -> Secret:
    return Secret(cuprum, browser, shared[0], **shared[1])


def addresses(cuprum, secret, method: str):
    def fill(place: str, parameter: str):
        if parameter == "id" and place == "/activities":
            return cuprum.ada.post("/activities/search", {"page_size": 1})[0]["id"]
        return usual(place, parameter, secret.ids, secret.group)

    return [one for one in web_addresses(cuprum, fill) if one.method == method and one.names_something]


def test_nothing_of_another_is_shown(cuprum, mallory, secret):
    pages = [
        one
        for one in addresses(cuprum, secret, "GET")
        if not one.template.startswith("/settings/") or one.template.startswith(OWN)
    ]
    assert len(pages) > 25
    for page in pages:
        for headers in ({}, PARTS):
            answer = mallory.ask("GET", page.path, headers=headers)
            # A page that only leads to another says nothing; the other one is tried too.
            went = answer.location or answer.headers.get("hx-redirect")
            assert answer.status in (403, 404) or went, f"{page.template}: {answer.status}"
            assert "Quillfeather" not in answer.text, page.template
            if went:
                assert mallory.get(went).status in (403, 404), f"{page.template} → {went}"


def test_nothing_of_another_is_changed(cuprum, mallory, secret):
    token = mallory.get("/home").fields["form_token"]
    forms = addresses(cuprum, secret, "POST")
    assert len(forms) > 25
    before = everything(cuprum)
    for form in forms:
        for headers in ({}, PARTS):
            sent = {"Origin": mallory.base, "Sec-Fetch-Site": "same-origin", **headers}
            answer = mallory.ask("POST", form.path, TYPED | {"form_token": token}, sent)
            assert answer.status in (403, 404, 422), f"{form.template}: {answer.status} {answer.location}"
            assert "Quillfeather" not in answer.text, form.template
    assert mallory.post("/tasks/put-off", {"form_token": token, "ids": str(secret.ids["tasks"])}).status == 404
    assert everything(cuprum) == before


def test_what_is_secret_changes_no_answer_to_mallory(cuprum, browser, mallory, shared):
    """Not a name, an id in a text, a count or a sum: each answer is letter by letter the one of before."""
    for entity, plural in plurals().items():
        cuprum.mallory.post(f"/{plural}", {"name": f"Plain {entity}"})
    looks = [*_pages(cuprum), *_calls(cuprum)]
    before = {name: _plain(look(mallory)) for name, look in looks}
    secret = Secret(cuprum, browser, shared[0], **shared[1])
    after = {name: _plain(look(mallory)) for name, look in looks}
    for name, told in before.items():
        assert "uillfeather" not in after[name].lower(), name
        assert after[name] == told, name
    # The same looks tell Ada of it: they are the right ones.
    assert sum("Quillfeather" in look(browser) for name, look in looks if name.startswith("/")) > 10
    assert all(number not in "".join(after.values()) for number in ("987,654", "912 345 678", "987654"))
    assert secret.group not in "".join(after.values())


def test_whoever_is_on_the_team_comes_through_every_door_until_they_leave_it_or_it_is_deleted(cuprum, browser, browser_of):
    secret = Secret(cuprum, browser, "teams", team_ids=[1])
    grace = browser_of("grace")

    def post(path: str, *user_ids: int) -> str:
        sent = [("form_token", browser.get("/home").fields["form_token"]), ("name", "Sales"), ("next", "/home")]
        answer = browser.post(path, [*sent, *(("user_ids", one) for one in user_ids)])
        assert answer.status == 303, answer.text
        return answer.location

    assert _seen(cuprum, grace, secret)
    post("/settings/teams/1", cuprum.ada.id)
    assert not _seen(cuprum, grace, secret)
    post("/settings/teams/1", cuprum.ada.id, cuprum.grace.id)
    assert _seen(cuprum, grace, secret)
    deleted = post("/settings/teams/1/delete")
    assert not _seen(cuprum, grace, secret)
    post("/undo/" + deleted.split("done=")[1])
    assert _seen(cuprum, grace, secret)


def _seen(cuprum, grace, secret: Secret) -> bool:
    """Whether the secret is there, which every door says alike: page, list, search, palette, export, totals, API, feed."""
    told = []
    for plural, made in secret.ids.items():
        told += [grace.get(f"/{plural}/{made}").status == 200, "Quillfeather" in grace.get(f"/{plural}").text]
        told.append("Quillfeather" in grace.get(f"/{plural}/export.csv?of=/{plural}").text)
        answer = cuprum.grace.call("POST", f"/{plural}/search", {"name": "Zanzi"})
        told += [bool(answer.json()), answer.headers["X-PW-TOTAL"] == "1"]
        told.append(cuprum.grace.call("GET", f"/{plural}/{made}").status_code == 200)
    told.append("Quillfeather" in grace.get("/find?q=zanzi").text)
    told.append("Quillfeather" in cuprum.grace.call("POST", "/activities/search", {}).text)
    told.append("987,654" in grace.get("/reports/forecast?period=custom&from=2027-01-01&to=2027-01-31").text)
    assert len(set(told)) == 1, told
    return told[0]


def _plain(text: str) -> str:
    return _PASSING.sub("", text)


def _pages(cuprum):
    paths = [one.path for one in web_addresses(cuprum, lambda place, name: usual(place, name, {}))
             if one.method == "GET" and not one.names_something and not one.path.startswith("/oauth")]  # fmt: skip
    paths += [f"/{plural}?name=zanzi" for plural in plurals().values()] + [
        f"/{plural}?tags=Zanzi" for plural in plurals().values()
    ]
    paths += [f"/suggest/{entity}?list=x&name=zanzi" for entity in plurals()] + ["/find?q=zanzi", "/find?q=%2B351912345678"]
    paths += ["/home?whose=all", "/tasks/agenda?assignee_ids=all", "/opportunities/board?assignee_ids=1", "/changes?of=everybody"]
    paths += [f"/reports/{name}{end}?period={period}" for name in ("sales_by_owner", "forecast", "stage_funnel", "won_and_lost")
              for end in ("", ".csv") for period in ("last_12_months", "next_12_months")]  # fmt: skip
    for path in dict.fromkeys(paths):
        yield path, lambda browser, path=path: browser.get(path).text


def _calls(cuprum):
    start = feed(cuprum.mallory)["cursor"]
    person = cuprum.mallory
    for plural in plurals().values():
        for asked in ({}, {"name": "Zanzi"}, {"tags": [SECRET]}, {"assignee_ids": [cuprum.ada.id]}, {"sort_by": "date_modified"}):
            yield (
                f"search {plural} {asked}",
                lambda browser, plural=plural, asked=asked: _called(person, "POST", f"/{plural}/search", asked),
            )
    yield "activities", lambda browser: _called(person, "POST", "/activities/search", {})
    yield "phone", lambda browser: _called(person, "POST", "/people/search", {"phone_number": "+351912345678"})
    yield "tags", lambda browser: _called(person, "GET", "/tags", None)
    yield "feed", lambda browser: str(feed(person, start)["changes"])
    yield "groups", lambda browser: str(automation(person, "GET", "/groups"))
    yield "duplicates", lambda browser: str(automation(person, "GET", "/duplicates?entity=person"))
    for name in ("sales_by_owner", "forecast", "stage_funnel", "won_and_lost"):
        yield name, lambda browser, name=name: str(automation(person, "GET", f"/reports/{name}?period=next_12_months"))
    yield "stages", lambda browser: str(automation(person, "GET", "/reports/open_opportunities_by_stage"))


def _called(person, method: str, path: str, body) -> str:
    answer = person.call(method, path, body)
    return f"{answer.status_code} {answer.text} {answer.headers.get('x-pw-total')}"
