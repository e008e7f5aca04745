"""The two kinds of apps."""

from __future__ import annotations

# The code comes back by a GET redirect; an access token lasts an hour and is refreshed.
STANDARD = "standard"
# As Copper's cloud has it: the code comes back by form POST, tokens neither expire nor refresh (`copper-api/part1.md §2`).
COPPER = "copper"
KINDS = (STANDARD, COPPER)
