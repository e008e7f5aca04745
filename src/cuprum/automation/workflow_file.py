"""Workflow files, JSON or YAML, as ByteChef writes them: read as they are, and written again with every key they had."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import yaml

from cuprum.automation.expressions.limits import size_of
from cuprum.automation.node_types import HOLDS_TASKS
from cuprum.kit.errors import CuprumError

LARGEST_FILE = 1_000_000
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong, and where: `tasks[1].parameters.name`."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class BadWorkflow(CuprumError):
    """A workflow that cannot run; `troubles` is everything that is wrong with it."""

    status = 422

    def __init__(self, *troubles: Trouble) -> None:
        self.troubles = troubles
        super().__init__("\n".join(map(str, troubles)))


def read_workflow(text: str, *, name: str = "") -> dict[str, Any]:
    """The workflow in the text, JSON where the name ends so and YAML (which JSON is too) elsewhere; raises BadWorkflow."""
    if len(text) > LARGEST_FILE:
        raise BadWorkflow(Trouble("", f"the file is larger than {LARGEST_FILE:,} characters"))
    try:
        read = json.loads(text) if name.lower().endswith(".json") else yaml.load(text, Loader=YamlLoader)
        # Aliases of YAML can stand for more than any memory holds.
        size_of(read)
    except (ValueError, yaml.YAMLError, RecursionError) as trouble:
        raise BadWorkflow(Trouble("", f"the file cannot be read: {trouble}")) from None
    except OverflowError as trouble:
        raise BadWorkflow(Trouble("", str(trouble))) from None
    return as_workflow(read)


def as_workflow(read: Any) -> dict[str, Any]:
    """A whole workflow; a bare task becomes a workflow of that task, which puts out what the task does."""
    if not isinstance(read, dict):
        raise BadWorkflow(Trouble("", "a workflow is an object with tasks"))
    if "tasks" not in read and isinstance(read.get("type"), str):
        name = read.get("name")
        label = read.get("label") or name or read["type"]
        says = isinstance(name, str) and _IDENTIFIER.fullmatch(name) and read["type"] not in HOLDS_TASKS
        outputs = [{"name": name, "value": f"${{{name}}}"}] if says else []
        return {"label": label, "tasks": [read], "outputs": outputs}
    return read


def write_workflow(workflow: dict[str, Any], *, name: str) -> str:
    """The workflow as text, in the form that the name asks for."""
    if name.lower().endswith(".json"):
        return json.dumps(workflow, ensure_ascii=False, indent=2) + "\n"
    return as_yaml(workflow)


def as_yaml(value: Any) -> str:
    """In the order that it has, and a text on one line however long it is."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=LARGEST_FILE)


class YamlLoader(yaml.SafeLoader):
    """Plain JSON values only: a date in a file is text, as it is for ByteChef."""


YamlLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
