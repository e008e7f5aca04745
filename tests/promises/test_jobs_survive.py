"""Nothing that the engine took is lost, and nothing runs twice: processes are killed, stopped and doubled."""

from __future__ import annotations

import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import psycopg
import pytest

import forked
from patience import PATIENCE_SECONDS, wait_until
from postgres_copies import create_database
from require import postgres

PROGRAM = Path(__file__).with_name("jobs_program.py")
SOURCE = Path(__file__).parents[2] / "src"

pytestmark = pytest.mark.chaos

# Where the database makes no difference one of them is enough, for these tests start many processes.
ON_SQLITE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("place", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)


class Node:
    """A process with an engine; every line it prints is kept."""

    def __init__(self, place: Place, executor: str, what: str) -> None:
        self._process = forked.Python(
            str(PROGRAM), place.database, executor, str(place.effects), what,
            stdout=forked.PIPE, env={"PYTHONPATH": str(SOURCE), "PATH": "", "PGCONNECT_TIMEOUT": str(PATIENCE_SECONDS)},
        )  # fmt: skip
        self._lines: Queue[str | None] = Queue()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._lines.put(line.strip())
        self._lines.put(None)

    def says(self, start: str) -> str:
        """Wait for a line that begins so; the rest of it."""
        while (line := self._lines.get(timeout=PATIENCE_SECONDS)) is not None:
            if line.startswith(start):
                return line.removeprefix(start)
        raise AssertionError(f"it ended with {self._process.wait()} and never said: {start}")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def pause(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def terminate(self) -> int:
        """Ask it to end, and tell how many of its runs were still inside a step when it no longer waited."""
        self._process.terminate()
        busy = int(self.says("stopped with ").split()[0])
        self._process.wait(PATIENCE_SECONDS)
        return busy

    def end(self) -> None:
        if self._process.poll() is None:
            self.kill()
        self._listener.join()


class Place:
    """A database, and the file that stands for the outside world."""

    def __init__(self, database: str, folder: Path) -> None:
        self.database = database
        self.effects = folder / "effects"
        self.effects.touch()
        self._nodes: list[Node] = []

    def node(self, executor: str, what: str = "nothing") -> Node:
        self._nodes.append(Node(self, executor, what))
        return self._nodes[-1]

    def seen(self) -> Counter[str]:
        return Counter(self.effects.read_text().split())

    def becomes(self, expected: dict[str, int]) -> None:
        wait_until(lambda: self.seen() == expected, lambda: str(self.seen()))

    def open_the_hold(self) -> None:
        self.effects.with_name("effects.go").touch()

    def end(self) -> None:
        for node in self._nodes:
            node.end()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        place = Place(str(tmp_path / "jobs.db"), tmp_path)
        yield place
        place.end()
        return
    server, name = postgres(), f"cuprum_jobs_{uuid.uuid4().hex[:8]}"
    create_database(server, name)
    place = Place(server.rpartition("/")[0] + f"/{name}", tmp_path)
    yield place
    place.end()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


ALL_THREE = {"three/one": 1, "three/two": 1, "three/three": 1}


def test_a_run_killed_between_two_steps_goes_on_and_repeats_none(place):
    first = place.node("home:main", "three and hold")
    first.says("three is between")
    first.kill()
    assert place.seen() == {"three/one": 1, "three/two": 1}
    place.node("home:main").says("three is between")
    place.becomes(ALL_THREE)


def test_a_live_node_takes_over_what_a_killed_node_had_begun(place):
    """On SQLite the one killed is a passing process, such as `cuprum run`; the server takes its work."""
    server = place.node("home:main")
    server.says("up")
    other = place.node("home:other", "three and hold, passing" if place.database.startswith("/") else "three and hold")
    other.says("three is between")
    other.kill()
    server.says("three is between")
    place.becomes(ALL_THREE)


@ON_SQLITE
def test_a_second_process_with_the_same_id_is_refused(place):
    first = place.node("home:main")
    first.says("up")
    place.node("home:main", "at once").says(
        "Another live process already works as home:main; stop it or choose another node name"
    )
    first.kill()
    place.node("home:main").says("up")


@ON_SQLITE
def test_stopping_finishes_the_step_in_hand_and_leaves_the_rest_to_the_next_start(place):
    first = place.node("home:main", "slow")
    first.says("slow is in its step")
    assert first.terminate() == 0
    assert place.seen() == {"slow/slow": 1}
    place.node("home:main")
    place.becomes({"slow/slow": 1, "slow/next": 1})


@ON_POSTGRES
def test_a_sleeper_does_not_hold_up_the_end_and_wakes_in_the_next_life(place):
    first = place.node("home:main", "sleeper")
    first.says("sleeper sleeps")
    assert first.terminate() == 0
    assert place.seen() == {"sleeper/before": 1}
    place.node("home:other", "an hour later")
    place.becomes({"sleeper/before": 1, "sleeper/after": 1})


@ON_SQLITE
def test_a_stuck_step_does_not_hold_up_the_end(place):
    first = place.node("home:main", "stuck")
    first.says("stuck is in its step")
    assert first.terminate() == 1
    place.node("home:main").says("stuck is in its step")


@ON_SQLITE
def test_one_who_passes_by_takes_nothing_from_the_shared_queue(place):
    passing = place.node("home:run:1", "queued, passing")
    passing.says("up")
    time.sleep(1.2)
    assert place.seen() == {}
    place.node("home:main").says("queued is between")
    place.becomes({"queued/one": 1, "queued/two": 1, "queued/three": 1})


@ON_POSTGRES
def test_a_node_that_was_frozen_past_its_lease_does_not_repeat_what_another_did(place):
    frozen = place.node("home:frozen", "three and hold")
    frozen.says("three is between")
    frozen.pause()
    other = place.node("home:other")
    # The third step has its effect before the engine notes it.
    other.says("three is through")
    place.open_the_hold()
    frozen.go_on()
    # Thawed, it comes to the third step with an execution that is no longer its own.
    assert frozen.terminate() == 0
    assert place.seen() == ALL_THREE
