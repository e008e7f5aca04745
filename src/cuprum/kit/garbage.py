"""How often Python looks for circular garbage."""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """For a server that has started: what is there stays, and answers leave little that is circular.

    As Python comes, it looks through everything that was ever imported again and again while a page is put together.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 5)
