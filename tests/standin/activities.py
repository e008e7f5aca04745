"""Activities: user ones can be written, deleted ones stay fetchable as a stub, newest come first."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .contract import ACTIVITY_SEARCH, ACTIVITY_WRITABLE, ENTITIES, Entity
from .search import page_of
from .state import Record, Refusal, State, invalid, refuse, unknown_keys
from .validate import integer
from .webhooks import notify
from .wire import answer, body_of, caller, state_of


def create(state: State, user: Record, body: Record) -> Record:
    if unknown := set(body) - ACTIVITY_WRITABLE:
        raise unknown_keys(unknown)
    parent, kind = body.get("parent") or {}, body.get("type") or {}
    problems = [f"{name}: can't be blank" for name in ("Parent", "Type") if not body.get(name.lower())]
    known = {one["id"] for one in state.activity_types["user"]}
    if kind and (kind.get("category") != "user" or integer(kind.get("id")) not in known):
        problems.append("Type: is not an activity type of the user category")
    if not body.get("details"):
        problems.append("Details: can't be blank")
    if parent and parent.get("type") not in ENTITIES:
        problems.append("Parent: Type is not included in the list")
    if problems:
        raise invalid(*problems)
    now = state.now()
    activity: Record = {
        "id": 12_500_000_000 + state.new_id(),
        "parent": {"id": integer(parent["id"]), "type": parent["type"]},
        "type": {"id": integer(kind["id"]), "category": "user"},
        "user_id": integer(body.get("user_id")) or user["id"],
        "details": body["details"],
        "activity_date": integer(body.get("activity_date")) or now,
        "old_value": None,
        "new_value": None,
        "date_created": now,
        "date_modified": now,
    }
    if activity["parent"]["id"] not in state.records[parent["type"]]:
        raise refuse(404, "Resource not found")
    state.records["activity"][activity["id"]] = activity
    return activity


def activities_of(state: State, entity: Entity, record_id: int, body: Record) -> list[Record]:
    if record_id not in state.records[entity.name]:
        raise refuse(404, "Resource not found")
    parents = {(entity.name, record_id)}
    if entity.name == "company":
        parents |= {("person", p["id"]) for p in state.records["person"].values() if p["company_id"] == record_id}
    rows = [one for one in living(state) if (one["parent"]["type"], one["parent"]["id"]) in parents]
    return page_of(newest_first(of_types(rows, body)), body)[0]


def living(state: State) -> list[Record]:
    return [one for one in state.records["activity"].values() if not one.get("is_deleted")]


def newest_first(rows: list[Record]) -> list[Record]:
    return sorted(rows, key=lambda one: (-one["activity_date"], -one["id"]))


def of_types(rows: list[Record], body: Record) -> list[Record]:
    if not body.get("activity_types"):
        return rows
    wanted = {(integer(one["id"]), one["category"]) for one in body["activity_types"]}
    return [row for row in rows if (row["type"]["id"], row["type"]["category"]) in wanted]


async def make(request: Request) -> Response:
    user = caller(request)
    replayed = request.app.state.replays.get(request.headers.get("idempotency-key"))
    if replayed is not None and request.app.state.quirks.idempotency:
        return answer(request, replayed)
    activity = create(state_of(request), user, await body_of(request))
    request.app.state.replays[request.headers.get("idempotency-key")] = activity
    notify(request, "activity_log", "new", [activity["id"]])
    return answer(request, activity)


async def one(request: Request) -> Response:
    caller(request)
    state, number = state_of(request), request.path_params["id"]
    activity = state.records["activity"].get(number)
    if activity is None:
        raise refuse(404, "Resource not found")
    if request.method == "GET":
        return answer(request, {"id": number, "is_deleted": True} if activity.get("is_deleted") else activity)
    if activity.get("is_deleted"):
        raise invalid("Base: a deleted activity cannot be modified")
    if request.method == "DELETE":
        activity["is_deleted"] = True
        notify(request, "activity_log", "delete", [number])
        return answer(request, {"id": number, "is_deleted": True})
    body = await body_of(request)
    if unknown := set(body) - ACTIVITY_WRITABLE:
        raise unknown_keys(unknown)
    activity.update({k: v for k, v in body.items() if k in ("details", "activity_date")})
    activity["date_modified"] = state.now()
    notify(request, "activity_log", "update", [number])
    return answer(request, activity)


async def find(request: Request) -> Response:
    caller(request)
    body: dict[str, Any] = await body_of(request)
    if unknown := set(body) - ACTIVITY_SEARCH:
        raise unknown_keys(unknown)
    rows = of_types(living(state_of(request)), body)
    if body.get("parent"):
        wanted = (body["parent"]["type"], integer(body["parent"]["id"]))
        rows = [row for row in rows if (row["parent"]["type"], row["parent"]["id"]) == wanted]
    low, high = integer(body.get("minimum_activity_date", 0)), integer(body.get("maximum_activity_date", 2**31))
    rows = [row for row in rows if (low or 0) <= row["activity_date"] <= (high or 2**31)]
    page, total = page_of(newest_first(rows), dict(request.query_params) | body)
    return answer(request, page, {"X-PW-TOTAL": str(total)})


async def bulk(request: Request) -> Response:
    user = caller(request)
    items = (await body_of(request)).get("activities") or []
    if len(items) > 10:
        raise Refusal(422, {"error": "Request size too large, limit is 10"})
    out: list[Record] = []
    for item in items:
        try:
            out.append(create(state_of(request), user, item))
        except Refusal:
            out.append({"success": False, "message": {"details": [{"error": "invalid"}]}})
    return answer(request, out)


def routes() -> list[Route]:
    return [
        Route("/activities", make, methods=["POST"]),
        Route("/activities/search", find, methods=["POST"]),
        Route("/activities/bulk_create", bulk, methods=["POST"]),
        Route("/activities/{id:int}", one, methods=["GET", "PUT", "DELETE"]),
    ]
