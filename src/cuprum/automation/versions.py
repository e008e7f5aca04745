"""The versions of a workflow: each one that was saved, by whom and when, to be looked at and brought back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from cuprum.kit import jsonio
from cuprum.kit.errors import NotFound
from cuprum.storage.automation_tables import workflow as workflows
from cuprum.storage.automation_tables import workflow_version as versions


@dataclass(frozen=True)
class Version:
    """`source` is its YAML text as somebody wrote it; `user_id` is None for the command line."""

    number: int
    workflow: dict[str, Any]
    source: str | None
    connections: dict[str, str]
    user_id: int | None
    date_created: int
    restores: int | None


def note(connection: Connection, workflow_id: int, *, user_id: int | None, restores: int | None = None) -> None:
    """Keep the workflow as it stands now as the version whose number it has."""
    now = select(
        workflows.c.id, workflows.c.version, workflows.c.definition, workflows.c.source, workflows.c.connections,
        workflows.c.date_modified,
    ).where(workflows.c.id == workflow_id)  # fmt: skip
    row = connection.execute(now).one()
    connection.execute(
        insert(versions).values(
            workflow_id=row.id, number=row.version, definition=row.definition, source=row.source,
            connections=row.connections, date_created=row.date_modified, user_id=user_id, restores=restores,
        )
    )  # fmt: skip


def list_versions(connection: Connection, workflow_id: int, *, limit: int, before: int | None = None) -> list[Version]:
    """The newest first; with `before` those older than that number."""
    statement = select(versions).where(versions.c.workflow_id == workflow_id).order_by(versions.c.number.desc()).limit(limit)
    if before is not None:
        statement = statement.where(versions.c.number < before)
    return [_version(row) for row in connection.execute(statement)]


def one_version(connection: Connection, workflow_id: int, number: int) -> Version:
    """Raises NotFound."""
    row = connection.execute(select(versions).where(versions.c.workflow_id == workflow_id, versions.c.number == number)).first()
    if row is None:
        raise NotFound(f"There is no version {number} of this workflow")
    return _version(row)


def _version(row: Any) -> Version:
    return Version(
        row.number, jsonio.decode(row.definition), row.source, jsonio.decode(row.connections), row.user_id, row.date_created,
        row.restores,
    )  # fmt: skip
