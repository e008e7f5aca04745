"""What only projects have: nothing beyond the general rules but their notes of changes."""

from __future__ import annotations

from cuprum.records.draft import Draft
from cuprum.records.system_activities import note_changes


def prepare(draft: Draft) -> None:
    """The general rules are all."""


def follow(draft: Draft, record_id: int) -> None:
    note_changes(draft, record_id)
