"""Does this process hold the key that sealed what is stored? A word sealed with it lies in the database, for all to try."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from cuprum.config import Settings
from cuprum.kit.errors import CuprumError
from cuprum.kit.secret_box import KEY_FILE, CannotOpen, box_for
from cuprum.storage.account_tables import sealed_word
from cuprum.storage.dialect import insert

_WORD = "cuprum"
_ONLY = 1


class OtherKey(CuprumError):
    """What is stored was sealed with another key; the sentence says what to do."""

    def __init__(self, settings: Settings) -> None:
        here = "CUPRUM_SECRET_KEY" if settings.secret_key else str(settings.home / KEY_FILE)
        super().__init__(
            f"The secrets in this database were sealed with another key than {here}: those of webhooks, connections and apps "
            "cannot be read. Set CUPRUM_SECRET_KEY to the key of the installation that sealed them, or put its "
            f"{KEY_FILE} into the home. Where that key is lost: cuprum doctor --accept-key, then enter those secrets anew."
        )


def check_key(connection: Connection, settings: Settings) -> None:
    """Raises OtherKey. The first to ask leaves its word."""
    box = box_for(settings.home, settings.secret_key)
    first = insert(connection, sealed_word).values(id=_ONLY, word=box.seal(_WORD)).on_conflict_do_nothing()
    connection.execute(first)
    try:
        box.open(connection.execute(select(sealed_word.c.word)).scalar_one())
    except CannotOpen:
        raise OtherKey(settings) from None


def accept_key(connection: Connection, settings: Settings) -> None:
    """Make this process's key the installation's; what was sealed with another stays closed."""
    connection.execute(delete(sealed_word))
    check_key(connection, settings)
