"""Finding the account's own words: by name, or the one that stands for none given."""

from __future__ import annotations

from cuprum.kit.text import fold
from cuprum.records.vocabulary import Vocabulary


def word_named(vocabulary: Vocabulary, table: str, name: str) -> int | None:
    return next((word["id"] for word in vocabulary.living(table) if fold(word["name"]) == fold(name)), None)


def default_word(vocabulary: Vocabulary, table: str) -> int | None:
    """The default one, else the first."""
    words = vocabulary.living(table)
    chosen = [word for word in words if word.get("is_default")] or words
    return chosen[0]["id"] if chosen else None
