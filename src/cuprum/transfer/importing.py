"""The durable workflow of an import, and what starts it. Its name and argument stay, for open runs outlive an upgrade."""

from __future__ import annotations

import logging
from collections.abc import Callable

from cuprum.events.log import Listener
from cuprum.jobs import Engine, Queue, Run, StepFailed, Workflow, exponential, launch, passing_id
from cuprum.kit.errors import Unavailable
from cuprum.storage.database import Database
from cuprum.transfer import imports
from cuprum.transfer.kept_files import drop_file
from cuprum.transfer.write_rows import RowWriter

log = logging.getLogger("cuprum.transfer")

IMPORT = "import"
# People are waiting for the same writer: one file at a time.
QUEUES = [Queue(IMPORT, node_concurrency=1)]
_PATIENCE = exponential(attempts=10, first_seconds=1, longest_seconds=60, when=lambda error: isinstance(error, Unavailable))


def import_workflow(
    database: Database, listeners: tuple[Listener, ...], after_commit: Callable[[], None] = lambda: None
) -> Workflow:
    """`import(job_id)`: begin, chunk after chunk, end."""
    writers: dict[int, RowWriter] = {}

    def prepare(job_id: int) -> None:
        _writer(job_id).prepare()

    def write_chunk(job_id: int) -> bool:
        return _writer(job_id).write()

    def finish(job_id: int, state: str, error: str | None = None) -> None:
        writers.pop(job_id, None)
        database.write_now(imports.end, job_id, state, error)
        job = database.read_now(imports.one, None, job_id)
        drop_file(database, job.uid)

    def _writer(job_id: int) -> RowWriter:
        if job_id not in writers:
            writers[job_id] = RowWriter(database, job_id, listeners, after_commit)
        return writers[job_id]

    def bring_in(run: Run, job_id: int) -> None:
        try:
            if run.step(_begin, job_id, name="begin", retry=_PATIENCE):
                run.step(prepare, job_id, retry=_PATIENCE)
                while run.step(write_chunk, job_id, retry=_PATIENCE):
                    pass
        except StepFailed as failure:
            log.warning("import %d failed: %s", job_id, failure)
            run.step(finish, job_id, imports.FAILED, str(failure), name="fail", retry=_PATIENCE)
        else:
            run.step(finish, job_id, imports.DONE, retry=_PATIENCE)

    def _begin(job_id: int) -> bool:
        return database.write_now(imports.begin, job_id)

    return Workflow(IMPORT, bring_in)


def start(engine: Engine, job_id: int, uid: str, *, queue: str | None = IMPORT) -> None:
    """Exactly once, however often it is asked."""
    engine.start(IMPORT, f"import {uid}", job_id, queue=queue)


def start_queued(database: Database, engine: Engine | None) -> None:
    """Start those that were noted and never taken up: a crash came between, or the engine was not there yet."""
    if engine is not None:
        for job_id, uid in database.read_now(imports.queued):
            start(engine, job_id, uid)


def run_here(database: Database, job: imports.Job, listeners: tuple[Listener, ...], watch: Callable[[imports.Job], None]) -> None:
    """Run a queued import in this process to its end; should the process end first, a server goes on with it.

    `watch` is told about it now and then.
    """
    settings = database.settings
    engine = launch(
        settings.engine_file if settings.is_sqlite else settings.database_url,
        executor_id=passing_id(settings.home, "import"),
        workflows=[import_workflow(database, listeners)],
        listens=False,
        sqlite_synchronous=settings.sqlite_synchronous,
    )
    try:
        start(engine, job.id, job.uid, queue=None)
        while True:
            try:
                engine.wait(f"import {job.uid}", timeout_seconds=0.5)
                return
            except TimeoutError:
                watch(database.read_now(imports.one, None, job.id))
    finally:
        engine.stop()
