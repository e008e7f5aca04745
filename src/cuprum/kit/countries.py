"""Countries by name: `United States` is `US`."""

from __future__ import annotations

from functools import cache


def country_code(country: str) -> str:
    """The two-letter code of a code or an English name; anything else is kept as it was typed."""
    country = country.strip()
    if len(country) == 2 and country.isascii() and country.isalpha():
        return country.upper()
    return _codes_by_name().get(country.casefold(), country) if country else country


@cache
def _codes_by_name() -> dict[str, str]:
    # Imported at the first name: most clients send codes, and the import costs more than a request.
    from babel import Locale

    codes = {name.casefold(): code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    return codes | {
        "united states of america": "US",
        "usa": "US",
        "uk": "GB",
        "great britain": "GB",
        "czech republic": "CZ",
    }
