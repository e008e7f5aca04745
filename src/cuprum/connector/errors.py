"""Everything that can go wrong when one speaks to a Copper-shaped API.

CopperError                    status, message, problems, retry_after_seconds, permanent
├── InvalidInput               refused here, before any request went out: all problems at once
├── NotFoundLocally            a look-up by e-mail, name or match found none, or several
│   ├── NothingFound
│   └── SeveralFound           carries their ids
├── Refused                    the API answered no
│   ├── BadRequest             400
│   ├── Unauthorized           401: the connection needs re-authorisation
│   │   └── AuthorizationFailed  OAuth: the user said no, or the code or refresh token was not accepted
│   ├── Forbidden              403
│   │   └── FeatureOff         the entity is switched off for the account or plan
│   ├── NotFound               404
│   │   └── NoSuchRoute        the path itself is unknown: is the base URL right?
│   │       └── FilesNotKept   the server has no place for files
│   ├── Invalid                422: problems names each field and why
│   └── RateLimited            429: try again after retry_after_seconds
├── ServerFault                5xx to something that may be tried again
├── Unreachable                no answer, and nothing was changed or repeating changes nothing more
├── OutcomeUnknown             no usable answer to a write that may have happened: look before repeating
├── BadAnswer                  200, but not what the contract says
├── TargetRefused              the guarded transport does not let the address through
└── BeyondReach                a search holds more rows than Copper ever pages through (100,000)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One field and what is wrong with it; `field` as on the wire, `label` as a person reads it."""

    field: str
    message: str
    label: str = ""

    def __str__(self) -> str:
        return f"{self.label or self.field}: {self.message}"


class CopperError(Exception):
    """Something about a call to a Copper-shaped API failed."""

    status: int | None = None
    permanent = True

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        problems: Sequence[Problem] = (),
        retry_after_seconds: float | None = None,
        body: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status if status is not None else self.status
        self.problems = list(problems)
        self.retry_after_seconds = retry_after_seconds
        self.body = body

    def as_json(self) -> dict[str, Any]:
        """What a program is told: the error's name, the words, the problems and whether to try again."""
        return {
            "error": type(self).__name__,
            "message": self.message,
            "status": self.status,
            "problems": [{"field": p.field, "label": p.label or p.field, "message": p.message} for p in self.problems],
            "retry_after_seconds": self.retry_after_seconds,
            "permanent": self.permanent,
        }


class InvalidInput(CopperError):
    """The input was refused before any request went out."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)), problems=problems)


class NotFoundLocally(CopperError):
    """A look-up did not find exactly one record."""


class NothingFound(NotFoundLocally):
    """No record fits."""


class SeveralFound(NotFoundLocally):
    """More than one record fits; `ids` says which."""

    def __init__(self, message: str, ids: Sequence[int], **more: Any) -> None:
        super().__init__(message, **more)
        self.ids = list(ids)

    def as_json(self) -> dict[str, Any]:
        return super().as_json() | {"ids": self.ids}


class Refused(CopperError):
    """The API answered no."""


class BadRequest(Refused):
    status = 400


class Unauthorized(Refused):
    """The key or token is not accepted: the connection needs re-authorisation."""

    status: int | None = 401


class AuthorizationFailed(Unauthorized):
    """The user refused, or the authorisation server did not accept the code or the refresh token."""

    status = None


class Forbidden(Refused):
    status = 403


class FeatureOff(Forbidden):
    """The entity is switched off for this account or plan."""


class NotFound(Refused):
    status = 404


class NoSuchRoute(NotFound):
    """The server knows no such path: the base URL may be wrong."""


class FilesNotKept(NoSuchRoute):
    """The server has no place for files; Copper's cloud has."""


class Invalid(Refused):
    """A field was refused; `problems` names each."""

    status = 422


class RateLimited(Refused):
    """Too many requests; wait `retry_after_seconds`."""

    status = 429
    permanent = False


class ServerFault(CopperError):
    """The server failed; nothing speaks against trying again."""

    permanent = False


class Unreachable(CopperError):
    """No answer came; trying again does no harm."""

    permanent = False


class OutcomeUnknown(CopperError):
    """A write was sent and no usable answer came: it may have happened, so look before repeating it."""


class BadAnswer(CopperError):
    """The answer is not what the contract says."""


class TargetRefused(CopperError):
    """The base URL leads where this installation does not send to; the message names the setting."""


class BeyondReach(CopperError):
    """A search matches more rows than the API ever pages through: narrow it."""


BY_STATUS: dict[int, type[Refused]] = {
    one.status: one for one in (BadRequest, Unauthorized, Forbidden, NotFound, Invalid, RateLimited) if one.status
}
VALIDATION = "Invalid input: Validation errors: "


def error_from(status: int, body: Any, retry_after_seconds: float | None = None) -> CopperError:
    """The error for an answer that is not 200; `body` is decoded JSON, or text when it was none.

    Both shapes of `copper-api/part1.md` §3 are read: {message, status} and {error}.
    """
    message = words(body) or f"The server answered {status}."
    kind: type[CopperError] = BY_STATUS.get(status, ServerFault if status >= 500 else Refused)
    if kind is Forbidden and "feature not enabled" in message.lower():
        kind = FeatureOff
    if kind is NotFound and message == "not_found":
        kind = NoSuchRoute
    return kind(message, status=status, problems=problems_in(message), retry_after_seconds=retry_after_seconds, body=body)


def words(body: Any) -> str:
    if not isinstance(body, Mapping):
        # A proxy's HTML page helps nobody.
        return "" if not isinstance(body, str) or body.lstrip().startswith("<") else body.strip()[:500]
    if isinstance(body.get("message"), str):
        return str(body["message"])
    detail = body.get("error_description") or body.get("error") or body.get("message") or ""
    return detail if isinstance(detail, str) else str(detail)


def problems_in(message: str) -> list[Problem]:
    """`Invalid input: Validation errors: Company Id: …\\nName: …`, taken apart."""
    if not message.startswith(VALIDATION):
        return []
    lines = message.removeprefix(VALIDATION).split("\n")
    parts = [line.partition(": ") for line in lines if line]
    return [Problem(re.sub(r"\W+", "_", label.lower()), reason, label) for label, _, reason in parts]
