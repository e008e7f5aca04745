"""A process with an engine, for tests that kill it: `jobs_program.py DATABASE EXECUTOR EFFECTS WHAT`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from cuprum import jobs

_, DATABASE, EXECUTOR, EFFECTS, WHAT = sys.argv


def say(word: str) -> None:
    print(word, flush=True)


def effect(word: str) -> str:
    """One line a call: what the outside world would have seen."""
    with open(EFFECTS, "a") as file:
        file.write(word + "\n")
        file.flush()
        os.fsync(file.fileno())
    return word


@jobs.workflow("three steps")
def three_steps(run: jobs.Run, run_name: str) -> list[str]:
    first = run.step(effect, f"{run_name}/one")
    second = run.step(effect, f"{run_name}/two")
    say(f"{run_name} is between")
    while "hold" in WHAT and not Path(f"{EFFECTS}.go").exists():
        time.sleep(0.02)
    third = run.step(effect, f"{run_name}/three")
    say(f"{run_name} is through")
    return [first, second, third]


@jobs.workflow("sleeper")
def sleeper(run: jobs.Run, run_name: str) -> str:
    run.step(effect, f"{run_name}/before")
    run.sleep(1800)
    return run.step(effect, f"{run_name}/after")


@jobs.workflow("slow")
def slow_step(run: jobs.Run, run_name: str) -> str:
    def slow() -> str:
        say(f"{run_name} is in its step")
        # It is told to stop in the midst of it.
        run._engine.transact.stopping.wait(60)
        return effect(f"{run_name}/slow")

    run.step(slow)
    return run.step(effect, f"{run_name}/next")


@jobs.workflow("stuck")
def stuck_step(run: jobs.Run, run_name: str) -> None:
    run.step(lambda: (say(f"{run_name} is in its step"), time.sleep(60)), name="stuck")


def main() -> None:
    if "an hour later" in WHAT:
        present = time.time
        time.time = lambda: present() + 3600
    engine = jobs.launch(
        Path(DATABASE) if DATABASE.startswith("/") else DATABASE,
        executor_id=EXECUTOR,
        workflows=[three_steps, sleeper, slow_step, stuck_step],
        queues=[jobs.Queue("shared")],
        listens="passing" not in WHAT,
        # A busy machine may keep a living node from its beat for a second or two.
        beat_seconds=0.5,
        lease_seconds=4.0,
        # PostgreSQL may take a moment to see that one who had the id was killed.
        wait_for_identity_seconds=0.3 if "at once" in WHAT else 60,
        park_after_seconds=3600,
    )
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    say("up")
    if "three" in WHAT:
        engine.start(three_steps, "three", "three")
    if "queued" in WHAT:
        engine.start(three_steps, "queued", "queued", queue="shared")
    for workflow in (sleeper, slow_step, stuck_step):
        if workflow.name in WHAT:
            engine.start(workflow, workflow.name, workflow.name)
    if sleeper.name in WHAT:
        # Its first step and its wait: one that is not stored yet begins anew in the next life.
        while len(engine.steps(sleeper.name)) < 2:
            time.sleep(0.02)
        say("sleeper sleeps")
    # In short waits: a signal that the kernel gives to another thread does not end a long one.
    while not stopped.wait(0.1):
        pass
    busy = engine.stop(0.5 if "stuck" in WHAT else 60)
    say(f"stopped with {len(busy)} busy")


try:
    main()
except jobs.NodeTaken as refusal:
    say(str(refusal))
    sys.exit(1)
