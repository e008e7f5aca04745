"""Passwords: stored as argon2 digests."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cuprum.kit.errors import Invalid, Problem

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST = 10


def hash_password(password: str) -> str:
    """The digest to store; raises Invalid for one that is too short."""
    if len(password) < SHORTEST:
        raise Invalid(Problem("password", f"must have at least {SHORTEST} characters", "too_short"))
    return _hasher().hash(password)


def is_password(password: str, digest: str) -> bool:
    return _hasher().verify(password, digest)


@cache
def _hasher() -> PasswordHash:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    return PasswordHash((Argon2Hasher(),))
