"""What can be wrong with an expression: one error, which says where."""

from __future__ import annotations


class ExpressionError(Exception):
    """A formula or accessor that cannot be read or has no value; `position` counts characters from 0 in `source`."""

    def __init__(self, reason: str, *, position: int = 0, source: str = "", path: str = "") -> None:
        super().__init__(reason)
        self.reason, self.position, self.source, self.path = reason, position, source, path

    def __str__(self) -> str:
        at = f"{self.path}: " if self.path else ""
        source = self.source if len(self.source) <= 120 else f"{self.source[:117]}…"
        return f"{at}{self.reason} (character {self.position + 1} of {source})" if self.source else f"{at}{self.reason}"
