"""The apps that were let in, and how to end that."""

from __future__ import annotations

import time

from cuprum.records.grants import end_grant, grants
from cuprum.records.work import Work
from cuprum.web.visit import GoTo, Page, Visit


def apps(work: Work, visit: Visit) -> Page:
    return Page("settings/apps.html", {"grants": grants(work), "now": int(time.time())})


def end_app(work: Work, visit: Visit) -> GoTo:
    work.group.label = "An app deactivated"
    end_grant(work, visit.id)
    return GoTo("/settings/apps", done="")
