"""What a node can be told, what it says, and what can go wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cuprum.connector.errors import CopperError, OutcomeUnknown, Unauthorized
from cuprum.kit.errors import CuprumError, Unavailable

# What `failure.data["class"]` can be.
TRANSIENT, PERMANENT, NEEDS_REAUTH, UNKNOWN = "transient", "permanent", "needs_reauth", "unknown"
LONGEST_RETRY_AFTER_SECONDS = 86_400.0


@dataclass(frozen=True)
class NodeCall:
    """One call of a node: where it stands, and its input with every expression replaced."""

    run_id: str
    place: str
    node: str
    type: str
    input: dict[str, Any]
    connection: str | None = None
    # Raised by editing the input, so that the edited write is not taken for the former one.
    edition: int = 0
    now: float = 0.0

    @property
    def key(self) -> str:
        """The same however often the call is made; writes carry it, so that they count once."""
        return f"{self.run_id}/{self.place}/{self.edition}"


@dataclass(frozen=True)
class Wrote:
    """A record that a step wrote, by which its event is known again.

    `version` is the second of its modification, 0 where it was deleted or converted: no answer shows it.
    `custom_fields` are the definition ids of those sent.
    """

    entity: str
    record_id: int
    version: int
    custom_fields: tuple[int, ...] | None = ()


@dataclass(frozen=True)
class Said:
    """The output, the records that were written, and the group of changes where the server has such."""

    output: Any
    wrote: tuple[Wrote, ...] = ()
    group: str | None = None


class NodeTrouble(Exception):
    """A node failed; `data` survives in the engine, and says what may be tried."""

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        trouble: str = PERMANENT,
        retry_after_seconds: float | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.data: dict[str, Any] = {
            "error": kind,
            "class": trouble,
            "retry_after_seconds": retry_after_seconds,
            "details": details or {},
        }

    @property
    def trouble(self) -> str:
        return str(self.data["class"])


class Undecidable(NodeTrouble):
    """A write was sent, and nobody can tell whether it happened: it is not repeated."""

    def __init__(self, message: str, candidate_ids: tuple[int, ...] = ()) -> None:
        super().__init__(message, kind="Ambiguous", trouble=UNKNOWN, details={"candidate_ids": list(candidate_ids)})


def node_trouble(error: Exception) -> NodeTrouble:
    """Any error of a node as one that says what may be tried."""
    match error:
        case NodeTrouble():
            return error
        case Unauthorized():
            return _of_copper(error, NEEDS_REAUTH)
        case OutcomeUnknown():
            # It is looked for before it is sent again.
            return _of_copper(error, TRANSIENT)
        case CopperError():
            return _of_copper(error, PERMANENT if error.permanent else TRANSIENT)
        case Unavailable():
            return NodeTrouble(str(error), kind="Unavailable", trouble=TRANSIENT)
        case CuprumError():
            return NodeTrouble(str(error), kind=type(error).__name__)
    return NodeTrouble(f"{type(error).__name__}: {error}", kind=type(error).__name__)


def _of_copper(error: CopperError, trouble: str) -> NodeTrouble:
    return NodeTrouble(
        error.message,
        kind=type(error).__name__,
        trouble=trouble,
        retry_after_seconds=error.retry_after_seconds,
        details=error.as_json(),
    )
