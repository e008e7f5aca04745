"""What is wrong with a form of the settings, and who may send it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cuprum.auth.may import may
from cuprum.kit.errors import CuprumError, Invalid
from cuprum.records.work import Work


def told(trouble: CuprumError | None) -> str | None:
    """All of it in one line, for a form of one field."""
    if isinstance(trouble, Invalid):
        return "; ".join(f"{one.field} {one.reason}" for one in trouble.problems)
    return str(trouble) if trouble else None


def problems_of(trouble: CuprumError | None, names: Iterable[str]) -> dict[str, Any]:
    """For a template: `problems`, a line for each field that has one, and `others`, what belongs under none."""
    known, problems, others = set(names), dict[str, str](), list[str]()
    for one in trouble.problems if isinstance(trouble, Invalid) else ():
        if one.attribute in known:
            problems[one.attribute] = "; ".join(filter(None, (problems.get(one.attribute), one.reason)))
        else:
            others.append(one.reason if one.attribute == "base" else f"{one.field}: {one.reason}")
    if trouble and not isinstance(trouble, Invalid):
        others.append(str(trouble))
    return {"problems": problems, "others": others}


def status_of(trouble: CuprumError | None) -> int:
    return trouble.status if trouble else 200


def admins_only(work: Work, what: str) -> None:
    """For pages that show what only admins may see; raises Forbidden."""
    may(work.actor, "manage", what)


def number(text: str | None) -> int | None:
    """An id that a form brings; None for what is none."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
