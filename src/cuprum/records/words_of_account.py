"""The account's own words: created, renamed, put in order, archived and restored; admins only, each change logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from cuprum.auth.may import may
from cuprum.kit.errors import Invalid, NotFound, Problem
from cuprum.kit.text import fold
from cuprum.records.attributes import blank, read_attributes
from cuprum.records.recount import begin_recount
from cuprum.records.vocabulary import WORD_TABLES
from cuprum.records.vocabulary_change import vocabulary_change
from cuprum.records.word_kinds import WORD_KINDS
from cuprum.records.work import Work
from cuprum.storage.rows import inserted_id

# What one word of a list has at a time, and what the others have instead.
_ONE_HAS = (("is_default", False), ("is_default_task_type", None))


def create_word(work: Work, table: str, body: Any) -> int:
    """Add a word at the end of its list and return its id; raises Invalid with every problem."""
    _may(work, table)
    with vocabulary_change(work):
        kind = WORD_KINDS[table]
        given, problems = read_attributes(body, kind.readers, kind.passed_over)
        values = {**kind.defaults, **given}
        _check(work, table, values, {problem.attribute for problem in problems}, problems, None)
        values["place"] = _last_place(work, table) + 1
        word_id = inserted_id(work.connection, WORD_TABLES[table], values)
        work.group.record(table, word_id, "new", {}, values)
        _only_one(work, table, word_id, values)
    return word_id


def change_word(work: Work, table: str, word_id: int, body: Any) -> None:
    """Change what the body names: the name, what counts, where it belongs."""
    _may(work, table)
    with vocabulary_change(work):
        before, kind = _living(work, table, word_id), WORD_KINDS[table]
        given, problems = read_attributes(body, kind.readers, kind.passed_over)
        refused = {problem.attribute for problem in problems}
        _check(work, table, {**before, **given}, refused, problems, word_id)
        _write(work, table, before, given)
        _only_one(work, table, word_id, given)
    if before.get("is_interaction") != given.get("is_interaction", before.get("is_interaction")):
        begin_recount(work, word_id)


def order_words(work: Work, table: str, word_ids: list[int]) -> None:
    """Put the words named into the order given; those not named keep their order behind them, and the built-in one leads."""
    _may(work, table)
    with vocabulary_change(work):
        for word_id in word_ids:
            _living(work, table, word_id)
        fixed = WORD_KINDS[table].untouchable
        others = [word["id"] for word in work.vocabulary.living(table) if word["id"] not in (*word_ids, *fixed)]
        for place, word_id in enumerate((*fixed, *dict.fromkeys(word_ids), *others)):
            _write(work, table, work.vocabulary.words[table][word_id], {"place": place})


def archive_word(work: Work, table: str, word_id: int) -> None:
    """Take a word out of its list. Records that have it keep it, and its name; none can be given it."""
    _may(work, table)
    with vocabulary_change(work):
        word, kind = _living(work, table, word_id), WORD_KINDS[table]
        rest = [other for other in _siblings(work, table, word) if other["id"] != word_id]
        if kind.keeps_one and not rest:
            raise Invalid(Problem("base", f"The last {table.replace('_', ' ')} cannot be archived: add another one first"))
        _write(work, table, word, {"archived_at": work.now}, "delete")
        if word.get("is_default"):
            _write(work, table, word, {"is_default": False})
            _write(work, table, rest[0], {"is_default": True})


def restore_word(work: Work, table: str, word_id: int) -> None:
    """Take an archived word back into its list."""
    _may(work, table)
    with vocabulary_change(work):
        word = work.vocabulary.words[table].get(word_id)
        if word is None or word["archived_at"] is None:
            raise NotFound
        _check(work, table, word, set(), [], word_id)
        _write(work, table, word, {"archived_at": None}, "restore")
        taken = {name: off for name, off in _ONE_HAS if any(other.get(name) for other in work.vocabulary.living(table))}
        _write(work, table, word, {name: off for name, off in taken.items() if word[name]})


def _may(work: Work, table: str) -> None:
    may(work.actor, "manage", WORD_KINDS[table].plural)


def _living(work: Work, table: str, word_id: int) -> Mapping[str, Any]:
    word = work.vocabulary.words[table].get(word_id)
    if word is None or word["archived_at"] is not None or word_id in WORD_KINDS[table].untouchable:
        raise NotFound
    return word


def _siblings(work: Work, table: str, word: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The living words of its list; stages of other pipelines are in another one."""
    return [one for one in work.vocabulary.living(table) if one.get("pipeline_id") == word.get("pipeline_id")]


def _check(
    work: Work, table: str, values: Mapping[str, Any], refused: set[str], problems: list[Problem], word_id: int | None
) -> None:
    for name in WORD_KINDS[table].required:
        if values.get(name) is None and name not in refused:
            problems.append(blank(name))
    pipeline_id = values.get("pipeline_id")
    if pipeline_id is not None and pipeline_id not in {one["id"] for one in work.vocabulary.living("pipeline")}:
        problems.append(Problem("pipeline_id", f"Invalid value for Pipeline Id: there is no pipeline {pipeline_id}"))
    name = fold(values.get("name") or "")
    if name and any(fold(one["name"]) == name and one["id"] != word_id for one in _siblings(work, table, values)):
        problems.append(Problem("name", "has already been taken", "taken"))
    if values.get("is_default") is False and word_id is not None and work.vocabulary.words[table][word_id]["is_default"]:
        problems.append(Problem("is_default", "must be one of them: make another one the default instead"))
    if problems:
        raise Invalid(*problems)


def _only_one(work: Work, table: str, word_id: int, values: Mapping[str, Any]) -> None:
    """Whoever becomes the default takes that from the one that was."""
    for name, off in _ONE_HAS:
        if values.get(name):
            for other in work.vocabulary.words[table].values():
                if other[name] and other["id"] != word_id:
                    _write(work, table, other, {name: off})


def _write(work: Work, table: str, word: Mapping[str, Any], values: Mapping[str, Any], kind: str = "update") -> None:
    changed = {name: value for name, value in values.items() if value != word[name]}
    if changed:
        words = WORD_TABLES[table]
        work.execute(update(words).where(words.c.id == word["id"]).values(**changed))
        work.group.record(table, word["id"], kind, {name: word[name] for name in changed}, changed)


def _last_place(work: Work, table: str) -> int:
    last = work.execute(select(func.max(WORD_TABLES[table].c.place))).scalar()
    return -1 if last is None else last
