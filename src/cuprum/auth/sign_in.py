"""Checks an e-mail address with its password, and slows down whoever guesses."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from cuprum.auth.passwords import LONGEST, hash_password, is_password
from cuprum.kit.errors import Limited
from cuprum.kit.text import fold
from cuprum.storage.account_tables import user

if TYPE_CHECKING:
    from limits import RateLimitItem

_MINUTES = 15
# Failures in that time: of one address at one e-mail, at one e-mail from anywhere, of one address at any.
FROM_HERE, OF_EMAIL, OF_ADDRESS = 5, 20, 50


@dataclass
class Attempt:
    is_right: bool = False


class SignInLimits:
    """Counts failures, whether or not the user exists, in a window that rolls. Each process counts for itself."""

    def __init__(self) -> None:
        # Loaded at the first sign-in.
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        self._window = MovingWindowRateLimiter(MemoryStorage())
        # Guesses whose password is being looked at: many at once must not pass the count together.
        self._underway: Counter[tuple[str, ...]] = Counter()
        self._limits = tuple(RateLimitItemPerMinute(most, _MINUTES) for most in (FROM_HERE, OF_EMAIL, OF_ADDRESS))

    def check(self, email: str, address: str) -> None:
        """Raises Limited while there were too many failures; it says nothing of whether the user exists."""
        for limit, *who in self._counted(email, address):
            if not self._window.test(limit, *who, cost=1 + self._underway[tuple(who)]):
                wait = max(1, math.ceil(self._window.get_window_stats(limit, *who).reset_time - time.time()))
                minutes = math.ceil(wait / 60)
                again = "in a minute" if minutes == 1 else f"in {minutes} minutes"
                raise Limited(f"Too many attempts. Try again {again}.", wait)

    @contextmanager
    def attempt(self, email: str, address: str) -> Iterator[Attempt]:
        """One try to sign in; raises Limited. Only a wrong password counts: a whole office may come in at nine."""
        self.check(email, address)
        places = [tuple(who) for _, *who in self._counted(email, address)]
        self._underway.update(places)
        made = Attempt()
        try:
            yield made
        finally:
            self._underway.subtract(places)
            self._underway += Counter()
        if made.is_right:
            self.succeeded(email, address)
        else:
            self.failed(email, address)

    def failed(self, email: str, address: str) -> None:
        for limit, *who in self._counted(email, address):
            self._window.hit(limit, *who)

    def succeeded(self, email: str, address: str) -> None:
        limit, *who = self._counted(email, address)[0]
        self._window.clear(limit, *who)

    def _counted(self, email: str, address: str) -> tuple[tuple[RateLimitItem, str] | tuple[RateLimitItem, str, str], ...]:
        from_here, of_email, of_address = self._limits
        return (from_here, fold(email), address), (of_email, fold(email)), (of_address, address)


def user_by_password(connection: Connection, email: str, password: str) -> Any | None:
    """The user, or None: for a wrong password and for an unknown or disabled user alike, and in the same time."""
    row = None
    if len(email) <= LONGEST and len(password) <= LONGEST and email.isprintable():
        row = connection.execute(select(user).where(user.c.email_key == fold(email), user.c.disabled_at.is_(None))).one_or_none()
    is_right = is_password(password[:LONGEST], (row and row.password_hash) or _nobodys())
    return row if is_right and row is not None and row.password_hash else None


@cache
def _nobodys() -> str:
    return hash_password("the password of nobody at all")
