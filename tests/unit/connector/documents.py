"""The two documents that list what the connector must do, taken apart into rows."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[2] / "seeds"
FIRST = (SEEDS / "bytechef-copper-component.md").read_text()
SECOND = (SEEDS / "integry-copper-app.md").read_text()


def rows(markdown: str) -> list[list[str]]:
    """The rows of the first table in the text, without its head."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    table: list[list[str]] = []
    for line in lines[2:]:
        table.append([cell.strip() for cell in line.strip().strip("|").split(" | ")])
    return table


def first_table(markdown: str) -> str:
    kept: list[str] = []
    for line in markdown.splitlines():
        if line.startswith("|"):
            kept.append(line)
        elif kept:
            break
    return "\n".join(kept)


@dataclass
class DocumentedAction:
    title: str
    name: str
    description: str
    properties: list[list[str]]
    output: list[list[str]]
    example: dict[str, Any]


@dataclass
class FirstDocument:
    title: str
    description: str
    category: str
    type: str
    connection_version: int
    connection_label: str
    connection: list[list[str]]
    actions: list[DocumentedAction] = field(default_factory=list)


def first_document() -> FirstDocument:
    head, _, actions = FIRST.partition("\n## Actions\n")
    front = dict(re.findall(r'^(title|description): "(.*)"$', head, re.M))
    connection = head.partition("## Connections")[2]
    document = FirstDocument(
        title=front["title"],
        description=front["description"],
        category=re.search(r"^Categories: (.+)$", head, re.M).group(1),  # type: ignore[union-attr]
        type=re.search(r"^Type: (.+)$", head, re.M).group(1),  # type: ignore[union-attr]
        connection_version=int(re.search(r"^Version: (\d+)$", connection, re.M).group(1)),  # type: ignore[union-attr]
        connection_label=re.search(r"^### (.+)$", connection, re.M).group(1),  # type: ignore[union-attr]
        connection=rows(first_table(connection)),
    )
    for part in re.split(r"^### ", actions, flags=re.M)[1:]:
        form, _, output = part.partition("#### Output")
        title, *lines = part.splitlines()
        said = [line for line in lines if line.strip()]
        document.actions.append(
            DocumentedAction(
                title=title.strip(),
                name=said[0].removeprefix("Name: ").strip(),
                description=said[1].strip(),
                properties=rows(first_table(form)),
                output=rows(first_table(output)),
                example=json.loads(output.partition("```json")[2].partition("```")[0]),
            )
        )
    return document


def second_document() -> tuple[list[list[str]], list[list[str]]]:
    """The rows of the triggers and of the actions."""
    _, _, rest = SECOND.partition("#### Triggers")
    triggers, _, actions = rest.partition("#### Actions")
    return (
        [[re.sub(r"\s+", " ", cell) for cell in row] for row in rows(first_table(triggers))],
        [[re.sub(r"\s+", " ", cell) for cell in row] for row in rows(first_table(actions))],
    )


def printed_type(said: dict[str, Any]) -> str:
    """A property's type as the first document prints it, options, items and dependencies included."""
    parts = [said["type"]]
    if said["type"] == "ARRAY":
        inner = ", ".join(printed_item(one) for one in said["items"])
        parts.append(f"<details> <summary> Items </summary> [{inner}] </details>")
    if said["type"] == "OBJECT":
        inner = ", ".join(f"{one['type']}\\({one['name']})" for one in said.get("properties", []))
        parts.append(f"<details> <summary> Properties </summary> {{{inner}}} </details>")
    if said.get("options"):
        parts.append(f"<details> <summary> Options </summary> {', '.join(o['value'] for o in said['options'])} </details>")
    if said.get("optionsDependsOn"):
        parts.append(f"<details> <summary> Depends On </summary> {', '.join(said['optionsDependsOn'])} </details>")
    return " ".join(parts)


def printed_item(said: dict[str, Any]) -> str:
    if said["type"] != "OBJECT":
        return str(said["type"])
    inner = ", ".join(f"{one['type']}\\({one['name']})" for one in said["properties"])
    return f"{{{inner}}}" + (f"\\(${said['name']})" if said["name"] else "")
