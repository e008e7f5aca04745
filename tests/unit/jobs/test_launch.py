"""Launching, when it goes wrong and again after it."""

import subprocess
import sys
from pathlib import Path

from patience import PATIENCE_SECONDS

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
