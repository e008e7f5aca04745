"""Functions on lists and objects. Each returns a new one: what a step put out never changes."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from cuprum.automation.expressions.functions.function import pure
from cuprum.automation.expressions.limits import MOST_ITEMS
from cuprum.automation.expressions.values import Wrong, as_text, order, said, same


def list_of(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(f"{name} takes a list, not {said(value)}")
    return value


def object_of(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Wrong(f"{name} takes an object, not {said(value)}")
    return value


def whole_of(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).strip().lstrip("-").isdecimal():
        raise Wrong(f"{name} takes a whole number, not {said(value)}")
    return int(str(value)[:20])


def not_too_many(items: list[Any]) -> list[Any]:
    if len(items) > MOST_ITEMS:
        raise Wrong(f"the list is longer than {MOST_ITEMS:,}")
    return items


def add(items: Any, item: Any) -> list[Any]:
    return not_too_many([*list_of(items, "add"), item])


def add_all(items: Any, more: Any) -> list[Any]:
    return not_too_many([*list_of(items, "addAll"), *list_of(more, "addAll")])


def concat(*parts: Any) -> Any:
    if any(isinstance(part, list) for part in parts):
        return not_too_many([item for part in parts for item in list_of(part, "concat")])
    return "".join(map(as_text, parts))


def contains(where: Any, what: Any) -> bool:
    if isinstance(where, str):
        return as_text(what) in where
    if isinstance(where, dict):
        return str(what) in where
    return any(same(item, what) for item in list_of(where, "contains"))


def flatten(items: Any) -> list[Any]:
    return not_too_many([item for part in list_of(items, "flatten") for item in (part if isinstance(part, list) else [part])])


def join(separator: Any, items: Any) -> str:
    return as_text(separator).join(map(as_text, list_of(items, "join")))


def put(target: Any, key: Any, value: Any) -> dict[str, Any]:
    return {**object_of(target, "put"), as_text(key): value}


def put_all(target: Any, more: Any) -> dict[str, Any]:
    return {**object_of(target, "putAll"), **object_of(more, "putAll")}


def number_range(first: Any, last: Any) -> list[int]:
    """Both ends are in it."""
    begin, end = whole_of(first, "range"), whole_of(last, "range")
    if end - begin >= MOST_ITEMS:
        raise Wrong(f"the list is longer than {MOST_ITEMS:,}")
    return list(range(begin, end + 1))


def remove(target: Any, what: Any) -> Any:
    """An object without a key, or a list without the first item that is equal."""
    if isinstance(target, dict):
        return {key: value for key, value in target.items() if key != as_text(what)}
    items = list(list_of(target, "remove"))
    for index, item in enumerate(items):
        if same(item, what):
            del items[index]
            break
    return items


def set_item(target: Any, index: Any, value: Any) -> Any:
    if isinstance(target, dict):
        return put(target, index, value)
    items, place = list(list_of(target, "set")), whole_of(index, "set")
    if not 0 <= place < len(items):
        raise Wrong(f"the list has no item {place}, only {len(items)}")
    items[place] = value
    return items


def size(value: Any) -> int:
    if value is None:
        return -1
    if not isinstance(value, list | dict):
        raise Wrong(f"size takes a list or an object, not {said(value)}; length(…) counts characters")
    return len(value)


def sort(items: Any) -> list[Any]:
    return sorted(list_of(items, "sort"), key=cmp_to_key(order))


def to_map(items: Any) -> dict[str, Any]:
    """`{{key: 'a', value: 1}}` becomes `{a: 1}`."""
    pairs = [object_of(item, "toMap") for item in list_of(items, "toMap")]
    return {as_text(pair.get("key")): pair.get("value") for pair in pairs}


LISTS = {
    "add": pure(add, 2),
    "addAll": pure(add_all, 2),
    "concat": pure(concat, 1, 50),
    "contains": pure(contains, 2),
    "flatten": pure(flatten, 1),
    "join": pure(join, 2),
    "put": pure(put, 3),
    "putAll": pure(put_all, 2),
    "range": pure(number_range, 2),
    "remove": pure(remove, 2),
    "set": pure(set_item, 3),
    "size": pure(size, 1),
    "sort": pure(sort, 1),
    "toMap": pure(to_map, 1),
}
