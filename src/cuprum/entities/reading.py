"""What may come in from the wire for each kind, and what it becomes; a refusal says the rule in Copper's grammar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from email_validator import EmailNotValidError, validate_email
from pydantic_core import PydanticCustomError

from cuprum.entities import kinds
from cuprum.kit.countries import country_code

LINE_LENGTH = 1_024
TEXT_LENGTH = 1_000_000
LIST_LENGTH = 500
LARGEST_ID = 2**63 - 1
LARGEST_AMOUNT = Decimal(10) ** 13
# As far as every client counts exactly; nobody needs to be told of it.
UNBOUNDED = 2**53
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z

# A NUL ends a string in C and PostgreSQL refuses it; lone surrogates are no text at all.
_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


def reader(kind: kinds.Kind) -> Callable[[Any], Any]:
    """The function that turns a wire value of this kind into ours, or raises `PydanticCustomError`."""
    if kind.read_only:
        return lambda value: value
    match kind:
        case kinds.Text(long=long):
            return lambda value: text(value, TEXT_LENGTH if long else LINE_LENGTH)
        case kinds.Joined():
            return lambda value: text(value, LINE_LENGTH)
        case kinds.Choice(options=options, nullable=nullable):
            return lambda value: choice(value, options, nullable)
        case kinds.Count(least=least, most=most):
            return lambda value: whole_number(value, least, most)
        case kinds.Flag():
            return flag
        case kinds.Amount():
            return amount
        case kinds.Instant():
            return instant
        case kinds.Day():
            return day
        case kinds.LinkTo(label=label):
            return lambda value: record_id(value, label)
        case kinds.OneEmail():
            return one_email
        case kinds.Contacts(item=item, categories=categories):
            return lambda value: contacts(value, item, categories)
        case kinds.Address():
            return address
        case kinds.Tags():
            return tags
        case kinds.Reference(types=types):
            return lambda value: reference(value, types)
        case kinds.ActivityType():
            return activity_type
        case kinds.CustomFields():
            return custom_fields
    raise TypeError(f"no reader for {kind!r}")


def refuse(reason: str, code: str = "invalid") -> NoReturn:
    # A reason may quote what the client sent; braces in it must not be taken for placeholders.
    raise PydanticCustomError(code, "{reason}", {"reason": reason})


def is_no_text(value: str) -> bool:
    return _NOT_TEXT.search(value) is not None


def text(value: Any, longest: int = LINE_LENGTH) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        refuse("must be text")
    value = str(value)
    if _NOT_TEXT.search(value):
        refuse("contains characters that are not text")
    if len(value) > longest:
        refuse(f"is too long (maximum is {longest} characters)", "too_long")
    return value


def choice(value: Any, options: tuple[str, ...], nullable: bool = False) -> str | None:
    if value is None or value == "":
        if nullable or value is None:
            return None
        refuse(f"must be one of {', '.join(options)}", "inclusion")
    if isinstance(value, str):
        for option in options:
            if option.casefold() == value.strip().casefold():
                return option
    refuse(f"must be one of {', '.join(options)}", "inclusion")


def number(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        refuse("is not a number", "not_a_number")
    if isinstance(value, str) and len(value) > 40:
        refuse("is not a number", "not_a_number")
    try:
        read = Decimal(str(value).strip())
    except (InvalidOperation, ValueError):
        refuse("is not a number", "not_a_number")
    if not read.is_finite():
        refuse("is not a number", "not_a_number")
    return read


def whole_number(value: Any, least: int = 0, most: int = UNBOUNDED) -> int | None:
    read = number(value)
    if read is None:
        return None
    if not least <= read <= most:
        refuse(f"must be between {least} and {most}" if most < UNBOUNDED else f"must be at least {least}", "out_of_range")
    if read != int(read):
        refuse("must be a whole number", "not_an_integer")
    return int(read)


def amount(value: Any) -> Decimal | None:
    read = number(value)
    if read is None:
        return None
    # Compared as it is: the absolute value of 1e999999999 would overflow.
    if not -LARGEST_AMOUNT <= read <= LARGEST_AMOUNT:
        refuse(f"must be between -{LARGEST_AMOUNT:f} and {LARGEST_AMOUNT:f}", "out_of_range")
    return round(read, 4)


def flag(value: Any) -> bool | None:
    match value.strip().lower() if isinstance(value, str) else value:
        case None | bool():
            return value
        case "true" | "1" | 1:
            return True
        case "false" | "0" | 0:
            return False
    refuse("must be true or false")


def instant(value: Any, zone: tzinfo = UTC) -> int | None:
    """Unix seconds, an ISO 8601 time, or a day (`MM/DD/YYYY`, `YYYY-MM-DD`) for its midnight; the last two in `zone`."""
    read = _moment(value, zone) if is_calendar(value) else number(value)
    if read is None:
        return None
    if not 0 <= read <= LAST_SECOND:
        refuse(f"must be a time in Unix seconds between 0 and {LAST_SECOND}", "out_of_range")
    return int(read)


def is_calendar(value: Any) -> bool:
    """True for text that names a day or a time instead of counting seconds."""
    return isinstance(value, str) and _CALENDAR.match(value.strip()) is not None


_CALENDAR = re.compile(r"\d{1,4}[-/]")


def _moment(value: str, zone: tzinfo) -> Decimal:
    try:
        read = datetime.fromisoformat(str(day(value)) if "/" in value else value.strip())
        return Decimal(int((read if read.tzinfo else read.replace(tzinfo=zone)).timestamp()))
    except (ValueError, OverflowError):
        refuse("must be a time such as 2026-12-31T09:00:00Z, a date such as 12/31/2026, or Unix seconds")


_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def day(value: Any) -> str | None:
    """A day as YYYY-MM-DD, from `MM/DD/YYYY`, `DD/MM/YYYY` where only that can be meant, ISO, or Unix seconds (UTC)."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date().isoformat()
        if isinstance(value, str):
            value = value.strip()
            if slashed := _SLASHED.fullmatch(value):
                first, second, year = map(int, slashed.groups())
                month, of_month = (second, first) if first > 12 else (first, second)
                return date(year, month, of_month).isoformat()
            if value.isdecimal() and len(value) <= 12:
                return datetime.fromtimestamp(int(value), UTC).date().isoformat()
            return date.fromisoformat(value[:10]).isoformat()
    except (ValueError, OverflowError, OSError):
        pass
    refuse("must be a date such as 12/31/2026")


def record_id(value: Any, label: str) -> int | None:
    """A positive integer, also as text (`copper-api/part1.md §3`, the recorded message)."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 25:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_ID:
        refuse(f"Invalid value for {label}: IDs must be positive integers: {shown(value)}")
    return value


def shown(value: Any) -> str:
    """What a client sent, short and printable, to be quoted in a refusal."""
    return _NOT_TEXT.sub("?", str(value))[:100]


def one_email(value: Any) -> dict[str, Any] | None:
    """A single e-mail: `{"email", "category"}` or the bare address."""
    if isinstance(value, str):
        value = {"email": value, "category": "work"} if value.strip() else None
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return None
    return _contact(value, "email", EMAIL_CATEGORIES)


EMAIL_CATEGORIES = ("work", "personal", "other")


def contacts(value: Any, item: str, categories: tuple[str, ...]) -> list[dict[str, Any]]:
    """A list of `{item, "category"}`, or one of them alone; items of blanks are left out, as forms send them."""
    if value is None:
        return []
    if isinstance(value, str | dict):
        value = [value]
    if not isinstance(value, list):
        refuse("must be a list")
    if len(value) > LIST_LENGTH:
        refuse(f"has too many items (maximum is {LIST_LENGTH})", "too_long")
    read = (_contact(one, item, categories) for one in value)
    return [one for one in read if one is not None]


def _contact(value: Any, item: str, categories: tuple[str, ...]) -> dict[str, Any] | None:
    if isinstance(value, str):
        value = {item: value}
    if not isinstance(value, dict):
        refuse(f'must be an object with "{item}" and "category"')
    _only(value, {item, "category"})
    content = (text(value.get(item)) or "").strip()
    if not content:
        return None
    if item == "email":
        content = email_address(content)
    return {item: content, "category": _category(value.get("category"), categories)}


def _only(value: dict[str, Any], known: set[str]) -> None:
    """Refuse keys that an object within a record does not have; a null one says nothing, and clients send some (`id`)."""
    if unknown := {key for key, one in value.items() if key not in known and one is not None}:
        refuse(f"Unrecognized attributes specified: {', '.join(sorted(map(shown, unknown)))}")


def _category(value: Any, categories: tuple[str, ...]) -> str | None:
    if value is None or value == "":
        return categories[0] if categories[0] == "work" else "other"
    word = (text(value, 64) or "").strip().lower()
    if word not in categories:
        refuse(f"Category must be one of {', '.join(categories)}", "inclusion")
    return word


def email_address(content: str) -> str:
    # The pattern first: nearly every address fits it, and the library takes thirty times as long.
    if not _LOOKS_LIKE_EMAIL.fullmatch(content):
        try:
            # Local and test domains are real addresses to the people who use them.
            validate_email(content, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            refuse(f"{shown(content)} is not an e-mail address")
    return content


# Copper stores what its users typed; reserved domains such as `.example` or `.local` must pass too.
_LOOKS_LIKE_EMAIL = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\".]{2,}")

ADDRESS_KEYS = ("street", "city", "state", "postal_code", "country")


def address(value: Any) -> dict[str, str | None] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        refuse(f"must be an object with {', '.join(ADDRESS_KEYS)}")
    _only(value, set(ADDRESS_KEYS))
    read = {key: text(value.get(key)) for key in ADDRESS_KEYS}
    if read["country"]:
        read["country"] = country_code(read["country"])
    return read


def tags(value: Any) -> list[str]:
    """Words in the given order, each once; case is kept, but two tags that differ only in it are one."""
    if value is None:
        return []
    if not isinstance(value, list):
        refuse("must be a list of words")
    if len(value) > LIST_LENGTH:
        refuse(f"has too many items (maximum is {LIST_LENGTH})", "too_long")
    words: dict[str, str] = {}
    for one in value:
        if one is not None and (isinstance(one, bool) or not isinstance(one, str | int | float)):
            refuse("must be a list of words")
        word = " ".join((text(one, 255) or "").split())
        if word:
            words.setdefault(word.casefold(), word)
    return list(words.values())


def reference(value: Any, types: tuple[str, ...]) -> dict[str, Any] | None:
    """`{"id", "type"}`; further keys in it are ignored, as in an activity's type."""
    if value is None:
        return None
    if not isinstance(value, dict):
        refuse('must be an object with "id" and "type"')
    if value.get("id") in (None, "") and value.get("type") in (None, ""):
        return None
    if value.get("type") not in types:
        refuse(f"type must be one of {', '.join(types)}", "inclusion")
    found = record_id(value.get("id"), "Id")
    if found is None:
        refuse("id can't be blank", "blank")
    return {"id": found, "type": value["type"]}


def activity_type(value: Any) -> dict[str, Any] | None:
    """`{"id", "category"}`; further keys in it are ignored (`copper-api/part2.md §4.2`)."""
    if value is None:
        return None
    if not isinstance(value, dict):
        refuse('must be an object with "id" and "category"')
    category = value.get("category") or "user"
    if category not in ("user", "system"):
        refuse("category must be user or system", "inclusion")
    # The id 0 is a value: Note.
    found = whole_number(value.get("id"), 0, LARGEST_ID)
    if found is None:
        refuse("id can't be blank", "blank")
    return {"id": found, "category": category}


def custom_fields(value: Any) -> dict[int, Any]:
    """`[{"custom_field_definition_id", "value"}]` as definition id to untyped value."""
    if value is None:
        return {}
    if not isinstance(value, list):
        refuse("must be a list")
    if len(value) > LIST_LENGTH:
        refuse(f"has too many items (maximum is {LIST_LENGTH})", "too_long")
    read: dict[int, Any] = {}
    for one in value:
        if not isinstance(one, dict):
            refuse('each must be an object with "custom_field_definition_id" and "value"')
        # `computed_value` and `name` come back when a client returns what it read.
        if unknown := one.keys() - {"custom_field_definition_id", "value", "computed_value", "name"}:
            refuse(f"Unrecognized attributes specified: {', '.join(sorted(map(shown, unknown)))}")
        definition = record_id(one.get("custom_field_definition_id"), "Custom Field Definition Id")
        if definition is None:
            refuse("custom_field_definition_id can't be blank", "blank")
        # As everywhere: an absent key keeps what is there, null clears it.
        if "value" in one:
            read[definition] = one["value"]
    return read
