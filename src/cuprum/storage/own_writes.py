"""Tells a SQLite writer when it wrote to the tables that callers and subscriptions are known from: what it remembers of
them holds until then. Of other connections `PRAGMA data_version` tells; of its own commits it does not."""

from __future__ import annotations

from typing import Any

WATCHED = ("account", "api_key", "user", "team", "team_member", "oauth_app", "oauth_grant", "oauth_token", "webhook")


class OwnWrites:
    """How often the watched tables were written to, or something was taken back, by one engine's only connection."""

    def __init__(self) -> None:
        self.count = 0
        # For a writer, what `PRAGMA data_version` said when its transaction began: until that ends nobody else commits.
        self.others: int | None = None

    def note(self) -> None:
        self.count += 1

    def watch(self, connection: Any) -> bool:
        """Count from now on; False where the tables are not there yet."""
        if set(WATCHED) - {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}:
            return False
        connection.create_function("note_own_write", 0, self.note)
        for table in WATCHED:
            for verb in ("INSERT", "UPDATE", "DELETE"):
                connection.execute(
                    f"CREATE TEMP TRIGGER own_{verb}_{table} AFTER {verb} ON main.{table} BEGIN SELECT note_own_write(); END"
                )
        return True
