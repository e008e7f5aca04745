"""ByteChef's expressions: text with `${accessors}`, and `=formulas`; parsed once, bounded, and nothing of Python in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cuprum.automation.expressions.compute import compute, item_of
from cuprum.automation.expressions.errors import ExpressionError
from cuprum.automation.expressions.formula import read_formula
from cuprum.automation.expressions.limits import size_of
from cuprum.automation.expressions.scope import Scope
from cuprum.automation.expressions.syntax import Name, parts_of
from cuprum.automation.expressions.text import Accessor, read_text
from cuprum.automation.expressions.values import Wrong, as_text, plain, same

__all__ = ["ExpressionError", "Scope", "as_text", "check", "evaluate", "is_formula", "names_in", "same", "texts_in"]


def evaluate(value: Any, scope: Scope, *, strict: bool = True, path: str = "") -> Any:
    """The value with every expression in it replaced, as plain JSON.

    Strict: raises ExpressionError, with the path of the field, for what cannot be read or has no value. Lenient: such an
    expression stays as it is written.
    """
    found = _evaluated(value, scope, strict, path)
    try:
        size_of(found)
    except OverflowError as trouble:
        raise ExpressionError(str(trouble), path=path) from None
    return found


def check(value: Any, path: str = "") -> Iterator[ExpressionError]:
    """Every expression in the value that cannot be read, each with the path of its field."""
    for place, text in texts_in(value, path):
        try:
            read_formula(text) if is_formula(text) else read_text(text)
        except ExpressionError as trouble:
            yield _at(trouble, place, text)


def names_in(value: Any, path: str = "") -> Iterator[tuple[str, int, str, str]]:
    """The names that the expressions of a value begin with: (field's path, position, name, expression)."""
    for place, text in texts_in(value, path):
        try:
            if is_formula(text):
                offset = text.index("=") + 1
                yield from ((place, at + offset, name, text) for at, name in _names(read_formula(text)))
            else:
                for part in read_text(text):
                    if isinstance(part, Accessor):
                        yield place, part.at, str(part.keys[0][1]), text
        except ExpressionError:
            continue


def is_formula(text: str) -> bool:
    stripped = text.strip()
    return stripped.startswith("=") and stripped != "="


def _names(node: Any) -> Iterator[tuple[int, str]]:
    if isinstance(node, Name):
        yield node.at, node.name
    for part in parts_of(node):
        yield from _names(part)


def texts_in(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value, with the path of its field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts_in(item, f"{path}[{index}]")


def _evaluated(value: Any, scope: Scope, strict: bool, path: str) -> Any:
    if isinstance(value, str):
        return _formula(value, scope, strict, path) if is_formula(value) else _text(value, scope, strict, path)
    if isinstance(value, Mapping):
        return {key: _evaluated(item, scope, strict, f"{path}.{key}" if path else str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_evaluated(item, scope, strict, f"{path}[{index}]") for index, item in enumerate(value)]
    return value


def _formula(text: str, scope: Scope, strict: bool, path: str) -> Any:
    try:
        node = read_formula(text)
        try:
            return plain(compute(node, scope))
        except ExpressionError as trouble:
            raise ExpressionError(trouble.reason, position=trouble.position + text.index("=") + 1) from None
    except ExpressionError as trouble:
        if not strict:
            return text
        raise _at(trouble, path, text) from None


def _text(text: str, scope: Scope, strict: bool, path: str) -> Any:
    if "${" not in text:
        return text
    try:
        parts = read_text(text)
    except ExpressionError as trouble:
        if not strict:
            return text
        raise _at(trouble, path, text) from None
    values = [part if isinstance(part, str) else _accessed(part, scope, strict, path, text) for part in parts]
    # A single accessor keeps the kind of its value.
    return values[0] if len(values) == 1 else "".join(map(as_text, values))


def _accessed(accessor: Accessor, scope: Scope, strict: bool, path: str, text: str) -> Any:
    value: Any = dict(scope.names)
    at = accessor.at
    try:
        for position, key in accessor.keys:
            at = position
            value = item_of(value, key)
        return plain(value)
    except Wrong as trouble:
        if not strict:
            return accessor.source
        raise ExpressionError(str(trouble), position=at, source=text, path=path) from None


def _at(trouble: ExpressionError, path: str, source: str) -> ExpressionError:
    return ExpressionError(trouble.reason, position=trouble.position, source=trouble.source or source, path=path)
