"""Names that differ by a slip: among people of one company, and among companies that stand next to each other by name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sqlalchemy import select

from cuprum.records.company_match import essence
from cuprum.records.duplicate_keys import MOST_ALIKE, Alike
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

# How many of the following names a company is compared with.
_NEIGHBOURS = 4
_MOST_LOOKED_AT = 200_000
_SHORTEST = 4


def near(work: Work, entity: str) -> Iterator[Alike]:
    """Pairs of records with nearly the same name; the same name is told by `duplicate_keys`."""
    if entity == "company":
        yield from _neighbours(work)
    else:
        yield from _colleagues(work, entity, "company_id" if entity == "person" else "company_name_key")


def _colleagues(work: Work, entity: str, company: str) -> Iterator[Alike]:
    """People of a company who share one of their names, and whose other name is nearly the same."""
    people = TABLES[entity]
    at = people.c[company]
    filled = at.is_not(None) if company == "company_id" else at != ""
    named = select(people.c.id, people.c.name, at, people.c.first_name_key, people.c.last_name_key).where(
        filled, present(work.actor, entity)
    )
    # One walk over them is faster than letting the database group them twice.
    sharing: dict[Any, list[tuple[int, str, str]]] = {}
    for record_id, name, at_company, first, last in work.execute(named.limit(_MOST_LOOKED_AT)):
        if first and last:
            sharing.setdefault((at_company, "last", last), []).append((record_id, name, first))
            sharing.setdefault((at_company, "first", first), []).append((record_id, name, last))
    for some in sharing.values():
        if 2 <= len(some) <= MOST_ALIKE:
            for (one_id, one, one_part), (other_id, other, other_part) in combinations(some, 2):
                if is_near(one_part, other_part):
                    yield Alike("near_name", 65, f"{one} · {other}", (one_id, other_id))


def is_near(one: str, another: str) -> bool:
    """Whether two folded names are a slip apart, or one is the beginning of the other (`jon`, `jonathan`; `j.`, `jon`)."""
    shorter, longer = sorted((one.rstrip("."), another.rstrip(".")), key=len)
    if not shorter or shorter == longer:
        return False
    return longer.startswith(shorter) or (len(longer) >= _SHORTEST and a_slip_apart(shorter, longer))


def a_slip_apart(shorter: str, longer: str) -> bool:
    """Whether one letter was left out, put in, mistaken, or two neighbours were swapped."""
    if len(longer) - len(shorter) > 1:
        return False
    at = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
    return swapped or shorter[at + 1 :] == longer[at + 1 :]


def _neighbours(work: Work) -> Iterator[Alike]:
    companies = TABLES["company"]
    named = select(companies.c.id, companies.c.name, companies.c.name_key).where(
        companies.c.name_key != "", present(work.actor, "company")
    )
    before: list[tuple[Any, tuple[str, ...]]] = []
    for row in work.execute(named.order_by(companies.c.name_key).limit(_MOST_LOOKED_AT)):
        core = essence(row.name_key)
        for former, former_core in before:
            if former.name_key != row.name_key and _is_near_company(former.name_key, former_core, row.name_key, core):
                yield Alike("near_name", 70, f"{former.name} · {row.name}", (former.id, row.id))
        before = [*before[1 - _NEIGHBOURS :], (row, core)]


def _is_near_company(one: str, core: tuple[str, ...], another: str, other_core: tuple[str, ...]) -> bool:
    if core == other_core:
        return True
    shorter, longer = sorted((one, another), key=len)
    # `Unit 1` and `Unit 2` differ on purpose.
    is_numbered = any(letter.isdigit() for letter in one + another)
    return len(shorter) > _SHORTEST and not is_numbered and a_slip_apart(shorter, longer)
