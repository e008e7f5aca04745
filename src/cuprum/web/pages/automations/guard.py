"""Automations act through connections that may see everything: they are for admins, and others are told who those are."""

from __future__ import annotations

from cuprum.kit.errors import Forbidden
from cuprum.records import people_of_account as people
from cuprum.records.work import Work
from cuprum.web.visit import Visit


def only_admins(work: Work, visit: Visit | None = None) -> None:
    """Raises Forbidden, naming who can."""
    if work.actor.is_admin:
        return
    admins = [one.name for one in people.users(work.connection) if one.role in ("owner", "admin") and not one.disabled_at]
    raise Forbidden(
        f"Automations and their connections are for admins, since they act beyond what one user may see. Ask {_listed(admins)}."
    )


def _listed(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
