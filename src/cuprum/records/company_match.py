"""The companies that a name may mean: the same name, else names alike but for legal forms and punctuation."""

from __future__ import annotations

import re

from sqlalchemy import select

from cuprum.kit.errors import Invalid, Problem
from cuprum.kit.text import fold
from cuprum.records.visible import visible
from cuprum.records.work import Work
from cuprum.storage.dialect import name_contains
from cuprum.storage.tables import TABLES

_FORMS = """
    ab ag as asa bv co company corp corporation gmbh inc incorporated kg lda limited llc llp ltd ltda nv oy plc pty sa sarl
    se sl spa srl the
"""
_LEGAL_FORMS = frozenset(_FORMS.split())
_WORD = re.compile(r"\w+")
_MOST_LOOKED_AT = 200

companies = TABLES["company"]


def named(work: Work, name: str) -> list[tuple[int, str]]:
    """Ids and names of the visible companies of exactly that name but for case and marks, oldest first."""
    return _found(work, companies.c.name_key == fold(name)[:255])


def with_domain(work: Work, domain: str) -> int | None:
    """The visible company whose mail has that domain."""
    held = select(companies.c.id).where(companies.c.email_domain_key == fold(domain), visible(work.actor, "company"))
    found: int | None = work.execute(held).scalar()
    return found


def alike(work: Work, name: str) -> list[tuple[int, str]]:
    """Those whose names differ by no more than a legal form, `the` or punctuation."""
    wanted = essence(name)
    longest = max(wanted, key=len, default="")
    # Trigrams need three letters.
    if len(longest) < 3:
        return []
    return [one for one in _found(work, name_contains(work.connection, companies, longest)) if essence(one[1]) == wanted]


def the_one_meant(work: Work, name: str) -> int | None:
    """The company that a name means, None where there is none; raises Invalid that names the candidates if there are several."""
    found = named(work, name) or alike(work, name)
    if len(found) > 1:
        told = ", ".join(f"{candidate} (id {company_id})" for company_id, candidate in found[:30])
        raise Invalid(
            Problem("company", f"several companies are alike: {told}. Give the id of one, or exact_match: true", "ambiguous")
        )
    return found[0][0] if found else None


def _found(work: Work, condition: object) -> list[tuple[int, str]]:
    statement = select(companies.c.id, companies.c.name).where(condition, visible(work.actor, "company"))  # type: ignore[arg-type]
    return [(row.id, row.name) for row in work.execute(statement.order_by(companies.c.id).limit(_MOST_LOOKED_AT))]


def essence(name: str) -> tuple[str, ...]:
    """The words of a name without legal forms and punctuation."""
    return core_of(fold(name))


def core_of(folded: str) -> tuple[str, ...]:
    """The same of a name without case and marks."""
    # S.A. and B.V. are one word each.
    words = _WORD.findall(folded.replace(".", "").replace("'", ""))
    return tuple(word for word in words if word not in _LEGAL_FORMS) or tuple(words)
