"""Which records of the account, or earlier rows of the file, a row is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from cuprum.kit.errors import Problem
from cuprum.kit.text import fold
from cuprum.records.person_name import PARTS
from cuprum.records.stored import is_visible
from cuprum.records.visible import present
from cuprum.records.work import Work
from cuprum.storage.lookup_tables import email_key, emails_of
from cuprum.storage.tables import TABLES
from cuprum.transfer.body import Body
from cuprum.transfer.plan import Plan

# A key's name and its folded value.
Key = tuple[str, Any]


def keys_of(plan: Plan, body: Body) -> list[Key]:
    """In the order in which they are tried."""
    return [(name, value) for name in plan.keys for value in _values(plan.entity, name, body)]


def _values(entity: str, name: str, body: Body) -> Iterator[Any]:
    values: Mapping[str, Any] = body.values
    match name:
        case "id" if body.id.isdecimal() and len(body.id) < 19:
            yield int(body.id)
        case "email" if entity == "lead":
            if values.get("email"):
                yield fold(values["email"]["email"])
        case "email":
            yield from dict.fromkeys(fold(one["email"]) for one in values.get("emails") or ())
        case "name" if entity == "opportunity" and values.get("name"):
            # Every company has its `Renewal`.
            yield fold(values["name"]), values.get("company_id") or fold(values.get("company_name") or "")
        case "name" if whole := values.get("name") or _joined(values):
            yield fold(whole)[:255]
        case "email_domain" if values.get("email_domain"):
            yield fold(values["email_domain"])


def _joined(values: Mapping[str, Any]) -> str:
    return " ".join(values[part] for part in PARTS if values.get(part))


class Matches:
    """The records that the keys of some rows lead to, looked up together."""

    def __init__(self, work: Work, entity: str, keys: Iterable[Key]) -> None:
        self._work, self._entity = work, entity
        wanted: dict[str, list[Any]] = {}
        for name, value in dict.fromkeys(keys):
            wanted.setdefault(name, []).append(value)
        self._found: dict[Key, list[int]] = {}
        for name, values in wanted.items():
            for value, record_id in self._look_up(name, values):
                self._found.setdefault((name, value), []).append(record_id)

    def of(self, keys: Iterable[Key]) -> list[int]:
        """The ids that the first key with any leads to; more than one where it means several."""
        return next((found for key in keys if (found := self._found.get(key))), [])

    def _look_up(self, name: str, values: list[Any]) -> Iterator[tuple[Any, int]]:
        records, is_present = TABLES[self._entity], present(self._work.actor, self._entity)
        match name:
            case "id":
                for record_id in values:
                    if is_visible(self._work, self._entity, record_id):
                        yield record_id, record_id
                return
            case "email":
                statement = (
                    select(email_key.c.email, records.c.id)
                    .join(records, records.c.id == email_key.c.record_id)
                    .where(emails_of(self._entity), email_key.c.email.in_(values))
                )
            case "name" if self._entity == "opportunity":
                names = {name for name, _ in values}
                statement = select(records.c.name_key, records.c.company_id, records.c.id).where(records.c.name_key.in_(names))
                for row in self._work.execute(statement.where(is_present).order_by(records.c.id)):
                    yield (row.name_key, row.company_id or ""), row.id
                return
            case _:
                column = records.c[f"{name}_key"]
                statement = select(column, records.c.id).where(column.in_(values))
        for value, record_id in self._work.execute(statement.where(is_present).order_by(records.c.id)):
            yield value, record_id


class Seen:
    """The rows of the file that were taken, by what they are about: a later row about the same is a repetition."""

    def __init__(self, earlier: Seen | None = None) -> None:
        self._rows: dict[Key, int] = {}
        self._earlier = earlier

    def line_of(self, keys: Iterable[Key]) -> int | None:
        return next((line for key in keys if (line := self._line(key)) is not None), None)

    def _line(self, key: Key) -> int | None:
        line = self._earlier._line(key) if self._earlier else None
        return self._rows.get(key) if line is None else line

    def note(self, keys: Iterable[Key], line: int, record_id: int | None = None) -> None:
        for key in keys:
            self._rows.setdefault(key, line)
        if record_id is not None:
            self._rows.setdefault(("record", record_id), line)

    def take(self, further: Seen) -> None:
        """What was noted on top of this is noted here."""
        for key, line in further._rows.items():
            self._rows.setdefault(key, line)


def ambiguous(entity: str, ids: list[int]) -> Problem:
    told = ", ".join(map(str, ids[:10]))
    return Problem("base", f"matches {len(ids)} records: {entity} {told}", "ambiguous")
