"""Parts of Copper that an account can switch off; their addresses then answer 403 (`copper-api/part1.md §3`)."""

from __future__ import annotations

from cuprum.kit.errors import Forbidden
from cuprum.records.vocabulary import Vocabulary

# The first word of an address → the column of the account that switches it.
_SWITCHES = {"leads": "leads_enabled"}


def refuse_switched_off(vocabulary: Vocabulary, path: str) -> None:
    """Raises Forbidden for an address below `/developer_api/v1` whose feature the account does not use."""
    _, _, below = path.partition("/developer_api/v1/")
    switch = _SWITCHES.get(below.partition("/")[0])
    if switch and not vocabulary.account[switch]:
        raise Forbidden("Feature not enabled")
