"""Compares an answer with a golden one, and fills in placeholders; the README has the words."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SHAPES = FOLDER / "shapes"
STORIES = sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*.json") if file.parent != SHAPES)

_ID = re.compile(r"\$(id|user):(\w+)")
_ID_AS_TEXT = re.compile(r"\$text:(\w+)")
# A slow machine may take a while between the write and the look.
_SLACK_SECONDS = 60


@cache
def shape(entity: str) -> dict[str, Any]:
    """A new record of the entity: every key in its place, with the value it has when nothing is given."""
    return json.loads((SHAPES / f"{entity}.json").read_text())["record"]


def whole(expected: dict[str, Any]) -> dict[str, Any]:
    """A record told as `{"$as": entity, …}`: the entity's shape with what differs in its place."""
    if "$as" not in expected:
        return expected
    differs = {key: value for key, value in expected.items() if key != "$as"}
    record = shape(expected["$as"])
    assert differs.keys() <= record.keys(), f"not of {expected['$as']}: {differs.keys() - record.keys()}"
    return {**record, **differs}


class Known:
    """The ids that placeholders stand for, in one story."""

    def __init__(self, users: dict[str, int]) -> None:
        self.ids: dict[tuple[str, str], int] = {("user", name): user_id for name, user_id in users.items()}

    def fill(self, value: Any) -> Any:
        """A request with its ids in place."""
        match value:
            case dict():
                return {self._text(key): self.fill(one) for key, one in value.items()}
            case list():
                return [self.fill(one) for one in value]
            case str() if found := _ID.fullmatch(value):
                return self.ids[found[1], found[2]]
            case str() if found := _ID_AS_TEXT.fullmatch(value):
                return str(self.ids["id", found[1]])
            case str():
                return self._text(value)
        return value

    def _text(self, value: str) -> str:
        return _ID.sub(lambda found: str(self.ids[found[1], found[2]]), value)

    def differences(self, expected: Any, seen: Any, at: str = "body") -> list[str]:
        """One line for each place where the answer is not the golden one; binds ids that are new."""
        if isinstance(expected, str) and expected.startswith("$"):
            return self._placeholder(expected, seen, at)
        if isinstance(expected, str) and _ID.search(expected):
            expected = self._text(expected)
        if type(expected) is not type(seen):
            return [f"{at}: {expected!r} expected, {seen!r} seen"]
        if isinstance(expected, dict):
            return self._object(expected, seen, at)
        if isinstance(expected, list):
            return self._list(expected, seen, at)
        return [] if expected == seen else [f"{at}: {expected!r} expected, {seen!r} seen"]

    def _object(self, expected: dict[str, Any], seen: dict[str, Any], at: str) -> list[str]:
        expected = whole(expected)
        keys, seen_keys = [self._text(key) for key in expected], list(seen)
        if keys[-1:] == ["$rest"]:
            keys.pop()
            seen_keys = [key for key in seen_keys if key in keys]
        if keys != seen_keys:
            return [f"{at}: keys {keys} expected, {list(seen)} seen"]
        return [line for key, one in expected.items() if key != "$rest"
                for line in self.differences(one, seen[self._text(key)], f"{at}.{key}")]  # fmt: skip

    def _list(self, expected: list[Any], seen: list[Any], at: str) -> list[str]:
        if expected[-1:] == ["$more"]:
            expected, seen = expected[:-1], seen[: len(expected) - 1]
        if len(expected) != len(seen):
            return [f"{at}: {len(expected)} items expected, {len(seen)} seen: {seen!r}"]
        pairs = zip(expected, seen, strict=True)
        return [line for place, (one, other) in enumerate(pairs) for line in self.differences(one, other, f"{at}[{place}]")]

    def _placeholder(self, expected: str, seen: Any, at: str) -> list[str]:
        if found := _ID.fullmatch(expected):
            is_id = type(seen) is int and seen > 0
            fits = is_id and self.ids.setdefault((found[1], found[2]), seen) == seen
        elif expected == "$now":
            fits = type(seen) is int and abs(seen - time.time()) < _SLACK_SECONDS
        elif expected == "$iso_now":
            fits = _is_iso_now(seen)
        elif expected == "$string":
            fits = isinstance(seen, str) and seen != ""
        else:
            assert expected == "$any", f"unknown placeholder {expected}"
            fits = True
        return [] if fits else [f"{at}: {expected} expected, {seen!r} seen"]


def _is_iso_now(seen: Any) -> bool:
    if not isinstance(seen, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", seen):
        return False
    return abs(datetime.fromisoformat(seen.replace("Z", "+00:00")).timestamp() - time.time()) < _SLACK_SECONDS
