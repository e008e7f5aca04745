"""Values as people read them: in their language, in the account's zone and currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cuprum.records.work import Work

if TYPE_CHECKING:
    from babel import Locale

_OTHERWISE = "en_GB"
_SOON_SECONDS = 45


@dataclass(frozen=True)
class Shown:
    locale: Locale
    zone: ZoneInfo
    now: datetime
    currency: str

    @classmethod
    def of(cls, work: Work, languages: str) -> Shown:
        zone = ZoneInfo(work.vocabulary.account["primary_timezone"])
        return cls(_locale(languages), zone, datetime.fromtimestamp(work.now, zone), work.vocabulary.account["currency"])

    def money(self, value: Any, currency: str | None = None) -> str:
        return _money(str(value), currency or self.currency, self.locale)

    def number(self, value: Any) -> str:
        return _number(str(value), self.locale)

    def day(self, value: date, *, with_year: bool = False) -> str:
        """The year is said where it is another, or always."""
        is_plain = value.year == self.now.year and not with_year
        return _day(value, "d MMM" if is_plain else "d MMM y", self.locale)

    def month(self, value: str) -> str:
        """Of a month as `2026-11`."""
        return _day(date.fromisoformat(f"{value}-01"), "MMM y", self.locale)

    def whole_day(self, value: date) -> str:
        return _day(value, "full", self.locale)

    def at(self, seconds: int) -> datetime:
        return datetime.fromtimestamp(seconds, self.zone)

    def moment(self, seconds: int) -> str:
        """The whole date and time, for a title."""
        return _moment(seconds, self.zone, self.locale)

    def ago(self, seconds: int) -> str:
        """`3 days ago`, `in 2 hours`; from a month on, the day."""
        from babel.dates import format_timedelta

        away = self.at(seconds) - self.now
        if abs(away) > timedelta(days=30):
            return self.day(self.at(seconds).date())
        if abs(away.total_seconds()) < _SOON_SECONDS:
            return "just now"
        return str(format_timedelta(away, add_direction=True, locale=self.locale))


# Babel takes as long for one amount as its row takes for all the rest, and what is looked at is looked at again.
_kept = lru_cache(maxsize=4_000)


@_kept
def _money(value: str, currency: str, locale: Locale) -> str:
    from babel.numbers import format_currency

    amount = Decimal(value)
    whole = amount == amount.to_integral_value()
    try:
        return str(
            format_currency(amount, currency, "¤#,##0" if whole else None, locale=locale, currency_digits=not whole)
        )  # fmt: skip
    except ValueError:
        return f"{amount} {currency}"


@_kept
def _number(value: str, locale: Locale) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(Decimal(value), locale=locale))


@_kept
def _day(value: date, form: str, locale: Locale) -> str:
    from babel.dates import format_date

    return str(format_date(value, form, locale=locale))


@_kept
def _moment(seconds: int, zone: ZoneInfo, locale: Locale) -> str:
    from babel.dates import format_datetime

    return str(format_datetime(datetime.fromtimestamp(seconds, zone), "full", tzinfo=zone, locale=locale))


@lru_cache(maxsize=200)
def _locale(languages: str) -> Locale:
    """The first of the browser's languages whose habits are known."""
    from babel import Locale, UnknownLocaleError

    for part in [*languages.split(",")[:8], _OTHERWISE]:
        name = part.partition(";")[0].strip().replace("-", "_")
        try:
            # Our words are English: days and numbers follow the region as far as that goes with them.
            locale = Locale.parse(name)
        except (ValueError, UnknownLocaleError, TypeError):
            continue
        if locale.language == "en":
            return locale
    return Locale.parse(_OTHERWISE)
