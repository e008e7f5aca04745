"""Calls to `/automation/v1`, for the tests of every part of it."""

from __future__ import annotations

from typing import Any

from installation import Person


def automation(person: Person, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """The decoded answer of a call that must answer with that status."""
    answer = person.client.request(method, f"/automation/v1{path}", json=body, headers=person.headers)
    assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json()


def group_of(person: Person, method: str, path: str, body: Any = None) -> str:
    """Do a call to Copper's API and return the group of its changes."""
    answer = person.call(method, path, body)
    assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.headers["X-Cuprum-Group"]


def undo(person: Person, group: str) -> dict[str, Any]:
    return automation(person, "POST", f"/changes/{group}/undo")


def feed(person: Person, after: str | None = None, **parameters: Any) -> dict[str, Any]:
    asked = {"after": after, **parameters} if after else parameters
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return automation(person, "GET", f"/changes?{query}")


def share(person: Person, plural: str, record_id: int, visibility: str, **further: list[int]) -> dict[str, Any]:
    return automation(person, "PUT", f"/{plural}/{record_id}/visibility", {"visibility": visibility, **further})
