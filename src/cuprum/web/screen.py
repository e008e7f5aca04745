"""A page as HTML: its template, what every page knows, and the rules that let the browser load and send nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cuprum import __version__
from cuprum.auth.sessions import form_token
from cuprum.entities import ENTITIES
from cuprum.records.group_titles import titles
from cuprum.records.inbox import unread
from cuprum.records.work import Work
from cuprum.storage.event_tables import change_group
from cuprum.web.assets import address
from cuprum.web.browser import TOKEN_FIELD
from cuprum.web.offers import offers_after
from cuprum.web.places import ICONS, places_of
from cuprum.web.shown import Shown
from cuprum.web.visit import Page, Visit

if TYPE_CHECKING:
    from jinja2 import Environment, Template

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PLURALS = {entity: record.plural for entity, record in ENTITIES.items()}
_PAGES = Path(__file__).parent / "pages"


def rendered(work: Work, visit: Visit, page: Page) -> str:
    """The whole page; only the block `page.part` of it, and word of what was done, for a script that shows the rest."""
    template = _templates().get_template(page.template)
    words = _common(work, visit) | page.words
    if not (visit.is_part and page.part):
        return template.render(words | {"unread": unread(work)})
    words["is_part"] = True
    if work.group.changes:
        words["done"] = _told(work, work.group.id, work.group.label)
    return _block(template, page.part, words) + _block(_templates().get_template("toast.html"), "partial", words)


def _block(template: Template, name: str, words: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(words)))


def _common(work: Work, visit: Visit) -> dict[str, Any]:
    return {
        "account": work.vocabulary.account["name"], "version": __version__, "me": work.actor, "places": places_of(work.actor),
        "icons": ICONS, "visit": visit, "token_field": TOKEN_FIELD, "form_token": form_token(visit.secret), "asset": address,
        "shown": Shown.of(work, visit.languages), "done": _done(work, visit), "is_part": False,
        "plural_of": _PLURALS,
    }  # fmt: skip


def _done(work: Work, visit: Visit) -> dict[str, Any] | None:
    """What this user just did, to be told once with its undo."""
    if not (group_id := visit.query.get("done")):
        return None
    own = select(change_group.c.id, change_group.c.label, change_group.c.undone_by).where(
        change_group.c.id == group_id[:64], change_group.c.actor == work.actor.user_id
    )
    row = work.execute(own).one_or_none()
    return None if row is None or row.undone_by else _told(work, row.id, row.label)


def _told(work: Work, group_id: str, label: str) -> dict[str, Any]:
    return {"id": group_id, "label": titles(work, [(group_id, label)])[group_id], "offers": offers_after(work, group_id)}


@cache
def _templates() -> Environment:
    # Loaded for the first who looks.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["capitalize"] = _capitalized
    return environment


def _capitalized(text: Any) -> str:
    # Jinja's own makes all the rest small, names of people among it.
    from markupsafe import soft_str

    whole = soft_str(text)
    return whole[:1].upper() + whole[1:]
