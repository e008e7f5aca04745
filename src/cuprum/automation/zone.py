"""The account's time zone, in which formulas read days and clocks."""

from __future__ import annotations

from sqlalchemy import Connection, select

from cuprum.storage.account_tables import account


def zone_of_account(connection: Connection) -> str:
    return connection.execute(select(account.c.primary_timezone)).scalar() or "UTC"
