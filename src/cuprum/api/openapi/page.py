"""The page at `/api`: the description laid out for reading, without script."""

from __future__ import annotations

import json
import shlex
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cuprum.api.openapi.examples import example_of
from cuprum.api.openapi.schemas import Schema
from cuprum.api.openapi.words import notes, words

_HERE = Path(__file__).parent


def page(described: dict[str, Any]) -> str:
    """The HTML for an OpenAPI document."""
    return _templates().get_template("page.html").render(api=described, groups=groups(described), refusals=refusals(described))


def style() -> bytes:
    return (_HERE / "page.css").read_bytes()


def groups(described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by tag, each with its method and path."""
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append({"method": method.upper(), "path": path, **operation})
    return found


def refusals(described: dict[str, Any]) -> dict[str, Any]:
    """Every refusal that some operation names, by status."""
    found: dict[str, Any] = {}
    for methods in described["paths"].values():
        for operation in methods.values():
            found |= {status: answer for status, answer in operation["responses"].items() if status != "200"}
    return dict(sorted(found.items()))


_JSON = "application/json"


@cache
def _templates() -> Environment:
    templates = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    templates.globals |= {"words": words, "notes": notes, "curl": curl}
    return templates


def curl(operation: dict[str, Any], schemas: dict[str, Schema]) -> str:
    """A line to paste into a shell, with the key and the address taken from the environment."""
    path = operation["path"].replace("{id}", "17")
    lines = [f'curl -X {operation["method"]} "$CUPRUM{path}"']
    if operation.get("security") != []:
        headers = {"AccessToken": "$KEY", "Application": "developer_api", "UserEmail": "$EMAIL"}
        lines += [f'  -H "X-PW-{name}: {value}"' for name, value in headers.items()]
    if body := operation.get("requestBody"):
        ((media_type, media),) = body["content"].items()
        given = f"-d {shlex.quote(_example(media['schema'], schemas))}" if media_type == _JSON else "--data-binary @FILE"
        lines += [f'  -H "Content-Type: {media_type}"', f"  {given}"]
    return " \\\n".join(lines)


def _example(schema: Schema, schemas: dict[str, Schema]) -> str:
    return json.dumps(example_of(schema, schemas), ensure_ascii=False)
