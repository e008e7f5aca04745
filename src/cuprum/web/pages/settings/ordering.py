"""The order that a list's form asks for: all of it after a drag, or one of them a step up or down by a button."""

from __future__ import annotations

from collections.abc import Sequence

from cuprum.web.pages.settings.trouble import number
from cuprum.web.visit import Visit


def wanted_order(visit: Visit, present: Sequence[int]) -> list[int]:
    """`present` in its new order. What the form does not name, or names wrongly, keeps its place behind the rest."""
    fields, order = visit.fields, list(present)
    dragged = [one for part in fields.get("ids", "").split(",") if (one := number(part.strip())) in order]
    if dragged:
        return [*dict.fromkeys(dragged), *(one for one in order if one not in dragged)]
    for name, by in (("up", -1), ("down", 1)):
        if (moved := number(fields.get(name))) in order:
            at = order.index(moved)
            to = min(max(at + by, 0), len(order) - 1)
            order[at], order[to] = order[to], order[at]
    return order
