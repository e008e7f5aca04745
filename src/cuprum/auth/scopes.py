"""What an app may be allowed to do: scopes, in the words of the protocol and in plain ones."""

from __future__ import annotations

from collections.abc import Iterable

PREFIX = "developer/v1/"
# The one scope that Copper has (`copper-api/part1.md §2`).
ALL = PREFIX + "all"
READ_ONLY = PREFIX + "read_only"

AREAS = ("people", "companies", "leads", "opportunities", "projects", "tasks", "activities")

_READING = "/read_only"
_KINDS = "people, companies, leads, opportunities, projects, tasks and activities"


def _described() -> dict[str, str]:
    words = {
        ALL: f"See, create, change and delete everything that you can: {_KINDS}, webhooks, and the account's own lists",
        READ_ONLY: f"See everything that you can see: {_KINDS}. It changes nothing",
    }
    for area in AREAS:
        words[PREFIX + area] = f"See, create, change and delete {area}"
        words[PREFIX + area + _READING] = f"See {area}"
    return words


# In the order in which they are announced and shown.
SCOPES = _described()

# Names of users, pipelines, fields and the like: nothing can be read without them, so every scope reads them.
_WORDS = frozenset(
    {
        "account", "users", "tags", "pipelines", "pipeline_stages", "lead_statuses", "customer_sources", "loss_reasons",
        "contact_types", "activity_types", "custom_field_definitions",
    }
)  # fmt: skip
# Verbs that write to more than their address names.
_ALSO = {"convert": ("people", "companies", "opportunities")}


def covers(allowed: Iterable[str], wanted: str) -> bool:
    """Whether somebody allowed these may have that one: it is among them, or less than one of them."""
    held = set(allowed)
    reading = wanted == READ_ONLY or wanted.endswith(_READING)
    return bool(held & {ALL, wanted}) or (reading and bool(held & {READ_ONLY, wanted.removesuffix(_READING)}))


def needed(path: str, *, writing: bool) -> tuple[str, ...]:
    """The scopes that a request needs, all of them; none for the words that everything is read with.

    What is not listed here needs the whole: a new address is closed to the finer scopes until somebody opens it.
    """
    face, _, below = path.strip("/").partition("/v1/")
    parts = below.split("/")
    areas = [part for part in parts if part in AREAS] + [area for verb in parts for area in _ALSO.get(verb, ())]
    if parts[0] in AREAS:
        return tuple(PREFIX + area + ("" if writing else _READING) for area in dict.fromkeys(areas))
    if face == "developer_api" and parts[0] in _WORDS and not writing:
        return ()
    return (ALL if writing else READ_ONLY,)


def missing(held: Iterable[str], path: str, *, writing: bool) -> list[str]:
    """The scopes that a request needs and its token lacks."""
    return [scope for scope in needed(path, writing=writing) if not covers(held, scope)]
