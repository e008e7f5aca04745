"""The routes of the six record types: create, get, update, delete, search, bulk, leads' and people's own."""

import contextlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import records, search
from .activities import activities_of
from .contract import BY_PLURAL, ENTITIES, Entity
from .leads import convert, upsert
from .state import Record, Refusal, refuse
from .webhooks import notify
from .wire import answer, body_of, caller, state_of


def entity_of(request: Request) -> Entity:
    return BY_PLURAL[request.path_params["plural"]]


def computed(request: Request) -> bool:
    return request.query_params.get("custom_field_computed_values") == "true"


def guard(request: Request, entity: Entity) -> None:
    caller(request)
    if entity.name == "lead" and not state_of(request).account["settings"]["setting_enable_leads"]:
        raise refuse(403, "Feature not enabled")


def shown(request: Request, entity: Entity, record: Record) -> Record:
    return records.wire(state_of(request), entity, record, computed(request))


async def create(request: Request) -> Response:
    entity = entity_of(request)
    guard(request, entity)
    replayed = request.app.state.replays.get(request.headers.get("idempotency-key"))
    if replayed is not None and request.app.state.quirks.idempotency:
        return answer(request, replayed)
    record = records.create(state_of(request), entity, await body_of(request))
    notify(request, entity.name, "new", [record["id"]])
    out = shown(request, entity, record)
    request.app.state.replays[request.headers.get("idempotency-key")] = out
    return answer(request, out)


async def one(request: Request) -> Response:
    entity, record_id = entity_of(request), request.path_params["id"]
    guard(request, entity)
    state = state_of(request)
    if request.method == "GET":
        return answer(request, shown(request, entity, records.find(state, entity, record_id)))
    if request.method == "DELETE":
        gone = records.delete(state, entity, record_id)
        notify(request, entity.name, "delete", [record_id])
        return answer(request, gone)
    record, changed = records.update(state, entity, record_id, await body_of(request))
    if changed:
        notify(request, entity.name, "update", [record_id], changed)
    return answer(request, shown(request, entity, record))


async def find(request: Request) -> Response:
    entity = entity_of(request)
    guard(request, entity)
    quirks, body = request.app.state.quirks, await body_of(request)
    rows, total = search.search(state_of(request), entity, dict(request.query_params), body, quirks.short_pages)
    headers = {} if quirks.no_total else {"X-PW-TOTAL": str(total)}
    return answer(request, [shown(request, entity, row) for row in rows], headers)


async def of_record(request: Request) -> Response:
    entity = entity_of(request)
    guard(request, entity)
    return answer(request, activities_of(state_of(request), entity, request.path_params["id"], await body_of(request)))


async def bulk(request: Request) -> Response:
    entity, verb = entity_of(request), request.path_params["verb"]
    guard(request, entity)
    if verb not in entity.bulk:
        raise Refusal(404, {"error": "not_found"})
    items = (await body_of(request)).get(entity.plural)
    if not isinstance(items, list):
        raise refuse(422, f"Invalid input: Validation errors: {entity.plural}: can't be blank")
    if len(items) > 10:
        raise Refusal(422, {"error": "Request size too large, limit is 10"})
    return answer(request, [bulk_item(request, entity, verb, item) for item in items])


def bulk_item(request: Request, entity: Entity, verb: str, item: Record) -> Record:
    state = state_of(request)
    try:
        if verb == "bulk_create":
            return shown(request, entity, records.create(state, entity, item))
        rest = {key: value for key, value in item.items() if key != "id"}
        return shown(request, entity, records.update(state, entity, int(item["id"]), rest)[0])
    except Refusal:
        failed: Record = {"success": False, "message": {"name": [{"error": "invalid"}]}}
        return failed | ({"id": item["id"]} if verb == "bulk_update" else {})


async def fetch_by_email(request: Request) -> Response:
    caller(request)
    wanted = str((await body_of(request)).get("email", "")).lower()
    for person in state_of(request).records["person"].values():
        if any(email["email"].lower() == wanted for email in person["emails"]):
            return answer(request, shown(request, ENTITIES["person"], person))
    raise refuse(404, "Resource not found")


async def upsert_lead(request: Request) -> Response:
    lead = ENTITIES["lead"]
    guard(request, lead)
    record, event = upsert(state_of(request), await body_of(request))
    notify(request, "lead", event, [record["id"]])
    return answer(request, shown(request, lead, record))


async def convert_lead(request: Request) -> Response:
    guard(request, ENTITIES["lead"])
    user = caller(request)
    made: dict[str, Any] = convert(state_of(request), user, request.path_params["id"], await body_of(request))
    for kind, record in made.items():
        notify(request, kind, "new", [record["id"]])
    with contextlib.suppress(KeyError):
        notify(request, "lead", "update", [request.path_params["id"]], {})
    return answer(request, {kind: shown(request, ENTITIES[kind], record) for kind, record in made.items()})


def routes() -> list[Route]:
    kinds = [
        Route("/leads/upsert", upsert_lead, methods=["PUT"]),
        Route("/leads/{id:int}/convert", convert_lead, methods=["POST"]),
        Route("/people/fetch_by_email", fetch_by_email, methods=["POST"]),
    ]
    for entity in ENTITIES.values():
        base = f"/{entity.plural}"
        kinds += [
            Route(base, with_plural(entity, create), methods=["POST"]),
            Route(f"{base}/search", with_plural(entity, find), methods=["POST"]),
            Route(f"{base}/{{id:int}}", with_plural(entity, one), methods=["GET", "PUT", "DELETE"]),
            Route(f"{base}/{{verb}}", with_plural(entity, bulk), methods=["POST"]),
        ]
        if entity.activities:
            kinds.append(Route(f"{base}/{{id:int}}/activities", with_plural(entity, of_record), methods=["POST"]))
    return kinds


def with_plural(entity: Entity, endpoint: Any) -> Any:
    async def routed(request: Request) -> Response:
        request.path_params["plural"] = entity.plural
        return await endpoint(request)

    return routed
