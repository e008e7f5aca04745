"""Programs and history in the settings: keys that admins see, apps that are registered, backups, and changes that are looked up."""

from __future__ import annotations

import html
import re
import zipfile
from io import BytesIO

import pytest

from cuprum.storage import kept_backups
from cuprum.storage.backup import ToolFailed
from oauth import TestApp, told
from settings_pages import ask

KEYS, APPS, BACKUP = "/settings/keys", "/settings/oauth-apps", "/settings/backup"


def secret_of(page) -> str:
    return html.unescape(re.search(r'<code id="made">([^<]*)</code>', page.text)[1])


def test_admins_see_the_keys_of_others_by_name_and_revoke_them(cuprum, browser_of):
    ada, grace, mallory = browser_of("ada"), browser_of("grace"), browser_of("mallory")
    ask(grace, KEYS, label="Nightly export")
    assert "Nightly export" not in mallory.get(KEYS).text
    shown = ada.get(KEYS).text
    number = re.search(r"Nightly export</strong>.*?/settings/keys/(\d+)/revoke", shown, re.S)[1]
    assert "<code>" not in shown.split("Keys of others")[1].split("</main>")[0]
    assert ask(mallory, f"{KEYS}/{number}/revoke").status == 404
    assert ask(ada, f"{KEYS}/{number}/revoke").status == 303
    assert "Nightly export" not in grace.get(KEYS).text


def register(browser, **changes: str):
    typed = {"name": "Quay Mailer", "redirect_uri": "https://app.example.com/callback", "kind": "standard"}
    return ask(browser, APPS, **(typed | {"scope": "developer/v1/all"} | changes))


def app_of(cuprum, page) -> TestApp:
    client_id = re.search(r"Client id <code>([^<]+)</code>", page.text)[1]
    return TestApp(cuprum, client_id, secret_of(page), "https://app.example.com/callback")


def test_an_app_is_registered_lets_people_in_gets_a_new_secret_and_goes(cuprum, browser):
    made = register(browser)
    assert made.status == 200, made.text
    app = app_of(cuprum, made)
    assert app.client_secret not in browser.get(APPS).text
    token = app.tokens(browser)["access_token"]
    assert app.call(token, "GET", "/developer_api/v1/account").status_code == 200
    renewed = ask(browser, f"{APPS}/{app.client_id}/secret")
    code = told(browser.decide(app.url()))["code"]
    assert app.exchange(code).status_code in (400, 401)
    app.client_secret = secret_of(renewed)
    assert app.exchange(told(browser.decide(app.url()))["code"]).status_code == 200
    assert ask(browser, f"{APPS}/{app.client_id}/remove").status == 303
    assert app.call(token, "GET", "/developer_api/v1/account").status_code == 401
    assert ask(browser, f"{APPS}/{app.client_id}/secret").status == 404


def test_what_is_wrong_with_an_app_is_told_under_its_field(browser):
    answer = register(browser, name=" ", redirect_uri="http://app.example.com/x\nno address", kind="other", scope="everything")
    assert answer.status == 422
    for field in ("name", "redirect_uri", "kind"):
        assert f'id="{field}-said" role="alert"' in answer.text
    assert register(browser, name="\0").status in (400, 422)
    public = register(browser, is_public="1")
    assert "It has no secret" in public.text
    client_id = re.search(r"Client id <code>([^<]+)</code>", public.text)[1]
    assert ask(browser, f"{APPS}/{client_id}/secret").status == 422


def test_members_register_nothing(browser_of):
    made = register(browser_of("ada"))
    client_id, mallory = re.search(r"Client id <code>([^<]+)</code>", made.text)[1], browser_of("mallory")
    page = mallory.get(APPS).text
    assert "Ask Ada" in page
    assert client_id not in page
    for path in ("", f"/{client_id}/secret", f"/{client_id}/remove"):
        assert ask(mallory, APPS + path, name="x").status == 403


def dumped(settings, folder):
    """What PostgreSQL's own tool, which a machine may lack, would leave."""
    path = folder / "dumped.backup"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("manifest.json", "{}")
    return path


def test_a_backup_is_made_downloaded_and_deleted(cuprum, browser, monkeypatch):
    if not cuprum.settings.is_sqlite:
        monkeypatch.setattr(kept_backups, "backup", dumped)
    made = ask(browser, BACKUP)
    assert made.status == 303, made.text
    page = browser.get(made.location).text
    name = re.search(r'href="/settings/backup/([^"]+)" download', page)[1]
    assert f"cuprum restore {cuprum.settings.home}/backups/{name}" in page
    answer = cuprum.client.get(
        f"https://testserver{BACKUP}/{name}", headers={"Cookie": "; ".join(f"{k}={v}" for k, v in browser.cookies.items())}
    )
    assert "attachment" in answer.headers["content-disposition"]
    assert "manifest.json" in zipfile.ZipFile(BytesIO(answer.content)).namelist()
    assert "Backup made" in browser.get("/changes").text
    assert ask(browser, f"{BACKUP}/{name}/delete").status == 303
    assert browser.get(f"{BACKUP}/{name}").status == 404


def test_a_missing_tool_is_told(browser, monkeypatch):
    def fails(settings, target):
        raise ToolFailed("pg_dump is not installed here.")

    monkeypatch.setattr(kept_backups, "backup", fails)
    answer = ask(browser, BACKUP)
    assert answer.status == 503
    assert "pg_dump is not installed here" in answer.text


@pytest.mark.parametrize("name", ["secret.key", "..%2Fsecret.key", "%2e%2e%2fcuprum.db", "x.backup", "%00.backup"])
def test_a_download_reaches_no_other_file(browser, name):
    assert browser.get(f"{BACKUP}/{name}").status in (400, 404)


def test_members_get_no_backup(cuprum, browser_of):
    there = kept_backups.folder(cuprum.settings)
    there.mkdir(parents=True, exist_ok=True)
    (there / "x.backup").write_bytes(b"everything")
    mallory = browser_of("mallory")
    assert "Ask Ada" in mallory.get(BACKUP).text
    assert "x.backup" not in mallory.get(BACKUP).text
    assert mallory.get(f"{BACKUP}/x.backup").status == 403
    assert ask(mallory, BACKUP).status == 403
    assert ask(mallory, f"{BACKUP}/x.backup/delete").status == 403
    assert (there / "x.backup").exists()


def test_changes_are_looked_up_by_person_kind_and_day(cuprum, browser_of):
    cuprum.ada.post("/people", {"name": "Ada's person"})
    cuprum.grace.post("/leads", {"name": "Grace's lead"})
    ada = browser_of("ada")

    def found(query: str, browser=ada) -> int:
        return len(re.findall(r'<a href="/changes/[0-9a-f]', browser.get(f"/changes?{query}").text))

    assert found(f"of={cuprum.grace.id}") == 1
    assert found("of=me&kind=person") == 1
    assert found("kind=lead&of=me") == 0
    assert found("day=2001-02-03") == 0
    assert "Nothing like that was changed" in ada.get("/changes?day=2001-02-03").text
    today = re.search(r'<time datetime="(\d{4}-\d\d-\d\d)', ada.get("/changes").text)[1]
    assert found(f"day={today}&kind=lead") == 1
    assert found(f"of={cuprum.ada.id}", browser_of("grace")) == 1
    for odd in ("of=" + "9" * 30, "day=9999-12-31", "day=x", "kind=x", "before=x"):
        assert ada.get(f"/changes?{odd}").status == 200


def test_changes_have_pages_that_keep_the_filter(cuprum, browser):
    for number in range(45):
        cuprum.ada.post("/people", {"name": f"P{number}"})
    first = browser.get("/changes?kind=person").text
    earlier = html.unescape(re.search(r'href="(/changes\?[^"]*before=[^"]*)"', first)[1])
    assert "kind=person" in earlier
    assert len(re.findall(r'<a href="/changes/[0-9a-f]', browser.get(earlier).text)) == 5
