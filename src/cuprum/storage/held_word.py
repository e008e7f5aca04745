"""A word that a session of PostgreSQL holds beside its transactions, among all processes on the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

# The engine's tables change under whoever holds it alone; whoever shares it looks at them as they are.
ENGINE_TABLES = "the engine's tables"
_LOOK_AGAIN_SECONDS = 0.1


@contextmanager
def held_word(engine: Engine, word: str, *, shared: bool = False) -> Iterator[None]:
    """Wait until nobody else holds the word, or, where it is shared, until nobody holds it alone."""
    kind = "_shared" if shared else ""
    with engine.connect() as connection:
        # Asked again and again, outside of any transaction: an index that is made CONCURRENTLY, as the engine's are, waits
        # for every statement and transaction older than it, so whoever waited within one would be waited for.
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        attempt = text(f"SELECT pg_try_advisory_lock{kind}(hashtextextended(:word, 0))")
        while not connection.execute(attempt, {"word": word}).scalar_one():
            time.sleep(_LOOK_AGAIN_SECONDS)
        try:
            yield
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock{kind}(hashtextextended(:word, 0))"), {"word": word})
