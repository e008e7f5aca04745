"""Builds the OpenAPI 3.1 document from the routes that carry a declaration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.routing import BaseRoute, Mount, Route

from cuprum import __version__
from cuprum.api.idempotency import REPLAYED
from cuprum.api.openapi.operation import Operation, operation_of
from cuprum.api.openapi.schemas import ID, Named, Schema
from cuprum.api.openapi.shared import ANSWER_HEADERS, ONCE, REFUSALS, SECURITY, SECURITY_SCHEMES

_ABOUT = (
    "Cuprum speaks Copper's Developer API v1. Success is always 200; searches answer a bare array and their total in a "
    "header. Numbers may be sent as text, lists as null, and the parameters of a search in the query string too."
)


@dataclass(frozen=True)
class Endpoint:
    """One method of one route; `operation` is None when nobody declared it."""

    method: str
    path: str
    parameters: tuple[str, ...]
    operation: Operation | None
    is_first: bool


def document(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The whole description, as plain data."""
    components: dict[str, Schema] = {}
    paths: dict[str, dict[str, Any]] = {}
    tags: set[str] = set()
    for endpoint in endpoints(routes):
        if endpoint.operation:
            tags.add(endpoint.operation.tag)
            described = _hoisted(_described(endpoint, endpoint.operation), components)
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = described
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Cuprum",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": SECURITY,
        "tags": [{"name": tag} for tag in sorted(tags)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "headers": ANSWER_HEADERS,
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def endpoints(routes: Iterable[BaseRoute]) -> Iterator[Endpoint]:
    """Every method of every address, as routing sees it: where two routes fit, the first one answers."""
    seen = set()
    for endpoint in _all_endpoints(routes, ""):
        address = (endpoint.method, endpoint.path)
        if address not in seen:
            seen.add(address)
            yield endpoint


def _all_endpoints(routes: Iterable[BaseRoute], under: str) -> Iterator[Endpoint]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _all_endpoints(route.routes, under + route.path)
        elif isinstance(route, Route):
            methods = sorted((route.methods or set()) - {"HEAD"}, key=_METHODS.index)
            for method in methods:
                names = tuple(route.param_convertors)
                yield Endpoint(method, under + route.path_format, names, operation_of(route.endpoint), method == methods[0])


# Of the methods of one route the first names the operation.
_METHODS = ["PUT", "POST", "GET", "PATCH", "DELETE", "OPTIONS"]


def _described(endpoint: Endpoint, operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": _id(endpoint, operation),
        "summary": operation.summary,
        "tags": [operation.tag],
    }
    if operation.description:
        described["description"] = operation.description
    if parameters := list(_parameters(endpoint, operation)):
        described["parameters"] = parameters
    if operation.body is not None and endpoint.method != "GET":
        described["requestBody"] = {
            "required": operation.body_required,
            "content": {operation.body_type: {"schema": operation.body}},
        }
    if not operation.needs_key:
        described["security"] = []
    described["responses"] = dict(_responses(endpoint, operation))
    return described


def _id(endpoint: Endpoint, operation: Operation) -> str:
    """Operation ids are unique; a second verb for the same thing says so at the end."""
    return operation.id if endpoint.is_first else f"{operation.id}By{endpoint.method.capitalize()}"


def _parameters(endpoint: Endpoint, operation: Operation) -> Iterator[dict[str, Any]]:
    for name in endpoint.parameters:
        yield {"name": name, "in": "path", "required": True, "schema": operation.path.get(name, ID)}
    if REPLAYED in operation.answer_headers:
        yield ONCE
    query = dict(operation.query)
    if endpoint.method == "GET" and operation.body is not None:
        # What a POST takes in its body, a GET takes in the query.
        query |= operation.body["properties"]
    for name, schema in query.items():
        parameter = {"name": name, "in": "query", "schema": schema}
        if "description" in schema:
            parameter["description"] = schema["description"]
        yield parameter


def _responses(endpoint: Endpoint, operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    answer: dict[str, Any] = {
        "description": operation.summary,
        "content": {operation.media_type: {"schema": operation.answer}},
    }
    if operation.answer_headers:
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in operation.answer_headers}
    yield "200", answer
    for status in sorted(_refusals(endpoint, operation)):
        described, schema = REFUSALS[status]
        refusal: dict[str, Any] = {"description": described, "content": {"application/json": {"schema": schema}}}
        if status == 429:
            refusal["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
        yield str(status), refusal


def _refusals(endpoint: Endpoint, operation: Operation) -> set[int]:
    """What follows from the form of the request, beside what the declaration adds."""
    statuses = set(operation.refusals)
    if operation.needs_key:
        statuses |= {400, 401, 403, 422, 429, 503}
    if endpoint.parameters:
        statuses.add(404)
    if endpoint.method != "GET":
        statuses.add(413)
    return statuses


def _hoisted(value: Any, components: dict[str, Schema]) -> Any:
    """The same with each named schema replaced by a reference; the schemas themselves go to `components`."""
    if isinstance(value, Named):
        schema = _hoisted(dict(value), components)
        if components.setdefault(value.name, schema) != schema:
            raise ValueError(f"two schemas are named {value.name}")
        return {"$ref": f"#/components/schemas/{value.name}"}
    if isinstance(value, dict):
        return {key: _hoisted(one, components) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hoisted(one, components) for one in value]
    return value
