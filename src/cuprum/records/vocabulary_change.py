"""The frame around every change of the account's words: one writer at a time, and the work knows them afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cuprum.records.vocabulary import read_vocabulary, touch_vocabulary
from cuprum.records.work import Work


@contextmanager
def vocabulary_change(work: Work) -> Iterator[None]:
    """Inside, `work.vocabulary` is what is stored and stays so until the commit; afterwards it has the change in it."""
    # The version lies on the account's only row: to raise it is to lock out whoever else changes words.
    touch_vocabulary(work.connection)
    work.vocabulary = read_vocabulary(work.connection)
    yield
    work.vocabulary = read_vocabulary(work.connection)
