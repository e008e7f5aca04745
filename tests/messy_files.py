"""Generated CSV files of people with every kind of mess, and what must become of each row."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

HEADERS = ("Full Name", "E-mail", "Mobile Phone", "Organisation", "Owner", "Labels", "Size", "Signed on", "Notes")
NAMES = ("Łucja Ñandú", "漢 字", "Søren Ærø", "Ada Quill", "Élodie d’Été", "Иван Петров")


@dataclass(frozen=True)
class MessyFile:
    """`counts` is what an import of it says; `there` are the addresses that the account has before."""

    content: bytes
    counts: dict[str, int]
    there: list[str]


def there_before(messy: MessyFile) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the account must have, as paths and bodies: the custom fields, the companies, and the people who are there already."""
    size = {"name": "Size", "data_type": "Dropdown", "available_on": ["person"], "options": [{"name": "Small"}]}
    yield "/custom_field_definitions", size
    yield "/custom_field_definitions", {"name": "Signed on", "data_type": "Date", "available_on": ["person"]}
    yield "/companies", {"name": "House 8", "email_domain": "house8.example"}
    for start in range(0, len(messy.there), 10):
        some = [{"name": f"Old {one}", "emails": [{"email": one}]} for one in messy.there[start : start + 10]]
        yield "/people/bulk_create", {"people": some}


def messy_file(
    rows: int, *, matches: str = "skip", delimiter: str = ";", encoding: str = "utf-8-sig", owner: str = "ada"
) -> MessyFile:
    """`rows` rows, a twentieth of each kind of mess; those that are there already become `same` or `changed`."""
    text, counts, there = io.StringIO(newline=""), Counter[str](), []
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(HEADERS)
    former = ""
    for number in range(rows):
        row, outcome = _row(number, former, owner)
        if outcome == "there":
            there.append(row["E-mail"].lower())
            outcome = "same" if matches == "skip" else "changed"
        former = row["E-mail"]
        counts[outcome] += 1
        writer.writerow([row.get(header, "") for header in HEADERS])
    kinds = ("new", "changed", "same", "repeated", "refused")
    return MessyFile(text.getvalue().encode(encoding), {kind: counts[kind] for kind in kinds}, there)


def _row(number: int, former: str, owner: str) -> tuple[dict[str, str], str]:
    row = {
        "Full Name": f"{NAMES[number % len(NAMES)]} {number}", "E-mail": f"person{number}@house{number % 50}.example",
        "Mobile Phone": f"+351 91 {number:07d}", "Owner": owner, "Labels": "Fair, vip", "Size": "small", "Signed on": "31/12/2025",
        "Notes": "met at the fair",
    }  # fmt: skip
    match number % 20:
        case 1:
            return row | {"E-mail": f"person{number} at house.example"}, "refused"
        case 2:
            return row | {"Owner": "Nobody Known"}, "refused"
        case 3:
            return row | {"Size": "gigantic"}, "refused"
        case 4:
            return row | {"E-mail": row["E-mail"].upper(), "Labels": "Returning"}, "there"
        case 5:
            return row | {"Notes": 'first line\r\nsecond; "quoted"\nthird'}, "new"
        case 6:
            return row | {"E-mail": f"person{number}@gmail.com", "Owner": ""}, "new"
        case 7:
            return row | {"E-mail": "", "Organisation": "Quill & Sons"}, "new"
        case 8:
            return row | {"Organisation": "house8.example"}, "new"
        case 10:
            # Number 9 before it is an ordinary one.
            return row | {"E-mail": former.title()}, "repeated"
        case 11:
            return row | {"Signed on": "12/31/2025"}, "refused"
    return row, "new"
