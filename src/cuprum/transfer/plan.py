"""How a file is to be imported: which column goes where, what becomes of matches, and how its cells are written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from cuprum.kit.errors import Invalid, Problem
from cuprum.records.vocabulary import Vocabulary
from cuprum.transfer.proposal import plain, proposed_columns, proposed_dates, proposed_decimal
from cuprum.transfer.sheet import DELIMITERS, Sheet
from cuprum.transfer.targets import IMPORTED, targets

SKIP, FILL, OVERWRITE = "skip", "fill", "overwrite"
# What may tell that a row is a record of the account, or a row of the file once more; tried in this order.
KEYS: dict[str, tuple[str, ...]] = {
    "person": ("id", "email", "name"),
    "company": ("id", "email_domain", "name"),
    "lead": ("id", "email", "name"),
    "opportunity": ("id", "name"),
}
_USUAL_KEYS: dict[str, tuple[str, ...]] = {
    "person": ("id", "email"),
    "company": ("id", "email_domain", "name"),
    "lead": ("id", "email"),
    "opportunity": ("id", "name"),
}

CHOICES: dict[str, tuple[str, ...]] = {
    "matches": (SKIP, FILL, OVERWRITE),
    "dates": ("dmy", "mdy"),
    "decimal": (".", ","),
    "unknown_owner": ("refuse", "me", "nobody"),
    "unknown_options": ("refuse", "create", "leave_out"),
    "delimiter": DELIMITERS,
}


@dataclass(frozen=True)
class Plan:
    """`columns` has the name of a target, or None, for each column of the file."""

    entity: str
    columns: tuple[str | None, ...]
    encoding: str
    delimiter: str
    matches: str = SKIP
    keys: tuple[str, ...] = ()
    dates: str = "mdy"
    decimal: str = "."
    unknown_owner: str = "refuse"
    unknown_options: str = "refuse"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(stored: dict[str, Any]) -> Plan:
    return Plan(**{**stored, "columns": tuple(stored["columns"]), "keys": tuple(stored["keys"])})


def proposed(sheet: Sheet, entity: str, vocabulary: Vocabulary) -> Plan:
    """What the file itself suggests; raises Invalid for what cannot be imported."""
    if entity not in IMPORTED:
        raise Invalid(Problem("entity", f"must be one of {', '.join(IMPORTED)}", "inclusion"))
    columns, known = proposed_columns(sheet, entity, vocabulary), targets(entity, vocabulary)
    return Plan(
        entity,
        tuple(columns),
        sheet.encoding,
        sheet.delimiter,
        keys=_USUAL_KEYS[entity],
        dates=proposed_dates(sheet, columns, known),
        decimal=proposed_decimal(sheet, columns, known),
    )


def changed(plan: Plan, given: dict[str, Any], headers: list[str], vocabulary: Vocabulary) -> Plan:
    """The plan with what somebody chose instead; raises Invalid with every problem.

    `columns` is a list in the order of the file, or an object of headers: those that it does not name stay.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name in CHOICES:
            if value not in CHOICES[name]:
                problems.append(Problem(name, f"must be one of {', '.join(CHOICES[name])}", "inclusion"))
            values[name] = value
        elif name == "keys":
            values[name] = tuple(value) if isinstance(value, list) else ()
            if not values[name] or any(one not in KEYS[plan.entity] for one in values[name]):
                problems.append(Problem(name, f"must be a list of some of {', '.join(KEYS[plan.entity])}", "inclusion"))
        elif name == "columns":
            values[name] = _columns(plan, value, headers, vocabulary, problems)
        elif name == "encoding" and isinstance(value, str):
            values[name] = value
        else:
            problems.append(Problem(name, "is not known here"))
    if problems:
        raise Invalid(*problems)
    return replace(plan, **values)


def _columns(
    plan: Plan, given: Any, headers: list[str], vocabulary: Vocabulary, problems: list[Problem]
) -> tuple[str | None, ...]:
    columns = list(plan.columns)
    if isinstance(given, list) and len(given) == len(columns):
        columns = given
    elif isinstance(given, dict):
        for header, target in given.items():
            places = [place for place, one in enumerate(headers) if plain(one) == plain(header)]
            if not places:
                problems.append(Problem("columns", f"the file has no column {header}"))
            for place in places:
                columns[place] = target
    else:
        problems.append(Problem("columns", f"must be a list of {len(columns)} targets, or an object of headers and targets"))
        return plan.columns
    known = targets(plan.entity, vocabulary)
    named = {plain(one.label): one.name for one in reversed(known.values())}
    columns = [named.get(plain(one), one) if isinstance(one, str) and one not in known else one for one in columns]
    columns = [one or None for one in columns]
    for one in dict.fromkeys(columns):
        if one is not None and (not isinstance(one, str) or one not in known):
            problems.append(Problem("columns", f"there is no field {one}; there are {', '.join(known)}", "inclusion"))
        elif one is not None and columns.count(one) > 1 and not known[one].takes_many:
            problems.append(Problem("columns", f"{one} is filled by more than one column", "taken"))
    return tuple(columns)
