"""A function of the formula language: how many arguments, and what it does with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cuprum.automation.expressions.scope import Scope


@dataclass(frozen=True)
class Function:
    """`call(scope, *arguments)`; it raises `Wrong` for arguments that it cannot take."""

    call: Callable[..., Any]
    least: int
    most: int

    @property
    def arity(self) -> str:
        count = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
        return f"{count} argument" + ("" if count == "1" else "s")


def pure(call: Callable[..., Any], least: int, most: int | None = None) -> Function:
    """A function that needs nothing of the scope."""

    def without_scope(scope: Scope, *arguments: Any) -> Any:
        return call(*arguments)

    return Function(without_scope, least, least if most is None else most)
