"""Every address of the web face, taken from the app's own table: a page that is built is walked without being listed anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import chain
from typing import Any

from sqlalchemy import Table, select
from starlette.routing import Route

from cuprum.entities import ENTITIES
from cuprum.storage.tables import metadata
from installation import Installation

PARTS = {"HX-Request": "true"}
# Sessions note when they were used; nothing else may move by a look or a refusal.
_NOTES = ("last_seen_at", "last_used_at")


@dataclass(frozen=True)
class Address:
    """`path` with what stands in braces filled in; `about` says which of those stand for something that somebody owns."""

    method: str
    template: str
    path: str

    @property
    def names_something(self) -> bool:
        return bool(re.search(r"\{(id|group|key|user|view|file)\b", self.template))


def web_addresses(cuprum: Installation, fill: Callable[[str, str], Any]) -> Iterator[Address]:
    """All of them but scripts and styles; `fill(first part of the path, parameter)` says what stands in braces."""
    for route in chain.from_iterable(one.routes for one in cuprum.client.app.routes):
        if isinstance(route, Route) and route.endpoint.__module__.startswith("cuprum.web.") and "digest" not in route.path:
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield Address(method, route.path, _filled(route.path, fill))


def _filled(template: str, fill: Callable[[str, str], Any]) -> str:
    place = re.sub(r"/?\{.*", "", template)
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: str(fill(place, found[1])), template)


def usual(place: str, parameter: str, ids: dict[str, int], group: str = "x") -> Any:
    """What stands in the braces of most addresses: the record of `ids` for its plural, else the first of anything."""
    plural = place.split("/")[1]
    plain = {
        "group": group, "fact": "name", "entity": "person", "report": "forecast", "id": ids.get(plural, 1), "name": "name",
    }  # fmt: skip
    return plain.get(parameter, 1)


def everything(cuprum: Installation) -> dict[str, list[Any]]:
    """All rows of all tables, as far as a person's doing could move them."""
    found: dict[str, list[Any]] = {}
    with cuprum.database.reading.connect() as connection:
        for table in metadata.sorted_tables:
            if table.primary_key.columns:
                found[table.name] = connection.execute(_rows(table)).all()
    return found  # type: ignore[return-value]


def _rows(table: Table) -> Any:
    columns = [column for column in table.c if column.name not in _NOTES]
    return select(*columns).order_by(*table.primary_key.columns)


def plurals() -> dict[str, str]:
    return {entity: record.plural for entity, record in ENTITIES.items() if entity != "activity"}


class Markup(HTMLParser):
    """What a page would do in a browser beside what we wrote: elements and attributes that only hostile text could bring."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name == "style" or name == "srcdoc":
                self.found.append(f"<{tag} {name}>")
            if name in _ADDRESSES and address.startswith(("javascript:", "vbscript:", "data:text", "//", "http:")):
                self.found.append(f"<{tag} {name}={value}>")
        if tag in ("x-pwn", "iframe", "object", "embed", "base", "image") or (tag == "script" and "src" not in dict(attrs)):
            self.found.append(f"<{tag}>")


_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "hx-get", "hx-post", "hx-put", "hx-delete")
