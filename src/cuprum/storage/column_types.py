"""Column types that are the same on SQLite and PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, TypeDecorator
from sqlalchemy.engine import Dialect

from cuprum.kit import jsonio

# SQLite only auto-increments INTEGER keys.
BigId = BigInteger().with_variant(Integer, "sqlite")

# Byte order on both databases, whatever the database's own collation.
FoldedText = Text().with_variant(Text(collation="C"), "postgresql")


class Amount(TypeDecorator[Decimal]):
    """A decimal with four places as a whole number of ten-thousandths: sums and comparisons are exact on both."""

    impl = BigInteger
    cache_ok = True
    parts = 10_000

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value * self.parts)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / self.parts


class Rate(Amount):
    """As an amount, with ten places: one won is a few ten-thousandths of a euro."""

    cache_ok = True
    parts = 10_000_000_000


class JsonText(TypeDecorator[Any]):
    """JSON kept as text: written from values, read back as the text, which goes to the wire untouched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else jsonio.text(value)
