"""The versions of an automation: who saved which when, what was different, and the way back to any of them."""

from __future__ import annotations

from dataclasses import dataclass

from cuprum.automation import workflows
from cuprum.automation.differences import Difference, differences, differences_of_connections
from cuprum.automation.versions import Version, list_versions, one_version
from cuprum.automation.workflow_file import BadWorkflow, write_workflow
from cuprum.kit.errors import CuprumError
from cuprum.records import people_of_account as people
from cuprum.records.work import Work
from cuprum.web.pages.automations.guard import only_admins
from cuprum.web.visit import GoTo, Page, Visit

_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """`since` is what it changed of the version before, None for the first one."""

    one: Version
    who: str
    since: list[Difference] | None


def versions(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """The newest first, each with what it changed."""
    only_admins(work)
    kept = workflows.by_id(work.connection, visit.id)
    before = visit.query.get("before", "")
    listed = list_versions(
        work.connection, kept.id, limit=_SHOWN + 1, before=int(before) if before.isascii() and before.isdecimal() else None
    )
    names = {one.id: one.name for one in people.users(work.connection)}
    pairs = zip(listed[:_SHOWN], [*listed[1:], None], strict=False)
    rows = [Row(one, _who(names, one), _between(former, one) if former else None) for one, former in pairs]
    words = {
        "kept": kept, "rows": rows, "earlier": listed[_SHOWN - 1].number if len(listed) > _SHOWN else None,
        "troubles": _told(trouble),
    }  # fmt: skip
    return Page("automations/versions.html", words, status=trouble.status if trouble else 200)


def version(work: Work, visit: Visit) -> Page:
    """One version: its text, and what bringing it back would change of the one that counts."""
    only_admins(work)
    kept = workflows.by_id(work.connection, visit.id)
    one, now = (one_version(work.connection, kept.id, number) for number in (visit.number("number"), kept.version))
    names = {each.id: each.name for each in people.users(work.connection)}
    text = one.source or write_workflow(one.workflow, name=".yaml")
    words = {"kept": kept, "one": one, "who": _who(names, one), "would": _between(now, one), "text": text}
    return Page("automations/version.html", words)


def restore(work: Work, visit: Visit) -> GoTo:
    """Bring it back, as the newest version."""
    only_admins(work)
    workflows.restore(work.connection, visit.id, visit.number("number"), user_id=work.actor.user_id, group=work.group)
    return GoTo(f"/automations/{visit.id}?saved=1", done="")


def _between(before: Version, after: Version) -> list[Difference]:
    return [
        *differences(before.workflow, after.workflow),
        *differences_of_connections(before.connections, after.connections),
    ]


def _who(names: dict[int, str], one: Version) -> str:
    return names.get(one.user_id, "somebody") if one.user_id else "the command line"


def _told(trouble: CuprumError | None) -> list[object]:
    return list(trouble.troubles) if isinstance(trouble, BadWorkflow) else [trouble] if trouble else []
