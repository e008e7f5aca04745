"""structlog as it is where rich is not installed: it would load that for its tracebacks, a third of a second of every start."""

import sys

_ours = "rich" not in sys.modules
if _ours:
    sys.modules["rich"] = None  # type: ignore[assignment]

import structlog  # noqa: E402

if _ours:
    del sys.modules["rich"]

__all__ = ["structlog"]
