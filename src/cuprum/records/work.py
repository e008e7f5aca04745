"""One piece of work on the database: who does it, when, and with which vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from cuprum.auth.actor import Actor
from cuprum.config import Settings
from cuprum.events.log import Group
from cuprum.records.vocabulary import Vocabulary


@dataclass
class Work:
    """What every function in this room is handed. `group` collects the changes that belong together."""

    connection: Connection
    actor: Actor
    vocabulary: Vocabulary
    settings: Settings
    group: Group
    now: int

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        return self.connection.execute(statement, parameters)
