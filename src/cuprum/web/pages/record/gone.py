"""What stands at the address of a record that is not there any more: where it went, and the way back."""

from __future__ import annotations

from typing import Any

from cuprum.entities import BY_PLURAL
from cuprum.kit import jsonio
from cuprum.kit.errors import NotFound
from cuprum.records.merge import went_to
from cuprum.records.naming import names_of
from cuprum.records.person_name import PARTS
from cuprum.records.search import search
from cuprum.records.undo import restore
from cuprum.records.whereabouts import Converted, whereabouts
from cuprum.records.work import Work
from cuprum.web.facts import facts_of, label_in
from cuprum.web.visit import GoTo, Page, Visit

# The duplicates that can be merged.
_MERGED = ("person", "company", "lead")
# Parts of the name, and the currency of the value.
_IN_OTHERS = (*PARTS, "monetary_unit")


def gone(work: Work, visit: Visit) -> Page | GoTo:
    """Raises NotFound for what never was, and for what is not the actor's to see."""
    plural, base = visit.path.split("/")[1], "/".join(visit.path.split("/")[:3])
    record = BY_PLURAL[plural]
    if record.entity in _MERGED and (into := went_to(work, record.entity, visit.id)):
        return GoTo(f"/{plural}/{into}", done="")
    found = whereabouts(work, record.entity, visit.id)
    if found is None:
        raise NotFound
    words: dict[str, Any] = {"record": record, "found": found, "base": base, "id": visit.id}
    if isinstance(found, Converted):
        values = _wire(work, visit.id)
        words |= {
            "values": values,
            "facts": [one for one in facts_of(work, "lead", values) if not one.is_blank and one.name not in _IN_OTHERS],
        }
        return Page("record/converted.html", words)
    return Page("record/trashed.html", words, status=404)


def _wire(work: Work, lead_id: int) -> dict[str, Any]:
    found = search(work, "lead", {}, {"ids": [lead_id], "include_converted_leads": True}).records
    plain: list[dict[str, Any]] = jsonio.decode(jsonio.encode(found))
    if not plain:
        raise NotFound
    return plain[0]


def take_out(work: Work, visit: Visit) -> Page | GoTo:
    """Out of the trash, with all that went with it; what could not come back is told."""
    plural, base = visit.path.split("/")[1], "/".join(visit.path.split("/")[:3])
    record = BY_PLURAL[plural]
    found = whereabouts(work, record.entity, visit.id)
    work.group.label = f"{getattr(found, 'name', None) or record.entity.capitalize()} restored"
    conflicts = restore(work, record.entity, visit.id)
    if not conflicts:
        return GoTo(base)
    names = names_of(work, {(one["entity"], one["id"]) for one in conflicts})
    told = [
        (one, names.get((one["entity"], one["id"])), label_in(work, one["entity"], one["field"]) if one["field"] else None)
        for one in conflicts
    ]
    return Page("record/restored.html", {"conflicts": told, "base": base, "record": record})
