"""The first page of the settings: what can be set, in groups."""

from __future__ import annotations

from dataclasses import dataclass

from cuprum.records.work import Work
from cuprum.web.pages.settings.words import LISTS
from cuprum.web.visit import Page, Visit


@dataclass(frozen=True)
class Section:
    path: str
    label: str
    icon: str
    about: str


SECTIONS: dict[str, tuple[Section, ...]] = {
    "The account": (
        Section("/settings/account", "Account", "building-2", "Its name, currency, time zone and exchange rates."),
        Section("/settings/users", "Users", "users", "Who works here, who is invited, and what each may do."),
        Section("/settings/teams", "Teams", "users", "Who is on which team, and what is shared with it."),
        Section("/settings/sessions", "Sessions and password", "monitor", "Where you are signed in, and your password."),
    ),
    "Your words": (
        Section("/settings/fields", "Custom fields", "columns-3", "Your own fields, their order, and what must be filled in."),
        *(Section(f"/settings/{one.path}", one.label, one.icon, one.about) for one in LISTS.values()),
        Section("/settings/tags", "Tags", "tag", "What tags there are, on how many records; rename, merge, delete."),
    ),
    "Programs": (
        Section("/automations", "Automations", "workflow", "What happens by itself: a task to call for every new lead."),
        Section("/settings/connections", "Connections", "plug", "The accounts that automations act through."),
        Section("/settings/webhooks", "Webhooks", "webhook", "Tell other programs when a record is created, changed or deleted."),
        Section("/settings/keys", "API keys", "key-round", "Let a program in as you: a script, or what was written for Copper."),
        Section("/settings/oauth-apps", "OAuth apps", "external-link", "Programs of others that may ask people to let them in."),
        Section("/settings/apps", "Connected apps", "link", "Apps that you let in, and how to end that."),
    ),
    "Data": (
        Section("/settings/backup", "Backup", "download", "Everything in one file, made now and downloaded."),
        Section("/imports", "Imports", "upload", "Bring in people, companies, leads and opportunities from CSV files."),
        Section("/samples", "Sample data", "eye", "A whole business to look around with, loaded and removed with one click."),
    ),
    "History": (
        Section("/changes", "Recent changes", "history", "What was done, by whom, and its undo."),
    ),
}  # fmt: skip


def settings(work: Work, visit: Visit) -> Page:
    return Page("settings/settings.html", {"zone": work.vocabulary.account["primary_timezone"], "sections": SECTIONS})
