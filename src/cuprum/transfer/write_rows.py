"""Writes the rows of an import in short transactions, each with its outcomes in it: killed anywhere, it goes on from there."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from cuprum.auth.actor import Actor
from cuprum.auth.api_keys import teams_of
from cuprum.events.log import Group, Listener
from cuprum.kit import jsonio
from cuprum.kit.errors import Refused
from cuprum.kit.pace import Pace
from cuprum.records.vocabulary import VocabularyCache
from cuprum.records.work import Work
from cuprum.storage.account_tables import user
from cuprum.storage.database import Database
from cuprum.storage.event_tables import change_group
from cuprum.transfer import imports
from cuprum.transfer.decide import REFUSED, REPEATED, SAME, NotTogether, Outcome, decide
from cuprum.transfer.matches import Seen
from cuprum.transfer.new_options import create_options
from cuprum.transfer.plan import Plan
from cuprum.transfer.sheet import Row, Sheet
from cuprum.transfer.targets import Target, targets

ROWS_A_CHUNK = 250
# Read and looked up together, as far as they fit; what a part costs beside its rows is that of about six.
_AT_ONCE, _FEWEST = 50, 12


class RowWriter:
    """One import in one process: the file read once, and what its rows so far were about."""

    def __init__(
        self, database: Database, job_id: int, listeners: tuple[Listener, ...], after_commit: Callable[[], None]
    ) -> None:
        self._database, self._job_id = database, job_id
        self._listeners, self._after_commit = listeners, after_commit
        self._vocabulary, self._pace = VocabularyCache(), Pace()
        job = database.read_now(imports.one, None, job_id)
        self._sheet: Sheet = database.read_now(imports.sheet_of, job)
        self._recall(job)

    def prepare(self) -> None:
        """Create the options that the file has and the account has not, where that was chosen."""
        self._database.write_now(self._prepare)

    def write(self, most: int = ROWS_A_CHUNK) -> bool:
        """Write up to `most` further rows; False when there are no more, or no more are wanted."""
        ends_at = self._through() + most
        while True:
            try:
                through = self._database.write_now(self._part, ends_at)
            except BaseException:
                # Rows that were rolled back are not there to be repeated.
                self._recall(self._database.read_now(imports.one, None, self._job_id))
                raise
            self._after_commit()
            if through is None or through >= len(self._sheet.rows):
                return False
            if through >= ends_at:
                return True

    def _recall(self, job: imports.Job) -> None:
        self._seen = Seen()
        for row in self._database.read_now(imports.records_of, job):
            self._seen.note((), row.line, row.record_id)

    def _through(self) -> int:
        return self._database.read_now(imports.one, None, self._job_id).through

    def _prepare(self, connection: Connection) -> None:
        job = imports.one(connection, None, self._job_id, lock=True)
        if job.state == imports.RUNNING and job.through == 0:
            create_options(self._work(connection, job), job.plan, self._sheet)

    def _part(self, connection: Connection, ends_at: int) -> int | None:
        """As many rows as fit; how many of the file are through, None when it goes no further."""
        self._pace.begin()
        job = imports.one(connection, None, self._job_id, lock=True)
        if job.state != imports.RUNNING:
            return None
        work = self._work(connection, job)
        known = targets(job.plan.entity, work.vocabulary)
        noted, at = [], job.through
        while at < len(self._sheet.rows) and (fit := self._pace.room(min(_AT_ONCE, ends_at - at), _FEWEST)):
            part = self._sheet.rows[at : at + fit]
            outcomes = self._bring_in(work, job.plan, known, part)
            noted += [_noted(row, outcome) for row, outcome in zip(part, outcomes, strict=True)]
            at += len(part)
            self._pace.did(len(part))
        if noted:
            imports.note_rows(connection, job, noted)
        return at

    def _bring_in(self, work: Work, plan: Plan, known: dict[str, Target], part: list[Row]) -> list[Outcome]:
        """All together, which is much faster; where one gets in another's way, row by row, which tells whose fault it is."""
        seen = Seen(self._seen)
        try:
            with work.group.together():
                outcomes = list(decide(work, plan, known, part, seen, write=True))
        except (NotTogether, IntegrityError):
            seen = Seen(self._seen)
            outcomes = list(decide(work, plan, known, part, seen, write=True))
        self._seen.take(seen)
        return outcomes

    def _work(self, connection: Connection, job: imports.Job) -> Work:
        actor = _actor(connection, job)
        stored = connection.execute(select(change_group.c.undone_by).where(change_group.c.id == job.uid)).one_or_none()
        if stored and stored.undone_by:
            raise Refused("The import was undone while it ran.")
        group = Group(
            connection, actor.user_id, actor.face, actor.via, f"Import of {job.file_name}", self._listeners,
            id=job.uid, is_stored=stored is not None,
        )  # fmt: skip
        return Work(connection, actor, self._vocabulary.at(connection), self._database.settings, group, group.at)


def _noted(row: Row, outcome: Outcome) -> dict[str, object]:
    kept = outcome.kind in (REFUSED, REPEATED, SAME)
    return {
        "line": row.line, "outcome": outcome.kind, "record_id": outcome.record_id, "reason": outcome.reason or None,
        "cells": jsonio.text(row.cells) if kept else None,
    }  # fmt: skip


def _actor(connection: Connection, job: imports.Job) -> Actor:
    """Whoever started it, with the rights that they have now."""
    row = connection.execute(select(user).where(user.c.id == job.user_id, user.c.disabled_at.is_(None))).one_or_none()
    if row is None:
        raise Refused("Whoever started the import is not a user any more.")
    return Actor(row.id, row.role, row.name, row.email, teams_of(connection, row.id), face=job.face, via=job.via)
