"""Users in the settings: invited by link, given roles, let in no longer and again, with their records handed over; sessions."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import update

from cuprum.auth.sign_in import FROM_HERE
from cuprum.records.one_time_links import LASTS_SECONDS
from cuprum.storage.account_tables import user
from cuprum.storage.oauth_tables import one_time_link
from oauth import PASSWORD, with_password
from settings_pages import ask, undo

USERS = "/settings/users"


def link_on(page) -> str:
    """The path of the link that is shown once."""
    return html.unescape(re.search(r'<code id="made">[^<]*?(/(?:invitation|new-password)\?link=[^<]+)</code>', page.text)[1])


def invite(browser, email: str = "lucja@harbour.example", role: str = "member") -> str:
    made = ask(browser, f"{USERS}/invite", email=email, role=role)
    assert made.status == 200, made.text
    return link_on(made)


def take(cuprum, browser, link: str, **typed: str):
    """Open the link at a browser that nobody is signed in at, and fill in its form."""
    other = type(browser)(cuprum)
    page = other.get(link)
    assert page.status == 200, page.text
    return other, other.post(link.split("?")[0], page.fields | typed)


def set_role(cuprum, name: str, role: str) -> None:
    cuprum.as_person("ada", lambda work: work.execute(update(user).where(user.c.id == cuprum.people[name].id).values(role=role)))


def test_somebody_comes_in_by_an_invitation(cuprum, browser):
    link = invite(browser)
    assert "lucja@harbour.example" in browser.get(USERS).text
    assert link.split("link=")[1] not in browser.get(USERS).text
    other, answer = take(cuprum, browser, link, name="Łucja 漢", password="a long enough word")
    assert (answer.status, answer.location) == (303, "/home")
    assert "Łucja 漢" in other.get("/home").text
    assert "Invited" not in browser.get(USERS).text
    assert type(browser)(cuprum).sign_in("lucja@harbour.example", "a long enough word").status == 303
    again = type(browser)(cuprum).get(link)
    assert again.status == 410
    assert "used already" in again.text
    assert 'href="/">Go to Harbour' in again.text


def test_a_link_leads_to_where_the_one_who_made_it_found_the_server(cuprum, browser):
    browser.base = "https://127.0.0.1:9000"
    made = ask(browser, f"{USERS}/invite", email="lucja@harbour.example", role="member")
    assert ">https://127.0.0.1:9000/invitation?link=" in made.text


def test_what_is_wrong_is_told_under_its_field_and_the_link_stays_good(cuprum, browser):
    link = invite(browser)
    _, answer = take(cuprum, browser, link, name=" ", password="short")
    assert answer.status == 422
    assert 'id="name-said"' in answer.text
    assert "Must have 10 to 500 characters" in answer.text
    _, answer = take(cuprum, browser, link, name="Łucja", password="a long enough word")
    assert answer.status == 303


@pytest.mark.parametrize("secret", ["", "nonsense", "x" * 5000, "%00", "%ED%A0%80"])
def test_a_link_of_nobody_is_told_kindly(cuprum, browser, secret):
    for path in ("/invitation", "/new-password"):
        answer = type(browser)(cuprum).get(f"{path}?link={secret}")
        assert answer.status in (400, 410)
        if answer.status == 410:
            assert "ask for a new one" in answer.text


def test_a_link_that_is_revoked_replaced_or_too_old_opens_nothing(cuprum, browser):
    first, second = invite(browser), invite(browser)
    assert "a newer one was made" in type(browser)(cuprum).get(first).text
    number = re.search(r"/invitations/(\d+)/revoke", browser.get(USERS).text)[1]
    assert ask(browser, f"{USERS}/invitations/{number}/revoke").status == 303
    assert type(browser)(cuprum).get(second).status == 410
    assert ask(browser, f"{USERS}/invitations/{number}/revoke").status == 404
    third = invite(browser)
    seconds = LASTS_SECONDS["invitation"]
    old = update(one_time_link).values(expires_at=one_time_link.c.expires_at - seconds)
    cuprum.database.write_now(lambda db: db.execute(old))
    assert "too old" in type(browser)(cuprum).get(third).text
    assert "too old by now" in browser.get(USERS).text


def test_undoing_an_invitation_ends_its_link(cuprum, browser):
    link = invite(browser)
    group = re.search(r'href="/changes/([^"]+)"><strong>lucja', browser.get("/changes").text)[1]
    ask(browser, f"/undo/{group}", next=USERS)
    assert type(browser)(cuprum).get(link).status == 410


@pytest.mark.parametrize(
    ("email", "role"), [("grace@harbour.example", "member"), ("none", "member"), ("a@b.example", "king"), ("\0@x", "")]
)
def test_an_invitation_that_cannot_be_is_refused(browser, email, role):
    answer = ask(browser, f"{USERS}/invite", email=email, role=role)
    assert answer.status in (400, 422)
    assert "?link=" not in answer.text


def test_an_invitation_is_of_no_use_once_the_address_is_a_user(cuprum, browser):
    link = invite(browser)
    ask(browser, USERS, name="Łucja", email="lucja@harbour.example", role="member")
    _, answer = take(cuprum, browser, link, name="Mallory", password="a long enough word")
    assert answer.status == 422
    assert "has already been taken" in answer.text


def test_a_forgotten_password_is_replaced_by_a_link_and_every_session_ends(cuprum, browser_of):
    ada, grace, email = browser_of("ada"), browser_of("grace"), with_password(cuprum, "grace")
    link = link_on(ask(ada, f"{USERS}/{cuprum.grace.id}/password"))
    assert grace.get("/home").status == 200
    other, answer = take(cuprum, ada, link, password="another long word")
    assert answer.status == 303
    assert "Grace" in other.get("/home").text
    assert grace.get("/home").status == 303
    assert type(ada)(cuprum).sign_in(email, PASSWORD).status == 401
    assert type(ada)(cuprum).get(link).status == 410
    assert type(ada)(cuprum).get(link.replace("new-password", "invitation")).status == 410


def test_members_make_no_links_and_see_no_invitations(cuprum, browser_of):
    invite(browser_of("ada"))
    mallory, grace = browser_of("mallory"), cuprum.grace.id
    assert "lucja" not in mallory.get(USERS).text
    assert "Ask Ada" in mallory.get(f"{USERS}/{grace}").text
    for path in (
        "invite", "invitations/1/revoke", f"{grace}/password", f"{grace}/role", f"{grace}/hand-over", f"{grace}/disable",
        f"{grace}/enable", f"{cuprum.people['mallory'].id}/role",
    ):  # fmt: skip
        answer = ask(mallory, f"{USERS}/{path}", email="m@x.example", role="admin", to=str(cuprum.people["mallory"].id))
        assert answer.status == 403, path
        assert "Ask an admin" in answer.text


def test_an_admin_changes_no_owner_and_makes_none(cuprum, browser_of):
    set_role(cuprum, "grace", "admin")
    grace, ada = browser_of("grace"), cuprum.ada.id
    for path, typed in (
        (f"{ada}/role", {"role": "member"}), (f"{ada}/password", {}), (f"{ada}/disable", {}),
        (f"{cuprum.grace.id}/role", {"role": "owner"}), ("invite", {"email": "o@x.example", "role": "owner"}),
    ):  # fmt: skip
        answer = ask(grace, f"{USERS}/{path}", **typed)
        assert answer.status == 403, path
        assert "Ask an owner" in answer.text


def test_a_role_is_changed_and_an_admin_cannot_undo_what_an_owner_did_to_it(cuprum, browser_of):
    ada, grace = browser_of("ada"), cuprum.grace.id
    assert ask(ada, f"{USERS}/{grace}/role", role="owner").status == 303
    lowered = ask(ada, f"{USERS}/{grace}/role", role="admin")
    assert "Grace is an admin now" in ada.get(lowered.location).text
    undo(browser_of("grace"), lowered)
    assert {one["id"]: one["role"] for one in _users(cuprum)}[grace] == "admin"
    undo(ada, lowered)
    assert {one["id"]: one["role"] for one in _users(cuprum)}[grace] == "owner"


def _users(cuprum):
    return cuprum.as_person("ada", lambda work: [dict(one) for one in work.execute(user.select()).mappings()])


def test_the_only_owner_keeps_the_role(cuprum, browser):
    answer = ask(browser, f"{USERS}/{cuprum.ada.id}/role", role="member")
    assert answer.status == 422
    assert "make somebody else an owner first" in answer.text


def test_records_go_to_a_new_owner_with_the_deactivation_and_one_undo_brings_all_back(cuprum, browser_of):
    ada, grace, mallory = browser_of("ada"), cuprum.grace.id, cuprum.people["mallory"].id
    people = [cuprum.ada.post("/people", {"name": f"P{number}", "assignee_id": grace})["id"] for number in range(60)]
    task = cuprum.ada.post("/tasks", {"name": "Call", "assignee_id": grace})["id"]
    assert "60 people, 1 task" in ada.get(f"{USERS}/{grace}").text
    done = ask(ada, f"{USERS}/{grace}/disable", to=str(mallory))
    assert done.status == 303, done.text
    owners = {cuprum.ada.get(f"/people/{one}")["assignee_id"] for one in people}
    assert owners | {cuprum.ada.get(f"/tasks/{task}")["assignee_id"]} == {mallory}
    assert browser_of("grace").get("/home").status == 303
    undo(ada, done)
    assert {cuprum.ada.get(f"/people/{one}")["assignee_id"] for one in people} == {grace}
    assert browser_of("grace").get("/home").status == 200


@pytest.mark.parametrize("to", ["", "x", "999", "9" * 30])
def test_records_go_to_nobody_who_is_not_there(cuprum, browser, to):
    cuprum.ada.post("/people", {"name": "Iris", "assignee_id": cuprum.grace.id})
    answer = ask(browser, f"{USERS}/{cuprum.grace.id}/hand-over", to=to)
    assert answer.status == 422
    assert "Must be another active user" in answer.text


def test_somebody_is_let_in_again(cuprum, browser_of):
    ada, path = browser_of("ada"), f"{USERS}/{cuprum.grace.id}"
    ask(ada, f"{path}/disable")
    assert "Reactivate" in ada.get(path).text
    assert ask(ada, f"{path}/password").status == 404
    assert ask(ada, f"{path}/enable").status == 303
    assert cuprum.grace.call("GET", "/account").status_code == 200
    assert ask(ada, f"{path}/enable").status == 422


def test_a_user_who_is_not_there_is_not_found(browser):
    for path in ("999", "9" * 30):
        assert browser.get(f"{USERS}/{path}").status == 404
        for verb in ("role", "password", "hand-over", "disable", "enable"):
            assert ask(browser, f"{USERS}/{path}/{verb}", role="member", to="1").status == 404


def test_sessions_are_told_apart_and_ended(cuprum, browser_of):
    email = with_password(cuprum)
    here = browser_of("ada")
    phone = type(here)(cuprum)
    form = phone.get("/sign-in").fields | {"email": email, "password": PASSWORD}
    phone.post("/sign-in", form, User_Agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    page = here.get("/settings/sessions").text
    assert "Firefox on Linux" in page
    handle = re.search(r"/settings/sessions/([0-9a-f]+)/end", page)[1]
    assert ask(browser_of("mallory"), f"/settings/sessions/{handle}/end").status == 404
    assert phone.get("/home").status == 200
    assert ask(here, f"/settings/sessions/{handle}/end").status == 303
    assert phone.get("/home").status == 303
    third = browser_of("ada")
    assert ask(here, "/settings/sessions/others/end").status == 303
    assert (here.get("/home").status, third.get("/home").status) == (200, 303)
    assert browser_of("grace").get("/settings/sessions").text.count(">here<") == 1


def test_ones_own_password_is_changed_by_whoever_knows_it(cuprum, browser_of):
    email, here, other = with_password(cuprum), browser_of("ada"), browser_of("ada")
    path = "/settings/sessions/password"
    for present, new, field in (
        ("wrong", "a long enough word", "present"),
        (PASSWORD, "short", "password"),
        ("\0", "x", "present"),
    ):
        answer = ask(here, path, present=present, password=new)
        assert answer.status in (400, 422)
        assert answer.status == 400 or f'id="{field}-said" role="alert"' in answer.text
    changed = ask(here, path, present=PASSWORD, password="a long enough word")
    assert changed.status == 303, changed.text
    assert "Your password is changed" in here.get(changed.location).text
    assert other.get("/home").status == 303
    assert type(here)(cuprum).sign_in(email, PASSWORD).status == 401
    assert type(here)(cuprum).sign_in(email, "a long enough word").status == 303


def test_guessing_the_password_at_an_open_browser_is_counted_as_at_the_sign_in(cuprum, browser_of):
    with_password(cuprum)
    here, path = browser_of("ada"), "/settings/sessions/password"
    for _ in range(FROM_HERE):
        assert ask(here, path, present="a guess", password="a long enough word").status == 422
    stopped = ask(here, path, present=PASSWORD, password="a long enough word")
    assert stopped.status == 429
    assert "Too many attempts. Try again in" in stopped.text
    assert type(here)(cuprum).sign_in("ada@harbour.example", PASSWORD).status == 429


def test_a_new_password_that_is_too_short_is_no_guess(cuprum, browser_of):
    with_password(cuprum)
    here, path = browser_of("ada"), "/settings/sessions/password"
    for _ in range(FROM_HERE + 1):
        assert ask(here, path, present=PASSWORD, password="short").status == 422
    assert ask(here, path, present=PASSWORD, password="a long enough word").status == 303
