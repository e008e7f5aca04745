"""Workflows that the tests of this folder run, and the effects they leave behind."""

from __future__ import annotations

import threading
import time
from collections import Counter

from cuprum import jobs
from patience import PATIENCE_SECONDS

effects: Counter[str] = Counter()
moments: dict[str, list[float]] = {}
gates: dict[str, threading.Event] = {}


def effect(name: str) -> str:
    effects[name] += 1
    moments.setdefault(name.split("/")[0], []).append(time.monotonic())
    return name


class Flaky(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.data = {"asked": True}


def fail_until(name: str, times: int) -> str:
    effects[name] += 1
    if effects[name] <= times:
        raise Flaky(503)
    return name


@jobs.workflow("two steps")
def two_steps(run: jobs.Run, name: str) -> list[str]:
    return [run.step(effect, f"{name}/one"), run.step(effect, f"{name}/two")]


@jobs.workflow("one step")
def one_step(run: jobs.Run, name: str) -> str:
    return run.step(effect, name)


@jobs.workflow("what a step returns")
def shapes(run: jobs.Run) -> list[str]:
    value = run.step(lambda: {"pair": (1, 2)}, name="pair")
    return [type(value["pair"]).__name__]


@jobs.workflow("flaky")
def flaky(run: jobs.Run, name: str, failures: int, attempts: int) -> str:
    return run.step(fail_until, name, failures, retry=jobs.exponential(attempts=attempts, first_seconds=0.01))


@jobs.workflow("catches")
def catches(run: jobs.Run, name: str) -> dict[str, object]:
    try:
        run.step(fail_until, name, 1)
    except jobs.StepFailed as error:
        caught = {"kind": error.failure.kind, "code": error.failure.code, "data": error.failure.data}
        # Cancelled or stopped here, the replay catches the stored error instead of the live one.
        run.receive("go on", timeout_seconds=PATIENCE_SECONDS)
        return caught
    raise AssertionError("the first call fails")


@jobs.workflow("sleeps")
def sleeps(run: jobs.Run, name: str, seconds: float) -> str:
    run.step(effect, f"{name}/before")
    run.sleep(seconds)
    return run.step(effect, f"{name}/after")


@jobs.workflow("listens")
def listens(run: jobs.Run, timeout_seconds: float) -> object:
    run.publish("asked", {"for": "a word"})
    return run.receive("word", timeout_seconds)


@jobs.workflow("hears all")
def hears_all(run: jobs.Run, count: int) -> list[object]:
    return [run.receive("word", PATIENCE_SECONDS) for _ in range(count)]


@jobs.workflow("waits at a gate")
def gate(run: jobs.Run, name: str) -> str:
    def pass_through() -> str:
        effect(name)
        gates[name].wait(PATIENCE_SECONDS)
        return name

    run.step(pass_through)
    return run.step(effect, f"{name}/passed")


@jobs.workflow("parent")
def parent(run: jobs.Run, names: list[str]) -> list[str]:
    children = [run.start(one_step, f"{run.id}/{place}", name) for place, name in enumerate(names)]
    return [run.result(child) for child in children]


@jobs.workflow("parent of a failure")
def parent_of_failure(run: jobs.Run, name: str) -> str:
    try:
        return run.result(run.start(flaky, f"{run.id}/child", name, 9, 1))
    except jobs.RunFailed as error:
        return f"{error.failure.kind}: {error}"


@jobs.workflow("starts another inside a step")
def starts_inside(run: jobs.Run, name: str) -> str:
    engine = run._engine
    return run.step(lambda: engine.start(one_step, f"{name}/other", name), name="start")


WORKFLOWS = [
    two_steps,
    one_step,
    shapes,
    flaky,
    catches,
    sleeps,
    listens,
    hears_all,
    gate,
    parent,
    parent_of_failure,
    starts_inside,
]

QUEUES = [
    jobs.Queue("plain"),
    jobs.Queue("one at a time", concurrency=1),
    jobs.Queue("by target", partition_rate=jobs.Rate(2, 1.0)),
    jobs.Queue("seldom by target", partition_rate=jobs.Rate(2, 3600.0)),
]
