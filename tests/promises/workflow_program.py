"""A server whose runs kill it at chosen moments: `workflow_program.py PLAN`, a JSON file; it ends when every run has ended.

The parent holds the port and imports everything once; each life of the server is a fork, so that a new one takes no second.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn

from cuprum.app import application
from cuprum.automation import hands, history
from cuprum.automation.starting import Beginning, Starter
from cuprum.config import Settings
from cuprum.events import courier
from cuprum.jobs import launch
from cuprum.jobs.transact import Transact
from cuprum.kit.errors import NotFound

PLAN: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
KILLED = Path(sys.argv[1]).with_suffix(".killed")
MOST_LIVES = 3 * sum(map(len, PLAN["runs"].values())) + 5


def kill_at(run_id: str, place: str, moment: str) -> None:
    """End here as if somebody had pulled the plug, the first time that a run comes to a moment of its plan."""
    point = f"{run_id} {place} {moment}"
    if [place, moment] not in PLAN["runs"].get(run_id, []) or point in KILLED.read_text().splitlines():
        return
    with KILLED.open("a") as file:
        file.write(point + "\n")
    os.kill(os.getpid(), signal.SIGKILL)


def watch_the_seams() -> None:
    """The effect of a step, the note of it, and the engine's checkpoint."""
    act, checkpoint = hands.copper.act, Transact.checkpoint

    def watched_act(call: Any, *args: Any) -> Any:
        kill_at(call.run_id, call.place, "before the effect")
        said = act(call, *args)
        kill_at(call.run_id, call.place, "after the effect")
        return said

    def watched_checkpoint(self: Transact, name: str, call: Any) -> Any:
        run_id = self.current_id()

        def noted() -> Any:
            said = call()
            kill_at(run_id, name, "before the checkpoint")
            return said

        said = checkpoint(self, name, noted)
        kill_at(run_id, name, "after the checkpoint")
        return said

    hands.copper.act = watched_act
    Transact.checkpoint = watched_checkpoint  # type: ignore[method-assign]
    if "lease_seconds" in PLAN:
        beat = {"beat_seconds": PLAN["lease_seconds"] / 5, "lease_seconds": PLAN["lease_seconds"]}
        courier.launch = functools.partial(launch, **beat)  # type: ignore[assignment]


def live(door: socket.socket) -> None:
    settings = Settings(
        home=Path(PLAN["home"]), database_url=PLAN["database_url"], node_name=PLAN["node"], sqlite_synchronous="NORMAL"
    )
    app = application(settings, with_engine=True)
    # Clients that keep their connection alive must not hold up the end.
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    ended: list[int] = []

    def drive() -> None:
        try:
            ended.append(_drive(app.state.cuprum))
        finally:
            server.should_exit = True

    threading.Thread(target=drive, daemon=True).start()
    server.run(sockets=[door])
    # Threads that hang are not what is asked here.
    os._exit(ended[0] if ended else 1)


def _drive(state: Any) -> int:
    deadline = time.monotonic() + 120
    while (engine := state.engine()) is None:
        if time.monotonic() > deadline:
            return 4
        time.sleep(0.01)
    # Without a queue a run is this node's own.
    starter = Starter(state.database, lambda: engine, **({"queue": None} if PLAN.get("own") else {}))
    for number, run_id in enumerate(PLAN["runs"]):
        starter.start_run(PLAN["workflow_id"], Beginning({"n": number}), run_id)
    waits_for = PLAN.get("waits_for") or list(PLAN["runs"])
    while time.monotonic() < deadline:
        states = {_state(state.database, run_id) for run_id in waits_for}
        if states <= {history.DONE}:
            return 0
        if states & {history.FAILED, history.PARKED}:
            for row in state.database.read_now(history.list_runs):
                print(row.id, row.state, row.reason, row.error, file=sys.stderr, flush=True)
            return 3
        time.sleep(0.05)
    return 5


def _state(database: Any, run_id: str) -> str:
    try:
        return str(database.read_now(history.one_run, run_id).state)
    except NotFound:
        return "not started"


def main() -> int:
    KILLED.touch()
    watch_the_seams()
    door = socket.create_server(("127.0.0.1", PLAN["port"]), backlog=256)
    for _ in range(MOST_LIVES):
        child = os.fork()
        if not child:
            live(door)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return os.waitstatus_to_exitcode(status)
        if PLAN.get("dies_once"):
            return 0
    return 6


if __name__ == "__main__":
    # Loaded once, for every life.
    import dbos  # noqa: F401

    from cuprum.automation import keeper, run  # noqa: F401

    sys.exit(main())
