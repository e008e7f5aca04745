"""Putting read values on the wire and answers into their declared types."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cuprum.connector.exchange import Call, Flow, Session, exchange, learn
from cuprum.connector.given_values import Day
from cuprum.connector.properties import Form, Property


def account_zone(session: Session) -> Flow[ZoneInfo]:
    """The account's time zone; asked once. UTC when the account (from before 2020) names none."""
    if "zone" not in session.memory:
        answer = yield from exchange(session, Call("GET", "/account"))
        learn(session, answer)
        account = answer.json() or {}
        try:
            session.memory["zone"] = ZoneInfo(account.get("primary_timezone") or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            session.memory["zone"] = ZoneInfo("UTC")
    zone: ZoneInfo = session.memory["zone"]
    return zone


def start_of_day(day: date, zone: ZoneInfo) -> int:
    """The Unix second at which the day starts there, also where clocks skip midnight."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def for_wire(session: Session, values: Mapping[str, Any]) -> Flow[dict[str, Any]]:
    """Days and local moments become what the wire wants; the account is asked for its zone only when one needs it."""
    if not any(needs_zone(one) for one in values.values()):
        return {name: on_wire(value, ZoneInfo("UTC")) for name, value in values.items()}
    zone = yield from account_zone(session)
    return {name: on_wire(value, zone) for name, value in values.items()}


def needs_zone(value: Any) -> bool:
    """Which second a day starts at, and which day a moment lies on, depend on where."""
    match value:
        case Day(form=Form.DAY) | Day(day=datetime()) | datetime():
            return True
        case Mapping():
            return any(map(needs_zone, value.values()))
        case list():
            return any(map(needs_zone, value))
    return False


def on_wire(value: Any, zone: ZoneInfo) -> Any:
    match value:
        case datetime():
            return int(value.replace(tzinfo=zone).timestamp())
        case Day():
            day = value.day.astimezone(zone).date() if isinstance(value.day, datetime) else value.day
            if value.form is Form.MONTH_DAY_YEAR:
                return f"{day.month:02}/{day.day:02}/{day.year:04}"
            return start_of_day(day, zone)
        case Mapping():
            return {name: on_wire(part, zone) for name, part in value.items()}
        case list():
            return [on_wire(part, zone) for part in value]
    return value


def declared(session: Session, output: Sequence[Property], answer: Mapping[str, Any]) -> Flow[dict[str, Any]]:
    """The answer in its declared types; the account is asked for its zone only when a day is in it."""
    zone = ZoneInfo("UTC")
    if any(has_day(one, answer.get(one.name)) for one in output):
        zone = yield from account_zone(session)
    return {one.name: as_declared(one, answer.get(one.name), zone) for one in output}


def has_day(one: Property, value: Any) -> bool:
    if isinstance(value, list):
        return any(has_day(item, entry) for item in one.items for entry in value)
    if isinstance(value, Mapping):
        return any(has_day(part, value.get(part.name)) for part in one.properties)
    return one.form is Form.DAY and value is not None


def as_declared(one: Property, value: Any, zone: ZoneInfo) -> Any:
    """A value of the wire in the property's type: ids as strings, moments and days as ISO, lists never null."""
    if one.type == "ARRAY":
        return [as_declared(one.items[0], item, zone) if one.items else item for item in value or []]
    if value is None:
        return None
    match one.form:
        case Form.DAY:
            return moment_of(value, zone)
        case Form.INSTANT:
            return moment_of(value, ZoneInfo("UTC")).replace("+00:00", "Z")
        case Form.MONTH_DAY_YEAR:
            return iso_day(value)
    match one.type:
        case "OBJECT" if isinstance(value, Mapping):
            if not one.properties:
                return dict(value)
            return {part.name: as_declared(part, value.get(part.name), zone) for part in one.properties}
        case "STRING":
            return value if isinstance(value, str) else str(value)
        case "INTEGER":
            return int(float(value))
        case "NUMBER":
            return float(value) if isinstance(value, str) else value
        case "BOOLEAN":
            return value if isinstance(value, bool) else str(value).lower() == "true"
    return value


def moment_of(value: Any, zone: ZoneInfo) -> str:
    """Seconds, as a number or a numeric string; anything else was readable already."""
    try:
        return datetime.fromtimestamp(int(value), UTC).astimezone(zone).isoformat()
    except (TypeError, ValueError):
        return str(value)


def iso_day(value: Any) -> str:
    """`3/31/2027` as 2027-03-31."""
    parts = str(value).split("/")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return str(value)
    month, day, year = map(int, parts)
    return f"{year:04}-{month:02}-{day:02}"
