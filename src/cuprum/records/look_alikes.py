"""Who one record may be once more: by the same signs as all duplicates are found, looked up for this one alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, literal, or_, select, union_all

from cuprum.kit.text import digits, fold
from cuprum.records.duplicate_keys import FEWEST_DIGITS, MOST_ALIKE
from cuprum.records.near_names import is_near
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.storage.account_tables import not_duplicate
from cuprum.storage.lookup_tables import email_key, phone_key, url_key
from cuprum.storage.tables import TABLES

_FRONTS = ("", "https://", "http://", "https://www.", "http://www.", "www.")


@dataclass(frozen=True)
class LookAlike:
    """`reason` is one of `duplicate_keys`, or `same_domain` of a company that is typed."""

    id: int
    name: str
    reason: str


def of_record(work: Work, entity: str, values: Mapping[str, Any]) -> list[LookAlike]:
    """Those that a stored record (a wire object) may be, without the ones that somebody told apart from it."""
    signs = [
        _phones(entity, (one["number"] for one in values["phone_numbers"])),
        _emails(entity, [values["email"]["email"]] if entity == "lead" and values["email"] else []),
        _websites(entity, (one["url"] for one in values["websites"]) if entity == "company" else ()),
        _same_name(work, entity, values),
        *([] if entity == "company" else _near_names(work, entity, values)),
    ]
    return _found(work, entity, signs, values)


def of_typed(
    work: Work, entity: str, *, name: str = "", emails: Iterable[str] = (), phones: Iterable[str] = (), domain: str = ""
) -> list[LookAlike]:
    """Those that a record may be which somebody is about to create, the surest first."""
    records = TABLES[entity]
    signs = [_emails(entity, emails), _phones(entity, phones)]
    if entity == "company" and domain:
        bare = fold(domain).removeprefix("@")
        signs.append(_of(records, "same_domain", records.c.email_domain_key == bare, present(work.actor, entity)))
    if key := fold(name)[:255]:
        signs.append(_of(records, "same_name", records.c.name_key == key, present(work.actor, entity)))
    return _found(work, entity, signs, {})


Sign = Select[Any] | None


def _of(records: Any, reason: str, *where: Any) -> Sign:
    nothing = literal("")
    columns = (nothing, nothing) if "first_name_key" not in records.c else (records.c.first_name_key, records.c.last_name_key)
    return select(literal(reason), records.c.id, *columns).where(*where).limit(MOST_ALIKE + 1)


def _by(table: Any, reason: str, entity: str, column: Any, keys: list[str], *where: Any) -> Sign:
    nothing = literal("")
    found = select(literal(reason), table.c.record_id, nothing, nothing)
    return found.where(table.c.entity == entity, column.in_(keys), *where).limit(MOST_ALIKE + 1) if keys else None


def _phones(entity: str, numbers: Iterable[str]) -> Sign:
    keys = [key[::-1] for key in map(digits, numbers) if len(key) >= FEWEST_DIGITS]
    return _by(phone_key, "same_phone", entity, phone_key.c.backwards, keys)


def _emails(entity: str, emails: Iterable[str]) -> Sign:
    return _by(email_key, "same_email", entity, email_key.c.email, [key for one in emails if (key := fold(one))])


def _websites(entity: str, urls: Iterable[str]) -> Sign:
    hosts = {_bare(fold(url)) for url in urls} - {""}
    keys = [front + host + end for host in sorted(hosts) for front in _FRONTS for end in ("", "/")]
    return _by(url_key, "same_website", entity, url_key.c.url, keys, ~url_key.c.is_social)


def _bare(url: str) -> str:
    for front in ("https://", "http://", "www."):
        url = url.removeprefix(front)
    return url.rstrip("/")


def _same_name(work: Work, entity: str, values: Mapping[str, Any]) -> Sign:
    records, key = TABLES[entity], fold(values["name"] or "")[:255]
    if not key:
        return None
    if entity == "company":
        return _of(records, "same_name", records.c.name_key == key, present(work.actor, entity))
    at = _company(entity, values)
    return None if at is None else _of(
        records, "same_name_and_company", records.c.name_key == key, at, present(work.actor, entity)
    )  # fmt: skip


def _near_names(work: Work, entity: str, values: Mapping[str, Any]) -> list[Sign]:
    """Colleagues who share one of the names; `_found` looks how near the other is."""
    people, at = TABLES[entity].c, _company(entity, values)
    if at is None:
        return []
    names = {"first_name_key": fold(values["first_name"] or ""), "last_name_key": fold(values["last_name"] or "")}
    return [
        _of(TABLES[entity], "near_name", people[name] == key, at, present(work.actor, entity))
        for name, key in names.items() if key
    ]  # fmt: skip


def _company(entity: str, values: Mapping[str, Any]) -> Any:
    people = TABLES[entity].c
    if entity == "person":
        return people.company_id == values["company_id"] if values["company_id"] else None
    key = fold(values["company_name"] or "")[:255]
    return people.company_name_key == key if key else None


def _found(work: Work, entity: str, signs: Iterable[Sign], values: Mapping[str, Any]) -> list[LookAlike]:
    asked = [select(one.subquery()) for one in signs if one is not None]
    if not asked:
        return []
    reasons: dict[int, str] = {}
    own = values.get("id")
    rows = [row for row in work.execute(union_all(*asked)) if row[1] != own]
    crowds = {reason for reason in {row[0] for row in rows} if sum(row[0] == reason for row in rows) > MOST_ALIKE}
    for reason, record_id, first, last in rows:
        if reason not in crowds and (reason != "near_name" or _is_near(values, first, last)):
            reasons.setdefault(record_id, reason)
    records = TABLES[entity]
    named = select(records.c.id, records.c.name).where(records.c.id.in_(sorted(reasons)), present(work.actor, entity))
    apart = set(_told_apart(work, entity, own)) if own and reasons else set()
    found = {row.id: row.name for row in work.execute(named)} if reasons else {}
    return [LookAlike(one, found[one], reason) for one, reason in reasons.items() if one in found and one not in apart]


def _is_near(values: Mapping[str, Any], first: str, last: str) -> bool:
    own_first, own_last = fold(values["first_name"] or ""), fold(values["last_name"] or "")
    return (last == own_last and is_near(first, own_first)) or (first == own_first and is_near(last, own_last))


def _told_apart(work: Work, entity: str, record_id: int) -> Iterator[int]:
    pairs = not_duplicate.c
    either = or_(pairs.record_id == record_id, pairs.other_id == record_id)
    for one, other in work.execute(select(pairs.record_id, pairs.other_id).where(and_(pairs.entity == entity, either))):
        yield other if one == record_id else one
