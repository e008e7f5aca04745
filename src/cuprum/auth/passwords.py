"""Passwords: stored as argon2 digests."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cuprum.kit.errors import Invalid, Problem

if TYPE_CHECKING:
    from pwdlib import PasswordHash

SHORTEST, LONGEST = 10, 500


def hash_password(password: str) -> str:
    """The digest to store; raises Invalid for one that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(Problem("password", f"must have {SHORTEST} to {LONGEST} characters"))
    return _hasher().hash(password)


def is_password(password: str, digest: str) -> bool:
    return _hasher().verify(password, digest)


@cache
def _hasher() -> PasswordHash:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    return PasswordHash((Argon2Hasher(),))
