"""The places of the web face, in the order of the navigation; a page that is built adds its line."""

from __future__ import annotations

from dataclasses import dataclass

from cuprum.auth.actor import Actor
from cuprum.entities import ENTITIES
from cuprum.web.ways import AGENDA


@dataclass(frozen=True)
class Place:
    """`key` follows a `g` on the keyboard; `in_bar` stands in the bar at the foot of a phone, `opens` is where it leads, `holds`
    are pages reached from there whose addresses begin otherwise."""

    path: str
    label: str
    icon: str
    key: str
    in_bar: bool = False
    for_admins: bool = False
    opens: str = ""
    holds: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        return self.opens or self.path

    def current(self, path: str) -> str:
        """What `aria-current` says on the page at this path: `page`, `true` where it is further in, or nothing."""
        if path in (self.path, self.href):
            return "page"
        return "true" if f"{path}/".startswith(tuple(f"{one}/" for one in (self.path, *self.holds))) else ""


PLACES = (
    Place("/home", "Home", "house", "h", in_bar=True),
    Place("/leads", "Leads", "sprout", "l"),
    Place("/people", "People", "users", "p", in_bar=True),
    Place("/companies", "Companies", "building-2", "c"),
    Place("/opportunities", "Opportunities", "circle-dollar-sign", "o", in_bar=True),
    Place("/projects", "Projects", "folder-kanban", "j"),
    # What is to be done, before all that ever was.
    Place("/tasks", "Tasks", "square-check", "t", in_bar=True, opens=AGENDA),
    Place("/reports", "Reports", "chart-column", "r"),
    Place("/automations", "Automations", "workflow", "a", for_admins=True),
    Place("/settings", "Settings", "settings", "s", holds=("/imports", "/samples", "/changes", "/trash", "/bulk")),
)

ICONS = {record.entity: place.icon for place in PLACES for record in ENTITIES.values() if place.path == f"/{record.plural}"}


def places_of(actor: Actor) -> list[Place]:
    """Where somebody has something to do."""
    return [one for one in PLACES if actor.is_admin or not one.for_admins]
