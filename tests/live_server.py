"""A server in a process of its own, for tests that kill it, fill its disk or run two of them."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

import forked
from installation import Template
from patience import PATIENCE_SECONDS
from ports import free_port


@dataclass
class LiveServer:
    """`cuprum serve` on a home; `start` waits for the first answer, `kill` is SIGKILL, `stop` is SIGTERM."""

    environment: dict[str, str]
    headers: dict[str, str]
    port: int = field(default_factory=free_port)
    process: forked.Python | None = None
    log: Path = Path(os.devnull)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start and return the seconds until the first answer."""
        began = time.monotonic()
        with self.log.open("ab") as log:
            command = ("-m", "cuprum.cli", "serve", "--port", str(self.port))
            self.process = forked.Python(*command, env=self.environment, stdout=log, stderr=log)
        while time.monotonic() - began < PATIENCE_SECONDS:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {self.log.read_text()[-2000:]}")
            with contextlib.suppress(httpx2.HTTPError):
                if httpx2.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return time.monotonic() - began
            time.sleep(0.02)
        raise AssertionError(f"the server did not answer within {PATIENCE_SECONDS} s: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        """Ask it to end, and return its exit code; it has 20 seconds."""
        assert self.process
        self.process.terminate()
        return self.process.wait(PATIENCE_SECONDS)

    def client(self, **options: Any) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"{self.url}/developer_api/v1", headers=self.headers, timeout=PATIENCE_SECONDS, trust_env=False, **options
        )


@contextlib.contextmanager
def live_server(template: Template, folder: Path, **settings: str) -> Iterator[LiveServer]:
    """A server on a copy of the template's database; `settings` are `CUPRUM_*` without the prefix."""
    with template.stored_copy(folder) as stored:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "CUPRUM_HOME": str(stored.home),
            "CUPRUM_DATABASE_URL": stored.database_url,
            **{f"CUPRUM_{name.upper()}": value for name, value in settings.items()},
        }
        server = LiveServer(environment, template.headers("ada"), log=folder / "server.log")
        try:
            yield server
        finally:
            if server.process and server.process.poll() is None:
                server.kill()
