"""The account's lists of words: statuses, sources, reasons, types and pipelines; added, renamed, ordered, hidden, shown again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError, NotFound
from cuprum.records.admins import admins
from cuprum.records.stage_removal import remove_pipeline
from cuprum.records.word_kinds import ICONS, WORD_KINDS
from cuprum.records.word_use import word_uses
from cuprum.records.words_of_account import archive_word, change_word, create_word, order_words, restore_word
from cuprum.records.work import Work
from cuprum.web.pages.settings.ordering import wanted_order
from cuprum.web.pages.settings.trouble import problems_of, status_of
from cuprum.web.visit import GoTo, Page, Visit


@dataclass(frozen=True)
class List:
    """One list of words: its table, its place under `/settings`, and what it is called."""

    table: str
    path: str
    label: str
    one: str
    icon: str
    about: str


LISTS = {
    one.path: one
    for one in (
        List("pipeline", "pipelines", "Pipelines", "pipeline", "square-kanban",
             "The ways that opportunities go, each with its stages."),
        List("lead_status", "lead-statuses", "Lead statuses", "lead status", "sprout", "How far along a lead is."),
        List("customer_source", "customer-sources", "Customer sources", "customer source", "globe",
             "Where leads and opportunities came from."),
        List("loss_reason", "loss-reasons", "Loss reasons", "loss reason", "circle-x", "Why an opportunity was not won."),
        List("contact_type", "contact-types", "Contact types", "contact type", "contact",
             "What a person or a company is to you."),
        List("activity_type", "activity-types", "Activity types", "activity type", "message-square",
             "What can be logged on a timeline; those that count as interactions keep opportunities from falling silent."),
    )
}  # fmt: skip
_TICKS = ("is_default", "is_revenue", "is_interaction", "is_disabled", "is_default_task_type")


def words(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    return words_page(work, visit, _list_of(visit), trouble)


def words_page(work: Work, visit: Visit, one: List, trouble: CuprumError | None = None) -> Page:
    uses = word_uses(work, one.table)
    known = [word for word in work.vocabulary.words[one.table].values() if word["id"] not in WORD_KINDS[one.table].untouchable]
    words = {
        "list": one, "base": f"/settings/{one.path}", "icon_choices": [(icon, icon) for icon in ICONS], "admins": admins(work),
        "words": [_shown(work, one, word, uses) for word in known if word["archived_at"] is None],
        "hidden": [_shown(work, one, word, uses) for word in known if word["archived_at"] is not None],
        "typed": visit.fields if trouble else {}, **problems_of(trouble, WORD_KINDS[one.table].readers),
    }  # fmt: skip
    return Page("settings/words.html", words, part="words", status=status_of(trouble))


def _shown(work: Work, one: List, word: Mapping[str, Any], uses: Mapping[int, Mapping[str, int]]) -> dict[str, Any]:
    return {**word, "use": used_by(uses.get(word["id"], {})), "marks": list(_marks(work, one.table, word))}


def _marks(work: Work, table: str, word: Mapping[str, Any]) -> Iterator[str]:
    """What is to be known of it at a glance."""
    if table == "pipeline":
        stages = len(work.vocabulary.stages_of(word["id"]))
        yield f"{stages} stage{'s' * (stages != 1)}"
    for name, mark in (
        ("is_default", "default"), ("is_interaction", "counts as interaction"), ("is_disabled", "not offered"),
        ("is_default_task_type", "default of tasks"),
    ):  # fmt: skip
        if word.get(name):
            yield mark


def used_by(counts: Mapping[str, int]) -> str:
    """`2 leads, 1 opportunity`."""
    named = (f"{count} {entity if count == 1 else ENTITIES[entity].plural}" for entity, count in counts.items() if count)
    return ", ".join(named)


def add_word(work: Work, visit: Visit) -> GoTo:
    one = _list_of(visit)
    body = word_body(one.table, visit)
    work.group.label = f"{one.one.capitalize()} “{visit.fields.get('name', '').strip()}” added"
    word_id = create_word(work, one.table, body)
    return GoTo(f"/settings/pipelines/{word_id}" if one.table == "pipeline" else f"/settings/{one.path}")


def put_words_in_order(work: Work, visit: Visit) -> Page | GoTo:
    one = _list_of(visit)
    work.group.label = f"{one.label} put in order"
    order_words(work, one.table, wanted_order(visit, _ids(work, one)))
    return words_page(work, visit, one) if visit.is_part else GoTo(f"/settings/{one.path}")


def _ids(work: Work, one: List) -> list[int]:
    return [word["id"] for word in work.vocabulary.living(one.table) if word["id"] not in WORD_KINDS[one.table].untouchable]


def word(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """One word with all that can be said of it."""
    one = _list_of(visit)
    found = _word(work, one, visit)
    words = {
        "list": one, "base": f"/settings/{one.path}", "word": found, "admins": admins(work),
        "icon_choices": [(icon, icon) for icon in ICONS],
        "use": used_by(word_uses(work, one.table).get(visit.id, {})), "typed": visit.fields if trouble else {},
        **problems_of(trouble, WORD_KINDS[one.table].readers),
    }  # fmt: skip
    return Page("settings/word.html", words, status=status_of(trouble))


def save_word(work: Work, visit: Visit) -> GoTo:
    one = _list_of(visit)
    found = _word(work, one, visit)
    work.group.label = f"{one.one.capitalize()} “{found['name']}” changed"
    change_word(work, one.table, visit.id, word_body(one.table, visit))
    return GoTo(f"/settings/pipelines/{visit.id}" if one.table == "pipeline" else f"/settings/{one.path}")


def hide_word(work: Work, visit: Visit) -> GoTo:
    one = _list_of(visit)
    work.group.label = f"{one.one.capitalize()} “{_word(work, one, visit)['name']}” hidden"
    if one.table == "pipeline":
        remove_pipeline(work, visit.id)
    else:
        archive_word(work, one.table, visit.id)
    return GoTo(f"/settings/{one.path}")


def show_word(work: Work, visit: Visit) -> GoTo:
    one = _list_of(visit)
    found = work.vocabulary.words[one.table].get(visit.id)
    work.group.label = f"{one.one.capitalize()} “{found['name'] if found else ''}” shown again"
    restore_word(work, one.table, visit.id)
    return GoTo(f"/settings/{one.path}")


def word_body(table: str, visit: Visit) -> dict[str, Any]:
    """What the form says of a word, as the API would bring it."""
    fields = visit.fields
    body: dict[str, Any] = {name: fields[name] for name in WORD_KINDS[table].readers if name in fields}
    for name in _TICKS:
        if name in body:
            body[name] = body[name] == "1"
    for name in ("silent_after_days", "win_probability"):
        if name in body:
            body[name] = body[name].strip() or None
    return body


def _list_of(visit: Visit) -> List:
    return LISTS[visit.path.split("/")[2]]


def _word(work: Work, one: List, visit: Visit) -> Mapping[str, Any]:
    found = work.vocabulary.words[one.table].get(visit.id)
    if found is None or found["archived_at"] is not None or visit.id in WORD_KINDS[one.table].untouchable:
        raise NotFound(f"There is no such {one.one}")
    return found
