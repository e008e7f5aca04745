"""The addresses at which others start workflows and wake waiting runs: nobody can guess them, and nothing has to be stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from cuprum.automation.node_types import WEBHOOKS
from cuprum.automation.workflows import Kept
from cuprum.config import Settings
from cuprum.kit.secret_box import key_of

BASE = "/hooks/workflows"


def start_path(settings: Settings, workflow_id: int, trigger: str) -> str:
    """Where a webhook trigger of a workflow listens; it stays the same when the workflow is changed."""
    return f"{BASE}/{workflow_id}/{_mark(settings, 'start', str(workflow_id), trigger)}"


def addresses(settings: Settings, kept: Kept, *, at: str = "") -> dict[str, str]:
    """Where each webhook trigger of a workflow listens, by name: at this address of the server, else at its public one.

    Only the path where the server does not know its own address.
    """
    listening = [one["name"] for one in kept.workflow.get("triggers") or [] if one["type"] in WEBHOOKS]
    own = at or settings.public_url.rstrip("/")
    return {name: own + start_path(settings, kept.id, name) for name in listening}


def is_start(settings: Settings, workflow_id: int, triggers: Iterable[str], given: str) -> str | None:
    """Which of the triggers the end of the path belongs to."""
    for trigger in triggers:
        if hmac.compare_digest(_mark(settings, "start", str(workflow_id), trigger).encode(), given.encode()):
            return trigger
    return None


def resume_path(settings: Settings, engine_run: str, run_id: str, place: str) -> str:
    """Where a run that waits at a place is woken; `engine_run` is the run as the engine calls it."""
    told = json.dumps([engine_run, run_id, place], separators=(",", ":"))
    packed = base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")
    return f"{BASE}/resume/{packed}/{_mark(settings, 'resume', told)}"


def read_resume(settings: Settings, packed: str, mark: str) -> tuple[str, str, str] | None:
    """The run and place of such a path, or None for one that we did not make."""
    try:
        told = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        return None
    if not hmac.compare_digest(_mark(settings, "resume", told).encode(), mark.encode()):
        return None
    engine_run, run_id, place = json.loads(told)
    return engine_run, run_id, place


def _mark(settings: Settings, *parts: str) -> str:
    told = "\0".join(parts).encode()
    return hmac.digest(_key(settings.home, settings.secret_key), told, hashlib.sha256).hex()[:48]


@cache
def _key(home: Path, setting: str) -> bytes:
    return hashlib.sha256(b"cuprum doors of workflows\0" + key_of(home, setting).encode()).digest()
