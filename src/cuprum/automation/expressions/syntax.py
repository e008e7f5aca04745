"""The parts of a parsed formula; `at` is the character at which each begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Literal:
    at: int
    value: Any


@dataclass(frozen=True)
class Name:
    at: int
    name: str


@dataclass(frozen=True)
class Key:
    """`.name`, `?.name` (null-safe) or `[expression]`."""

    at: int
    key: Node
    safe: bool = False


@dataclass(frozen=True)
class Path:
    """Something, and keys to go on from it."""

    at: int
    start: Node
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Call:
    at: int
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class ListOf:
    at: int
    items: tuple[Node, ...]


@dataclass(frozen=True)
class MapOf:
    at: int
    pairs: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True)
class Unary:
    at: int
    operator: str
    operand: Node


@dataclass(frozen=True)
class Chain:
    """`a + b - c`: operators of one rank, from left to right."""

    at: int
    first: Node
    rest: tuple[tuple[int, str, Node], ...]


@dataclass(frozen=True)
class Choice:
    """`condition ? yes : no`."""

    at: int
    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True)
class Elvis:
    """`value ?: otherwise`."""

    at: int
    value: Node
    otherwise: Node


Node = Literal | Name | Path | Call | ListOf | MapOf | Unary | Chain | Choice | Elvis


def parts_of(node: Node) -> list[Node]:
    """The nodes directly inside a node."""
    match node:
        case Path(_, start, keys):
            return [start, *(key.key for key in keys)]
        case Call(_, _, arguments):
            return list(arguments)
        case ListOf(_, items):
            return list(items)
        case MapOf(_, pairs):
            return [part for pair in pairs for part in pair]
        case Unary(_, _, operand):
            return [operand]
        case Chain(_, first, rest):
            return [first, *(operand for _, _, operand in rest)]
        case Choice(_, condition, yes, no):
            return [condition, yes, no]
        case Elvis(_, value, otherwise):
            return [value, otherwise]
    return []
