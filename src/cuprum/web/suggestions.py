"""Names of records while one is typed, for the list under the field."""

from __future__ import annotations

from collections import Counter

from cuprum.entities import ENTITIES
from cuprum.kit import jsonio
from cuprum.kit.errors import NotFound
from cuprum.records.search import search
from cuprum.records.work import Work
from cuprum.web.visit import Page, Visit

_MOST = 12
ANY = "any"


def suggest(work: Work, visit: Visit) -> Page:
    entity = visit.parameters["entity"]
    if entity == ANY:
        # A reference: its kind is chosen beside it.
        entity = next((value for name, value in visit.query.items() if name.endswith(".type")), "")
    if entity not in ENTITIES or entity == "activity":
        raise NotFound
    # The field that asks is called after its attribute.
    words = next((value.strip() for name, value in visit.query.items() if name != "list" and not name.endswith(".type")), "")
    found = search(work, entity, {"name": words} if words else {}, {"page_size": _MOST}).records
    plain = jsonio.decode(jsonio.encode(found))
    seen = Counter(one["name"] for one in plain)
    # Where several have a name, the number says which.
    options = [one["name"] if seen[one["name"]] == 1 else f"{one['name']} (#{one['id']})" for one in plain]
    return Page("suggestions.html", {"options": options}, part="options")
