"""Steps of a workflow a second, beside the empty steps of the durable engine under it; one process, since it has one engine.

python -m bench.steps   (the installation is the one that the environment names)
"""

from __future__ import annotations

import time
from collections.abc import Callable

from cuprum.automation.hands import stored_hands
from cuprum.automation.run import automation_workflows
from cuprum.automation.starting import Beginning, Starter
from cuprum.config import Settings
from cuprum.jobs import Engine, Run, State, launch, passing_id, workflow
from cuprum.kit.uuid7 import uuid7
from cuprum.storage.database import Database

STEPS, RUNS = 50, 6
TASKS = [{"name": f"note_{place}", "type": "logger/v1/debug", "parameters": {"text": "="}} for place in range(STEPS)]


@workflow("empty steps")
def empty_steps(run: Run) -> None:
    for _ in range(STEPS):
        run.step(_nothing)


def _nothing() -> None:
    pass


def main() -> None:
    settings = Settings()
    database = Database(settings)
    hands = stored_hands(settings, database)
    engine = launch(
        settings.engine_file if settings.is_sqlite else settings.database_url,
        executor_id=passing_id(settings.home, "bench"),
        workflows=[*automation_workflows(lambda: hands), empty_steps],
        listens=False,
        sqlite_synchronous=settings.sqlite_synchronous,
    )
    starter = Starter(database, lambda: engine, queue=None)

    def ours() -> str:
        return starter.start_given({"tasks": TASKS}, Beginning({}), name="bench", connections={})

    try:
        empty, full = _per_second(engine, lambda: engine.start(empty_steps, uuid7())), _per_second(engine, ours)
    finally:
        engine.stop()
        hands.close()
        database.close()
    print(f"\nsteps of a workflow: {full:,.0f}/s; the engine's own empty step: {empty:,.0f}/s; share {full / empty:.2f}")


def _per_second(engine: Engine, start: Callable[[], str]) -> float:
    """Runs one after the other, the first not counted."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        ended = engine.wait(start())
        seconds.append(time.perf_counter() - began)
        assert ended.state is State.DONE, ended
    return STEPS / sorted(seconds[1:])[len(seconds) // 2 - 1]


if __name__ == "__main__":
    main()
