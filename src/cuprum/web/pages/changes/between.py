"""Entries of the log that stand between records, said as people say them: who follows what, and what belongs together."""

from __future__ import annotations

from typing import Any

from cuprum.records.group_titles import DONE
from cuprum.records.logged import Entry
from cuprum.records.naming import End
from cuprum.records.work import Work

# They hold nothing but ids, and come and go whole.
BETWEEN = ("relation", "follow", "team_member", "not_duplicate", "merged_into")

# What the web calls otherwise than the log does.
_WORDS = {"workflow": "automation", "custom_field_definition": "custom field", "pipeline_stage": "stage", "api_key": "API key"}


def ends_of(one: Entry) -> list[End]:
    """What an entry is about: its record, or those that it stands between."""
    row = one.after or one.before
    match one.entity:
        case "relation":
            return [(row["entity"], row["record_id"]), (row["other_entity"], row["other_id"])]
        case "follow":
            return [(row["entity"], row["record_id"])]
        case "not_duplicate":
            return [(row["entity"], row["record_id"]), (row["entity"], row["other_id"])]
        case "merged_into":
            return [(row["entity"], row["record_id"]), (row["entity"], row["into_id"])]
        case "team_member":
            return [("team", row["team_id"])]
    return [(one.entity, one.record_id)]


def told_of(work: Work, one: Entry) -> str:
    """What happened to it, in a few words."""
    row, holds = one.after or one.before, bool(one.after)
    match one.entity:
        case "relation":
            return "belong together" if holds else "belong together no longer"
        case "not_duplicate":
            return "are not duplicates" if holds else "may be duplicates again"
        case "merged_into":
            return "are one" if holds else "are two again"
        case "follow":
            return f"{_name(work, row['user_id'])} {'follows it' if holds else 'follows it no longer'}"
        case "team_member":
            return f"{_name(work, row['user_id'])} {'is on it' if holds else 'is on it no longer'}"
    return f"{word_of(one.entity)} {DONE.get(one.kind, 'changed')}"


def word_of(entity: str) -> str:
    """What people call such a thing."""
    return _WORDS.get(entity) or entity.replace("_", " ")


def _name(work: Work, user_id: Any) -> str:
    user = work.vocabulary.words["user"].get(user_id)
    return user["name"] if user else "Somebody"
