"""The account: its name, currency, time zone and exchange rates."""

from __future__ import annotations

from cuprum.kit.errors import CuprumError
from cuprum.records.account_settings import remove_rate, set_rate
from cuprum.records.admins import admins
from cuprum.records.long_work import ACCOUNT, RECONVERSION, LongWork
from cuprum.records.work import Work
from cuprum.web.given import amount_of
from cuprum.web.pages.settings.trouble import problems_of, status_of
from cuprum.web.parts import Begun
from cuprum.web.shown import Shown
from cuprum.web.visit import GoTo, Page, Visit
from cuprum.web.world import currencies, zones

PATH = "/settings/account"


def account(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    return _page(work, trouble, visit.fields, "account")


def rate_again(work: Work, visit: Visit, trouble: CuprumError | None = None) -> Page:
    """The page with what was typed for a rate, whose currency is not the account's."""
    return _page(work, trouble, visit.fields, "rate")


def _page(work: Work, trouble: CuprumError | None, typed: dict[str, str], form: str) -> Page:
    told = problems_of(trouble, ("name", "currency", "primary_timezone", "rate"))
    own = work.vocabulary.account
    known = zones() if own["primary_timezone"] in zones() else [own["primary_timezone"], *zones()]
    is_rate = trouble is not None and form == "rate"
    words = {
        "own": own, "base": PATH, "zones": [(one, one) for one in known], "admins": admins(work),
        "currencies": [(code, f"{code} · {name}") for code, name in currencies()],
        "rates": [(code, f"{rate.normalize():f}") for code, rate in sorted(work.vocabulary.rates.items())],
        "typed": typed if trouble and not is_rate else {}, "problems": {} if is_rate else told["problems"],
        "rate_typed": typed if is_rate else {}, "rate_problems": told["problems"] if is_rate else {}, "others": told["others"],
    }  # fmt: skip
    return Page("settings/account.html", words, status=status_of(trouble))


def save_account(work: Work, visit: Visit) -> Begun:
    asked = {name: visit.fields.get(name, "") for name in ("name", "currency", "primary_timezone")}
    return LongWork(ACCOUNT, asked, "Account changed"), PATH


def save_rate(work: Work, visit: Visit) -> GoTo:
    code = visit.fields.get("currency", "").strip().upper()
    work.group.label = f"Exchange rate of {code[:3]} set"
    set_rate(work, code, amount_of(visit.fields.get("rate", ""), Shown.of(work, visit.languages)))
    return GoTo(PATH)


def drop_rate(work: Work, visit: Visit) -> GoTo:
    code = visit.parameters["code"]
    work.group.label = f"Exchange rate of {code[:3]} removed"
    remove_rate(work, code)
    return GoTo(PATH)


def convert_anew(work: Work, visit: Visit) -> Begun:
    return LongWork(RECONVERSION, {}, "All values converted anew"), PATH
