"""The separate authorisation host: consent comes back as a form POST, the token never expires, nothing refreshes it."""

import html
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from .state import Record, State

SCOPE = "developer/v1/all"


@dataclass
class OAuth:
    """One registered client and the codes given out. `refuses` makes the user say no."""

    client_id: str = "client-1"
    client_secret: str = "secret-1"
    redirect_uris: set[str] = field(default_factory=set)
    user: str = "ada@harborlane.example"
    refuses: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    seen: list[Record] = field(default_factory=list)


def oauth_app(oauth: OAuth, state: State) -> Starlette:
    async def authorize(request: Request) -> Response:
        """The consent page: a form that the browser posts to the callback (no GET redirect exists)."""
        query = request.query_params
        known = query.get("client_id") == oauth.client_id and query.get("redirect_uri") in oauth.redirect_uris
        if not known or query.get("response_type") != "code" or query.get("scope") != SCOPE:
            return JSONResponse({"error": "invalid_request"}, status_code=400)
        fields = {"error": "access_denied"} if oauth.refuses else {"code": secrets.token_urlsafe(16)}
        if "code" in fields:
            oauth.codes[fields["code"]] = query["redirect_uri"]
        if "state" in query:
            fields["state"] = query["state"]
        inputs = "".join(f'<input type="hidden" name="{k}" value="{html.escape(v)}">' for k, v in fields.items())
        target = html.escape(query["redirect_uri"])
        return HTMLResponse(f'<form method="post" action="{target}">{inputs}<button>Allow</button></form>')

    async def token(request: Request) -> Response:
        raw = (await request.body()).decode()
        form = {key: values[0] for key, values in parse_qs(raw).items()}
        oauth.seen.append({"headers": dict(request.headers), "form": form})
        if (form.get("client_id"), form.get("client_secret")) != (oauth.client_id, oauth.client_secret):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        redirect_uri = oauth.codes.pop(form.get("code", ""), None)
        if form.get("grant_type") != "authorization_code" or redirect_uri != form.get("redirect_uri"):
            description = "The code is unknown or used."
            return JSONResponse({"error": "invalid_grant", "error_description": description}, status_code=400)
        access = secrets.token_urlsafe(24)
        state.tokens[access] = oauth.user
        return JSONResponse({"access_token": access, "token_type": "Bearer", "scope": SCOPE})

    return Starlette(
        routes=[
            Route("/oauth/authorize", authorize, methods=["GET"]),
            Route("/oauth/token", token, methods=["POST"]),
        ]
    )
