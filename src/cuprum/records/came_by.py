"""Which way a group of changes came: a run of an automation, an import, an app, a key, this site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from cuprum.records.work import Work
from cuprum.storage.automation_tables import automation_run, automation_step
from cuprum.storage.import_tables import import_job

APP, IMPORT, RUN = "app", "import", "run"
_APP = "app "


@dataclass(frozen=True)
class Way:
    """`kind` is app, import or run, else the face. `name` is that of the app, the file, the automation or the key, and `id` that
    of the import or the run; both None for who may not look at it."""

    kind: str
    name: str | None = None
    id: str | int | None = None


def ways_of(work: Work, groups: Iterable[tuple[str, str, str | None, bool]]) -> dict[str, Way]:
    """By the id of the group. Given are id, face and via of each, and whether the reader may look the group up: only then they
    are told names."""
    asked = list(groups)
    ids = [one[0] for one in asked]
    runs, imports = _runs(work, ids), _imports(work, ids)
    return {
        group: _way(face, via, runs.get(group), imports.get(group), is_theirs=is_theirs, is_admin=work.actor.is_admin)
        for group, face, via, is_theirs in asked
    }


def _way(face: str, via: str | None, run: Way | None, job: Way | None, *, is_theirs: bool, is_admin: bool) -> Way:
    known = run or job
    if known is None:
        known = Way(APP, via.removeprefix(_APP)) if via and via.startswith(_APP) else Way(face, via)
    if not is_theirs:
        return Way(known.kind)
    # Runs are for admins to look at, since they act beyond what one user may see.
    return Way(known.kind, known.name) if known.kind == RUN and not is_admin else known


def _runs(work: Work, ids: list[str]) -> dict[str, Way]:
    found = (
        select(automation_step.c.wrote_group, automation_run.c.id, automation_run.c.name)
        .join(automation_run, automation_run.c.id == automation_step.c.run_id)
        .where(automation_step.c.wrote_group.in_(ids))
    )
    return {row.wrote_group: Way(RUN, row.name, row.id) for row in work.execute(found)}


def _imports(work: Work, ids: list[str]) -> dict[str, Way]:
    found = select(import_job.c.uid, import_job.c.id, import_job.c.file_name).where(import_job.c.uid.in_(ids))
    return {row.uid: Way(IMPORT, row.file_name, row.id) for row in work.execute(found)}
