"""What ties records together: related items, Connect links, files, custom field definitions."""

import base64
import json
import uuid

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .contract import BY_PLURAL, ENTITIES, RELATABLE
from .records import find
from .state import Record, Refusal, invalid, refuse, unknown_keys
from .validate import integer
from .wire import answer, body_of, caller, state_of


async def related(request: Request) -> Response:
    caller(request)
    state, plural = state_of(request), request.path_params["plural"]
    if plural not in BY_PLURAL:
        raise Refusal(404, {"error": "not_found"})
    here = (BY_PLURAL[plural].name, request.path_params["id"])
    find(state, BY_PLURAL[plural], here[1])
    if request.method == "GET":
        wanted = request.path_params.get("other")
        ends = [b if a == here else a for a, b in sorted(state.related) if here in (a, b)]
        return answer(request, [{"id": n, "type": t} for t, n in ends if wanted is None or ENTITIES[t].plural == wanted])
    body = await body_of(request)
    resource = body.get("resource") or {}
    kind, number = resource.get("type"), integer(resource.get("id"))
    if kind not in RELATABLE[here[0]]:
        raise refuse(422, "Invalid request: these resources cannot be related")
    find(state, ENTITIES[kind], number or 0)
    there = (kind, number or 0)
    pair = (min(here, there), max(here, there))
    shown = {"id": number, "type": kind}
    if request.method == "POST":
        state.related.add(pair)
        return answer(request, {"added": True, "resource": shown})
    if pair not in state.related:
        raise refuse(422, "Invalid request: Resources are not related")
    state.related.discard(pair)
    return answer(request, {"removed": True, "resource": shown})


async def links(request: Request) -> Response:
    caller(request)
    state = state_of(request)
    if request.method == "GET":
        source = (integer(request.query_params.get("source_id")), request.query_params.get("source_type"))
        definition = integer(request.query_params.get("custom_field_definition_id"))
        return answer(
            request,
            [
                one
                for one in state.links.values()
                if (one["source"]["id"], one["source"]["entity_type"]) == source
                and definition in (None, one["custom_field_definition_id"])
            ],
        )
    body = await body_of(request)
    if unknown := set(body) - {"custom_field_definition_id", "source", "target"}:
        raise unknown_keys(unknown)
    link: Record = {
        "id": state.new_id(),
        "custom_field_definition_id": integer(body["custom_field_definition_id"]),
        "source": {**body["source"], "name": "source"},
        "target": {**body["target"], "name": "target"},
    }
    mirror = link | {"id": state.new_id(), "source": link["target"], "target": link["source"]}
    state.links |= {link["id"]: link, mirror["id"]: mirror}
    return answer(request, link)


async def link(request: Request) -> Response:
    caller(request)
    state, number = state_of(request), request.path_params["id"]
    found = state.links.get(number)
    if found is None:
        raise refuse(404, "Resource not found")
    both = [
        one["id"]
        for one in state.links.values()
        if {one["source"]["id"], one["target"]["id"]} == {found["source"]["id"], found["target"]["id"]}
    ]
    for one in both:
        del state.links[one]
    return answer(request, {"ids": both, "is_deleted": True})


async def files(request: Request) -> Response:
    user = caller(request)
    state, plural, number = state_of(request), request.path_params["plural"], request.path_params["id"]
    if plural not in BY_PLURAL or not BY_PLURAL[plural].files:
        raise Refusal(404, {"error": "not_found"})
    find(state, BY_PLURAL[plural], number)
    held = state.files.setdefault((plural, number), [])
    if request.method == "GET":
        return answer(request, held)
    body = await body_of(request)
    if body.get("key") not in state.uploads:
        raise invalid("Key: is not an uploaded file")
    made = {
        "id": state.new_id(), "is_deleted": False, "file_name": body["file_name"],
        "file_size": len(state.uploads[body["key"]]), "content_type": "binary/octet-stream", "creator_id": user["id"],
        "date_created": state.now(), "date_modified": None,
    }  # fmt: skip
    held.append(made)
    return answer(request, made)


async def file(request: Request) -> Response:
    caller(request)
    held = state_of(request).files.get((request.path_params["plural"], request.path_params["id"]), [])
    found = next((one for one in held if one["id"] == request.path_params["file_id"]), None)
    if found is None:
        raise refuse(404, "Resource not found")
    return answer(request, found)


async def signed_url(request: Request) -> Response:
    caller(request)
    find(state_of(request), BY_PLURAL[request.path_params["plural"]], request.path_params["id"])
    policy = base64.b64encode(json.dumps({"conditions": [{"acl": "private"}]}).encode()).decode()
    url = f"{request.url.scheme}://{request.url.netloc}/developer_api/v1/s3/"
    form = {
        "key": f"temp_uploads/{uuid.uuid4()}/{uuid.uuid4()}", "acl": "private", "policy": policy,
        "signature": "c2lnbmVk", "success_action_status": "201", "aws_access_key_id": "AKIASTANDIN",
    }  # fmt: skip
    return answer(request, {"url": url, "method": "POST", "body": form, "sample_curl": "curl …"})


async def s3(request: Request) -> Response:
    """Step two: the bucket wants every field under S3's names, and the file last."""
    body = await request.body()
    text = body.decode(errors="replace")
    if 'name="AWSAccessKeyId"' not in text or 'name="file"' not in text:
        return Response("<Error/>", status_code=403)
    if text.rindex('name="file"') < max(text.rindex(f'name="{n}"') for n in ("key", "policy", "signature")):
        return Response("<Error/>", status_code=400)
    key = text.split('name="key"')[1].split("\r\n\r\n")[1].split("\r\n")[0]
    _, _, rest = body[body.rindex(b'name="file"') :].partition(b"\r\n\r\n")
    state_of(request).uploads[key] = rest.rsplit(b"\r\n--", 1)[0]
    return Response("<PostResponse/>", status_code=201)


async def definitions(request: Request) -> Response:
    caller(request)
    state = state_of(request)
    if request.method == "GET":
        return answer(request, list(state.definitions.values()))
    body = await body_of(request)
    if unknown := set(body) - {"name", "data_type", "available_on", "options", "currency", "is_filterable"}:
        raise unknown_keys(unknown)
    problems = [f"{k.replace('_', ' ').capitalize()}: can't be blank" for k in ("name", "data_type") if not body.get(k)]
    if problems:
        raise invalid(*problems)
    made: Record = {"id": state.new_id(), "name": body["name"], "canonical_name": None, "data_type": body["data_type"]}
    made |= {"available_on": body.get("available_on", []), "is_filterable": body.get("is_filterable", True)}
    if made["data_type"] in ("Dropdown", "MultiSelect"):
        made["options"] = options_of(state.new_id, body.get("options") or [])
    if made["data_type"] == "Currency":
        made["currency"] = body.get("currency", "EUR")
    state.definitions[made["id"]] = made
    return answer(request, made)


def options_of(new_id: "object", given: list[Record]) -> list[Record]:
    return [{"id": new_id(), "name": one["name"], "rank": rank} for rank, one in enumerate(given)]  # type: ignore[operator]


async def definition(request: Request) -> Response:
    caller(request)
    state, number = state_of(request), request.path_params["id"]
    found = state.definitions.get(number)
    if found is None:
        raise refuse(404, "Resource not found")
    if request.method == "DELETE":
        del state.definitions[number]
        return answer(request, {"id": number, "is_deleted": True})
    if request.method == "PUT":
        body = await body_of(request)
        if "options" in body:
            body["options"] = options_of(state.new_id, body["options"])
        found.update(body)
    return answer(request, found)


def routes() -> list[Route]:
    return [
        Route("/{plural}/{id:int}/related", related, methods=["GET", "POST", "DELETE"]),
        Route("/{plural}/{id:int}/related/{other}", related, methods=["GET"]),
        Route("/related_links", links, methods=["GET", "POST"]),
        Route("/related_links/{id:int}", link, methods=["DELETE"]),
        Route("/{plural}/{id:int}/files/s3_signed_url", signed_url, methods=["GET"]),
        Route("/{plural}/{id:int}/files", files, methods=["GET", "POST"]),
        Route("/{plural}/{id:int}/files/{file_id:int}", file, methods=["GET"]),
        Route("/custom_field_definitions", definitions, methods=["GET", "POST"]),
        Route("/custom_field_definitions/{id:int}", definition, methods=["GET", "PUT", "DELETE"]),
    ]
