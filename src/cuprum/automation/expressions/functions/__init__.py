"""The function table: everything that a formula can call."""

from cuprum.automation.expressions.functions.casts import CASTS
from cuprum.automation.expressions.functions.dates import DATES
from cuprum.automation.expressions.functions.lists import LISTS
from cuprum.automation.expressions.functions.texts import TEXTS

FUNCTIONS = {**CASTS, **DATES, **LISTS, **TEXTS}

__all__ = ["FUNCTIONS"]
