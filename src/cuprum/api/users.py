"""Users, who can only be read here (`copper-api/part1.md §9`)."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from cuprum.api.call import Call
from cuprum.api.desk import reads
from cuprum.api.openapi.account import USER
from cuprum.api.openapi.operation import declares
from cuprum.api.openapi.schemas import ID, TEXT, Named, closed, listed, one_of_words
from cuprum.api.openapi.searches import paging
from cuprum.entities import reading
from cuprum.entities.reading import LINE_LENGTH
from cuprum.kit.errors import Invalid, NotFound
from cuprum.records.attributes import read_attributes
from cuprum.records.search import page_size
from cuprum.records.work import Work

_PAGING = {
    "page_number": lambda value: reading.whole_number(value, 1, 2**31),
    "page_size": page_size,
    # No sort is documented, yet clients send one and it works.
    "sort_by": lambda value: reading.text(value),
    "sort_direction": lambda value: reading.choice(value, ("asc", "desc"), nullable=True),
}


_SEARCH = Named(
    "UserSearch",
    closed({**paging(), "sort_by": {**TEXT, "maxLength": LINE_LENGTH}, "sort_direction": one_of_words("asc", "desc")}, ()),
)


@declares(
    id="searchUsers",
    summary="List the users",
    tag="Account",
    answer=listed(USER),
    answer_headers=("X-PW-TOTAL",),
    body=_SEARCH,
    query=paging(),
)
def search(work: Work, call: Call) -> Any:
    """A page of the users who are not disabled."""
    known = {key: value for key, value in call.query.items() if key in _PAGING}
    asked, problems = read_attributes({**known, **call.object()}, _PAGING)
    if problems:
        raise Invalid(*problems)
    users = [user for user in work.vocabulary.words["user"].values() if user["disabled_at"] is None]
    call.answer_headers["X-PW-TOTAL"] = str(len(users))
    size = asked.get("page_size") or 20
    start = ((asked.get("page_number") or 1) - 1) * size
    return [_user(work, user["id"]) for user in users[start : start + size]]


@declares(
    id="getUser",
    summary="Read a user",
    tag="Account",
    answer=USER,
    path={"id": {"anyOf": [ID, {"const": "me"}], "description": "`me` is the user whose key this is."}},
)
def get_one(work: Work, call: Call) -> Any:
    """Disabled users are still named: their records carry their ids."""
    return _user(work, work.actor.user_id if call.parameters["id"] == "me" else call.id())


def _user(work: Work, user_id: int) -> Any:
    user = work.vocabulary.words["user"].get(user_id)
    if user is None:
        raise NotFound
    teams = work.vocabulary.words["team"]
    groups = [{"id": team_id, "name": teams[team_id]["name"]} for team_id in work.vocabulary.teams_of.get(user_id, ())]
    return {"id": user["id"], "name": user["name"], "email": user["email"], "groups": groups}


def routes() -> list[Route]:
    return [
        Route("/users/search", reads(search, by_key=True), methods=["POST"]),
        Route("/users/{id}", reads(get_one, by_key=True), methods=["GET"]),
    ]
