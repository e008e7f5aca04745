"""Regular expressions written by users: bounded in time, whatever they are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cuprum.automation.expressions.values import Wrong

_MOST_SECONDS = 0.2


def found(pattern: str, text: str, *, whole: bool, ignore_case: bool = False) -> bool:
    """Whether the pattern is in the text, or is the whole of it; raises Wrong for what is no pattern or takes too long."""
    compiled = _compiled(pattern, ignore_case)
    try:
        match = compiled.fullmatch if whole else compiled.search
        return match(text, timeout=_MOST_SECONDS) is not None
    except TimeoutError:
        raise Wrong(f"the pattern {pattern!r} takes too long on this text") from None


def split(pattern: str, text: str) -> list[str]:
    """The parts as Java's `split` gives them: empty ones at the end are left out."""
    try:
        parts = [part or "" for part in _compiled(pattern, False).split(text, timeout=_MOST_SECONDS)]
    except TimeoutError:
        raise Wrong(f"the pattern {pattern!r} takes too long on this text") from None
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


@lru_cache(maxsize=200)
def _compiled(pattern: str, ignore_case: bool) -> Any:
    # It takes ten megabytes, and few workflows have a pattern.
    import regex

    try:
        return regex.compile(pattern, regex.IGNORECASE if ignore_case else 0)
    except regex.error as trouble:
        raise Wrong(f"{pattern!r} is no regular expression: {trouble}") from None
