"""What all operations share: the ways to be known, refusals in their two shapes, headers."""

from __future__ import annotations

from cuprum.api.idempotency import ANNOUNCED, HEADER, LONGEST_KEY, REPLAYED
from cuprum.api.openapi.schemas import ID, Named, Schema, closed
from cuprum.auth.scopes import SCOPES

# By an API key, or by the token of an app.
SECURITY: list[dict[str, list[str]]] = [{"accessToken": [], "application": [], "userEmail": []}, {"oauth": []}]

SECURITY_SCHEMES = {
    "accessToken": {"type": "apiKey", "in": "header", "name": "X-PW-AccessToken", "description": "An API key."},
    "application": {"type": "apiKey", "in": "header", "name": "X-PW-Application", "description": "Always `developer_api`."},
    "userEmail": {"type": "apiKey", "in": "header", "name": "X-PW-UserEmail", "description": "The e-mail of the key's owner."},
    "oauth": {
        "type": "oauth2",
        "description": "For apps; a request that reaches further than its token answers 403 and names the scope.",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/oauth/authorize",
                "tokenUrl": "/oauth/token",
                "refreshUrl": "/oauth/token",
                "scopes": SCOPES,
            }
        },
    },
}

COMPUTED: dict[str, Schema] = {
    "custom_field_computed_values": {
        "type": "boolean",
        "default": False,
        "description": "Give the names of options beside their ids.",
    }
}

ANSWER_HEADERS: dict[str, Schema] = {
    "X-PW-TOTAL": {
        "description": "How many records match in all.",
        "required": True,
        "schema": {"type": "string", "pattern": r"^\d+$"},
    },
    "X-Cuprum-Group": {
        "description": "The change group of this write; `cuprum undo` takes it back. Absent when nothing changed.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "X-Cuprum-Changes": {
        "description": "Where the change feed is read, which spares polling.",
        "required": True,
        "schema": {"type": "string"},
    },
    ANNOUNCED: {"description": f"That `{HEADER}` is understood.", "schema": {"type": "string"}},
    REPLAYED: {"description": f"That this is an earlier answer to the same `{HEADER}`.", "schema": {"type": "string"}},
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "string", "pattern": r"^\d+$"},
    },
}

# What an answer to a write carries.
WRITTEN = ("X-Cuprum-Group", REPLAYED)

# What a write may be sent with.
ONCE = {
    "name": HEADER,
    "in": "header",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST_KEY,
        "description": "A text of your choice for this request: sent again within 24 hours, it gets the first answer again.",
    },
}

ERROR = Named(
    "Error",
    closed(
        {
            "success": {"const": False},
            "status": {"type": "integer", "description": "The HTTP status."},
            "message": {
                "type": "string",
                "examples": ["Invalid input: Validation errors: Name: can't be blank"],
                "description": "One sentence; for broken rules, one line a problem.",
            },
            "ids": {"type": "array", "items": ID, "description": "Of an upsert: the leads that match, where several do."},
        },
        ("success", "status", "message"),
        description="How almost every refusal looks.",
    ),
)
SHORT_ERROR = Named(
    "ShortError",
    closed({"error": {"type": "string"}}, description="An unknown address, or a bulk request of too many items."),
)

REFUSALS: dict[int, tuple[str, Schema]] = {
    400: ("The request cannot be read.", ERROR),
    401: ("The API key or the e-mail address is not known.", ERROR),
    403: ("Your role, the scopes of your app, or the feature's switch do not allow it.", ERROR),
    404: ("There is no such record, or you may not see it.", {"anyOf": [ERROR, SHORT_ERROR]}),
    409: ("Somebody else was faster.", ERROR),
    410: ("What is pointed at is no more.", ERROR),
    413: ("The body is larger than `CUPRUM_MAX_BODY_BYTES`.", ERROR),
    422: ("One or more rules are broken; all of them are told at once.", {"anyOf": [ERROR, SHORT_ERROR]}),
    429: ("Too many requests (only with `CUPRUM_COPPER_LIMITS`).", ERROR),
    502: ("A server that was to be asked did not answer as needed.", ERROR),
    503: ("The database cannot take this now; nothing was written.", ERROR),
}
