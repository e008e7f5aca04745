"""What the door costs those who do not go through, and what the engine leaves alone."""

import os
import re
import subprocess
import sys
from pathlib import Path

from patience import PATIENCE_SECONDS

SOURCE = Path(__file__).parents[3] / "src"


def python(code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


def test_importing_the_door_does_not_import_the_engine():
    run = python("import sys, cuprum.jobs; print([m for m in ('dbos', 'croniter', 'psycopg') if m in sys.modules])")
    assert run.stdout.strip() == "[]", run.stderr


LAUNCH = """
import sys
from pathlib import Path
import socket
def refuse(*args):
    print(f"a connection to {args[1:]} was tried", file=sys.stderr, flush=True)
    raise OSError
socket.socket.connect = socket.socket.connect_ex = refuse
from cuprum import jobs
done = jobs.Workflow("done", lambda run: run.step(lambda: "yes", name="yes"))
engine = jobs.launch(Path(sys.argv[1]), executor_id="home:main", workflows=[done])
engine.start(done, "one")
print(engine.wait("one", 100).output)
engine.stop(100)
"""


def test_the_engine_calls_nobody_and_says_nothing(tmp_path):
    run = python(LAUNCH, tmp_path / "jobs.db")
    assert run.stdout.splitlines()[0] == "yes", run.stderr
    assert run.stderr == ""


def test_only_one_file_knows_the_engine():
    knowing = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if re.search(r"^\s*(from|import) dbos\b", file.read_text(), re.MULTILINE)
    }
    assert knowing == {"cuprum/jobs/transact.py"}
