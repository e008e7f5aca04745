"""How a run or a step stands: an icon, a word, and what somebody can do about it."""

from __future__ import annotations

from dataclasses import dataclass

from cuprum.automation import history


@dataclass(frozen=True)
class Mark:
    """`tone` is good, bad, waits or plain."""

    icon: str
    word: str
    tone: str
    cure: str = ""


_STATES = {
    history.QUEUED: Mark("circle-dashed", "Queued", "plain"),
    history.RUNNING: Mark("play", "Running", "plain"),
    history.DONE: Mark("circle-check", "Done", "good"),
    history.FAILED: Mark(
        "circle-x", "Failed", "bad", "Mend the input below and try it again, or mend the automation, which later runs follow."
    ),
    history.PARKED: Mark("clock-alert", "Parked", "waits"),
    history.DISCARDED: Mark("x", "Given up", "plain"),
}
_REASONS = {
    history.UNAVAILABLE: Mark(
        "clock-alert",
        "Parked: the other server was away",
        "waits",
        "Try it again when the server answers: what is done is not done twice.",
    ),
    history.NEEDS_REAUTH: Mark(
        "clock-alert", "Parked: the connection needs a new key", "waits", "Renew the connection; the run goes on by itself."
    ),
    history.AMBIGUOUS: Mark(
        "clock-alert",
        "Parked: it may have happened",
        "waits",
        "The answer was lost. Look whether it happened: give the run up if so, else send it again.",
    ),
}
_STEPS = {
    history.STEP_RUNNING: Mark("play", "Running", "plain"),
    history.STEP_AGAIN: Mark("rotate-cw", "Will be tried again", "waits"),
    history.STEP_DONE: Mark("circle-check", "Done", "good"),
    history.STEP_FAILED: Mark("circle-x", "Failed", "bad"),
    history.STEP_HANDLED: Mark("arrow-right", "Failed, and other steps took over", "plain"),
}
FAILED_STATES = (history.PARKED, history.FAILED)


def mark_of(state: str, reason: str | None = None) -> Mark:
    return _REASONS.get(reason or "", _STATES[state]) if state == history.PARKED else _STATES[state]


def mark_of_step(state: str) -> Mark:
    return _STEPS[state]
