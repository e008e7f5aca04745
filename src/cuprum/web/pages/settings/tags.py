"""The tags in use: renamed, merged, deleted across all records."""

from __future__ import annotations

from cuprum.entities import ENTITIES
from cuprum.kit.errors import CuprumError, NotFound
from cuprum.kit.text import fold
from cuprum.records.admins import admins
from cuprum.records.long_work import TAG, LongWork
from cuprum.records.tags import counted_tags
from cuprum.records.work import Work
from cuprum.web.pages.settings.trouble import problems_of, status_of
from cuprum.web.parts import Begun
from cuprum.web.visit import Page, Visit

PATH = "/settings/tags"
_COUNTED = ("person", "company", "lead", "opportunity", "project", "task")


def tags(work: Work, visit: Visit) -> Page:
    searched = visit.query.get("q", "").strip()
    rows = [one for one in counted_tags(work) if fold(searched) in fold(one["name"])]
    plurals = [(ENTITIES[one].plural, f"count_{ENTITIES[one].plural}") for one in _COUNTED]
    return Page("settings/tags.html", {"tags": rows, "plurals": plurals, "searched": searched, "admins": admins(work)})


def one_tag(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    name = visit.fields.get("tag") or visit.query.get("tag", "")
    every = counted_tags(work)
    found = next((one for one in every if fold(one["name"]) == fold(name)), None)
    if found is None:
        raise NotFound("Nothing has this tag")
    words = {
        "tag": found, "others_known": [one["name"] for one in every if one is not found], "admins": admins(work),
        "typed": visit.fields if trouble else {}, **problems_of(trouble, ("into",)),
    }  # fmt: skip
    return Page("settings/tag.html", words, status=status_of(trouble))


def rename_tag(work: Work, visit: Visit) -> Begun:
    """A name that another tag has merges the two."""
    tag, into = visit.fields.get("tag", ""), visit.fields.get("into", "").strip()
    return LongWork(TAG, {"tag": tag, "into": into}, f"Tag “{tag}” is “{into}” now"), PATH


def delete_tag(work: Work, visit: Visit) -> Begun:
    tag = visit.fields.get("tag", "")
    return LongWork(TAG, {"tag": tag, "into": None}, f"Tag “{tag}” deleted"), PATH
