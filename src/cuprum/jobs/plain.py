"""Values as they come back from a checkpoint: plain JSON, nothing else."""

from __future__ import annotations

from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


def plain(value: Any) -> Any:
    """The value after a trip through JSON, so that the first execution sees exactly what a replay will see.

    Tuples become lists, dates and decimals text; raises TypeError for what JSON cannot hold.
    """
    return _decode(_encode(value))
