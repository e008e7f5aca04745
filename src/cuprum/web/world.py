"""The time zones and currencies that a form offers."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def zones() -> list[str]:
    return [*sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")), "UTC"]


@cache
def currencies() -> list[tuple[str, str]]:
    """Code and name of every currency that is tender somewhere today."""
    # Its data takes a while to load, and is needed once in the life of an installation.
    from babel.core import get_global
    from babel.numbers import get_currency_name

    known = (entry for entries in get_global("territory_currencies").values() for entry in entries)
    codes = {code for code, _, until, is_tender in known if until is None and is_tender}
    return [(code, get_currency_name(code, locale="en")) for code in sorted(codes)]
