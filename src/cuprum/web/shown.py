"""Values as people read them: in their language, in the account's zone and currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
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
        from babel.numbers import format_currency

        amount = Decimal(str(value))
        whole = amount == amount.to_integral_value()
        try:
            return str(
                format_currency(
                    amount, currency or self.currency, "¤#,##0" if whole else None, locale=self.locale, currency_digits=not whole
                )
            )
        except ValueError:
            return f"{amount} {currency or self.currency}"

    def number(self, value: Any) -> str:
        from babel.numbers import format_decimal

        return str(format_decimal(Decimal(str(value)), locale=self.locale))

    def day(self, value: date, *, with_year: bool = False) -> str:
        """The year is said where it is another, or always."""
        from babel.dates import format_date

        is_plain = value.year == self.now.year and not with_year
        return str(format_date(value, "d MMM" if is_plain else "d MMM y", locale=self.locale))

    def month(self, value: str) -> str:
        """Of a month as `2026-11`."""
        from babel.dates import format_date

        return str(format_date(date.fromisoformat(f"{value}-01"), "MMM y", locale=self.locale))

    def whole_day(self, value: date) -> str:
        from babel.dates import format_date

        return str(format_date(value, "full", locale=self.locale))

    def at(self, seconds: int) -> datetime:
        return datetime.fromtimestamp(seconds, self.zone)

    def moment(self, seconds: int) -> str:
        """The whole date and time, for a title."""
        from babel.dates import format_datetime

        return str(format_datetime(self.at(seconds), "full", tzinfo=self.zone, locale=self.locale))

    def ago(self, seconds: int) -> str:
        """`3 days ago`, `in 2 hours`; from a month on, the day."""
        from babel.dates import format_timedelta

        away = self.at(seconds) - self.now
        if abs(away) > timedelta(days=30):
            return self.day(self.at(seconds).date())
        if abs(away.total_seconds()) < _SOON_SECONDS:
            return "just now"
        return str(format_timedelta(away, add_direction=True, locale=self.locale))


@cache
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
