"""Names that differ by a slip: among people of one company, and among companies that stand next to each other by name."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import combinations, groupby
from typing import Any

from sqlalchemy import and_, func, select

from cuprum.records.company_match import core_of
from cuprum.records.duplicate_keys import MOST_ALIKE, Alike
from cuprum.records.naming import names_of
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

# How many of the following names a company is compared with.
_NEIGHBOURS = 4
_MOST_LOOKED_AT = 200_000
_SHORTEST = 4
# Names that colleagues share; of a hundred thousand people in ten thousand companies it is a tenth.
_MOST_SHARED = 50_000


def near(work: Work, entity: str) -> Iterator[Alike]:
    """Pairs of records with nearly the same name; the same name is told by `duplicate_keys`."""
    if entity == "company":
        yield from _neighbours(work)
    else:
        yield from _colleagues(work, entity, "company_id" if entity == "person" else "company_name_key")


def _colleagues(work: Work, entity: str, company: str) -> Iterator[Alike]:
    """People of a company who share one of their names, and whose other name is nearly the same."""
    pairs = []
    for shared, other in (("last_name_key", "first_name_key"), ("first_name_key", "last_name_key")):
        for _, some in groupby(_sharing(work, entity, company, shared, other), key=lambda row: row[2:]):
            near_ones = (pair for pair in combinations(some, 2) if is_near(pair[0][1], pair[1][1]))
            pairs += [(one[0], another[0]) for one, another in near_ones]
    names = names_of(work, {(entity, record_id) for pair in pairs for record_id in pair})
    for one_id, other_id in pairs:
        told = f"{names.get((entity, one_id), '')} · {names.get((entity, other_id), '')}"
        yield Alike("near_name", 65, told, (one_id, other_id))


def _sharing(work: Work, entity: str, company: str, shared: str, other: str) -> Any:
    """Who shares a company and a name: id, the other name, company, shared name; in order of the last two.

    All of that stands in an index of people: no row of theirs is looked at.
    """
    people = TABLES[entity]
    at, key = people.c[company], people.c[shared]
    filled = [at.is_not(None) if company == "company_id" else at != "", key != "", people.c[other] != ""]
    several = select(at, key).where(*filled, present(work.actor, entity)).group_by(at, key)
    keys = several.having(func.count().between(2, MOST_ALIKE)).order_by(at, key).limit(_MOST_SHARED).subquery()
    same = and_(at == keys.c[company], key == keys.c[shared])
    members = select(people.c.id, people.c[other], at, key).join_from(keys, people, same)
    members = members.where(people.c[other] != "", present(work.actor, entity))
    return work.execute(members.order_by(at, key, people.c.id))


def is_near(one: str, another: str) -> bool:
    """Whether two folded names are a slip apart, or one is the beginning of the other (`jon`, `jonathan`; `j.`, `jon`)."""
    shorter, longer = sorted((one.rstrip("."), another.rstrip(".")), key=len)
    if not shorter or shorter == longer:
        return False
    return longer.startswith(shorter) or (len(longer) >= _SHORTEST and a_slip_apart(shorter, longer))


def a_slip_apart(shorter: str, longer: str) -> bool:
    """Whether one letter was left out, put in, mistaken, or two neighbours were swapped."""
    # Before or behind the slip half of the letters are the same: most pairs are told apart by that.
    half = max(len(shorter) - 2, 0) // 2
    if len(longer) - len(shorter) > 1 or (shorter[:half] != longer[:half] and shorter[-half:] != longer[-half:]):
        return False
    at = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[at:] == longer[at + 1 :]
    swapped = shorter[at : at + 2] == longer[at : at + 2][::-1] and shorter[at + 2 :] == longer[at + 2 :]
    return swapped or shorter[at + 1 :] == longer[at + 1 :]


def _neighbours(work: Work) -> Iterator[Alike]:
    pairs = []
    before: deque[tuple[int, str, tuple[str, ...]]] = deque(maxlen=_NEIGHBOURS)
    for row_id, key in _in_order(work):
        core = core_of(key)
        for former_id, former_key, former_core in before:
            if former_key != key and (former_core == core or _is_slip_of_company(former_key, key)):
                pairs.append((former_id, row_id))
        before.append((row_id, key, core))
    names = names_of(work, {("company", company_id) for pair in pairs for company_id in pair})
    for one_id, other_id in pairs:
        told = f"{names.get(('company', one_id), '')} · {names.get(('company', other_id), '')}"
        yield Alike("near_name", 70, told, (one_id, other_id))


def _in_order(work: Work) -> Any:
    """Ids and folded names, which stand in an index: no row of theirs is looked at."""
    companies = TABLES["company"].c
    named = select(companies.id, companies.name_key).where(companies.name_key != "", present(work.actor, "company"))
    return work.execute(named.order_by(companies.name_key, companies.id).limit(_MOST_LOOKED_AT))


def _is_slip_of_company(one: str, another: str) -> bool:
    shorter, longer = (one, another) if len(one) <= len(another) else (another, one)
    if len(shorter) <= _SHORTEST or not a_slip_apart(shorter, longer):
        return False
    # `Unit 1` and `Unit 2` differ on purpose.
    return not any(letter.isdigit() for letter in one + another)
