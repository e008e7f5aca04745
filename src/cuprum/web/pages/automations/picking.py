"""Fields that are filled by picking: what they offer while one types, and page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cuprum.automation.connections import stored_connections
from cuprum.automation.offering import offered
from cuprum.automation.paths import at
from cuprum.kit import jsonio
from cuprum.kit.errors import CuprumError
from cuprum.web.desk import State, View
from cuprum.web.pages.automations import editor
from cuprum.web.pages.automations.brought import draft_of
from cuprum.web.pages.automations.draft import Draft, Picking
from cuprum.web.pages.automations.fields import Field, is_expression
from cuprum.web.pages.automations.nodes import Node, nodes_of
from cuprum.web.pages.automations.typed import take
from cuprum.web.visit import Page, Visit


def options(state: State, visit: Visit) -> View:
    """What a field is offered while one types, for what is filled in beside it."""
    draft = draft_of(visit)
    found, _ = _offered(state, draft, visit.fields.get("of", ""), visit.fields.get("search", ""), 1)
    shown = [_pick_text(label, value) for label, value in found]
    return lambda work, visit: Page("suggestions.html", {"options": shown}, part="options")


def picking(state: State, draft: Draft, path: str, page: int) -> Picking:
    """A page of what a field can be picked from; what stands in it is searched for, unless that was picked before."""
    typed = next((one.value for _, one in _with_source(draft, path)), "")
    search = "" if is_expression(typed) or typed.endswith(")") else typed
    found, has_more = _offered(state, draft, path, search, max(1, page))
    return Picking(path, max(1, page), found, has_more)


def take_picked(draft: Draft, told: str) -> None:
    path, value, label = (str(told) for told in (*_list(told), "", "", "")[:3])
    for _, one in _with_source(draft, path):
        take(draft.workflow, [one], {path: [_pick_text(label, value)]}, draft.names)
        draft.focus_field = path


def _list(text: str) -> list[Any]:
    try:
        read = jsonio.decode_untrusted(text.encode())
    except (CuprumError, UnicodeEncodeError):
        return []
    return read if isinstance(read, list) else []


def _pick_text(label: str, value: str) -> str:
    return label if label == value else f"{label} (#{value})"


def _with_source(draft: Draft, path: str) -> Iterator[tuple[Node, Field]]:
    for node in nodes_of(draft.workflow, draft.names):
        yield from ((node, one) for one in node.all_fields() if one.path == path and one.source)


def _offered(state: State, draft: Draft, path: str, search: str, page: int) -> tuple[list[tuple[str, str]], bool]:
    """(label, value) of each, and whether there are more; nothing where there is no connection to ask through."""
    for node, one in _with_source(draft, path):
        there = [each.name for each in state.database.read_now(stored_connections)]
        connection = editor.connection_of_node(node.name, draft.connections, there)
        if connection and one.source:
            given = at(draft.workflow, f"{node.place}.parameters") or {}
            search = search[:200].replace("\0", "")
            offers = offered(state.database, connection, *one.source, given, search=search, page=page)
            return [(str(each["label"]), str(each["value"])) for each in offers["options"]], bool(offers["more"])
    return [], False
