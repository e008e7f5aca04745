"""The server process: a port, one lock on the home, a schema that fits, uvicorn, and an orderly end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from contextlib import nullcontext
from types import FrameType
from typing import NoReturn

import uvicorn

from cuprum.api.state import State
from cuprum.app import application
from cuprum.cli.banner import banner
from cuprum.cli.house import read_settings
from cuprum.config import Settings
from cuprum.kit import logs
from cuprum.kit.errors import CuprumError, Unavailable
from cuprum.kit.garbage import look_seldom
from cuprum.records.demo import demo_account
from cuprum.storage.database import Database
from cuprum.storage.key_check import OtherKey, check_key
from cuprum.storage.migrate import migrate
from cuprum.storage.restore import RESTART_SIGNAL, finish_restore
from cuprum.storage.server_lock import only_server
from cuprum.web.first_start import OneTimeLink

log = logging.getLogger("cuprum")

# Promised are 20 seconds from SIGTERM: requests get the first of them, then threads that hang are left behind.
REQUESTS_FINISH_SECONDS = 14
PROCESS_ENDS_SECONDS = 19

# Set only by a server for itself, when it starts anew.
INHERITED_DOOR = "CUPRUM_INHERITED_DOOR"


class PortTaken(CuprumError):
    """Somebody else listens there."""


def run(host: str, port: int, *, demo: bool) -> int:
    """Serve until a signal; returns the exit code."""
    settings = read_settings()
    logs.set_up(settings.log_level, as_json={"human": False, "json": True}.get(settings.log_format))
    for wordy in ("uvicorn.error", "alembic.runtime.migration"):
        logging.getLogger(wordy).setLevel(logging.WARNING)
    with listening(host, port) as door, only_server(settings.home) if settings.is_sqlite else nullcontext():
        reachable_at = settings.public_url
        settings = _with_address(settings, door)
        finish_restore(settings)
        backup = migrate(settings)
        if backup:
            log.info("the schema was upgraded; the database as it was before: %s", backup)
        ended_by = _serve(settings, door, demo=demo, reachable_at=reachable_at)
        if ended_by == RESTART_SIGNAL:
            _start_anew(door)
    return 130 if ended_by == signal.SIGINT else 0


def _start_anew(door: socket.socket) -> NoReturn:
    """The same process id begins again, with nothing of the former database in memory; who knocks meanwhile waits."""
    door.set_inheritable(True)
    os.environ[INHERITED_DOOR] = str(door.fileno())
    os.execv(sys.executable, sys.orig_argv)


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; raises PortTaken. A port that a killed server held is free at once."""
    if inherited := os.environ.pop(INHERITED_DOOR, None):
        return socket.socket(fileno=int(inherited))
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    door = socket.socket(family, kind, protocol)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)
    except OSError as trouble:
        door.close()
        raise PortTaken(f"{host}:{port} cannot be served: {trouble.strerror}. Choose another with --port.") from None
    return door


def _with_address(settings: Settings, door: socket.socket) -> Settings:
    if settings.public_url:
        return settings
    host, port = door.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return settings.model_copy(update={"public_url": f"http://{host}:{port}"})


def _serve(settings: Settings, door: socket.socket, *, demo: bool, reachable_at: str) -> int | None:
    # The address that is only served at may be one that nobody else can reach.
    app = application(settings, with_engine=True, reachable_at=reachable_at)
    state: State = app.state.cuprum
    _check_key(state.database)
    if demo:
        demo_account(state.database)
    app.state.first_start = link = OneTimeLink()
    server = Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=REQUESTS_FINISH_SECONDS,
        ),
        state,
        door,
        link,
    )
    # uvicorn closes what it is given; the door itself stays open for a restart.
    server.run(sockets=[door.dup()])
    return server.ended_by


def _check_key(database: Database) -> None:
    """Raises OtherKey where several servers may share the database: each would seal what the others cannot read."""
    try:
        database.write_now(check_key, database.settings)
    except OtherKey as trouble:
        if not database.settings.is_sqlite:
            raise
        # A restore whose key was lost must be able to serve its records.
        log.warning("%s", trouble)
    except Unavailable as trouble:
        # A first server seals its word; where nothing can be written, there is still much to read.
        log.warning("the key is not checked: %s", trouble)


class Server(uvicorn.Server):
    """Says where it is once it is ready, and ends in time whatever hangs."""

    def __init__(self, config: uvicorn.Config, state: State, door: socket.socket, link: OneTimeLink) -> None:
        super().__init__(config)
        self._door = door
        self.ended_by: int | None = None
        self._state = state
        self._link = link

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        signal.signal(RESTART_SIGNAL, self.handle_exit)
        await super().startup(sockets)
        look_seldom()
        print(await self._state.database.read(banner, self._state.settings, self._link), flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn would raise the signal once more after an orderly end; an orderly end is none by signal.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = self._state.is_ending = True
        if self.ended_by is None:
            self.ended_by = sig
            if sig != RESTART_SIGNAL:
                self._door.close()
            threading.Thread(target=_end_in_time, name="deadline", daemon=True).start()


def _end_in_time() -> None:
    threading.Event().wait(PROCESS_ENDS_SECONDS)
    log.error("something hangs: the process ends without it; what was answered is stored")
    os._exit(1)
