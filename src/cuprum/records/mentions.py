"""Mentions: `@Chie` or `@Chie Sato` in what people log. The text stays as it was typed; whoever is meant is told once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cuprum.auth.actor import Actor
from cuprum.kit.text import fold, is_written_without_spaces
from cuprum.records.draft import Draft
from cuprum.records.inbox import MENTION, is_active, tell, was_told
from cuprum.records.visible import seen_by, visible
from cuprum.records.vocabulary import Vocabulary
from cuprum.records.work import Work
from cuprum.storage.tables import TABLES

# After these an `@` stands in an address, of mail or of the web.
_IN_ADDRESS = "._+-%/"
_LONGEST_NAME = 120
# A text with more of them talks to nobody.
_MOST_SIGNS = 200


@dataclass(frozen=True)
class Mention:
    """Where it stands in the text, and the users of that name: several where a short name is not enough."""

    start: int
    end: int
    user_ids: tuple[int, ...]


class Names:
    """The names by which users are called: whole, by e-mail, or the first of their names where it is theirs alone."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._called: dict[str, list[int]] = {}
        first: dict[str, list[int]] = {}
        users = vocabulary.words["user"]
        for user_id, user in users.items():
            for name in {fold(user["name"]), fold(user["email"])} - {""}:
                self._called.setdefault(name, []).append(user_id)
            if user["disabled_at"] is None and (words := fold(user["name"]).split()):
                first.setdefault(words[0], []).append(user_id)
        for name, user_ids in first.items():
            self._called.setdefault(name, user_ids)
        # The longest that fits is meant.
        self._by_start: dict[str, list[str]] = {}
        for name in sorted(self._called, key=len, reverse=True):
            self._by_start.setdefault(name[:1], []).append(name)

    def mentions(self, text: str | None) -> list[Mention]:
        return list(self._found(text)) if text and "@" in text else []

    def _found(self, text: str) -> Iterator[Mention]:
        through = 0
        for sign in list(re.finditer("@", text))[:_MOST_SIGNS]:
            at = sign.start()
            if at < through or (at and _is_of_address(text[at - 1])):
                continue
            folded, ends = _folded(text, at + 1)
            for name in self._by_start.get(folded[:1], ()):
                if folded.startswith(name) and _ends_there(folded, name):
                    through = ends[len(name) - 1]
                    yield Mention(at, through, tuple(self._called[name]))
                    break


def _is_of_address(letter: str) -> bool:
    return letter in _IN_ADDRESS or (letter.isalnum() and not is_written_without_spaces(letter))


def _folded(text: str, start: int) -> tuple[str, list[int]]:
    """What stands from there on this line, as names are compared, and where in the text each letter of it ends."""
    folded = ""
    ends: list[int] = []
    for place in range(start, min(len(text), start + _LONGEST_NAME)):
        letter = text[place]
        if letter in "\r\n" or (letter.isspace() and not folded):
            break
        bare = " " if letter.isspace() else fold(letter)
        if not bare and ends:
            # A mark that belongs to the letter before it.
            ends[-1] = place + 1
        if bare == " " and folded.endswith(" "):
            bare = ""
        folded += bare
        ends += [place + 1] * len(bare)
    return folded, ends


def _ends_there(folded: str, name: str) -> bool:
    following = folded[len(name) : len(name) + 1]
    return not following.isalnum() or is_written_without_spaces(name[-1])


def mentionable(work: Work) -> list[str]:
    """What to write after the `@` for each of the others: their name, or where several have it the address."""
    users = [one for one in work.vocabulary.words["user"].values() if one["disabled_at"] is None]
    shared = Counter(fold(one["name"]) for one in users)
    others = (one for one in users if one["id"] != work.actor.user_id)
    return sorted((one["name"] if shared[fold(one["name"])] == 1 else one["email"] for one in others), key=fold)


def pieces(names: Names, text: str | None) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it calls somebody: for whoever shows it."""
    found, last = [], 0
    for one in names.mentions(text):
        assert text
        found += [(text[last : one.start], False), (text[one.start : one.end], True)]
        last = one.end
    return [piece for piece in [*found, ((text or "")[last:], False)] if piece[0]]


def tell_mentioned(draft: Draft, activity_id: int) -> None:
    """Tell those who are called in what was logged or edited and were not before; not the writer, nor who may not see it."""
    if not draft.changes("details") or not (parent := draft.get("parent")):
        return
    work, names = draft.work, Names(draft.work.vocabulary)
    former = {user_id for one in names.mentions(draft.before.get("details")) for user_id in one.user_ids}
    for one in names.mentions(draft.values["details"]):
        if len(one.user_ids) > 1 or one.user_ids[0] in former or not _may_be_told(work, one.user_ids[0], parent):
            continue
        user_id = one.user_ids[0]
        tell(
            work.connection, MENTION, _key(activity_id, user_id), user_id,
            at=work.now, actor_id=work.actor.user_id or None, about=("activity", activity_id),
        )  # fmt: skip


def _key(activity_id: int, user_id: int) -> str:
    return f"{activity_id} {user_id}"


def untold(work: Work, text: str | None, parent: Mapping[str, Any], activity_id: int | None = None) -> list[str]:
    """Why some of those who are called were not told, a sentence each, for the writer: of what is to be logged, or of an
    activity that was logged before, whichever way. Copper's wire has no place for it."""
    users, said = work.vocabulary.words["user"], []
    for one in Names(work.vocabulary).mentions(text := text or ""):
        if activity_id is not None and any(was_told(work, MENTION, _key(activity_id, user_id)) for user_id in one.user_ids):
            continue
        if len(one.user_ids) > 1:
            said.append(f"{text[one.start : one.end]} could be several people: write the whole name")
        elif not is_active(work, one.user_ids[0]):
            said.append(f"{users[one.user_ids[0]]['name']} was not told: they are not a user any more")
        elif not _sees(work, one.user_ids[0], parent):
            said.append(f"{users[one.user_ids[0]]['name']} was not told: they may not see this {parent['type']}")
    return list(dict.fromkeys(said))


def _may_be_told(work: Work, user_id: int, parent: Mapping[str, Any]) -> bool:
    return user_id != work.actor.user_id and is_active(work, user_id) and _sees(work, user_id, parent)


def _sees(work: Work, user_id: int, parent: Mapping[str, Any]) -> bool:
    user, records = work.vocabulary.words["user"][user_id], TABLES[parent["type"]]
    reader = Actor(user_id, user["role"], user["name"], user["email"], work.vocabulary.teams_of.get(user_id, ()))
    seen = select(records.c.id).where(records.c.id == parent["id"], visible(reader, parent["type"]))
    return work.execute(seen, seen_by(reader)).first() is not None
