"""The two kinds of apps, and the two ways in which they hear of the user's answer."""

from __future__ import annotations

# The code comes back by a GET redirect; an access token lasts an hour and is refreshed.
STANDARD = "standard"
# As Copper's cloud has it: the code comes back by form POST, tokens neither expire nor refresh (`copper-api/part1.md §2`).
COPPER = "copper"
KINDS = (STANDARD, COPPER)

# How the answer may travel back (OAuth 2.0 Form Post Response Mode).
FORM_POST = "form_post"
RESPONSE_MODES = ("query", FORM_POST)
