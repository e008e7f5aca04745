"""Account, users, the plain look-up lists, tags, activity types, field layouts."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .contract import BY_PLURAL, ENTITIES
from .search import page_of
from .state import Record, Refusal, invalid, refuse, unknown_keys
from .wire import answer, body_of, caller, state_of


async def account(request: Request) -> Response:
    caller(request)
    headers = {"X-Cuprum-Idempotency": "1"} if request.app.state.quirks.idempotency else None
    return answer(request, state_of(request).account, headers)


async def users(request: Request) -> Response:
    caller(request)
    body = await body_of(request)
    if unknown := set(body) - {"page_number", "page_size", "sort_by", "sort_direction"}:
        raise unknown_keys(unknown)
    page, total = page_of(state_of(request).users, dict(request.query_params) | body)
    return answer(request, page, {"X-PW-TOTAL": str(total)})


async def user(request: Request) -> Response:
    me, wanted = caller(request), request.path_params["id"]
    found = me if wanted == "me" else next((u for u in state_of(request).users if str(u["id"]) == wanted), None)
    if found is None:
        raise refuse(404, "Resource not found")
    return answer(request, found)


def plain(name: str) -> Route:
    async def whole(request: Request) -> Response:
        caller(request)
        return answer(request, getattr(state_of(request), name))

    return Route(f"/{name}", whole, methods=["GET"])


async def stages(request: Request) -> Response:
    caller(request)
    rows = state_of(request).stages()
    wanted = request.path_params.get("id")
    return answer(request, [row for row in rows if wanted is None or row["pipeline_id"] == wanted])


async def tags(request: Request) -> Response:
    caller(request)
    counts: dict[str, Counter[str]] = {}
    for entity in ENTITIES.values():
        for record in state_of(request).records[entity.name].values():
            for tag in record["tags"]:
                counts.setdefault(tag, Counter())[entity.plural] += 1
    names = sorted(counts)
    if request.query_params.get("tag_names_only") == "true":
        last = request.query_params.get("last_tag_value", "")
        return answer(request, [name for name in names if name > last])
    rows: list[Record] = [
        {"name": name, "count": counts[name].total()}
        | {f"count_{entity.plural}": counts[name][entity.plural] for entity in ENTITIES.values()}
        for name in names
    ]
    if request.query_params.get("sort_by") == "count":
        rows.sort(key=lambda row: row["count"])
    return answer(request, rows)


async def custom_activity_types(request: Request) -> Response:
    caller(request)
    state = state_of(request)
    if request.method == "GET":
        return answer(request, list(state.custom_activity_types.values()))
    body = await body_of(request)
    problems = [f"{k.capitalize()}: can't be blank" for k in ("name", "icon_type") if not body.get(k)]
    if problems:
        raise invalid(*problems)
    made = {
        "id": state.new_id(), "company_id": state.account["id"], "icon_type": body["icon_type"],
        "is_disabled": bool(body.get("is_disabled")), "is_interaction": bool(body.get("is_interaction")),
        "name": body["name"], "is_default_task_type": None,
    }  # fmt: skip
    state.custom_activity_types[made["id"]] = made
    return answer(request, made)


async def custom_activity_type(request: Request) -> Response:
    caller(request)
    found = state_of(request).custom_activity_types.get(request.path_params["id"])
    if found is None:
        raise refuse(404, "Resource not found")
    if request.method == "PUT":
        found.update(await body_of(request))
    return answer(request, found)


async def field_layouts(request: Request) -> Response:
    caller(request)
    plural = request.path_params["plural"]
    if plural not in BY_PLURAL:
        raise Refusal(404, {"error": "not_found"})
    if (plural == "opportunities") != ("pipeline_id" in request.query_params):
        raise invalid("Pipeline Id: is required for opportunities and refused for the others")
    keys = sorted(BY_PLURAL[plural].writable - {"custom_fields"})
    return answer(
        request,
        [
            {
                "field_id": n, "field_label": key.replace("_", " ").title(), "field_key": key,
                "field_type": "static_field", "enabled": True, "required": key == "name", "required_editable": False,
            }
            for n, key in enumerate(keys, 1)
        ],
    )  # fmt: skip


def routes() -> list[Route]:
    return [
        Route("/account", account, methods=["GET"]),
        Route("/users/search", users, methods=["POST"]),
        Route("/users/{id}", user, methods=["GET"]),
        *map(plain, ("lead_statuses", "customer_sources", "loss_reasons", "contact_types", "pipelines",
                     "activity_types")),
        Route("/pipeline_stages", stages, methods=["GET"]),
        Route("/pipeline_stages/pipeline/{id:int}", stages, methods=["GET"]),
        Route("/tags", tags, methods=["GET"]),
        Route("/custom_activity_types", custom_activity_types, methods=["GET", "POST"]),
        Route("/custom_activity_types/{id:int}", custom_activity_type, methods=["GET", "PUT"]),
        Route("/field_layouts/by_entity/{plural}", field_layouts, methods=["GET"]),
    ]  # fmt: skip
