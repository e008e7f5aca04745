"""Every error that a face may show, each one sentence a user could read and one status.

CuprumError
├── Malformed          400  the request cannot be read
├── Unauthenticated    401  nobody we know is asking
├── Forbidden          403  somebody we know, who may not
│   ├── NoRight        403  … for want of a right that an admin has, or can give
│   └── TooNarrow      403  an app that was not allowed so much
├── NotFound           404  no such record
├── NoSuchRoute        404  no such path, or no such verb on it
├── Conflict           409  somebody else was faster
├── Gone               410  what is pointed at is no more
├── TooLarge           413  the body is over the limit
├── Invalid            422  one or more fields break a rule
│   └── Ambiguous      422  several records fit where one is meant
├── Refused            422  the request as a whole breaks a rule
├── BatchTooLarge      422  more items than a bulk call takes
├── Limited            429  too many requests
├── OtherServer        502  a server that was to be asked did not answer as needed
└── Unavailable        503  the database cannot take this now
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class CuprumError(Exception):
    """The root: `status` is the HTTP status, `str(error)` the sentence, `headers` what goes along."""

    status = 500

    @property
    def headers(self) -> dict[str, str]:
        return {}


class Malformed(CuprumError):
    status = 400


class Unauthenticated(CuprumError):
    status = 401

    def __init__(
        self, sentence: str = "Unauthorized: the API key or the e-mail address is not known", challenge: str | None = None
    ) -> None:
        self.challenge = challenge
        super().__init__(sentence)

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": self.challenge} if self.challenge else {}


class Forbidden(CuprumError):
    status = 403


class NoRight(Forbidden):
    """The sentence names the right; a page adds who the admins are."""


class TooNarrow(Forbidden):
    """A token whose scopes do not reach this far (RFC 6750 §3.1)."""

    def __init__(self, sentence: str, scopes: str) -> None:
        self.scopes = scopes
        super().__init__(sentence)

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scopes}"'}


class NotFound(CuprumError):
    status = 404

    def __init__(self, sentence: str = "Resource not found") -> None:
        super().__init__(sentence)


class NoSuchRoute(CuprumError):
    status = 404

    def __init__(self) -> None:
        super().__init__("not_found")


class Conflict(CuprumError):
    status = 409


class Gone(CuprumError):
    status = 410


class TooLarge(CuprumError):
    status = 413


@dataclass(frozen=True)
class Problem:
    """One broken rule: the attribute (wire name, or `Base`), a reason, and a one-word code for bulk answers."""

    attribute: str
    reason: str
    code: str = "invalid"

    @property
    def field(self) -> str:
        """The attribute in title case, as Copper prints it: `company_id` is `Company Id`."""
        return " ".join(word[:1].upper() + word[1:] for word in self.attribute.split("_"))


class Invalid(CuprumError):
    """Fields that break rules, all of them at once (`copper-api/part1.md §3`)."""

    status = 422

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        lines = "\n".join(f"{problem.field}: {problem.reason}" for problem in problems)
        super().__init__(f"Invalid input: Validation errors: {lines}")


class Ambiguous(Invalid):
    """Several records fit; `ids` are those that are told, none when they are too many."""

    def __init__(self, problem: Problem, ids: Sequence[int]) -> None:
        self.ids = list(ids)
        super().__init__(problem)


class Refused(CuprumError):
    status = 422


class BatchTooLarge(CuprumError):
    status = 422

    def __init__(self, limit: int) -> None:
        super().__init__(f"Request size too large, limit is {limit}")


class Limited(CuprumError):
    status = 429

    def __init__(self, sentence: str, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(sentence)

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_seconds)}


class OtherServer(CuprumError):
    status = 502


class Unavailable(CuprumError):
    status = 503
