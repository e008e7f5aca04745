"""Users and their keys: added, and created, from the command line and the settings."""

from __future__ import annotations

import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import available_timezones

from sqlalchemy import Connection, Row, delete, select, update

from cuprum.auth.actor import ROLES
from cuprum.auth.digests import hashed
from cuprum.events.log import Group
from cuprum.kit.errors import Invalid, NotFound, Problem, Refused
from cuprum.kit.text import fold
from cuprum.records.new_account import has_account, open_account
from cuprum.records.vocabulary import touch_vocabulary
from cuprum.storage.account_tables import api_key, user
from cuprum.storage.dialect import lock_word
from cuprum.storage.oauth_tables import session
from cuprum.storage.rows import inserted_id

T = TypeVar("T")


def logged_by_command(work: Callable[..., T], label: str) -> Callable[..., T]:
    """The piece of work with a change group of its own, in which it stands as done on the command line."""

    def logged(connection: Connection, **values: Any) -> T:
        return work(connection, **values, group=Group(connection, None, "cli", None, label))

    return logged


@dataclass(frozen=True)
class OpenedAccount:
    """What an account is opened with: its name, time zone (`Europe/Lisbon`) and currency (`EUR`)."""

    name: str
    zone: str
    currency: str


def first_user_problems(account: OpenedAccount, email: str, name: str) -> list[Problem]:
    """What is wrong with an account to be opened, and with its owner."""
    problems = user_problems(email, name)
    problems += line_problems("account", account.name)
    if re.fullmatch("[A-Z]{3}", account.currency) is None:
        problems.append(Problem("currency", "must be a currency code of three letters such as EUR"))
    if account.zone not in available_timezones():
        problems.append(Problem("zone", "must be a time zone such as Europe/Lisbon"))
    return problems


def add_first_user(connection: Connection, account: OpenedAccount, *, face: str = "cli", **values: Any) -> int | None:
    """Open the account with its owner, whose id it returns; None where there is an account already. Raises Invalid."""
    lock_word(connection, "first user")
    if has_account(connection):
        return None
    if values["role"] != "owner":
        raise Refused("There is no account yet: its first user must be its owner (--role owner).")
    if problems := first_user_problems(account, values["email"], values["name"]):
        raise Invalid(*problems)
    open_account(connection, name=account.name.strip(), zone=account.zone, currency=account.currency)
    return add_user(connection, **values, group=Group(connection, None, face, None, "Account opened"))


def add_user(
    connection: Connection, *, email: str, name: str, role: str, password_hash: str | None = None, group: Group | None = None
) -> int:
    """Add a user and return the id; raises Invalid for an address that is taken or a role that is none."""
    problems = [] if role in ROLES else [Problem("role", f"must be one of {', '.join(ROLES)}")]
    problems += user_problems(email, name)
    if not problems and connection.execute(select(user.c.id).where(user.c.email_key == fold(email))).first():
        problems.append(Problem("email", "has already been taken", "taken"))
    if problems:
        raise Invalid(*problems)
    values = {
        "email": email.strip(),
        "email_key": fold(email),
        "name": name.strip(),
        "role": role,
        "password_hash": password_hash,
    }
    user_id = inserted_id(connection, user, {**values, "date_created": int(time.time())})
    touch_vocabulary(connection)
    if group:
        group.record("user", user_id, "new", {}, {"email": email.strip(), "name": name.strip(), "role": role})
    return user_id


def user_problems(email: str, name: str) -> list[Problem]:
    """What is wrong with the address and the name of somebody who is to be a user."""
    is_address = re.fullmatch(r"[^@\s]+@[^@\s]+", email.strip()) and email.isprintable() and len(email) <= 254
    problems = [] if is_address else [Problem("email", "is not an e-mail address")]
    return problems + line_problems("name", name)


def line_problems(attribute: str, line: str) -> list[Problem]:
    """What is wrong with a name of one line."""
    if not line.strip():
        return [Problem(attribute, "can't be blank", "blank")]
    # Control characters, and halves of letters that UTF-8 does not know.
    if len(line) > 255 or any(unicodedata.category(one) in ("Cc", "Cs") for one in line):
        return [Problem(attribute, "must be one line of text, of at most 255 characters")]
    return []


def users(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(user).order_by(user.c.id)).all()


def set_password(connection: Connection, *, email: str, password_hash: str, group: Group) -> None:
    """Replace a user's password and end their sessions; raises NotFound for nobody active."""
    user_id = connection.execute(select(user.c.id).where(*_active(email))).scalar()
    if user_id is None:
        raise _nobody(email)
    connection.execute(update(user).where(user.c.id == user_id).values(password_hash=password_hash))
    connection.execute(delete(session).where(session.c.user_id == user_id))
    # The log says that it changed, and nothing of either digest.
    group.record("user", user_id, "update", {"password": None}, {"password": "changed"})


def disable_user(connection: Connection, *, email: str, group: Group) -> None:
    """Raises NotFound for nobody active, Refused for the last owner."""
    found = connection.execute(select(user.c.id).where(*_active(email))).one_or_none()
    if found is None:
        raise _nobody(email)
    refuse_last_owner(connection, found.id)
    at = int(time.time())
    connection.execute(update(user).where(user.c.id == found.id).values(disabled_at=at))
    touch_vocabulary(connection)
    group.record("user", found.id, "update", {"disabled_at": None}, {"disabled_at": at})


def refuse_last_owner(connection: Connection, user_id: int) -> None:
    """Raises Refused where this is the only owner who can come in."""
    owners = select(user.c.id, user.c.email).where(user.c.role == "owner", user.c.disabled_at.is_(None)).limit(2)
    found = connection.execute(owners).all()
    if [one.id for one in found] == [user_id]:
        raise Refused(f"{found[0].email} is the only owner: make somebody else an owner first.")


def _active(email: str) -> tuple[Any, ...]:
    return user.c.email_key == fold(email), user.c.disabled_at.is_(None)


def _nobody(email: str) -> NotFound:
    return NotFound(f"There is no active user with the address {email}. Those there are: cuprum user list")


def create_key(connection: Connection, *, email: str, label: str, group: Group | None = None) -> str:
    """Create an API key for a user and return it: it is shown once, only its digest is stored."""
    user_id = connection.execute(select(user.c.id).where(*_active(email))).scalar()
    if user_id is None:
        raise _nobody(email)
    # 256 random bits in 43 characters; Copper's own have 32, and no client counts them.
    key = secrets.token_urlsafe(32)
    values = {"user_id": user_id, "hash": hashed(key), "label": label, "hint": key[-4:], "date_created": int(time.time())}
    key_id = inserted_id(connection, api_key, values)
    if group:
        group.record("api_key", key_id, "new", {}, {"user_id": user_id, "label": label, "hint": key[-4:]})
    return key


def keys(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(
        select(api_key, user.c.email).join(user, user.c.id == api_key.c.user_id).order_by(api_key.c.id)
    ).all()


def revoke_key(connection: Connection, *, key_id: int, group: Group) -> None:
    """Raises NotFound for a key that is not there, or revoked already."""
    at = int(time.time())
    active = api_key.c.id == key_id, api_key.c.revoked_at.is_(None)
    if not connection.execute(update(api_key).where(*active).values(revoked_at=at)).rowcount:
        raise NotFound(f"There is no active key {key_id}. Those there are: cuprum key list")
    group.record("api_key", key_id, "update", {"revoked_at": None}, {"revoked_at": at})
