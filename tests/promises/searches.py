"""Random searches, and what they must find, worked out record by record from what the records show.

Nothing here shares code with the server: a search is a dictionary of parameters beside a plain predicate over wire objects.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

Row = dict[str, Any]
Filter = tuple[dict[str, Any], Callable[[Row], bool]]
Maker = Callable[[Random, list[Row]], Filter]

# Names with the plain letters by which people look for them.
PLAIN = {
    "Ada Quill": "ada quill", "Élodie O'Brien": "elodie o'brien", "Łukasz Ñandú": "lukasz nandu", "Straße AG": "strasse ag",
    "50% Off_Ltd": "50% off_ltd", "Back\\slash GmbH": "back\\slash gmbh", 'The "Best" Bakery': 'the "best" bakery',
    "王小明": "王小明",
    "田中 商店": "田中 商店", "김민준": "김민준", "Дмитрий Иванов": "дмитрии иванов", "Øyvind Åse": "oyvind ase",
    "anna zoe": "anna zoe", "Zoe Anna": "zoe anna", "A&B Corp": "a&b corp", "J. Smith": "j. smith",
}  # fmt: skip
TITLES = {"Owner": "owner", "Chief_Owner": "chief_owner", "100% Élan": "100% elan", "Président": "president"}
ALL_PLAIN = {**PLAIN, **TITLES, "": ""}
TAGS = ["vip", "Partner", "q1", "été"]
CITIES = ["Porto", "Évora", "Washington, D.C.", "New York"]
COUNTRIES = ["PT", "US", "FR"]


def plain(text: str | None) -> str:
    return ALL_PLAIN[text or ""]


def one_of(key: str, field: str, *, can_be_none: bool = True) -> Maker:
    def make(random: Random, rows: list[Row]) -> Filter:
        values = sorted({row[field] for row in rows if row[field] is not None})
        wanted = random.sample(values, min(len(values), random.randint(1, 3)))
        none = can_be_none and random.random() < 0.3
        sent = [str(one) if random.random() < 0.2 else one for one in wanted] + ([-2] if none else [])
        return {key: sent}, lambda row: row[field] in wanted or (none and row[field] is None)

    return make


def between(key: str, value_of: Callable[[Row], Any]) -> Maker:
    """`minimum_<key>` and `maximum_<key>` around values that occur, so that the ends are tried."""

    def make(random: Random, rows: list[Row]) -> Filter:
        values = sorted(value for row in rows if (value := value_of(row)) is not None)
        least, most = sorted(random.choices(values, k=2)) if values else (1, 2)
        ends = random.choice(("both", "least", "most"))
        sent = {}
        if ends != "most":
            sent[f"minimum_{key}"] = least
        if ends != "least":
            sent[f"maximum_{key}"] = str(most)

        def fits(row: Row) -> bool:
            value = value_of(row)
            return value is not None and (ends == "most" or value >= least) and (ends == "least" or value <= most)

        return sent, fits

    return make


def part_of(key: str, field: str) -> Maker:
    """A piece of a text; one or two letters are looked for where words start, or anywhere in Chinese and Korean."""

    def make(random: Random, rows: list[Row]) -> Filter:
        text = plain(random.choice(rows)[field]) or "xyz"
        start = random.randrange(len(text))
        piece = " ".join(text[start : start + random.randint(1, 6)].split()) or text
        sent = piece.upper() if random.random() < 0.5 and piece.upper().lower() == piece else piece

        def fits(row: Row) -> bool:
            whole = plain(row[field])
            if field != "name" or len(piece) > 2 or not piece.isalnum():
                return piece in whole
            words = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in whole).split()
            return any(piece in word if word[0] > "\u3000" else word.startswith(piece) for word in words)

        return {key: sent}, fits

    return make


def tagged(random: Random, rows: list[Row]) -> Filter:
    wanted = random.sample(TAGS, random.randint(1, 2))
    sent = [tag.upper() if random.random() < 0.5 else tag for tag in wanted]
    match random.choice(("list", "ANY", "ALL", "NONE", "empty", "or empty")):
        case "ALL":
            return {"tags": {"option": "ALL", "value": sent}}, lambda row: set(wanted) <= set(row["tags"])
        case "NONE":
            return {"tags": {"option": "NONE", "value": sent}}, lambda row: not set(wanted) & set(row["tags"])
        case "empty":
            return {"tags": {"allow_empty": True}}, lambda row: not row["tags"]
        case "or empty":
            return {
                "tags": {"value": sent, "allow_empty": True}
            }, lambda row: not row["tags"] or bool(set(wanted) & set(row["tags"]))
        case "ANY":
            return {"tags": {"value": sent}}, lambda row: bool(set(wanted) & set(row["tags"]))
    return {"tags": sent}, lambda row: bool(set(wanted) & set(row["tags"]))


def placed(random: Random, rows: list[Row]) -> Filter:
    def part(row: Row, name: str) -> str:
        return (row["address"] or {}).get(name) or ""

    city = random.choice(CITIES)
    match random.choice(("city", "country", "empty", "or empty")):
        case "city":
            return {"city": city.upper()}, lambda row: part(row, "city") == city
        case "country":
            country = random.choice(COUNTRIES)
            return {"country": country.lower()}, lambda row: part(row, "country") == country
        case "empty":
            return {"city": {"allow_empty": True}}, lambda row: not part(row, "city")
    return {"city": {"value": city, "allow_empty": True}}, lambda row: part(row, "city") in ("", city)


def phoned(random: Random, rows: list[Row]) -> Filter:
    def digits(number: str) -> str:
        return "".join(letter for letter in number if letter.isdigit())

    numbers = [digits(one["number"]) for row in rows for one in row["phone_numbers"]] or ["5550123"]
    number = random.choice(numbers)
    sought = number[-random.randint(3, len(number)) :]
    if random.random() < 0.3:
        sought = f"00{sought}"
    match = random.choice((None, "partial", "fuzzy"))
    fuzzy = match == "fuzzy" or (match is None and len(sought) >= 7)
    ends = [sought] + [sought[cut:] for cut in range(1, 7) if fuzzy and len(sought[cut:]) >= 6]
    sent = f"({sought[:2]}) {sought[2:]}"
    return {"phone_number": {"value": sent, "match": match} if match else sent}, lambda row: any(
        digits(one["number"]).endswith(end) for one in row["phone_numbers"] for end in ends
    )


def custom(kinds: dict[str, Row]) -> Maker:
    """One of the account's custom fields, each searched in its own way; `kinds` has the definitions by data type."""

    def make(random: Random, rows: list[Row]) -> Filter:
        kind = random.choice(sorted(kinds))
        definition = kinds[kind]

        def value(row: Row) -> Any:
            of = {one["custom_field_definition_id"]: one["value"] for one in row["custom_fields"]}
            return of[definition["id"]]

        asked, fits = _custom(random, kind, definition, value, rows)
        return {"custom_fields": [{"custom_field_definition_id": definition["id"], **asked}]}, fits

    return make


def _custom(random: Random, kind: str, definition: Row, value: Callable[[Row], Any], rows: list[Row]) -> Filter:
    options = random.sample([one["id"] for one in definition.get("options", [])], 2) if "options" in definition else []
    match kind, random.randrange(4):
        case (("Dropdown" | "MultiSelect"), 0):
            return {"allow_empty": True}, lambda row: not value(row)
        case "Dropdown", 1:
            return {"value": options, "allow_empty": True}, lambda row: value(row) in [*options, None]
        case "Dropdown", _:
            return {"value": options}, lambda row: value(row) in options
        case "MultiSelect", 1:
            return {"value": options, "option": "ALL"}, lambda row: set(options) <= set(value(row))
        case "MultiSelect", 2:
            return {"value": options, "option": "NONE"}, lambda row: not set(options) & set(value(row))
        case "MultiSelect", _:
            return {"value": options, "option": "ANY"}, lambda row: bool(set(options) & set(value(row)))
        case "Checkbox", at:
            return {"value": at < 2}, lambda row: value(row) is (at < 2)
    asked, fits = between("value", value)(random, rows)
    return asked, fits


def mailed(key: str, addresses: Callable[[Row], list[str]], *, as_list: bool) -> Maker:
    def make(random: Random, rows: list[Row]) -> Filter:
        known = sorted({one for row in rows for one in addresses(row)}) or ["nobody@x.example"]
        wanted = random.choice(known)
        return {key: [wanted.upper(), "x@y.example"] if as_list else wanted.upper()}, lambda row: wanted in addresses(row)

    return make


def referring(key: str, kind: str) -> Maker:
    def of(row: Row) -> int | None:
        return row["related_resource"]["id"] if row["related_resource"]["type"] == kind else None

    def make(random: Random, rows: list[Row]) -> Filter:
        asked, fits = one_of(key, key)(random, [{key: of(row)} for row in rows])
        return asked, lambda row: fits({key: of(row)})

    return make


def midnight(slashed: str | None) -> int | None:
    """A day as the wire has it, in the Unix seconds that searches use."""
    return int(datetime.strptime(slashed, "%m/%d/%Y").replace(tzinfo=UTC).timestamp()) if slashed else None


def field(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


_EVERYWHERE: list[Maker] = [
    tagged, part_of("name", "name"), one_of("assignee_ids", "assignee_id"), one_of("ids", "id", can_be_none=False),
    between("created_date", field("date_created")), between("modified_date", field("date_modified")),
]  # fmt: skip
_CONTACTS: list[Maker] = [*_EVERYWHERE, placed, phoned, between("interaction_count", field("interaction_count"))]

FILTERS: dict[str, list[Maker]] = {
    "leads": [
        *_CONTACTS, one_of("status_ids", "status_id", can_be_none=False), one_of("customer_source_ids", "customer_source_id"),
        between("monetary_value", field("monetary_value")), part_of("title", "title"),
        mailed("emails", lambda row: [row["email"]["email"]] if row["email"] else [], as_list=False),
    ],
    "people": [
        *_CONTACTS, one_of("contact_type_ids", "contact_type_id", can_be_none=False), one_of("company_ids", "company_id"),
        part_of("title", "title"), mailed("emails", lambda row: [one["email"] for one in row["emails"]], as_list=True),
        between("interaction_date", field("date_last_contacted")),
    ],
    "companies": [*_CONTACTS, one_of("contact_type_ids", "contact_type_id"),
                  mailed("email_domains", lambda row: [row["email_domain"]] if row["email_domain"] else [], as_list=True)],
    "opportunities": [
        *_EVERYWHERE, one_of("pipeline_stage_ids", "pipeline_stage_id", can_be_none=False), one_of("company_ids", "company_id"),
        one_of("primary_contact_ids", "primary_contact_id"), one_of("customer_source_ids", "customer_source_id"),
        one_of("statuses", "status", can_be_none=False), one_of("priorities", "priority", can_be_none=False),
        between("monetary_value", field("monetary_value")), between("win_probability", field("win_probability")),
        between("close_date", lambda row: midnight(row["close_date"])),
    ],
    "projects": [*_EVERYWHERE, one_of("statuses", "status", can_be_none=False)],
    "tasks": [
        *_EVERYWHERE, one_of("statuses", "status", can_be_none=False), one_of("priorities", "priority", can_be_none=False),
        between("due_date", field("due_date")), between("reminder_date", field("reminder_date")),
        referring("project_ids", "project"), referring("opportunity_ids", "opportunity"),
    ],
}  # fmt: skip


def _named(name: str) -> Callable[[Row], Any]:
    return lambda row: plain(row[name]) or None


def _part(name: str) -> Callable[[Row], Any]:
    return lambda row: plain_city((row["address"] or {}).get(name))


def plain_city(city: str | None) -> str | None:
    return {"Évora": "evora"}.get(city, city.lower()) if city else None


def _first(name: str, item: str) -> Callable[[Row], Any]:
    return lambda row: row[name][0][item].lower() if row[name] else None


_PRIORITIES = ("None", "Low", "Medium", "High")
_SORTS = {"name": _named("name"), "date_created": field("date_created"), "date_modified": field("date_modified")}
_CONTACT_SORTS = {**_SORTS, "city": _part("city"), "country": _part("country"), "phone": _first("phone_numbers", "number")}

SORTS: dict[str, dict[str, Callable[[Row], Any]]] = {
    "leads": {**_CONTACT_SORTS, "value": field("monetary_value"), "title": _named("title"),
              "email": lambda row: row["email"]["email"] if row["email"] else None},
    "people": {**_CONTACT_SORTS, "title": _named("title"), "email": _first("emails", "email")},
    "companies": {**_CONTACT_SORTS, "email_domain": field("email_domain"), "interaction_count": field("interaction_count")},
    "opportunities": {
        **_SORTS, "value": field("monetary_value"), "close_date": lambda row: midnight(row["close_date"]),
        "win_probability": field("win_probability"), "company_name": _named("company_name"), "stage": field("pipeline_stage_id"),
        "status": lambda row: ("Open", "Won", "Lost", "Abandoned").index(row["status"]),
        "priority": lambda row: _PRIORITIES.index(row["priority"]) if row["priority"] else None,
    },
    "projects": {**_SORTS, "status": lambda row: ("Open", "Completed").index(row["status"])},
    "tasks": {**_SORTS, "due_date": field("due_date"), "reminder_date": field("reminder_date")},
}  # fmt: skip


def expected(rows: list[Row], fits: Callable[[Row], bool], key: Callable[[Row], Any], *, descending: bool) -> list[int]:
    """The ids that a search must give, in order: those without a key last, ties by id in the same direction."""
    found = [row for row in rows if fits(row)]
    with_key = sorted((row for row in found if key(row) is not None), key=lambda row: (key(row), row["id"]), reverse=descending)
    without = sorted((row for row in found if key(row) is None), key=lambda row: row["id"], reverse=descending)
    return [row["id"] for row in (*with_key, *without)]
