"""Searches in tests: what was found, and whether the total says the same."""

from __future__ import annotations

from typing import Any

from installation import Person


def search(person: Person, plural: str, body: Any = None, **options: Any) -> tuple[list[dict[str, Any]], int]:
    """The records of one page and the total of the header."""
    answer = person.call("POST", f"/{plural}/search", body, **options)
    assert answer.status_code == 200, answer.text
    return answer.json(), int(answer.headers["X-PW-TOTAL"])


def found(person: Person, plural: str, body: Any = None, **options: Any) -> list[str]:
    """The names found, in their order; everything must fit on the page, and the total must be their number."""
    records, total = search(person, plural, body, **options)
    assert total == len(records), f"the total says {total}, the page has {len(records)}"
    return [one["name"] for one in records]


def named(person: Person, plural: str, **records: dict[str, Any]) -> dict[str, int]:
    """Create records of these names; their ids by name."""
    return {name: person.post(f"/{plural}", {"name": name, **body})["id"] for name, body in records.items()}
