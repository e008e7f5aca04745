"""What the editor's form brings: the file with everything that was typed put into it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuprum.automation import renaming
from cuprum.automation.paths import at
from cuprum.automation.workflow_file import Trouble
from cuprum.kit import jsonio
from cuprum.kit.errors import Malformed
from cuprum.web.pages.automations import comparisons
from cuprum.web.pages.automations.draft import Draft, Renamed
from cuprum.web.pages.automations.nodes import cases_of, nodes_of
from cuprum.web.pages.automations.typed import take
from cuprum.web.visit import Visit


def draft_of(visit: Visit) -> Draft:
    """The file of the form with everything that was typed put into it."""
    fields = visit.fields
    workflow = _object(fields.get("draft", ""))
    names = {key: value for key, value in _object(fields.get("names", "") or "{}").items() if isinstance(value, str)}
    number = fields.get("automation", "")
    typed: dict[str, list[str]] = {}
    for name, value in visit.form:
        typed.setdefault(name, []).append(value)
    made = Draft(
        workflow, int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None, fields.get("was", "")
    )
    made.names = names
    made.connections = {
        name.removeprefix("connections."): value for name, value in visit.form if name.startswith("connections.") and value
    }
    for key in ("label", "description"):
        if key in fields and fields[key].strip() != (workflow.get(key) or ""):
            workflow[key] = fields[key].strip()
    for node in nodes_of(workflow, names):
        label = fields.get(f"{node.place}.label")
        task = at(workflow, node.place)
        if label is not None and isinstance(task, dict) and label.strip() != (task.get("label") or ""):
            task["label"] = label.strip()
        take(workflow, [*node.fields, *cases_of(node)], typed, names)
        if node.comparisons is not None:
            comparisons.take(workflow, f"{node.place}.parameters", node.comparisons, typed)
    _take_names(made, fields)
    return made


def _take_names(draft: Draft, fields: Mapping[str, str]) -> None:
    """Last of all: what was typed elsewhere says the former names."""
    for node in nodes_of(draft.workflow, {}):
        name = fields.get(f"{node.place}.name", node.name).strip()
        if name == node.name:
            continue
        if refusal := renaming.refusal_of_name(draft.workflow, node.place, name):
            draft.misnamed[node.place] = name
            draft.troubles.append(Trouble(f"{node.place}.name", refusal))
            continue
        draft.renamed.append(Renamed(node.name, name, renaming.rename(draft.workflow, node.place, name)))
        if chosen := draft.connections.pop(node.name, None):
            draft.connections[name] = chosen


def _object(text: str) -> dict[str, Any]:
    try:
        read = jsonio.decode_untrusted(text.encode())
    except UnicodeEncodeError:
        raise Malformed("This form cannot be read: it holds halves of characters.") from None
    if not isinstance(read, dict):
        raise Malformed("This form is not whole. Go back, load the page again and try once more.")
    return read
