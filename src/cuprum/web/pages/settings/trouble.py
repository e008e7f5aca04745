"""What is wrong with a small form, in one line."""

from __future__ import annotations

from cuprum.kit.errors import CuprumError, Invalid


def told(trouble: CuprumError | None) -> str | None:
    if isinstance(trouble, Invalid):
        return "; ".join(f"{one.field} {one.reason}" for one in trouble.problems)
    return str(trouble) if trouble else None
