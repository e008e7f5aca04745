"""What was typed into the fields of a step, back into the file: only what differs from what was shown."""

from __future__ import annotations

import json
import re
from typing import Any

from cuprum.automation.paths import at, drop, put
from cuprum.connector.given import is_blank
from cuprum.web.pages.automations.fields import Field, Typed, is_expression

_WITH_ID = re.compile(r".*\(#(\d{1,18})\)\s*", re.DOTALL)


def take(workflow: dict[str, Any], fields: list[Field], typed: Typed, names: dict[str, str]) -> None:
    """Put what was typed where it differs from what was shown; what was not touched stays as it was, to the type."""
    for one in fields:
        match one.control:
            case "group":
                take(workflow, list(one.parts), typed, names)
                if is_blank(at(workflow, one.path)) and one.raw is None:
                    drop(workflow, one.path)
            case "rows":
                for row in one.rows:
                    take(workflow, list(row), typed, names)
                _without_blanks(workflow, one)
            case "pairs":
                _take_pairs(workflow, one, typed)
            case "ticks" if one.path in typed:
                chosen = [text for text in typed[one.path] if text]
                if chosen != list(one.chosen):
                    _put(workflow, one.path, [int(text) if text.isdecimal() else text for text in chosen] or None)
            case _ if one.path in typed:
                _take_text(workflow, one, _plain(typed[one.path][-1]), names)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _take_text(workflow: dict[str, Any], one: Field, text: str, names: dict[str, str]) -> None:
    if text == one.value:
        return
    chosen = _WITH_ID.fullmatch(text) if one.source and not is_expression(text) else None
    if chosen:
        names[f"{one.path}={chosen[1]}"] = text[: text.rindex("(#")].strip()
        text = chosen[1]
    _put(workflow, one.path, _value(one, text))


def _put(workflow: dict[str, Any], path: str, value: Any) -> None:
    if value is not None:
        put(workflow, path, value)
    elif path.endswith("]"):
        # Of a list: taken out when all of its rows are read.
        if at(workflow, path) is not None:
            put(workflow, path, None)
    else:
        drop(workflow, path)


def _value(one: Field, text: str) -> Any:
    if not text.strip():
        return None
    if is_expression(text):
        return text
    if one.control == "json" or one.type in ("OBJECT", "ARRAY") or (one.type == "ANY" and text.strip()[0] in "[{"):
        return _read_json(text)
    if one.type == "BOOLEAN":
        return {"true": True, "false": False}.get(text, text)
    if one.type in ("INTEGER", "NUMBER") or (one.type == "ANY" and not isinstance(one.raw, str | None)):
        found = _read_json(text.strip())
        return found if isinstance(found, int | float) else text
    return text


def _read_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda word: word)
    except (ValueError, RecursionError):
        return text


def _without_blanks(workflow: dict[str, Any], one: Field) -> None:
    rows = at(workflow, one.path)
    if not isinstance(rows, list):
        return
    before = one.raw if isinstance(one.raw, list) else []
    # What was blank in the file before anybody touched it stays.
    kept = [row for index, row in enumerate(rows) if not is_blank(row) or (index < len(before) and row == before[index])]
    if kept or one.raw is not None:
        rows[:] = kept
    else:
        drop(workflow, one.path)


def _take_pairs(workflow: dict[str, Any], one: Field, typed: Typed) -> None:
    found: dict[str, Any] = {}
    for name, value in one.rows:
        if name.path not in typed or value.path not in typed:
            if name.value:
                found[name.value] = value.raw
            continue
        called, text = typed[name.path][-1].strip(), typed[value.path][-1]
        if called:
            found[called] = value.raw if text == value.value else _pair_value(text)
    if found != (one.raw or {}):
        _put(workflow, one.path, found or None)


def _pair_value(text: str) -> Any:
    return _read_json(text) if text.strip()[:1] in ("[", "{") and not is_expression(text) else text
