"""Launching, when it goes wrong and again after it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from cuprum.jobs.database import open_postgres
from cuprum.storage.held_word import ENGINE_TABLES, held_word
from homes import Home
from patience import PATIENCE_SECONDS, wait_until

PROGRAM = """
import sys
from pathlib import Path
from cuprum import jobs
home = Path(sys.argv[1])
(home / "broken.db").write_text("this is no database, and it is long enough to be taken for a broken one" * 20)
done = jobs.Workflow("done", lambda run: "yes")
def launch(file, queues=()):
    return jobs.launch(home / file, executor_id="home:main", workflows=[done], queues=queues)
def refused(*args):
    try:
        launch(*args)
    except Exception as error:
        return type(error).__name__
print(refused("broken.db"), refused("jobs.db", [jobs.Queue("_dbos_is_theirs")]))
for life in (1, 2):
    engine = launch("jobs.db")
    engine.start(done, f"life {life}")
    print(engine.wait(f"life {life}", 100).output, engine.stop(100))
"""


def test_after_a_launch_that_failed_and_after_a_stop_one_can_launch_again(tmp_path: Path) -> None:
    source = Path(__file__).parents[3] / "src"
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        env={"PYTHONPATH": str(source), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert run.stdout.splitlines() == ["DatabaseError ValueError", "yes []", "yes []"], run.stderr


ONE_LIFE = """
import sys
from cuprum import jobs
done = jobs.Workflow("done", lambda run: "yes")
engine = jobs.launch(sys.argv[1], executor_id="home:main", workflows=[done])
engine.start(done, sys.argv[2])
print(engine.wait(sys.argv[2], 100).output, engine.stop(100))
"""


@pytest.mark.postgres
def test_the_engine_makes_its_tables_while_no_backup_looks_and_waits_for_none_once_they_are_there(postgresql_home: Home) -> None:
    url = postgresql_home.database_url

    def lives(run_id: str) -> str:
        command = [sys.executable, "-c", ONE_LIFE, url, run_id]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True).stdout

    def waits() -> bool:
        asks = (
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_advisory_lock(hash%'"
        )
        return bool(onlooker.execute(asks).rowcount)

    database = open_postgres(url, schema="jobs")
    with psycopg.connect(url, autocommit=True) as onlooker, ThreadPoolExecutor(1) as apart:
        with held_word(database, ENGINE_TABLES, shared=True):
            first = apart.submit(lives, "first")
            wait_until(waits)
            assert onlooker.execute("SELECT to_regclass('jobs.workflow_status')").fetchone() == (None,)
        assert first.result() == "yes []\n"
        with held_word(database, ENGINE_TABLES, shared=True):
            assert lives("second") == "yes []\n"
    database.dispose()
