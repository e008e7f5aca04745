"""The page of every endpoint, from the description that the server gives of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cuprum.api.automation import automation_api
from cuprum.api.openapi.document import document
from cuprum.api.openapi.page import groups, refusals
from cuprum.api.openapi.schemas import Schema
from cuprum.api.openapi.words import notes, words
from cuprum.api.routes import developer_api

_HEAD = """\
# The API

{about}

A running server has the same page at `/api`, with a line for the shell at each endpoint, and for programs `/openapi.json`.
Which endpoints are proven against the contract: [coverage.md](coverage.md).
"""


def described() -> dict[str, Any]:
    return json.loads(json.dumps(document([developer_api(), automation_api()])))


def page() -> str:
    return "\n".join(_lines(described())).rstrip() + "\n"


def _lines(api: dict[str, Any]) -> Iterator[str]:
    yield _HEAD.format(about=api["info"]["description"])
    yield from _table(("Header", "Value"), [(f"`{one['name']}`", one["description"]) for one in _schemes(api)])
    for group, operations in groups(api).items():
        yield f"## {group}\n"
        for operation in operations:
            yield from _operation(operation)
    yield "## Refusals\n"
    rows = [(status, one["description"], _content(one)) for status, one in refusals(api).items()]
    yield from _table(("Status", "When", "Body"), rows)
    yield "## Shapes\n"
    for name, schema in api["components"]["schemas"].items():
        yield from _shape(name, schema)


def _schemes(api: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in api["components"]["securitySchemes"].values() if one["type"] == "apiKey"]


def _operation(operation: dict[str, Any]) -> Iterator[str]:
    yield f"### {operation['method']} {operation['path']}\n"
    yield f"{operation['summary']}.\n"
    if "description" in operation:
        yield f"{operation['description']}\n"
    if parameters := operation.get("parameters"):
        rows = [(f"`{one['name']}`", one["in"], _said(one["schema"]), notes(one["schema"])) for one in parameters]
        yield from _table(("Parameter", "In", "Value", "Notes"), rows)
    if "requestBody" in operation:
        yield f"- Body: {_content(operation['requestBody'])}"
    answer = operation["responses"]["200"]
    headers = "".join(f", `{name}`" for name in answer.get("headers", {}))
    yield f"- Answer: {_content(answer)}{headers}"
    yield f"- Refused with: {', '.join(status for status in operation['responses'] if status != '200')}\n"


def _shape(name: str, schema: Schema) -> Iterator[str]:
    # A group and a shape may have one name: the anchor tells them apart.
    yield f'<a id="shape-{name.lower()}"></a>\n'
    yield f"### {name}\n"
    if "description" in schema:
        yield f"{schema['description']}\n"
    required, properties = schema.get("required", []), schema.get("properties", {})
    if not properties:
        yield f"{_said(schema)}\n"
        return
    rows = [(f"`{key}`", _said(one), notes(one), "yes" if key in required else "") for key, one in properties.items()]
    yield from _table(("Key", "Value", "Notes", "Needed"), rows)


def _content(part: dict[str, Any]) -> str:
    return " or ".join(_said(media["schema"]) for media in part["content"].values())


def _said(schema: Schema) -> str:
    return " ".join(f"[{word}](#shape-{name.lower()})" if name else word for word, name in words(schema))


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    yield _row(head)
    yield _row(tuple("---" for _ in head))
    yield from map(_row, rows)
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    # A bar would end the cell.
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
