"""Automations act through connections that may see everything: they are for admins, and others are told who those are."""

from __future__ import annotations

from cuprum.kit.errors import Forbidden
from cuprum.records.admins import admins
from cuprum.records.work import Work
from cuprum.web.visit import Visit


def only_admins(work: Work, visit: Visit | None = None) -> None:
    """Raises Forbidden, naming who can."""
    if work.actor.is_admin:
        return
    who = " or ".join(admins(work).rsplit(", ", 1))
    raise Forbidden(f"Automations and their connections are for admins, since they act beyond what one user may see. Ask {who}.")
