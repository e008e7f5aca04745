"""Executor ids: who a process is to the engine."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path


def node_id(home: Path, node_name: str) -> str:
    """The id of a server: the same after a restart, so that it finds its own work again."""
    return f"{_digest(home)}:{node_name}"


def passing_id(home: Path, purpose: str) -> str:
    """The id of a process that comes and goes, such as `cuprum run`: never the same twice."""
    return f"{_digest(home)}:{purpose}:{uuid.uuid4().hex[:12]}"


def _digest(home: Path) -> str:
    return hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
