"""The copper triggers of a workflow: bound when it is enabled, paused with it, and kept in place when it is published again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from cuprum.automation.node_types import COPPER
from cuprum.automation.triggers import bindings, ledger
from cuprum.automation.triggers.bindings import Binding
from cuprum.automation.triggers.hearing import read_inputs
from cuprum.automation.triggers.lease import Pair
from cuprum.automation.workflow_file import BadWorkflow, Trouble
from cuprum.connector.catalogue import trigger as trigger_named
from cuprum.connector.errors import InvalidInput
from cuprum.connector.triggers.trigger import Trigger
from cuprum.kit import jsonio
from cuprum.storage.connection_tables import connection as connections

if TYPE_CHECKING:
    from cuprum.automation.workflows import Kept


@dataclass(frozen=True)
class Wanted:
    """A trigger as the workflow has it."""

    name: str
    pair: Pair
    trigger: Trigger
    given: dict[str, Any]


def bind(connection: Connection, kept: Kept, *, skip: bool = False) -> None:
    """Make the bindings what the workflow says, in the transaction that changed it: nothing that happens later is lost.

    A binding keeps its place as long as it reads the same entity through the same connection; `skip` moves it to now.
    Raises BadWorkflow, for a workflow that is to be enabled, naming every input and connection that is missing.
    """
    held = {one.name: one for one in bindings.of_workflow(connection, kept.id)}
    if not kept.enabled:
        for one in held.values():
            bindings.change(connection, one.id, is_on=False)
        return
    wanted = _wanted(connection, kept)
    for trigger in wanted:
        _keep_or_add(connection, kept, trigger, _counterpart(trigger, held, {other.name for other in wanted}), skip)
    for left in held.values():
        bindings.remove(connection, left.id)


def _counterpart(wanted: Wanted, held: dict[str, Binding], names: set[str]) -> Binding | None:
    """What the trigger was before, taken out of `held`: the one of its name, or one whose name is gone (it was renamed)."""
    name = wanted.name
    if name not in held:
        alike = (
            one for one in held.values() if one.name not in names and (one.pair, one.trigger) == (wanted.pair, wanted.trigger)
        )
        name = next((one.name for one in alike), "")
    return held.pop(name, None)


def _keep_or_add(connection: Connection, kept: Kept, wanted: Wanted, before: Binding | None, skip: bool) -> None:
    if before and before.pair == wanted.pair:
        values: dict[str, Any] = {"name": wanted.name, "trigger": wanted.trigger.name, "is_on": True, "error": None}
        values["parameters"] = jsonio.text(wanted.given)
        if skip:
            values |= _from_now(connection, wanted)
        elif wanted.trigger.found_by is not None and wanted.trigger.asked(wanted.given) != before.trigger.asked(before.given):
            # What it asks now it has never asked: all that there was is history.
            values |= _asking_from_now(connection, wanted)
        bindings.change(connection, before.id, **values)
        return
    if before:
        bindings.remove(connection, before.id)
    bindings.add(connection, wanted.pair, wanted.name, wanted.trigger, wanted.given, workflow_id=kept.id, since=time.time())


def _from_now(connection: Connection, wanted: Wanted) -> dict[str, Any]:
    place = {"from_seq": ledger.last_seq(connection, wanted.pair), "start_ms": bindings.server_ms(connection, wanted.pair)}
    return place | (_asking_from_now(connection, wanted) if wanted.trigger.found_by is not None else {})


def _asking_from_now(connection: Connection, wanted: Wanted) -> dict[str, Any]:
    now = bindings.server_ms(connection, wanted.pair)
    began = {"asked_until": now // 1000, "start_ms": now} if now is not None else {"date_created": int(time.time() * 1000)}
    return bindings.asking_from(ledger.last_seq(connection, wanted.pair), None) | began


def _wanted(connection: Connection, kept: Kept) -> list[Wanted]:
    there = {row.name: row.id for row in connection.execute(select(connections.c.id, connections.c.name))}
    troubles: list[Trouble] = []
    found = []
    for place, one in copper_triggers(kept.workflow):
        name = connection_of(one["name"], kept.connections, list(there))
        if name not in there:
            known = ", ".join(there) or "none"
            troubles.append(Trouble(place, f"no connection is bound to {one['name']}; there are {known}"))
            continue
        chosen = trigger_named(one["type"])
        try:
            given = read_inputs(chosen, one.get("parameters") or {})
        except InvalidInput as refusal:
            troubles += [Trouble(f"{place}.parameters.{wrong.field}", wrong.message) for wrong in refusal.problems]
            continue
        found.append(Wanted(one["name"], Pair(there[name], name, chosen.entity_for(given)), chosen, given))
    if troubles:
        raise BadWorkflow(*troubles)
    return found


def copper_triggers(workflow: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each with its place."""
    for index, one in enumerate(workflow.get("triggers") or []):
        if one["type"].startswith(COPPER):
            yield f"triggers[{index}]", one


def connection_of(node: str, given: Mapping[str, str], there: list[str]) -> str:
    """The connection of a node: its own, the one for all, or the only one that there is."""
    named = given.get(node) or given.get("copper") or given.get("")
    return named or (there[0] if len(there) == 1 else "")
