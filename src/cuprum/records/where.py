"""Conditions as they stand in an address: `monetary_value.least.5000;(assignee_id.any.me;assignee_id.empty)`.

A condition is a field, an operator and its values, with a comma between two. `;` stands between conditions: all of them must
hold, or any of them, and within brackets it is the other way round. `~` takes the meaning from the sign that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cuprum.entities import reading
from cuprum.kit.errors import Invalid, Problem

WHERE = "where"
MOST_CONDITIONS = 50
_LONGEST = 20_000
_SIGNS = re.compile(r"([~;(),])")
# A sign that `~` stands before belongs to the text around it.
_PIECE = re.compile(r"((?:~.|[^~;()])+)|([;()])|(~$)", re.DOTALL)


@dataclass(frozen=True)
class Condition:
    field: str
    operator: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        values = ",".join(_SIGNS.sub(r"~\1", value) for value in self.values)
        return ".".join((self.field, self.operator, values) if self.values else (self.field, self.operator))


Group = tuple[Condition, ...]
Item = Condition | Group


@dataclass(frozen=True)
class Where:
    """`items` of which all must hold, or with `is_any` one; of a group within them it is the other way round."""

    items: tuple[Item, ...] = ()
    is_any: bool = False

    def __str__(self) -> str:
        return ";".join(str(one) if isinstance(one, Condition) else f"({';'.join(map(str, one))})" for one in self.items)

    def __bool__(self) -> bool:
        return bool(self.items)

    @property
    def conditions(self) -> Iterator[Condition]:
        for item in self.items:
            yield from (item,) if isinstance(item, Condition) else item

    def mentions(self, field: str) -> bool:
        return any(one.field == field for one in self.conditions)

    def with_item(self, at: int, item: Item | None) -> Where:
        """The same with another item in a place: behind the others when there is none, and gone when it is None."""
        items: list[Item | None] = [*self.items]
        items[at : at + 1] = [item]
        return replace(self, items=tuple(filter(None, map(_plain, items))))


def _plain(item: Item | None) -> Item | None:
    """A group of one is that one."""
    return item[0] if isinstance(item, tuple) and len(item) == 1 else item


def read_where(text: str, match: str = "") -> Where:
    """The conditions in an address; `match=any` lets one of them do. Raises Invalid for what cannot be read."""
    if reading.is_no_text(text) or len(text) > _LONGEST:
        raise _unreadable("it is too long" if len(text) > _LONGEST else "it contains characters that are not text")
    items = tuple(_items(_pieces(text)))
    where = Where(tuple(filter(None, items)), is_any=match == "any")
    if sum(1 for _ in where.conditions) > MOST_CONDITIONS:
        raise _unreadable(f"it has more than {MOST_CONDITIONS} conditions")
    return where


def _pieces(text: str) -> Iterator[str]:
    return (found[0] for found in _PIECE.finditer(text))


def _items(pieces: Iterable[str]) -> Iterator[Item | None]:
    group: list[Condition] | None = None
    for piece in pieces:
        if piece == "(" and group is None:
            group = []
        elif piece == ")" and group is not None:
            yield _plain(tuple(group))
            group = None
        elif piece in ("(", ")"):
            raise _unreadable("a bracket stands where none can be")
        elif piece != ";":
            one = _condition(piece)
            if group is None:
                yield one
            else:
                group.append(one)
    if group is not None:
        raise _unreadable("a bracket is not closed")


def _condition(piece: str) -> Condition:
    field, _, rest = piece.partition(".")
    operator, has_values, values = rest.partition(".")
    return Condition(field.strip(), operator.strip(), tuple(_values(values)) if has_values else ())


def _values(text: str) -> list[str]:
    values = re.findall(r"((?:~.|[^~,])*)(?:,|$)", text, re.DOTALL)[: text.count(",") + 1]
    return [one for value in values if (one := re.sub("~(.)", r"\1", value, flags=re.DOTALL).strip())]


def _unreadable(reason: str) -> Invalid:
    return Invalid(Problem(WHERE, f"the filter in the address cannot be read: {reason}"))
