"""What a handler says of itself: the declaration that stands above it and becomes its entry in `/openapi.json`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cuprum.api.openapi.schemas import Schema

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One endpoint. Statuses that follow from its form (a body, an id in the path, a key) need no mention."""

    id: str
    summary: str
    tag: str
    answer: Schema
    description: str = ""
    body: Schema | None = None
    body_required: bool = False
    path: dict[str, Schema] = field(default_factory=dict)
    query: dict[str, Schema] = field(default_factory=dict)
    answer_headers: tuple[str, ...] = ()
    refusals: tuple[int, ...] = ()
    needs_key: bool = True
    media_type: str = "application/json"
    body_type: str = "application/json"


def declares(**facts: Any) -> Callable[[Handler], Handler]:
    """A decorator: the handler is an `Operation` of these facts."""
    operation = Operation(**facts)

    def note(handler: Handler) -> Handler:
        handler.__dict__["operation"] = operation
        return handler

    return note


def operation_of(endpoint: Any) -> Operation | None:
    """The declaration of an endpoint, or of the handler that it was made of."""
    return getattr(getattr(endpoint, "handler", endpoint), "operation", None)
